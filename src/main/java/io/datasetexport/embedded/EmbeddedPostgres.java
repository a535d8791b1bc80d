package io.datasetexport.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server of our own, with its data in a folder that outlives it: {@code postgres} is the data directory, {@code postgres.log}
 * what the server says, {@code postgres.lock} keeps a second instance out, {@code postgres-server} holds the programs.
 *
 * <p>It listens on 127.0.0.1, on a port that is free when it starts, and trusts every user of this machine. A server that a killed run
 * left behind is stopped first; what it had committed is there. Nothing is ever deleted from the data directory.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

    /** What the server's own defaults are too small or too careless for. */
    private static final Map<String, String> SETTINGS = Map.of(
            "listen_addresses", "127.0.0.1",
            "unix_socket_directories", "",
            "timezone", "UTC",
            "log_timezone", "UTC");

    private final ServerPrograms programs;
    private final Path cluster;
    private final Path serverLog;
    private final FileChannel lock;
    private final int port;

    private EmbeddedPostgres(ServerPrograms programs, Path cluster, Path serverLog, FileChannel lock, int port) {
        this.programs = programs;
        this.cluster = cluster;
        this.serverLog = serverLog;
        this.lock = lock;
        this.port = port;
    }

    /**
     * Starts the server whose data is in {@code folder}, and creates it there when there is none.
     *
     * @param programFolder where the server's programs are, or are to be unpacked
     * @param settings server settings by name, without blanks; they win over ours
     * @throws EmbeddedPostgresUnavailable when it cannot be used: taken by another instance, of another major version, not startable
     */
    public static EmbeddedPostgres start(Path folder, Path programFolder, Map<String, String> settings) {
        try {
            Files.createDirectories(folder);
            Path home = folder.toRealPath();
            FileChannel lock = lock(home);
            try {
                return start(home, ServerPrograms.unpackedBelow(programFolder), lock, settings);
            } catch (Throwable e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw EmbeddedPostgresUnavailable.unusableFolder(folder.toAbsolutePath().normalize(), e);
        }
    }

    private static EmbeddedPostgres start(Path home, ServerPrograms programs, FileChannel lock, Map<String, String> settings)
            throws IOException {
        Path cluster = home.resolve("postgres");
        Path serverLog = home.resolve("postgres.log");
        if (Files.exists(serverLog)) {
            Files.move(serverLog, home.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (isEmpty(cluster)) {
            create(cluster, programs, serverLog);
        }
        checkVersion(cluster, programs);
        stopOrphan(cluster, programs, serverLog);
        int port = freePort();
        var all = new TreeMap<>(SETTINGS);
        all.putAll(settings);
        all.put("port", Integer.toString(port));
        String options = all.entrySet().stream().map(e -> "-c " + e.getKey() + "=" + e.getValue()).collect(Collectors.joining(" "));
        // The limit is for a recovery after a crash; a server that fails is reported at once.
        try {
            programs.run(serverLog, "pg_ctl", List.of("start", "-D", cluster.toString(), "-o", options, "-w", "-t", "600", "-s"));
        } catch (IOException | EmbeddedPostgresUnavailable e) {
            // A Ctrl-C while it starts ends pg_ctl, and not the server.
            stopOrphan(cluster, programs, serverLog);
            throw e;
        }
        return new EmbeddedPostgres(programs, cluster, serverLog, lock, port);
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    public String user() {
        return "postgres";
    }

    /** The data directory, an absolute path. */
    public Path dataDirectory() {
        return cluster;
    }

    /** Stops the server: open transactions are rolled back, everything committed is on disk. */
    @Override
    public void close() {
        if (!lock.isOpen()) {
            return;
        }
        try (lock) {
            stop(cluster, programs, serverLog);
        } catch (IOException | EmbeddedPostgresUnavailable e) {
            log.warn("The embedded PostgreSQL in {} did not stop; the next start will see to it", cluster, e);
        }
    }

    private static FileChannel lock(Path home) throws IOException {
        Path file = home.resolve("postgres.lock");
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (!tryLock(channel)) {
            String holder = Files.readString(file).strip();
            channel.close();
            throw EmbeddedPostgresUnavailable.inUse(home.resolve("postgres"), holder.isEmpty() ? "" : " (process " + holder + ")");
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
        return channel;
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return true;
        }
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    /** Beside its place, and moved there when whole: a run that is killed meanwhile leaves nothing that looks like a database. */
    private static void create(Path cluster, ServerPrograms programs, Path serverLog) throws IOException {
        Path unfinished = cluster.resolveSibling("postgres.unfinished");
        FileSystemUtils.deleteRecursively(unfinished);
        programs.run(serverLog, "initdb", List.of(
                "-D", unfinished.toString(), "-U", "postgres", "-A", "trust", "-E", "UTF8",
                "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
        Files.deleteIfExists(cluster);
        Files.move(unfinished, cluster, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void checkVersion(Path cluster, ServerPrograms programs) throws IOException {
        Path version = cluster.resolve("PG_VERSION");
        if (!Files.exists(version)) {
            throw EmbeddedPostgresUnavailable.notACluster(cluster);
        }
        String found = Files.readString(version).strip();
        int ours = programs.majorVersion();
        if (!found.equals(Integer.toString(ours))) {
            throw EmbeddedPostgresUnavailable.otherVersion(cluster, found, ours);
        }
    }

    /** We hold the lock: whatever server runs on the folder belongs to a run that was killed. */
    private static void stopOrphan(Path cluster, ServerPrograms programs, Path serverLog) throws IOException {
        Path pidFile = cluster.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        String pid = Files.readAllLines(pidFile).getFirst().strip();
        if (ProcessHandle.of(Long.parseLong(pid)).filter(EmbeddedPostgres::isServer).isPresent()) {
            log.warn("Stopping the PostgreSQL (process {}) that a killed run left behind in {}", pid, cluster);
            stop(cluster, programs, serverLog);
        } else if (ProcessHandle.allProcesses().noneMatch(process -> runs(process, programs))) {
            // The number may belong to something else by now, as after the restart of a container, and PostgreSQL would take it for a server.
            Files.delete(pidFile);
        }
    }

    private static boolean isServer(ProcessHandle process) {
        return process.info().command().map(Path::of).map(Path::getFileName).filter(name -> name.toString().startsWith("postgres")).isPresent();
    }

    private static boolean runs(ProcessHandle process, ServerPrograms programs) {
        return process.info().command().filter(command -> Path.of(command).startsWith(programs.home())).isPresent();
    }

    private static void stop(Path cluster, ServerPrograms programs, Path serverLog) throws IOException {
        programs.run(serverLog, "pg_ctl", List.of("stop", "-D", cluster.toString(), "-m", "fast", "-w", "-t", "120", "-s"));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
