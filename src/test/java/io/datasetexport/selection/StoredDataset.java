package io.datasetexport.selection;

import io.datasetexport.TestDatabase;
import io.datasetexport.json.JsonPlace;
import io.datasetexport.json.StrictJson;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The dataset {@code d} in a database of its own, beside one with the same rows that no query may ever find. */
final class StoredDataset implements AutoCloseable {

    static final QueryLimits LIMITS = new QueryLimits(20, 500, 10_000);

    private final TestDatabase database = TestDatabase.fresh();
    private final Connection connection = database.connect();
    private final List<JsonNode> items;

    /** @param items as JSON, each with its list of annotations */
    StoredDataset(List<JsonNode> items) throws SQLException {
        this.items = items;
        sql("insert into dataset (id, project_key, name) select new.id, key, new.id from project, unnest(array['d', 'other']) new(id) order by 1");
        for (int dataset = 1; dataset <= 2; dataset++) {
            for (JsonNode item : items) {
                store(dataset, item);
            }
        }
        sql("analyze");
    }

    static StoredDataset of(String items) throws SQLException {
        return new StoredDataset(StrictJson.read(items).valueStream().toList());
    }

    List<JsonNode> items() {
        return items;
    }

    /** The ids that a query finds, in the order of an export. */
    List<String> find(Query query) throws SQLException {
        SqlCondition condition = SqlCondition.of(query, 1, "d");
        String rows = switch (query.resource()) {
            case ITEMS -> "select i.id from item i where i.dataset_key = ? and ";
            case ANNOTATIONS -> "select a.id from item i join annotation a on a.item_key = i.key where i.dataset_key = ? and ";
        };
        String order = query.resource() == Resource.ITEMS ? " order by i.filename, i.id" : " order by i.filename, i.id, a.ordinal";
        try (PreparedStatement statement = connection.prepareStatement(rows + condition.text() + order)) {
            statement.setLong(1, 1);
            for (int i = 0; i < condition.values().size(); i++) {
                statement.setObject(i + 2, condition.values().get(i));
            }
            List<String> ids = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getString(1));
                }
            }
            return ids;
        }
    }

    List<String> find(String query) throws SQLException {
        JsonPlace place = StrictJson.object(query);
        JsonNode resource = place.node().get("resource");
        boolean annotations = resource != null && resource.asString().equals("annotations");
        return find(parse(place, annotations ? Resource.ANNOTATIONS : Resource.ITEMS));
    }

    static Query parse(JsonPlace query, Resource resource) {
        return new QueryParser(LIMITS).parse(query, resource);
    }

    void sql(String statement) throws SQLException {
        try (var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        database.close();
    }

    private void store(int dataset, JsonNode item) throws SQLException {
        ObjectNode extra = extra(item, Set.of(
                "id", "datasetId", "filename", "dir", "name", "type", "hidden", "annotated", "annotationsCount", "creator", "createdAt",
                "updatedBy", "updatedAt", "description", "metadata", "annotations"));
        long key;
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into item (dataset_key, id, filename, dir, name, type, hidden, annotated, annotations_count, creator, created_at,
                  updated_by, updated_at, description, metadata, extra)
                values (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?::timestamptz + interval '456 microseconds', ?, ?::timestamptz, ?, ?::jsonb, ?::jsonb)
                returning key""")) {
            String filename = item.get("filename").asString();
            insert.setLong(1, dataset);
            insert.setString(2, item.get("id").asString());
            insert.setString(3, filename);
            insert.setString(4, or(text(item, "dir"), filename.lastIndexOf('/') == 0 ? "/" : filename.substring(0, filename.lastIndexOf('/'))));
            insert.setString(5, or(text(item, "name"), filename.substring(filename.lastIndexOf('/') + 1)));
            insert.setString(6, or(text(item, "type"), "file"));
            insert.setBoolean(7, item.path("hidden").asBoolean(false));
            JsonNode annotated = item.get("annotated");
            insert.setString(8, annotated == null || annotated.isNull() ? null : annotated.toString());
            JsonNode count = item.get("annotationsCount");
            insert.setObject(9, count == null || !count.isInt() && !count.isLong() ? null : Integer.valueOf(count.intValue()));
            insert.setString(10, text(item, "creator"));
            insert.setString(11, date(item, "createdAt"));
            insert.setString(12, text(item, "updatedBy"));
            insert.setString(13, date(item, "updatedAt"));
            insert.setString(14, text(item, "description"));
            insert.setString(15, item.has("metadata") ? item.get("metadata").toString() : "{}");
            insert.setString(16, extra.isEmpty() ? null : extra.toString());
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                key = row.getLong(1);
            }
        }
        int ordinal = 0;
        for (JsonNode annotation : item.path("annotations")) {
            storeAnnotation(dataset, key, ordinal++, annotation);
        }
    }

    private void storeAnnotation(int dataset, long item, int ordinal, JsonNode annotation) throws SQLException {
        ObjectNode extra = extra(annotation, Set.of(
                "id", "datasetId", "itemId", "type", "label", "attributes", "creator", "createdAt", "updatedBy", "updatedAt", "source",
                "metadata"));
        try (PreparedStatement insert = connection.prepareStatement(
                """
                insert into annotation (dataset_key, item_key, ordinal, id, type, label, attributes, creator, created_at, updated_by,
                  updated_at, source, metadata, extra)
                values (?, ?, ?, ?, ?, ?, ?::json, ?, ?::timestamptz, ?, ?::timestamptz, ?, ?::json, ?::json)""")) {
            insert.setLong(1, dataset);
            insert.setLong(2, item);
            insert.setInt(3, ordinal);
            insert.setString(4, annotation.get("id").asString());
            insert.setString(5, annotation.get("type").asString());
            insert.setString(6, text(annotation, "label"));
            insert.setString(7, annotation.has("attributes") ? annotation.get("attributes").toString() : null);
            insert.setString(8, text(annotation, "creator"));
            insert.setString(9, date(annotation, "createdAt"));
            insert.setString(10, text(annotation, "updatedBy"));
            insert.setString(11, date(annotation, "updatedAt"));
            insert.setString(12, text(annotation, "source"));
            insert.setString(13, annotation.has("metadata") ? annotation.get("metadata").toString() : "{}");
            insert.setString(14, extra.isEmpty() ? null : extra.toString());
            insert.executeUpdate();
        }
    }

    /** Members without a column, and those whose value its column can't hold. */
    private static ObjectNode extra(JsonNode row, Set<String> columns) {
        ObjectNode extra = JsonNodeFactory.instance.objectNode();
        for (String name : row.propertyNames()) {
            JsonNode value = row.get(name);
            boolean stored = switch (name) {
                case "creator", "updatedBy", "description", "label", "source" -> value.isString();
                case "createdAt", "updatedAt" -> date(row, name) != null;
                case "annotated" -> !value.isNull();
                case "annotationsCount" -> value.isInt() || value.isLong();
                default -> columns.contains(name);
            };
            if (!stored) {
                extra.set(name, value);
            }
        }
        return extra;
    }

    private static @Nullable String date(JsonNode row, String name) {
        String text = text(row, name);
        try {
            return text == null ? null : OffsetDateTime.parse(text).toString();
        } catch (java.time.format.DateTimeParseException e) {
            return null;
        }
    }

    private static @Nullable String text(JsonNode row, String name) {
        JsonNode value = row.get(name);
        return value == null || !value.isString() ? null : value.asString();
    }

    private static String or(@Nullable String text, String otherwise) {
        return text == null ? otherwise : text;
    }
}
