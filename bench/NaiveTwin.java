import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The exporter that one writes first, as a yardstick: one thread, one joined query, a tree of JSON nodes for each item, ZipOutputStream.
 * It writes the same Dataloop items as the service to a file, without labels, manifest, names that are safe, or proof of completeness.
 *
 * <p>{@code java -cp 'lib/*' bench/NaiveTwin.java JDBC_URL USER DATASET OUT.zip}
 */
public final class NaiveTwin {

    private static final JsonMapper JSON = new JsonMapper();

    private NaiveTwin() {}

    public static void main(String[] args) throws Exception {
        try (Connection connection = DriverManager.getConnection(args[0], args[1], "");
                ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(new FileOutputStream(args[3]), 1 << 16));
                PreparedStatement select = connection.prepareStatement(
                        """
                        select i.key, i.id, d.id, i.filename, i.dir, i.name, i.type, i.metadata, i.creator, i.created_at, i.updated_by, i.updated_at,
                          i.annotated, a.id, a.type, a.label, a.attributes, a.coordinates, a.metadata, a.creator, a.created_at, a.updated_by,
                          a.updated_at, a.source
                        from item i join dataset d on d.key = i.dataset_key left join annotation a on a.item_key = i.key
                        where d.id = ? order by i.filename, i.id, a.ordinal
                        """)) {
            connection.setAutoCommit(false);
            select.setFetchSize(1000);
            select.setString(1, args[2]);
            long key = -1;
            ObjectNode item = null;
            ArrayNode annotations = null;
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (row.getLong(1) != key) {
                        write(zip, item);
                        key = row.getLong(1);
                        item = item(row);
                        annotations = item.putArray("annotations");
                    }
                    if (row.getString(14) != null) {
                        annotations.add(annotation(row));
                    }
                }
            }
            write(zip, item);
        }
    }

    private static ObjectNode item(ResultSet row) throws Exception {
        ObjectNode item = JSON.createObjectNode();
        item.put("id", row.getString(2)).put("datasetId", row.getString(3)).put("createdAt", iso(row, 10)).put("dir", row.getString(5));
        item.put("filename", row.getString(4)).put("type", row.getString(7)).set("metadata", JSON.readTree(row.getString(8)));
        item.put("name", row.getString(6)).put("creator", row.getString(9)).put("updatedAt", iso(row, 12)).put("updatedBy", row.getString(11));
        item.set("annotated", JSON.readTree(row.getString(13)));
        return item;
    }

    private static ObjectNode annotation(ResultSet row) throws Exception {
        ObjectNode annotation = JSON.createObjectNode();
        annotation.put("id", row.getString(14)).put("datasetId", row.getString(3)).put("itemId", row.getString(2)).put("type", row.getString(15));
        annotation.put("label", row.getString(16)).set("attributes", JSON.readTree(row.getString(17)));
        if (row.getString(18) != null) {
            annotation.set("coordinates", JSON.readTree(row.getString(18)));
        }
        annotation.set("metadata", JSON.readTree(row.getString(19)));
        annotation.put("creator", row.getString(20)).put("createdAt", iso(row, 21)).put("updatedBy", row.getString(22));
        return annotation.put("updatedAt", iso(row, 23)).put("source", row.getString(24));
    }

    private static String iso(ResultSet row, int column) throws Exception {
        return row.getTimestamp(column).toInstant().toString();
    }

    private static void write(ZipOutputStream zip, ObjectNode item) throws Exception {
        if (item != null) {
            String filename = item.get("filename").stringValue();
            zip.putNextEntry(new ZipEntry("json" + filename.substring(0, filename.lastIndexOf('.')) + ".json"));
            zip.write(JSON.writeValueAsBytes(item));
            zip.closeEntry();
        }
    }
}
