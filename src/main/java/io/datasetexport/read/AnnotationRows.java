package io.datasetexport.read;

import io.datasetexport.model.Annotation;
import io.datasetexport.model.AnnotationParts;
import io.datasetexport.model.Shape;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows of the table {@code annotation} as {@link Annotation}. */
final class AnnotationRows {

    /** What {@link #read} expects, after {@code item_key}; {@code a} is the table. */
    static final String COLUMNS = columns(AnnotationParts.ALL);

    private static final byte[] NOTHING = {'{', '}'};

    private static final Annotation NO_ROW_BEFORE = named(0, NOTHING, NOTHING, null, 0);

    private AnnotationRows() {}

    /** As {@link #COLUMNS}, with null for what is not needed: what is long lies beside its row, and is not even looked at then. */
    static String columns(AnnotationParts parts) {
        return "a.item_key, a.ordinal, a.id, a.type, a.label, a.attributes, " + coordinates(parts.geometry()) + ", a.metadata, "
                + (parts.verbatim() ? "a.creator, a.created_at, a.updated_by, a.updated_at, a.source, a.extra" : "null, null, null, null, null, null")
                + ", a.bytes";
    }

    private static String coordinates(Set<Shape> shapes) {
        if (shapes.isEmpty()) {
            return "null";
        }
        return shapes.contains(Shape.OTHER) ? "a.coordinates"
                : shapes.stream().map(shape -> "'" + shape.type() + "'").sorted()
                        .collect(Collectors.joining(", ", "case when a.type in (", ") then a.coordinates end"));
    }

    static Annotation read(ResultSet row) throws SQLException {
        return read(row, null);
    }

    /**
     * As {@link #read(ResultSet)}, with the arrays of the row before where they hold the same: rows of one item are alike, and the collector
     * moves each array of a row that waits.
     */
    static Annotation read(ResultSet row, @Nullable Annotation before) throws SQLException {
        Annotation other = before == null ? NO_ROW_BEFORE : before;
        return new Annotation(
                row.getInt(2),
                row.getBytes(3),
                Objects.requireNonNull(same(row.getBytes(4), other.type())),
                same(row.getBytes(5), other.label()),
                same(row.getBytes(6), other.attributes()),
                row.getBytes(7),
                Objects.requireNonNull(same(row.getBytes(8), other.metadata())),
                same(row.getBytes(9), other.creator()),
                same(isoTime(row.getBytes(10)), other.createdAt()),
                same(row.getBytes(11), other.updatedBy()),
                same(isoTime(row.getBytes(12)), other.updatedAt()),
                same(row.getBytes(13), other.source()),
                same(row.getBytes(14), other.extra()),
                row.getInt(15));
    }

    private static byte @Nullable [] same(byte @Nullable [] value, byte @Nullable [] other) {
        return Arrays.equals(value, other) ? other : value;
    }

    /** An annotation of which only the name is known. */
    static Annotation named(int ordinal, byte[] id, byte[] type, byte @Nullable [] label, int bytes) {
        return new Annotation(ordinal, id, type, label, null, null, NOTHING, null, null, null, null, null, null, bytes);
    }

    /**
     * PostgreSQL's {@code 2022-05-01 10:00:00.123+00} as {@code 2022-05-01T10:00:00.123Z}; what lies beyond a thousandth of a second is
     * cut. Any other form, such as {@code infinity}, stays as it is.
     */
    static byte @Nullable [] isoTime(byte @Nullable [] text) {
        if (text == null || text.length < 22 || text[10] != ' ' || text[text.length - 3] != '+' || text[4] != '-') {
            return text;
        }
        byte[] iso = new byte[24];
        System.arraycopy(text, 0, iso, 0, 19);
        iso[10] = 'T';
        iso[19] = '.';
        int digits = Math.max(0, text.length - 23);
        for (int i = 0; i < 3; i++) {
            iso[20 + i] = i < digits ? text[20 + i] : (byte) '0';
        }
        iso[23] = 'Z';
        return iso;
    }
}
