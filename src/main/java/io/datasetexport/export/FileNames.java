package io.datasetexport.export;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What may be the name of a download: one segment that every file system takes and that shows itself as it is. */
final class FileNames {

    private static final int MAX_BYTES = 200;
    private static final Set<String> RESERVED = Set.of(
            "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3",
            "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

    private FileNames() {}

    /** What is wrong with a name, as the end of a sentence; null when nothing is. */
    static @Nullable String complaint(String name) {
        if (name.isBlank()) {
            return "must not be empty";
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return "must not be longer than " + MAX_BYTES + " bytes";
        }
        if (!name.codePoints().allMatch(FileNames::allowed)) {
            return "holds a character that a file name can't hold";
        }
        if (name.startsWith(".") || name.endsWith(".") || name.startsWith(" ") || name.endsWith(" ")) {
            return "must not start or end with a dot or a space";
        }
        int dot = name.indexOf('.');
        String base = (dot < 0 ? name : name.substring(0, dot)).strip().toLowerCase(Locale.ROOT);
        return RESERVED.contains(base) ? "is reserved by an operating system" : null;
    }

    static boolean allowed(int codePoint) {
        return switch (Character.getType(codePoint)) {
            // Format characters reverse or hide what a reader sees.
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> false;
            default -> "/\\:*?\"<>|".indexOf(codePoint) < 0;
        };
    }
}
