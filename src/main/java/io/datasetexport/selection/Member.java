package io.datasetexport.selection;

import static io.datasetexport.selection.Resource.ANNOTATIONS;
import static io.datasetexport.selection.Resource.ITEMS;

import org.jspecify.annotations.Nullable;

/**
 * The members of an item's and of an annotation's JSON that a query can name, with where they are stored: the only names that ever
 * become SQL text. {@code i} is the row of an item, {@code a} of an annotation; an annotation's item is always at hand.
 */
public enum Member {
    ITEM_ID(ITEMS, "id", Kind.TEXT, "i.id"),
    ITEM_DATASET_ID(ITEMS, "datasetId", Kind.DATASET_ID, "cast(? as text)"),
    ITEM_FILENAME(ITEMS, "filename", Kind.TEXT, "i.filename"),
    ITEM_DIR(ITEMS, "dir", Kind.TEXT, "i.dir"),
    ITEM_NAME(ITEMS, "name", Kind.TEXT, "i.name"),
    ITEM_TYPE(ITEMS, "type", Kind.TEXT, "i.type collate \"C\""),
    ITEM_HIDDEN(ITEMS, "hidden", Kind.FLAG, "i.hidden"),
    ITEM_ANNOTATED(ITEMS, "annotated", Kind.JSON, "coalesce(i.annotated, i.extra -> 'annotated')"),
    ITEM_ANNOTATIONS_COUNT(
            ITEMS, "annotationsCount", Kind.JSON, "coalesce(to_jsonb(i.annotations_count), i.extra -> 'annotationsCount')"),
    ITEM_CREATED_AT(ITEMS, "createdAt", Kind.DATE, "i.created_at"),
    ITEM_UPDATED_AT(ITEMS, "updatedAt", Kind.DATE, "i.updated_at"),
    ITEM_CREATOR(ITEMS, "creator", Kind.OPTIONAL_TEXT, "i.creator collate \"C\""),
    ITEM_UPDATED_BY(ITEMS, "updatedBy", Kind.OPTIONAL_TEXT, "i.updated_by collate \"C\""),
    ITEM_DESCRIPTION(ITEMS, "description", Kind.OPTIONAL_TEXT, "i.description collate \"C\""),
    ITEM_SPEC(ITEMS, "spec", Kind.JSON, "i.extra -> 'spec'"),
    ITEM_METADATA(ITEMS, "metadata", Kind.JSON, "i.metadata"),

    ANNOTATION_ID(ANNOTATIONS, "id", Kind.TEXT, "a.id"),
    ANNOTATION_DATASET_ID(ANNOTATIONS, "datasetId", Kind.DATASET_ID, "cast(? as text)"),
    ANNOTATION_ITEM_ID(ANNOTATIONS, "itemId", Kind.TEXT, "i.id"),
    ANNOTATION_TYPE(ANNOTATIONS, "type", Kind.TEXT, "a.type collate \"C\""),
    ANNOTATION_LABEL(ANNOTATIONS, "label", Kind.OPTIONAL_TEXT, "a.label"),
    ANNOTATION_ATTRIBUTES(ANNOTATIONS, "attributes", Kind.JSON, "searchable(a.attributes)"),
    ANNOTATION_CREATED_AT(ANNOTATIONS, "createdAt", Kind.DATE, "a.created_at"),
    ANNOTATION_UPDATED_AT(ANNOTATIONS, "updatedAt", Kind.DATE, "a.updated_at"),
    ANNOTATION_CREATOR(ANNOTATIONS, "creator", Kind.OPTIONAL_TEXT, "a.creator collate \"C\""),
    ANNOTATION_UPDATED_BY(ANNOTATIONS, "updatedBy", Kind.OPTIONAL_TEXT, "a.updated_by collate \"C\""),
    ANNOTATION_SOURCE(ANNOTATIONS, "source", Kind.OPTIONAL_TEXT, "a.source collate \"C\""),
    ANNOTATION_METADATA(ANNOTATIONS, "metadata", Kind.JSON, "searchable(a.metadata)");

    /** How a member is stored, which decides what can be compared with it. */
    enum Kind {
        /** A string that every row has. */
        TEXT,
        /** A string, or nothing. */
        OPTIONAL_TEXT,
        /** The dataset's own id, which no row repeats. */
        DATASET_ID,
        FLAG,
        DATE,
        /** Any JSON. */
        JSON
    }

    private final Resource resource;
    private final String json;
    private final Kind kind;
    private final String sql;

    Member(Resource resource, String json, Kind kind, String sql) {
        this.resource = resource;
        this.json = json;
        this.kind = kind;
        this.sql = sql;
    }

    /** The member that a query of this resource calls so. */
    static @Nullable Member of(Resource resource, String name) {
        for (Member member : values()) {
            if (member.resource == resource && member.json.equals(name)) {
                return member;
            }
        }
        return null;
    }

    Resource resource() {
        return resource;
    }

    /** Its name in JSON. */
    String json() {
        return json;
    }

    Kind kind() {
        return kind;
    }

    /** The SQL expression of its value. */
    String sql() {
        return sql;
    }

    /** Whether a path may go on below it. */
    boolean holdsMembers() {
        return this == ITEM_METADATA || this == ANNOTATION_METADATA;
    }

    /** Whether the value may be null. */
    boolean optional() {
        return kind == Kind.OPTIONAL_TEXT || kind == Kind.DATE || kind == Kind.JSON;
    }

    /** The type of the value that stands among the members without a column, SQL null when there is none: it was no string or date. */
    String kindOfOddValue() {
        return resource == ITEMS ? "jsonb_typeof(i.extra -> '" + json + "')" : "json_typeof(a.extra -> '" + json + "')";
    }
}
