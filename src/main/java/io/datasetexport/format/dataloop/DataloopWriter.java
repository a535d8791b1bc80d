package io.datasetexport.format.dataloop;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.datasetexport.format.AnnotationFacts;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.format.FormatOutput;
import io.datasetexport.format.FormatWriter;
import io.datasetexport.format.ItemFacts;
import io.datasetexport.format.ItemSlice;
import io.datasetexport.format.Outcome;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.model.Item;
import io.datasetexport.text.Utf8Buffer;
import java.net.URLEncoder;
import org.jspecify.annotations.Nullable;

/**
 * Dataloop JSON: {@code json/<tree path>.json}, one object an item with all of its annotations.
 *
 * <p>Nothing is decoded: what the database holds as JSON is copied, so numbers keep their spelling and unknown members survive. Members
 * that are absent in the source are absent here, except the ones that the platform's own reader needs.
 *
 * <pre>
 * item       := {id, datasetId, createdAt?, dir, filename, type, hidden, metadata, name, creator?, updatedAt?, updatedBy?, description?,
 *               annotationsCount?, annotated?, extra..., annotations: [annotation...]}
 * annotation := {id, datasetId, itemId, type, label?, attributes?, coordinates?, metadata, creator, createdAt, updatedBy, updatedAt,
 *               source?, extra...}
 * </pre>
 *
 * <p>Open in the platform's description, and our answers: white space (none); order of members (the server's, with members that have no
 * column last); a member that stands both in a column and among the others is written once, as it stands among the others;
 * {@code datasetId} is the dataset that is exported, wherever the item came from; {@code url} and {@code stream} are written for items
 * that have none when the service knows its public address, never for annotations; dates that a row lacks are the item's
 * {@code createdAt} or 1970, people the item's {@code creator} or {@code unknown}.
 */
public class DataloopWriter implements FormatWriter {

    private static final byte[] UNKNOWN = "unknown".getBytes(UTF_8);
    private static final byte[] LONG_AGO = "1970-01-01T00:00:00.000Z".getBytes(UTF_8);

    private final byte[] datasetId;
    private final @Nullable String publicUrl;

    /** @param publicUrl where clients find the service, without a trailing slash; null when unknown */
    public DataloopWriter(DatasetFacts dataset, @Nullable String publicUrl) {
        this(dataset.id(), publicUrl);
    }

    /** A writer for single rows of a dataset. */
    public DataloopWriter(String datasetId, @Nullable String publicUrl) {
        this.datasetId = datasetId.getBytes(UTF_8);
        this.publicUrl = publicUrl;
    }

    @Override
    public ExportFormat format() {
        return ExportFormat.JSON;
    }

    @Override
    public Outcome outcome(ItemFacts item, AnnotationFacts annotation) {
        return Outcome.KEPT;
    }

    @Override
    public boolean holdsEmptyItems() {
        return true;
    }

    @Override
    public void item(ItemSlice slice, FormatOutput out) {
        Utf8Buffer json = out.scratch();
        item(slice, json);
        if (slice.first()) {
            out.countItem();
        }
        out.countAnnotations(slice.annotations().size());
        out.entry(onlyEntry(slice.item()), json, slice);
    }

    @Override
    public String onlyEntry(Item item) {
        return "json/" + item.names().path() + ".json";
    }

    /** Writes one item, or the next piece of a big one. */
    public void item(ItemSlice slice, Utf8Buffer json) {
        Item item = slice.item();
        if (slice.first()) {
            open(item, json);
            json.append(",\"annotations\":[");
        }
        byte[] itemId = item.id().getBytes(UTF_8);
        byte[] creator = item.creator() == null ? UNKNOWN : item.creator().getBytes(UTF_8);
        byte[] createdAt = item.createdAt() == null ? LONG_AGO : item.createdAt().getBytes(UTF_8);
        boolean separate = slice.carry() != null;
        for (Annotation annotation : slice.annotations()) {
            if (separate) {
                json.append(',');
            }
            separate = true;
            annotation(annotation, itemId, creator, createdAt, json);
        }
        if (separate) {
            slice.carry(Boolean.TRUE);
        }
        if (slice.last()) {
            json.append("]}");
        }
    }

    /** Writes an item without its annotations. */
    public void itemAlone(Item item, Utf8Buffer json) {
        open(item, json);
        json.append('}');
    }

    /**
     * Writes an annotation without its item.
     *
     * @param itemCreator who stands in for people that the annotation lacks, as {@code itemCreatedAt} for dates
     */
    public void annotationAlone(
            Annotation annotation, String itemId, @Nullable String itemCreator, @Nullable String itemCreatedAt, Utf8Buffer json) {
        annotation(
                annotation,
                itemId.getBytes(UTF_8),
                itemCreator == null ? UNKNOWN : itemCreator.getBytes(UTF_8),
                itemCreatedAt == null ? LONG_AGO : itemCreatedAt.getBytes(UTF_8),
                json);
    }

    private void open(Item item, Utf8Buffer json) {
        MemberNames extra = MemberNames.of(item.extra());
        json.append("{\"id\":").appendJsonString(item.id());
        json.append(",\"datasetId\":").appendJsonString(datasetId);
        text(json, extra, "createdAt", item.createdAt());
        text(json, extra, "dir", item.dir());
        json.append(",\"filename\":").appendJsonString(item.filename());
        text(json, extra, "type", item.type());
        literal(json, extra, "hidden", Boolean.toString(item.hidden()));
        json.append(",\"metadata\":").append(item.metadata());
        text(json, extra, "name", item.name());
        text(json, extra, "creator", item.creator());
        text(json, extra, "updatedAt", item.updatedAt());
        text(json, extra, "updatedBy", item.updatedBy());
        text(json, extra, "description", item.description());
        literal(json, extra, "annotationsCount", item.annotationsCount() == null ? null : item.annotationsCount().toString());
        literal(json, extra, "annotated", item.annotated());
        if (publicUrl != null) {
            String url = publicUrl + "/api/v1/datasets/" + new String(datasetId, UTF_8) + "/items/" + percentEncoded(item.id());
            text(json, extra, "url", url);
            text(json, extra, "stream", url + "/content");
        }
        members(json, item.extra());
    }

    private void annotation(Annotation annotation, byte[] itemId, byte[] creator, byte[] createdAt, Utf8Buffer json) {
        MemberNames extra = MemberNames.of(annotation.extra());
        json.append(ID).appendJsonString(annotation.id());
        json.append(DATASET_ID).appendJsonString(datasetId);
        json.append(ITEM_ID).appendJsonString(itemId);
        json.append(TYPE).appendJsonString(annotation.type());
        if (annotation.label() != null) {
            json.append(LABEL).appendJsonString(annotation.label());
        }
        if (annotation.attributes() != null) {
            json.append(ATTRIBUTES).append(annotation.attributes());
        }
        if (annotation.coordinates() != null) {
            json.append(COORDINATES).append(annotation.coordinates());
        }
        json.append(METADATA).append(annotation.metadata());
        text(json, extra, "creator", CREATOR, annotation.creator(), creator);
        text(json, extra, "createdAt", CREATED_AT, annotation.createdAt(), createdAt);
        text(json, extra, "updatedBy", UPDATED_BY, annotation.updatedBy(), creator);
        text(json, extra, "updatedAt", UPDATED_AT, annotation.updatedAt(), createdAt);
        if (annotation.source() != null && !extra.has("source")) {
            json.append(SOURCE).appendJsonString(annotation.source());
        }
        members(json, annotation.extra());
        json.append('}');
    }

    private static final byte[] ID = "{\"id\":".getBytes(UTF_8);
    private static final byte[] DATASET_ID = ",\"datasetId\":".getBytes(UTF_8);
    private static final byte[] ITEM_ID = ",\"itemId\":".getBytes(UTF_8);
    private static final byte[] TYPE = ",\"type\":".getBytes(UTF_8);
    private static final byte[] LABEL = ",\"label\":".getBytes(UTF_8);
    private static final byte[] ATTRIBUTES = ",\"attributes\":".getBytes(UTF_8);
    private static final byte[] COORDINATES = ",\"coordinates\":".getBytes(UTF_8);
    private static final byte[] METADATA = ",\"metadata\":".getBytes(UTF_8);
    private static final byte[] CREATOR = ",\"creator\":".getBytes(UTF_8);
    private static final byte[] CREATED_AT = ",\"createdAt\":".getBytes(UTF_8);
    private static final byte[] UPDATED_BY = ",\"updatedBy\":".getBytes(UTF_8);
    private static final byte[] UPDATED_AT = ",\"updatedAt\":".getBytes(UTF_8);
    private static final byte[] SOURCE = ",\"source\":".getBytes(UTF_8);

    private static void text(
            Utf8Buffer json, MemberNames extra, String name, byte[] start, byte @Nullable [] value, byte[] otherwise) {
        if (!extra.has(name)) {
            json.append(start).appendJsonString(value == null ? otherwise : value);
        }
    }

    private static void text(Utf8Buffer json, MemberNames extra, String name, @Nullable String value) {
        if (value != null && !extra.has(name)) {
            json.append(",\"").append(name).append("\":").appendJsonString(value);
        }
    }

    private static void literal(Utf8Buffer json, MemberNames extra, String name, @Nullable String value) {
        if (value != null && !extra.has(name)) {
            json.append(",\"").append(name).append("\":").append(value);
        }
    }

    /** Copies what is between the braces of a JSON object. */
    private static void members(Utf8Buffer json, byte @Nullable [] object) {
        if (object == null) {
            return;
        }
        int from = 0;
        int to = object.length;
        while (from < to && object[from] != '{') {
            from++;
        }
        while (to > from && object[to - 1] != '}') {
            to--;
        }
        for (int i = from + 1; i < to - 1; i++) {
            if (object[i] > ' ') {
                json.append(',').append(object, from + 1, to - from - 2);
                return;
            }
        }
    }

    private static String percentEncoded(String id) {
        return URLEncoder.encode(id, UTF_8).replace("+", "%20");
    }
}
