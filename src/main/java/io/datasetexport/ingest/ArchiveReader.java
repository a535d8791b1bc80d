package io.datasetexport.ingest;

import io.datasetexport.archive.BrokenArchive;
import io.datasetexport.archive.ZipReader;
import io.datasetexport.content.ArrivingFiles;
import io.datasetexport.json.JsonPlace;
import io.datasetexport.json.StrictJson;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import io.datasetexport.spool.Spool;
import io.datasetexport.spool.SpoolStore;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the items of a ZIP: files of one item or a list ({@code .json}), or of a line for each ({@code .ndjson}). With a folder
 * {@code json/} they are those below it, and {@code _export/} says what the dataset was like; without, they are all. What is below
 * {@code items/} or {@code images/} are the files of items.
 *
 * <p>Whether there is a {@code json/} is known when it comes: files before it wait on disk. An archive of ours without its manifest, or
 * any without its end, was cut and is refused.
 */
final class ArchiveReader {

    private static final int TEXT_BYTES = 64 << 20;
    private static final int MOST_NUMBER = 10_000_000;

    private final Connection connection;
    private final RecordReader records;
    private final SpoolStore store;
    private final ArrivingFiles files;
    private final List<LabelSpec> labels = new ArrayList<>();
    private @Nullable String ontology;
    private @Nullable String recipe;
    private boolean own;
    private boolean complete;
    private boolean names;

    /** @param store where records wait */
    ArchiveReader(Connection connection, RecordReader records, SpoolStore store, ArrivingFiles files) {
        this.connection = connection;
        this.records = records;
        this.store = store;
        this.files = files;
    }

    /** The labels that the archive says its dataset has. */
    List<LabelSpec> labels() {
        return labels;
    }

    /** The dataset's ontology, character by character. */
    @Nullable
    String ontology() {
        return ontology;
    }

    @Nullable
    String recipe() {
        return recipe;
    }

    /** Whether names were stored by {@link KeptNames}. */
    boolean keptNames() {
        return names;
    }

    /** @param awaitWriter called before something else than items is written to the database */
    void read(InputStream body, Waiting awaitWriter) throws SQLException, IOException {
        try (Waiters others = new Waiters(store)) {
            boolean tree = false;
            ZipReader zip = new ZipReader(new BufferedInputStream(body, 1 << 16));
            for (String entry = zip.next(); entry != null; entry = zip.next()) {
                if (entry.startsWith("_export/")) {
                    own = true;
                    about(entry, zip.content(), awaitWriter);
                } else if (entry.startsWith("json/") && RecordReader.reads(entry)) {
                    tree = true;
                    others.drop();
                    records.readEntry(zip.content(), entry);
                } else if ((entry.startsWith("items/") || entry.startsWith("images/")) && (tree || own || !RecordReader.reads(entry))) {
                    if (files.add(entry, zip.content())) {
                        awaitWriter.await();
                        files.write();
                    }
                } else if (!tree && !own && RecordReader.reads(entry)) {
                    others.add(entry, zip.content());
                }
            }
            if (own && !complete) {
                throw new RequestRefused(ProblemType.BAD_RECORD, "The archive has no complete manifest: it was cut.");
            }
            if (!tree && !own) {
                others.read(records);
            }
        } catch (BrokenArchive e) {
            throw new RequestRefused(ProblemType.BAD_RECORD, String.valueOf(e.getMessage()));
        }
    }

    /** Something that must be over first. */
    interface Waiting {
        void await() throws SQLException, IOException;
    }

    private void about(String entry, InputStream content, Waiting awaitWriter) throws SQLException, IOException {
        try {
            switch (entry) {
                case "_export/dataset.json" -> dataset(text(content));
                case "_export/items.csv" -> {
                    awaitWriter.await();
                    KeptNames.store(content, connection);
                    names = true;
                }
                case "_export/manifest.json" -> {
                    JsonPlace flag = StrictJson.object(text(content)).member("complete");
                    complete = flag != null && flag.flag();
                }
                default -> {}
            }
        } catch (BadRecord e) {
            throw new RequestRefused(ProblemType.BAD_RECORD, String.valueOf(e.getMessage())).with("entry", entry);
        } catch (RequestRefused e) {
            throw new RequestRefused(ProblemType.BAD_RECORD, String.valueOf(e.getMessage()), e.pointer()).with("entry", entry);
        }
    }

    private void dataset(String text) {
        JsonPlace dataset = StrictJson.object(text);
        JsonPlace list = dataset.member("labels");
        if (list != null) {
            for (JsonPlace label : list.elements()) {
                labels.add(label(label));
            }
        }
        ontology = dataset.member("ontology") == null ? null : StrictJson.verbatim(text, "ontology");
        recipe = dataset.member("recipe") == null ? null : StrictJson.verbatim(text, "recipe");
    }

    private static LabelSpec label(JsonPlace label) {
        String path = label.required("label").text();
        List<String> segments = new ArrayList<>();
        JsonPlace tags = label.member("segments");
        if (tags != null) {
            tags.elements().forEach(tag -> segments.add(tag.text()));
        }
        int number = label.required("number").integer();
        if (number < 0 || number > MOST_NUMBER) {
            throw label.required("number").refuse("must be from 0 to " + MOST_NUMBER);
        }
        JsonPlace color = label.member("color");
        JsonPlace folder = label.member("folder");
        JsonPlace retired = label.member("retired");
        return new LabelSpec(
                number,
                String.join(".", segments).equals(path) ? segments : List.of(path),
                color == null ? null : color.text(),
                folder == null ? null : folder.text(),
                retired != null && retired.flag());
    }

    private static String text(InputStream content) throws IOException {
        byte[] text = content.readNBytes(TEXT_BYTES + 1);
        if (text.length > TEXT_BYTES) {
            throw new BadRecord("The file is larger than " + (TEXT_BYTES >> 20) + " MiB.");
        }
        return StrictJson.decode(text);
    }

    /** Files that may be items: they wait until it is known. */
    private static final class Waiters implements AutoCloseable {

        private final Spool spool;
        private final DataOutputStream out;

        Waiters(SpoolStore store) {
            spool = new Spool(store);
            out = new DataOutputStream(new OutputStream() {
                @Override
                public void write(int value) throws IOException {
                    spool.append(new byte[] {(byte) value});
                }

                @Override
                public void write(byte[] bytes, int from, int count) throws IOException {
                    spool.append(bytes, from, count);
                }
            });
        }

        void add(String entry, InputStream content) throws IOException {
            out.writeUTF(entry.length() > 10_000 ? entry.substring(0, 10_000) : entry);
            byte[] buffer = new byte[1 << 16];
            for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
                out.writeInt(count);
                out.write(buffer, 0, count);
            }
            out.writeInt(-1);
        }

        void read(RecordReader records) throws SQLException, IOException {
            long size = spool.size();
            Counted in = new Counted(new BufferedInputStream(spool.open(), 1 << 16));
            DataInputStream data = new DataInputStream(in);
            while (in.passed < size) {
                String entry = data.readUTF();
                Pieces content = new Pieces(data);
                records.readEntry(content, entry);
                content.skipRest();
            }
        }

        void drop() {
            spool.close();
        }

        @Override
        public void close() {
            drop();
        }
    }

    private static final class Counted extends FilterInputStream {

        private long passed;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            passed += next < 0 ? 0 : 1;
            return next;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int read = in.read(buffer, from, length);
            passed += Math.max(read, 0);
            return read;
        }
    }

    /** A file in pieces, each behind its length; -1 ends it. */
    private static final class Pieces extends InputStream {

        private final DataInputStream in;
        private int left;

        Pieces(DataInputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            if (left == 0) {
                left = in.readInt();
            }
            if (left < 0 || length == 0) {
                return left < 0 ? -1 : 0;
            }
            int read = in.read(buffer, from, Math.min(length, left));
            left -= Math.max(read, 0);
            return read;
        }

        void skipRest() throws IOException {
            byte[] buffer = new byte[8192];
            while (read(buffer, 0, buffer.length) >= 0) {
            }
        }
    }
}
