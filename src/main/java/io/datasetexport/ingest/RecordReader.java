package io.datasetexport.ingest;

import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

/** Reads the records of a body one after the other and says of a bad one which it is and where. */
final class RecordReader {

    /** Limits of one value; the body itself has none. */
    static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(ItemReader.RECORD_BYTES)
                    .maxNestingDepth(200)
                    .maxNumberLength(1000)
                    .maxNameLength(10_000)
                    .build())
            .build();

    private static final String LINES = ".ndjson";

    private final Loading loading;
    private final ItemReader items;
    private final Runnable progress;
    private long record;

    /** @param largestAnnotation in bytes */
    RecordReader(Loading loading, LabelsSeen labels, int largestAnnotation, Runnable progress) {
        this.loading = loading;
        items = new ItemReader(labels, largestAnnotation);
        this.progress = progress;
    }

    /** Whether an entry of an archive is one that {@link #readEntry} reads, by its name. */
    static boolean reads(String entry) {
        return entry.endsWith(".json") || entry.endsWith(LINES);
    }

    /** One item, or a list of items, and nothing behind it. */
    void readOne(InputStream body) throws SQLException, IOException {
        read(body, null, false);
    }

    /** Items or lists of items, one after the other. */
    void readLines(InputStream body) throws SQLException, IOException {
        read(body, null, true);
    }

    /** As {@link #readOne}, for a file of an archive; as {@link #readLines} for one that is named {@code .ndjson}. */
    void readEntry(InputStream body, String entry) throws SQLException, IOException {
        record = 0;
        read(body, entry, entry.endsWith(LINES));
    }

    private void read(InputStream body, @Nullable String entry, boolean many) throws SQLException, IOException {
        guarded(body, entry, in -> read(in, entry, many));
    }

    /** What is done with a body. */
    interface Reading {
        void read(JsonParser in) throws SQLException, IOException;
    }

    /** Reads a body, and says of what is wrong with it where it is. */
    void guarded(InputStream body, @Nullable String entry, Reading reading) throws SQLException, IOException {
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), new Unclosed(body))) {
            try {
                reading.read(in);
            } catch (BadRecord e) {
                String pointer = e.pointer() == null ? in.streamReadContext().pathAsPointer().toString() : e.pointer();
                throw new RequestRefused(ProblemType.BAD_RECORD, String.valueOf(e.getMessage()), pointer);
            } catch (JacksonIOException e) {
                throw e;
            } catch (JacksonException e) {
                throw refusalOf(e, in);
            }
        } catch (RequestRefused e) {
            throw placed(e, record, entry);
        } catch (ItemLoad.Unmatched e) {
            throw unmatched(e);
        } catch (JacksonIOException e) {
            if (e.getCause() instanceof CharConversionException) {
                throw placed(new RequestRefused(ProblemType.MALFORMED_JSON, "The body is not valid UTF-8."), record, entry);
            }
            throw e.getCause();
        }
    }

    private void read(JsonParser in, @Nullable String entry, boolean many) throws SQLException, IOException {
        int values = 0;
        while (in.nextToken() != null) {
            if (++values > 1 && !many) {
                throw new RequestRefused(ProblemType.MALFORMED_JSON, "There is something behind the end of the JSON.");
            }
            if (in.currentToken() == JsonToken.START_ARRAY) {
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    item(in, entry);
                }
            } else {
                item(in, entry);
            }
        }
        if (values == 0 && !many) {
            throw new RequestRefused(ProblemType.MALFORMED_JSON, "There is no JSON.");
        }
    }

    private void item(JsonParser in, @Nullable String entry) throws SQLException, IOException {
        record++;
        ItemDraft item = new ItemDraft(record, entry == null ? in.streamReadContext().pathAsPointer().toString() : entry);
        items.read(in, item, loading.batch());
        loading.itemRead();
        progress.run();
    }

    /** The next annotation of an item that is put together here; {@link #finish} ends the item. */
    void annotation(byte[] json, ItemDraft item) throws IOException {
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json)) {
            in.nextToken();
            items.annotation(in, item, loading.batch());
        }
    }

    void finish(ItemDraft item) throws SQLException, IOException {
        loading.batch().add(item);
        loading.itemRead();
        progress.run();
    }

    /** A record that turned out to be wrong when the database was asked. */
    static RequestRefused unmatched(ItemLoad.Unmatched e) {
        ItemDraft item = e.item();
        boolean pointer = item.place.isEmpty() || item.place.startsWith("/");
        return placed(
                new RequestRefused(ProblemType.BAD_RECORD, String.valueOf(e.getMessage()), pointer ? item.place : ""),
                item.record,
                pointer ? null : item.place);
    }

    private static RequestRefused placed(RequestRefused refused, long record, @Nullable String entry) {
        if (entry != null) {
            refused.with("entry", entry);
        }
        return record > 0 ? refused.with("record", record) : refused;
    }

    private static RequestRefused refusalOf(JacksonException e, JsonParser in) {
        String pointer = in.streamReadContext().pathAsPointer().toString();
        if (e instanceof StreamConstraintsException) {
            return new RequestRefused(ProblemType.BAD_RECORD, "A text, a number or the nesting of the record is beyond what is read.", pointer);
        }
        if (e instanceof UnexpectedEndOfInputException) {
            return new RequestRefused(ProblemType.MALFORMED_JSON, "The JSON ends before it is complete.", pointer);
        }
        RequestRefused refused = new RequestRefused(ProblemType.MALFORMED_JSON, "The body is not valid JSON in UTF-8.", pointer);
        if (e.getLocation() != null && e.getLocation().getByteOffset() >= 0) {
            refused.with("offset", e.getLocation().getByteOffset());
        }
        return refused;
    }

    /** A stream whose owner closes it. */
    private static final class Unclosed extends java.io.FilterInputStream {

        Unclosed(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            return in.read(buffer, from, length);
        }

        @Override
        public void close() {}
    }
}
