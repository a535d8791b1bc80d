package io.datasetexport.embedded;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;

class EmbeddedPostgresIT {

    private static final Path PROGRAMS = Path.of("target", "postgres-server");
    private static final String READY = "ready at ";

    @TempDir Path temp;

    private final List<Process> runs = new ArrayList<>();

    /** Saves each run the two seconds that unpacking takes. */
    @BeforeEach
    void linkPrograms() throws IOException {
        Files.createDirectories(PROGRAMS);
        Files.createSymbolicLink(temp.resolve("postgres-server"), PROGRAMS.toRealPath());
    }

    @AfterEach
    void stopRuns() throws Exception {
        for (Process run : runs) {
            run.destroy();
            run.waitFor(30, SECONDS);
        }
        if (Files.isSymbolicLink(temp.resolve("postgres-server"))) {
            Files.delete(temp.resolve("postgres-server"));
        }
    }

    @Test
    void keepsItsDataBetweenRuns() throws Exception {
        Run first = run(temp, Application.class);
        first.execute("create table kept as select 'Grüße' as word");
        first.process().destroy();
        assertThat(first.process().waitFor(30, SECONDS)).isTrue();
        assertThat(temp.resolve("postgres/postmaster.pid")).doesNotExist();
        assertThat(temp.resolve("postgres.log")).content()
                .as("the pool closes first: no connection is cut").doesNotContain("terminating connection");

        assertThat(run(temp).query("select word from kept")).isEqualTo("Grüße");
    }

    @Test
    void afterAKilledRunTheCommittedIsThereAndTheServerLeftBehindIsGone() throws Exception {
        Run killed = run(temp);
        killed.execute("create table kept (word text)");
        killed.execute("insert into kept values ('committed')");
        long orphan;
        try (var open = killed.connect(); var statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("insert into kept values ('not committed')");
            killed.process().destroyForcibly().waitFor();
            orphan = serverProcess();
        }
        ProcessHandle leftBehind = ProcessHandle.of(orphan).orElseThrow();

        Run next = run(temp);

        assertThat(next.query("select string_agg(word, ',') from kept")).isEqualTo("committed");
        assertThat(leftBehind.onExit()).succeedsWithin(Duration.ofSeconds(30));
        assertThat(serverProcess()).isNotEqualTo(orphan);
    }

    @Test
    void recoversWhenTheServerWasKilledTooAndItsNumberIsTakenByAnother() throws Exception {
        Files.delete(temp.resolve("postgres-server"));
        Run killed = run(temp);
        killed.execute("create table kept as select 'committed' as word");
        killed.process().destroyForcibly().waitFor();
        killServer();
        Path pidFile = temp.resolve("postgres/postmaster.pid");
        List<String> lines = Files.readAllLines(pidFile);
        lines.set(0, Long.toString(ProcessHandle.current().pid()));
        Files.write(pidFile, lines);

        assertThat(run(temp).query("select word from kept")).isEqualTo("committed");
    }

    @Test
    void tellsASecondInstanceWhoHoldsTheFolder() throws Exception {
        Run first = run(temp);

        String said = refused(temp);

        assertThat(said)
                .contains("Another running instance (process " + first.process().pid() + ") is using the embedded database in "
                        + temp.toRealPath().resolve("postgres"))
                .contains("set dataset-export.data-dir to another folder")
                .doesNotContain("\tat ");
        assertThat(first.query("select 1")).isEqualTo("1");
    }

    @Test
    void ofTwoInstancesOnAFreshFolderOneStartsAndOneIsTold() throws Exception {
        Files.delete(temp.resolve("postgres-server"));
        Process one = launch(temp, Server.class);
        Process other = launch(temp, Server.class);
        var answers = List.of(firstLine(one), firstLine(other));

        assertThat(answers).filteredOn(answer -> answer.startsWith(READY)).hasSize(1);
        assertThat(answers).filteredOn(answer -> answer.contains("Another running instance")).hasSize(1);
    }

    @Test
    void refusesDataOfAnotherMajorVersionAndLeavesItAlone() throws Exception {
        EmbeddedPostgres.start(temp, PROGRAMS, Map.of()).close();
        Path version = temp.resolve("postgres/PG_VERSION");
        Files.writeString(version, "17\n");

        assertThatExceptionOfType(EmbeddedPostgresUnavailable.class)
                .isThrownBy(() -> EmbeddedPostgres.start(temp, PROGRAMS, Map.of()))
                .withMessageContainingAll("was made by PostgreSQL 17", "Nothing was changed")
                .satisfies(refusal -> assertThat(refusal.action()).contains("pg_upgrade"));

        Files.writeString(version, "18\n");
        EmbeddedPostgres.start(temp, PROGRAMS, Map.of()).close();
    }

    @Test
    void refusesAFolderWithOtherFilesAndLeavesThemAlone() throws Exception {
        Path mine = Files.createDirectory(temp.resolve("postgres")).resolve("notes.txt");
        Files.writeString(mine, "mine");

        assertThatExceptionOfType(EmbeddedPostgresUnavailable.class)
                .isThrownBy(() -> EmbeddedPostgres.start(temp, PROGRAMS, Map.of()))
                .withMessageContaining("is not a PostgreSQL data directory");
        assertThat(mine).hasContent("mine");
    }

    @Test
    void saysWhatPostgresSaidWhenItDoesNotStart() {
        assertThatExceptionOfType(EmbeddedPostgresUnavailable.class)
                .isThrownBy(() -> EmbeddedPostgres.start(temp, PROGRAMS, Map.of("work_mem", "enough")))
                .withMessageContaining("invalid value for parameter \"work_mem\": \"enough\"");
        EmbeddedPostgres.start(temp, PROGRAMS, Map.of()).close();
    }

    @Test
    void holdsAsMuchInMemoryAsItIsTold() throws Exception {
        assertThat(run(temp, Application.class, "--dataset-export.database-memory=96MB").query("show shared_buffers")).isEqualTo("96MB");
    }

    @Test
    void startsWhereARunWasKilledWhileItCreatedTheDatabase() throws Exception {
        Files.createDirectories(temp.resolve("postgres.unfinished/base/1"));
        Files.writeString(temp.resolve("postgres.unfinished/PG_VERSION"), "18\n");

        EmbeddedPostgres.start(temp, PROGRAMS, Map.of()).close();

        assertThat(temp.resolve("postgres.unfinished")).doesNotExist();
    }

    @Test
    void isSafePrivateAndSpeaksUtf8() throws Exception {
        Path folder = temp.resolve("with spaces and ümlauts");
        try (var postgres = EmbeddedPostgres.start(folder, PROGRAMS, Map.of());
                var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "")) {
            for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes", "data_checksums")) {
                assertThat(query(connection, "show " + setting)).as(setting).isEqualTo("on");
            }
            assertThat(query(connection, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query(connection, "show unix_socket_directories")).isEmpty();
            assertThat(query(connection, "show server_encoding")).isEqualTo("UTF8");
            assertThat(query(connection, "select datcollate from pg_database where datname = current_database()")).isEqualTo("C");
            assertThat(query(connection, "select upper('straße é') || ('Z' < 'a')")).isEqualTo("STRAßE Étrue");
            assertThat(postgres.dataDirectory()).isAbsolute().isDirectory();
        }
    }

    private Run run(Path folder) throws IOException {
        return run(folder, Server.class);
    }

    private Run run(Path folder, Class<?> program, String... settings) throws IOException {
        Process process = launch(folder, program, settings);
        String line = firstLine(process);
        assertThat(line).startsWith(READY);
        return new Run(process, line.substring(READY.length()));
    }

    private String refused(Path folder) throws Exception {
        Process process = launch(folder, Application.class);
        String said = String.join("\n", process.inputReader().lines().toList());
        assertThat(process.waitFor()).isNotZero();
        return said;
    }

    private Process launch(Path folder, Class<?> program, String... settings) throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        List<String> command = new ArrayList<>(List.of(
                java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), program.getName(),
                "--dataset-export.data-dir=" + folder));
        command.addAll(List.of(settings));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        runs.add(process);
        return process;
    }

    private long serverProcess() throws IOException {
        return Long.parseLong(Files.readAllLines(temp.resolve("postgres/postmaster.pid")).getFirst().strip());
    }

    private void killServer() throws Exception {
        ProcessHandle server = ProcessHandle.of(serverProcess()).orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(server.descendants().toList());
        all.add(server);
        for (ProcessHandle process : all) {
            process.destroyForcibly();
            process.onExit().get(30, SECONDS);
        }
    }

    /** The line that says where the database is, or all that was said when there is none. */
    private static String firstLine(Process process) throws IOException {
        BufferedReader reader = process.inputReader();
        var said = new StringBuilder();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith(READY)) {
                return line;
            }
            said.append(line).append('\n');
        }
        return said.toString();
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement(); var rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private record Run(Process process, String url) {

        Connection connect() throws SQLException {
            return DriverManager.getConnection(url, "postgres", "");
        }

        void execute(String sql) throws SQLException {
            try (var connection = connect(); var statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        String query(String sql) throws SQLException {
            try (var connection = connect()) {
                return EmbeddedPostgresIT.query(connection, sql);
            }
        }
    }

    /** What runs in a JVM of its own, so that it can be killed: the embedded database alone. */
    static class Server {

        static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0].substring(arguments[0].indexOf('=') + 1));
            var postgres = EmbeddedPostgres.start(folder, folder.resolve("postgres-server"), Map.of());
            Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
            System.out.println(READY + postgres.jdbcUrl());
            Thread.currentThread().join();
        }
    }

    /** The same as the service has it: with a pool, and with words for whoever starts it. */
    @ImportAutoConfiguration({EmbeddedPostgresAutoConfiguration.class, DataSourceAutoConfiguration.class})
    static class Application {

        static void main(String[] arguments) throws Exception {
            var context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE).run(arguments);
            try (var connection = context.getBean(DataSource.class).getConnection()) {
                System.out.println(READY + connection.getMetaData().getURL());
            }
            Thread.currentThread().join();
        }
    }
}
