package io.datasetexport.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.TestDatabase;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.blob.BlobStore;
import io.datasetexport.blob.DirectoryBlobStore;
import io.datasetexport.content.ContentSettings;
import io.datasetexport.content.ItemContents;
import io.datasetexport.problem.RequestRefused;
import io.datasetexport.spool.SpoolStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.unit.DataSize;

/** A dataset in a database of its own, and what tests ask of it. */
final class TestDataset implements AutoCloseable {

    private final TestDatabase database = TestDatabase.fresh();
    private final DatasetRef ref;
    private final SpoolStore spool = new SpoolStore(Path.of("target", "import-spool"), 1 << 30);
    private final Path files = Path.of("target", "import-files");
    private final BlobStore blobs = new DirectoryBlobStore(files);
    final DatasetImport imports = imports(DataSize.ofMegabytes(8));

    TestDataset() {
        ref = create("d1");
    }

    /** Where the files of items are. */
    BlobStore blobs() {
        return blobs;
    }

    DatasetImport imports(DataSize largestAnnotation) {
        return new DatasetImport(
                database.dataSource(),
                spool,
                new ItemContents(
                        JdbcClient.create(database.dataSource()),
                        new TransactionTemplate(new JdbcTransactionManager(database.dataSource())),
                        blobs),
                new ContentSettings(files, null, Duration.ofDays(1), DataSize.ofMegabytes(1)),
                new SimpleMeterRegistry(),
                largestAnnotation);
    }

    DatasetRef ref() {
        return ref;
    }

    TestDatabase database() {
        return database;
    }

    DatasetRef create(String id) {
        long key = Long.parseLong(one("insert into dataset (id, project_key, name) select '" + id + "', key, '" + id
                + "' from project where id = 'default' returning key"));
        return new DatasetRef(key, id, 1, "default");
    }

    ImportReport load(String json) {
        return load(json.getBytes(StandardCharsets.UTF_8));
    }

    ImportReport load(byte[] json) {
        return load(new ByteArrayInputStream(json), ImportOptions.Body.JSON, ImportOptions.Labels.AUTO);
    }

    ImportReport lines(String ndjson) {
        return load(new ByteArrayInputStream(ndjson.getBytes(StandardCharsets.UTF_8)), ImportOptions.Body.NDJSON, ImportOptions.Labels.AUTO);
    }

    ImportReport load(InputStream in, ImportOptions.Body body, ImportOptions.Labels labels) {
        return load(in, new ImportOptions(ImportOptions.Format.DATALOOP, body, labels));
    }

    ImportReport load(InputStream in, ImportOptions options) {
        try {
            return imports.load(ref, options, in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RequestRefused refused(String json) {
        try {
            ImportReport report = load(json);
            throw new AssertionError("It was accepted: " + report);
        } catch (RequestRefused e) {
            return e;
        }
    }

    /** The rows of a query, one string each, columns joined by {@code |}. */
    List<String> rows(String sql) {
        try (var connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            List<String> result = new ArrayList<>();
            while (rows.next()) {
                StringJoiner row = new StringJoiner("|");
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(rows.getString(i)));
                }
                result.add(row.toString());
            }
            return result;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    String one(String sql) {
        return rows(sql).getFirst();
    }

    void execute(String sql) {
        try (var connection = database.connect(); var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** A hash of everything that an import may write, but for keys and transaction numbers. */
    String fingerprint() {
        return one(
                """
                select md5(string_agg(r, chr(10) order by r)) from (
                  select (to_jsonb(i) - 'key' - 'changed')::text r from item i
                  union all select (to_jsonb(a) - 'item_key')::text || i.id from annotation a join item i on i.key = a.item_key
                  union all select to_jsonb(l)::text from label l) all_rows
                """);
    }

    @Override
    public void close() {
        assertThat(spool.used()).isZero();
        spool.close();
        database.close();
    }
}
