package io.datasetexport.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.datasetexport.TestDatabase;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.read.ExportDataSource.ReadReplica;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** The replica is a second database, in which the dataset is older and a newer one is not there yet. */
class ReadReplicaIT {

    private final TestDatabase main = TestDatabase.fresh();
    private final TestDatabase replica = TestDatabase.fresh();
    private final RowMemory memory = new RowMemory(1 << 20);

    @BeforeEach
    void store() throws SQLException {
        for (TestDatabase database : new TestDatabase[] {main, replica}) {
            sql(database, "insert into dataset (id, project_key, name) select 'd', key, 'old' from project");
        }
        sql(main, "update dataset set name = 'new'");
        sql(main, "insert into dataset (id, project_key, name) select 'later', key, 'L' from project");
    }

    @AfterEach
    void drop() {
        replica.close();
        main.close();
    }

    @Test
    void exportsReadThereAndTheirRevisionIsItsOwn() throws Exception {
        try (HikariDataSource pool = pool(new ReadReplica(replica.jdbcUrl(), null, null)); Snapshot snapshot = open(pool, "d")) {
            assertThat(snapshot.dataset().name()).isEqualTo("old");
            assertThat(snapshot.dataset().revision()).isEqualTo(1);
            assertThatThrownBy(() -> open(pool, "later")).isInstanceOf(DatasetGone.class);
        }
    }

    @Test
    void exportsReadTheDatabaseWithoutOne() throws Exception {
        try (HikariDataSource pool = pool(new ReadReplica(null, null, null)); Snapshot snapshot = open(pool, "d")) {
            assertThat(snapshot.dataset().name()).isEqualTo("new");
            assertThat(snapshot.dataset().revision()).isEqualTo(2);
        }
    }

    @Test
    void aReplicaHasItsOwnUserWhereOneIsNamed() {
        try (HikariDataSource pool = pool(new ReadReplica(replica.jdbcUrl(), "reader", "secret"))) {
            assertThat(pool.getUsername()).isEqualTo("reader");
            assertThat(pool.getPassword()).isEqualTo("secret");
        }
    }

    private Snapshot open(HikariDataSource pool, String id) throws Exception {
        long key = id.equals("d") ? 1 : 2;
        return new Snapshots(pool, memory, new ReadLimits(100_000, 20_000, 60_000)).open(new DatasetRef(key, id, 1, "default"));
    }

    private HikariDataSource pool(ReadReplica readReplica) {
        return new ExportDataSource().exportConnections(new Details(main), readReplica, 2);
    }

    private record Details(TestDatabase database) implements JdbcConnectionDetails {

        @Override
        public String getJdbcUrl() {
            return database.jdbcUrl();
        }

        @Override
        public String getUsername() {
            return database.user();
        }

        @Override
        public String getPassword() {
            return database.password();
        }
    }

    private static void sql(TestDatabase database, String sql) throws SQLException {
        try (var connection = database.connect(); var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
