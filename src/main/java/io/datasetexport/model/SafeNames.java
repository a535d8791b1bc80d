package io.datasetexport.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Turns names that users gave into names that every file system can hold.
 *
 * <p>A safe segment is NFC, holds no control or bidirectional character and none of {@code < > : " | ? * / \}, does not end with a dot
 * or a space, is not a device name of Windows, and is short enough that an archive's own suffixes fit into 200 bytes. A safe path is safe
 * segments joined by {@code /}, without {@code .} and {@code ..}, at most 32 of them, and short enough for 1,000 bytes with any folder
 * of the archive before it.
 *
 * <p>An archive puts files into the tree as {@code <path>.json}, {@code <path>.png}, {@code <stem>.txt} and {@code <stem>.xml}. A
 * directory that ends like one of them gets a {@code _}, so that no file is ever named like a directory.
 */
public final class SafeNames {

    /** Folded stem that is taken: {@code yolo/classes.txt} is the archive's own. */
    public static final String OWN_STEM = "classes";

    private static final int SEGMENT_BYTES = 200;
    /** Room for {@code .json} and for {@code ~} or {@code  ()} with nine digits. */
    private static final int FILE_BYTES = SEGMENT_BYTES - 5 - 12;
    /** Room for {@code masks/labels/<label>/} before, and for a clash number and the ending behind. */
    private static final int PATH_BYTES = 1000 - 14 - SEGMENT_BYTES - 17;
    private static final int KEY_BYTES = 2000;
    private static final int LEVELS = 32;
    private static final Set<String> DEVICES = Set.of("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$");
    private static final List<String> FILE_ENDINGS = List.of(".json", ".png", ".txt", ".xml", ".yaml");

    private SafeNames() {}

    /**
     * The names of an item's entries as long as no other item has them.
     *
     * @param filename absolute path in the dataset
     * @param name display name, used where the tree is left out unless it is empty or no plain file name
     */
    public static EntryNames of(String filename, String name) {
        List<String> directories = new ArrayList<>();
        String file = "";
        for (String segment : filename.split("/")) {
            if (!segment.isEmpty() && !segment.equals(".")) {
                if (!file.isEmpty()) {
                    directories.add(directory(file));
                }
                file = segment;
            }
        }
        boolean plain = !name.isBlank() && name.indexOf('/') < 0 && name.indexOf('\\') < 0 && !name.equals(".") && !name.equals("..");
        return new EntryNames(
                path(directories, segment(file, FILE_BYTES)),
                path(directories, segment(stemOf(file), FILE_BYTES)),
                segment(plain ? name : file, FILE_BYTES));
    }

    /** The names of an item that has none stored yet: unique by its id, so that no other item need be asked. */
    public static EntryNames provisional(String filename, String name, String id) {
        EntryNames names = of(filename, name);
        String mark = "~" + (id.matches("[0-9A-Za-z_-]{1,64}") ? id : hash(id));
        return new EntryNames(withEnding(names.path(), mark), withEnding(names.stem(), mark), withEnding(names.flat(), mark));
    }

    /** One safe segment from any text, at most 200 bytes; never empty. */
    public static String segment(String name) {
        return segment(name, SEGMENT_BYTES);
    }

    /** Whether {@link #of} could have made this path. */
    public static boolean isSafe(String path) {
        int slash = path.lastIndexOf('/') + 1;
        for (String directory : path.substring(0, slash).split("/")) {
            if (slash > 0 && !directory(directory).equals(directory)) {
                return false;
            }
        }
        String file = path.substring(slash);
        return segment(file).equals(file) && bytes(file) <= SEGMENT_BYTES - 5 && bytes(path) <= PATH_BYTES + 17
                && path.split("/").length <= LEVELS;
    }

    /** A path or segment, folded to what any file system takes for the same name. */
    public static String key(String safe) {
        if (isAscii(safe) && safe.length() <= KEY_BYTES) {
            return safe.toLowerCase(Locale.ROOT);
        }
        String folded = normalized(normalized(safe).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));
        return bytes(folded) <= KEY_BYTES ? folded : cut(folded, KEY_BYTES - 9) + "~" + hash(folded);
    }

    /** The stem that keeps the extension, for the later of two items whose stems would meet. */
    public static String fullStem(EntryNames natural) {
        return natural.path();
    }

    /** The {@code number}th item of the same path or stem, counted from 2. */
    public static String numbered(String path, int number) {
        return path + "~" + number;
    }

    /**
     * The name, or its first number that nobody has.
     *
     * @param taken keys of the names that there are; the answer's is added
     */
    public static String free(String natural, Set<String> taken) {
        String name = natural;
        for (int number = 2; !taken.add(key(name)); number++) {
            name = numbered(natural, number);
        }
        return name;
    }

    /** The file name with {@code (number)} before its extension, counted from 1. */
    public static String numberedFlat(String flat, int number) {
        String stem = stemOf(flat);
        return stem + " (" + number + ")" + flat.substring(stem.length());
    }

    /** A file name without its last extension; a name that starts with its only dot has none. */
    static String stemOf(String file) {
        int dot = file.lastIndexOf('.');
        return dot > 0 && !file.substring(0, dot).chars().allMatch(c -> c == '.') ? file.substring(0, dot) : file;
    }

    private static String directory(String name) {
        String safe = segment(name, SEGMENT_BYTES - 1);
        String key = key(safe);
        boolean likeFile = FILE_ENDINGS.stream().anyMatch(key::endsWith);
        return likeFile ? safe + "_" : safe;
    }

    private static String segment(String name, int limit) {
        String text = normalized(name);
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> safe.appendCodePoint(forbidden(c) ? '_' : c));
        if (safe.isEmpty()) {
            return "_";
        }
        int dot = safe.indexOf(".");
        int base = dot < 0 ? safe.length() : dot;
        if (isDevice(safe.substring(0, base))) {
            safe.insert(base, '_');
        }
        closeEnd(safe);
        String whole = safe.toString();
        if (bytes(whole) <= limit) {
            return whole;
        }
        return cut(whole, limit - 9) + "~" + hash(name);
    }

    private static void closeEnd(StringBuilder safe) {
        int last = safe.length() - 1;
        if (safe.charAt(last) == '.' || safe.charAt(last) == ' ') {
            safe.setCharAt(last, '_');
        }
    }

    private static boolean isDevice(String base) {
        String name = base.strip().toUpperCase(Locale.ROOT);
        return DEVICES.contains(name)
                || name.length() == 4
                        && (name.startsWith("COM") || name.startsWith("LPT"))
                        && "0123456789\u00b9\u00b2\u00b3".indexOf(name.charAt(3)) >= 0;
    }

    private static boolean forbidden(int c) {
        return switch (c) {
            case '<', '>', ':', '"', '|', '?', '*', '/', '\\' -> true;
            case 0x061c, 0x200e, 0x200f, 0x2028, 0x2029, 0xfeff -> true;
            default -> Character.isISOControl(c)
                    || c >= 0x202a && c <= 0x202e
                    || c >= 0x2066 && c <= 0x2069
                    || c >= 0xd800 && c <= 0xdfff
                    || (c & 0xfffe) == 0xfffe
                    || c >= 0xfdd0 && c <= 0xfdef;
        };
    }

    private static String path(List<String> directories, String file) {
        String whole = String.join("/", directories) + (directories.isEmpty() ? "" : "/") + file;
        if (bytes(whole) <= PATH_BYTES && directories.size() < LEVELS) {
            return whole;
        }
        StringBuilder kept = new StringBuilder();
        int room = PATH_BYTES - bytes(file) - 10;
        for (String directory : directories.subList(0, Math.min(directories.size(), LEVELS - 2))) {
            room -= bytes(directory) + 1;
            if (room < 0) {
                break;
            }
            kept.append(directory).append('/');
        }
        return kept + "~" + hash(whole) + "/" + file;
    }

    private static String withEnding(String path, String ending) {
        int slash = path.lastIndexOf('/') + 1;
        return path.substring(0, slash) + cut(path.substring(slash), FILE_BYTES - bytes(ending)) + ending;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static String normalized(String text) {
        return isAscii(text) ? text : Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    private static int bytes(String text) {
        return isAscii(text) ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The longest start of {@code text} that fits, cut between two code points. */
    private static String cut(String text, int limit) {
        int used = 0;
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            used += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (used > limit) {
                break;
            }
            at += Character.charCount(c);
        }
        return text.substring(0, at);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
