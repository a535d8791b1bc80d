package io.datasetexport.ingest;

import io.datasetexport.access.DatasetRef;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * Reads a COCO file, its sections in any order: images and annotations wait in temporary tables, since either may come first; then the
 * database hands out each image with its annotations, and they become an item.
 *
 * <p>An item has no id of its own: it is found by its filename, so a second import replaces.
 */
final class CocoReader {

    private static final int ROWS = 200;
    private static final int MOST_CATEGORIES = ImportLimits.LABELS;
    private static final Map<String, String> MEDIA = Map.of(
            "jpg", "image/jpeg", "jpeg", "image/jpeg", "jfif", "image/jpeg", "png", "image/png", "gif", "image/gif", "webp", "image/webp",
            "bmp", "image/bmp", "tif", "image/tiff", "tiff", "image/tiff");
    /** An image whose name does not say which kind. */
    private static final String SOME_IMAGE = "image/x-unknown";

    private static final String PREPARE =
            """
            create temp table coco_image (id text collate "C", n bigint, filename text, metadata bytea) on commit drop;
            create temp table coco_annotation (image text collate "C", n bigint, body bytea) on commit drop
            """;
    private static final String TWICE = "select max(n) from coco_image group by id having count(*) > 1 limit 1";
    private static final String STRAY =
            "select a.n from coco_annotation a where not exists (select from coco_image i where i.id = a.image) order by a.n limit 1";
    private static final String JOINED =
            """
            select i.n, i.filename, i.metadata, a.n, a.body from coco_image i left join coco_annotation a on a.image = i.id order by i.n, a.n
            """;

    private final Connection connection;
    private final DatasetRef dataset;
    private final CocoCategories categories = new CocoCategories();
    private final Lost lost = new Lost();
    private final RowBuffer text = new RowBuffer(1 << 12, ItemReader.RECORD_BYTES);
    private long images;
    private long annotations;

    CocoReader(Connection connection, DatasetRef dataset) {
        this.connection = connection;
        this.dataset = dataset;
    }

    /** By ascending category id. */
    List<LabelSpec> labels() {
        return categories.labels();
    }

    List<String> lost() {
        return lost.lines();
    }

    /** The platform's recipe with a template for each category that has key points; null when none has. */
    @Nullable
    String recipe() {
        List<CocoCategories.Category> poses = categories.poses();
        if (poses.isEmpty()) {
            return null;
        }
        RowBuffer json = new RowBuffer(1 << 10, ItemReader.RECORD_BYTES);
        json.ascii("{\"metadata\":{\"system\":{\"collectionTemplates\":[");
        for (int i = 0; i < poses.size(); i++) {
            json.ascii(i == 0 ? "{\"id\":" : ",{\"id\":");
            json.jsonString(CocoAnnotation.templateId(poses.get(i)));
            json.ascii(",\"name\":");
            json.jsonString(poses.get(i).name());
            json.ascii(",\"order\":[");
            for (int p = 0; p < poses.get(i).points().size(); p++) {
                json.ascii(p == 0 ? "" : ",");
                json.jsonString(poses.get(i).points().get(p));
            }
            json.ascii("],\"arcs\":[]}");
        }
        json.ascii("]}}}");
        return new String(json.array(), 0, json.length(), StandardCharsets.UTF_8);
    }

    void read(InputStream body, RecordReader records) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(PREPARE);
            records.guarded(body, null, this::stage);
            categories.resolve(lost);
            // Here the planner may sort and join as it likes: these tables are read once and whole.
            statement.execute("set local enable_sort = on; set local enable_hashjoin = on; set local enable_seqscan = on");
            refuseIfAny(TWICE, "Another image has the same id.", "/images/");
            refuseIfAny(STRAY, "The annotation's image_id is none of the images.", "/annotations/");
        }
        try (Statement join = connection.createStatement(); Statement settings = connection.createStatement()) {
            join.setFetchSize(ROWS);
            try (ResultSet rows = join.executeQuery(JOINED)) {
                settings.execute(NameDecision.ALWAYS_BY_INDEX);
                items(rows, records);
            }
        }
    }

    private void refuseIfAny(String query, String sentence, String list) throws SQLException {
        try (Statement select = connection.createStatement(); ResultSet rows = select.executeQuery(query)) {
            if (rows.next()) {
                throw new RequestRefused(ProblemType.BAD_RECORD, sentence, list + rows.getLong(1));
            }
        }
    }

    private void stage(JsonParser in) throws SQLException {
        if (in.nextToken() != JsonToken.START_OBJECT) {
            throw new BadRecord("A COCO file is an object.");
        }
        Copy imageRows = new Copy(connection, "coco_image", "id, n, filename, metadata");
        Copy annotationRows = new Copy(connection, "coco_annotation", "image, n, body");
        List<String> sections = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String section = in.currentName();
            JsonToken value = in.nextToken();
            if (sections.contains(section) || sections.size() == 1000) {
                throw new BadRecord("The section is there twice.");
            }
            sections.add(section);
            switch (section) {
                case "images", "annotations", "categories" -> {
                    if (value != JsonToken.START_ARRAY) {
                        throw new BadRecord("The section is not a list.");
                    }
                    while (in.nextToken() != JsonToken.END_ARRAY) {
                        if (in.currentToken() != JsonToken.START_OBJECT) {
                            throw new BadRecord("The element is not an object.");
                        }
                        switch (section) {
                            case "images" -> image(in, imageRows);
                            case "annotations" -> annotation(in, annotationRows);
                            default -> category(in);
                        }
                    }
                }
                default -> {
                    lost.member("", section);
                    in.skipChildren();
                }
            }
        }
        if (!sections.contains("images")) {
            throw new BadRecord("A COCO file has a list of images.");
        }
        if (in.nextToken() != null) {
            throw new RequestRefused(ProblemType.MALFORMED_JSON, "There is something behind the end of the JSON.");
        }
        imageRows.send();
        annotationRows.send();
    }

    private void image(JsonParser in, Copy rows) throws SQLException {
        String id = null;
        String filename = null;
        Integer width = null;
        Integer height = null;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String member = in.currentName();
            JsonToken value = in.nextToken();
            switch (member) {
                case "id" -> id = reference(in, value);
                case "file_name" -> filename = value == JsonToken.VALUE_STRING ? filename(in.getString()) : null;
                case "width" -> width = side(in, value);
                case "height" -> height = side(in, value);
                default -> lost.member("images", member);
            }
            in.skipChildren();
        }
        if (id == null || filename == null) {
            throw new BadRecord("The image has no id or no file_name.");
        }
        RowBuffer row = rows.row();
        row.field(id);
        row.field(images++);
        row.field(filename);
        row.field(metadata(filename, width, height));
    }

    private byte[] metadata(String filename, @Nullable Integer width, @Nullable Integer height) {
        String base = filename.substring(filename.lastIndexOf('/') + 1);
        String extension = base.substring(base.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        text.clear();
        text.ascii("{\"system\":{\"originalname\":");
        text.jsonString(base);
        text.ascii(",\"mimetype\":\"" + MEDIA.getOrDefault(extension, SOME_IMAGE) + "\"");
        if (width != null && height != null) {
            text.ascii(",\"width\":" + width + ",\"height\":" + height);
        }
        text.ascii("}}");
        return text.toByteArray();
    }

    private void annotation(JsonParser in, Copy rows) throws SQLException {
        text.clear();
        ImageOf imageOf = new ImageOf();
        JsonCopier.copy(in, text, imageOf);
        if (imageOf.id == null) {
            throw new BadRecord("The annotation has no image_id.");
        }
        RowBuffer row = rows.row();
        row.field(imageOf.id);
        row.field(annotations++);
        row.field(text);
    }

    private void category(JsonParser in) {
        Long id = null;
        String name = null;
        String parent = "";
        String color = null;
        List<String> points = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String member = in.currentName();
            JsonToken value = in.nextToken();
            boolean isText = value == JsonToken.VALUE_STRING;
            switch (member) {
                case "id" -> id = value == JsonToken.VALUE_NUMBER_INT && in.getStringLength() <= 18 ? Long.valueOf(in.getString()) : null;
                case "name" -> name = isText ? ItemReader.checked(in.getString(), 500, "name") : null;
                case "supercategory" -> parent = isText ? in.getString() : parent;
                case "color" -> color = isText ? ItemReader.checked(in.getString(), 200, "color") : null;
                case "keypoints" -> {
                    while (value == JsonToken.START_ARRAY && in.nextToken() != JsonToken.END_ARRAY) {
                        if (in.currentToken() != JsonToken.VALUE_STRING || points.size() == 1000) {
                            throw new BadRecord("The key point is not a name.");
                        }
                        points.add(ItemReader.checked(in.getString(), 200, "name"));
                    }
                }
                default -> lost.member("categories", member);
            }
            in.skipChildren();
        }
        if (id == null || name == null || name.isBlank()) {
            throw new BadRecord("The category has no whole number as id or no name.");
        }
        if (categories.size() == MOST_CATEGORIES) {
            throw new BadRecord("There are more than " + MOST_CATEGORIES + " categories.");
        }
        categories.add(new CocoCategories.Category(id, name, parent, color, points));
    }

    private void items(ResultSet rows, RecordReader records) throws SQLException, IOException {
        CocoAnnotation converter = new CocoAnnotation(categories, lost);
        ItemDraft item = null;
        long current = -1;
        while (rows.next()) {
            if (item == null || rows.getLong(1) != current) {
                if (item != null) {
                    records.finish(item);
                }
                current = rows.getLong(1);
                item = new ItemDraft(current + 1, "/images/" + current);
                item.filename = rows.getString(2);
                item.metadata = rows.getBytes(3);
            }
            byte[] body = rows.getBytes(5);
            if (body != null) {
                annotations(body, rows.getLong(4), item, converter, records);
            }
        }
        if (item != null) {
            records.finish(item);
        }
    }

    private void annotations(byte[] body, long number, ItemDraft item, CocoAnnotation converter, RecordReader records) throws IOException {
        try (JsonParser in = RecordReader.JSON.createParser(ObjectReadContext.empty(), body)) {
            in.nextToken();
            converter.read(in);
            String pose = poseId(String.valueOf(item.filename), number);
            for (byte[] annotation : converter.write(pose)) {
                records.annotation(annotation, item);
            }
        } catch (BadRecord e) {
            throw new RequestRefused(ProblemType.BAD_RECORD, String.valueOf(e.getMessage()), "/annotations/" + number);
        }
    }

    private String poseId(String filename, long number) {
        MessageDigest digest = ItemLoad.sha256();
        return CocoAnnotation.hex(digest.digest((dataset.id() + filename + "/" + number).getBytes(StandardCharsets.UTF_8)));
    }

    private static String filename(String name) {
        String filename = ItemReader.checked(name, 1999, "file_name");
        if (filename.isEmpty()) {
            throw new BadRecord("The image has no id or no file_name.");
        }
        return filename.startsWith("/") ? filename : "/" + filename;
    }

    /** An image's id, a number or a text, as text. */
    private static @Nullable String reference(JsonParser in, JsonToken value) {
        return switch (value) {
            case VALUE_NUMBER_INT -> in.getString();
            case VALUE_STRING -> ItemReader.checked(in.getString(), 200, "id");
            default -> throw new BadRecord("The id is neither a whole number nor a text.");
        };
    }

    private static @Nullable Integer side(JsonParser in, JsonToken value) {
        if (value == JsonToken.VALUE_NUMBER_INT && in.getStringLength() <= 9) {
            return Integer.valueOf(in.getString());
        }
        return null;
    }

    /** Sees which image an annotation belongs to. */
    private static final class ImageOf implements JsonCopier.Observer {

        private @Nullable String id;

        @Override
        public void token(JsonToken token, JsonParser in, int depth) {
            if (depth == 1 && token.isScalarValue() && "image_id".equals(in.currentName())) {
                id = reference(in, token);
            }
        }
    }
}
