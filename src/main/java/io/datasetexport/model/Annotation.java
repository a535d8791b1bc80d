package io.datasetexport.model;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One annotation as the database holds it: every field is UTF-8 text, undecoded, so that a format pays only for what it reads.
 *
 * @param ordinal place in the source's order
 * @param id any string
 * @param type the platform's name of the shape, see {@link Shape}
 * @param label the full dotted path
 * @param attributes JSON, usually a list of strings; null when the annotation has none
 * @param coordinates JSON whose form depends on {@code type}; numbers keep their spelling; null when absent
 * @param metadata a JSON object
 * @param createdAt UTC in ISO-8601 with milliseconds, as {@code updatedAt}
 * @param extra a JSON object with the members that have no column; its members win over columns of the same name
 * @param bytes size of coordinates, attributes, metadata and extra together
 */
public record Annotation(
        int ordinal,
        byte[] id,
        byte[] type,
        byte @Nullable [] label,
        byte @Nullable [] attributes,
        byte @Nullable [] coordinates,
        byte[] metadata,
        byte @Nullable [] creator,
        byte @Nullable [] createdAt,
        byte @Nullable [] updatedBy,
        byte @Nullable [] updatedAt,
        byte @Nullable [] source,
        byte @Nullable [] extra,
        int bytes) {

    public String idText() {
        return new String(id, StandardCharsets.UTF_8);
    }

    /** The label, or an empty string when there is none. */
    public String labelText() {
        return label == null ? "" : new String(label, StandardCharsets.UTF_8);
    }

    public Shape shape() {
        return Shape.of(type);
    }
}
