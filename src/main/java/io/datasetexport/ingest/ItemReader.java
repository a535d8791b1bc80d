package io.datasetexport.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.datasetexport.format.source.Facts;
import io.datasetexport.model.Annotation;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads Dataloop items, one object after the other, into a {@link Batch}: the four file shapes of the platform, members in any order.
 *
 * <p>A member whose value has the type of its column goes there; every other member, and one with a value of another type, is kept as it
 * is in {@code extra}, which wins when the item is written again. {@code datasetId} and {@code itemId} are dropped: they say what the place
 * says. Metadata are an object, and null is none. Dates that are not spelled as an export spells them are kept in both places.
 */
final class ItemReader {

    /** What may belong to one item beside its annotations, and at most to one annotation. */
    static final int RECORD_BYTES = ImportLimits.ANNOTATION_BYTES;

    private static final int LONGEST_ID = ImportLimits.ID_BYTES;
    private static final int LONGEST_FILENAME = ImportLimits.FILENAME_BYTES;
    static final int LONGEST_LABEL = ImportLimits.LABEL_BYTES;
    private static final int LONGEST_TYPE = 200;
    private static final Set<String> TYPES_WITH_LABEL = Set.of(
            "class", "point", "line", "box", "cube", "segment", "polygon", "ellipse", "binary", "polyline", "pose", "cube_3d",
            "semantic_3d", "polyline_3d", "gis");

    private static final byte[] NO_TEXT = {};

    private final LabelsSeen labels;
    private final int largestAnnotation;
    private final ItemMetadata itemMetadata = new ItemMetadata();
    private final ParentPose parentPose = new ParentPose();
    private final RowBuffer attributes = new RowBuffer(1 << 10, RECORD_BYTES);
    private final RowBuffer coordinates = new RowBuffer(1 << 16, RECORD_BYTES);
    private final RowBuffer metadata = new RowBuffer(1 << 12, RECORD_BYTES);
    private final RowBuffer extra = new RowBuffer(1 << 12, RECORD_BYTES);
    private final RowBuffer itemExtra = new RowBuffer(1 << 12, RECORD_BYTES);
    private final RowBuffer itemMember = new RowBuffer(1 << 12, RECORD_BYTES);
    private final Members members = new Members();
    private final Members itemMembers = new Members();

    /** @param largestAnnotation in bytes, at most {@link #RECORD_BYTES} */
    ItemReader(LabelsSeen labels, int largestAnnotation) {
        this.labels = labels;
        this.largestAnnotation = largestAnnotation;
    }

    /** Reads the item whose first token is the parser's current one. */
    void read(JsonParser in, ItemDraft item, Batch batch) throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw new BadRecord("The record is not an object.");
        }
        itemExtra.clear();
        itemMembers.clear();
        itemMetadata.reset();
        byte[] ownMetadata = null;
        byte[] olderMetadata = null;
        String olderId = null;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String member = in.currentName();
            itemMembers.add(member);
            JsonToken value = in.nextToken();
            boolean text = value == JsonToken.VALUE_STRING;
            switch (member) {
                case "id" -> item.id = id(in, value);
                case "_id" -> olderId = id(in, value);
                case "filename" -> item.filename = filename(in, value);
                case "datasetId" -> in.skipChildren();
                case "annotations" -> annotations(in, value, item, batch);
                case "metadata" -> ownMetadata = itemObject(in, value);
                case "itemMetadata" -> olderMetadata = itemObject(in, value);
                case "dir" -> item.dir = text ? text(in) : keepItem(in, member);
                case "name" -> item.name = text ? text(in) : keepItem(in, member);
                case "type" -> item.type = text ? text(in) : keepItem(in, member);
                case "creator" -> item.creator = text ? text(in) : keepItem(in, member);
                case "updatedBy" -> item.updatedBy = text ? text(in) : keepItem(in, member);
                case "description" -> item.description = text ? text(in) : keepItem(in, member);
                case "createdAt" -> item.createdAt = itemInstant(in, member, text);
                case "updatedAt" -> item.updatedAt = itemInstant(in, member, text);
                case "hidden" -> {
                    if (value == JsonToken.VALUE_TRUE || value == JsonToken.VALUE_FALSE) {
                        item.hidden = value == JsonToken.VALUE_TRUE;
                    } else {
                        keepItem(in, member);
                    }
                }
                case "annotated" -> {
                    if (value == JsonToken.VALUE_TRUE || value == JsonToken.VALUE_FALSE || text && in.getString().equals("discarded")) {
                        itemMember.clear();
                        JsonCopier.copy(in, itemMember, null);
                        item.annotated = itemMember.toByteArray();
                    } else {
                        keepItem(in, member);
                    }
                }
                case "annotationsCount" -> {
                    if (value == JsonToken.VALUE_NUMBER_INT && in.getStringLength() <= 9) {
                        item.annotationsCount = Integer.valueOf(in.getString());
                    } else {
                        keepItem(in, member);
                    }
                }
                default -> keepItem(in, member);
            }
        }
        if (item.id == null) {
            item.id = olderId;
        } else if (olderId != null && !olderId.equals(item.id)) {
            throw new BadRecord("The item has two ids, \"id\" and \"_id\".");
        }
        if (item.id == null && item.filename == null) {
            throw new BadRecord("The item has neither an id nor a filename.");
        }
        if (ownMetadata == null) {
            item.metadata = olderMetadata == null ? item.metadata : olderMetadata;
        } else {
            item.metadata = ownMetadata;
            if (olderMetadata != null) {
                startMember(itemExtra, "itemMetadata");
                itemExtra.raw(olderMetadata, 0, olderMetadata.length);
            }
        }
        item.extra = closed(itemExtra);
        item.link = itemMetadata.link();
        batch.add(item);
    }

    private void annotations(JsonParser in, JsonToken value, ItemDraft item, Batch batch) throws IOException {
        switch (value) {
            case VALUE_STRING -> {}
            case START_ARRAY -> {
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    annotation(in, item, batch);
                }
            }
            default -> throw new BadRecord("The item's annotations are neither a list nor a URL.");
        }
    }

    /** Reads the item's next annotation, whose first token is the parser's current one. */
    void annotation(JsonParser in, ItemDraft item, Batch batch) throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw new BadRecord("The annotation is not an object.");
        }
        attributes.clear();
        coordinates.clear();
        metadata.clear();
        extra.clear();
        members.clear();
        parentPose.reset();
        String id = null;
        String type = null;
        String label = null;
        String creator = null;
        String updatedBy = null;
        String source = null;
        Moment createdAt = Moment.ABSENT;
        Moment updatedAt = Moment.ABSENT;
        boolean creatorKept = false;
        boolean updatedByKept = false;
        String pointer = null;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String member = in.currentName();
            members.add(member);
            JsonToken value = in.nextToken();
            boolean text = value == JsonToken.VALUE_STRING;
            switch (member) {
                case "id" -> id = id(in, value);
                case "type" -> type = text ? checked(in.getString(), LONGEST_TYPE, "type") : refused("The annotation's type is not a string.");
                case "label" -> {
                    if (text) {
                        label = checked(in.getString(), LONGEST_LABEL, "label");
                    } else {
                        pointer = pointer == null ? in.streamReadContext().pathAsPointer().toString() : pointer;
                        keep(in, member, extra, null);
                    }
                }
                case "attributes" -> JsonCopier.copy(in, attributes, null);
                case "coordinates" -> JsonCopier.copy(in, coordinates, null);
                case "metadata" -> {
                    if (isObject(value)) {
                        JsonCopier.copy(in, metadata, parentPose);
                    }
                }
                case "creator" -> {
                    creator = text ? text(in) : keep(in, member, extra, null);
                    creatorKept = !text;
                }
                case "updatedBy" -> {
                    updatedBy = text ? text(in) : keep(in, member, extra, null);
                    updatedByKept = !text;
                }
                case "createdAt" -> createdAt = moment(in, member, text);
                case "updatedAt" -> updatedAt = moment(in, member, text);
                case "source" -> source = text ? text(in) : keep(in, member, extra, null);
                case "datasetId", "itemId" -> in.skipChildren();
                default -> keep(in, member, extra, null);
            }
            if (coordinates.length() + attributes.length() + metadata.length() + extra.length() > largestAnnotation) {
                throw new BadRecord("The annotation is larger than " + largestAnnotation + " bytes.");
            }
        }
        if (type == null) {
            throw new BadRecord("The annotation has no type.");
        }
        if (label == null && TYPES_WITH_LABEL.contains(type)) {
            throw new BadRecord("The annotation of type " + type + " has no label.", pointer);
        }
        if (label != null && !(type.equals("point") && parentPose.found())) {
            labels.add(label);
        }
        RowBuffer row = batch.start();
        int start = row.length();
        open(row, id);
        open(row, creator, creatorKept);
        open(row, updatedBy, updatedByKept);
        open(row, createdAt);
        open(row, updatedAt);
        row.field(type);
        row.field(label);
        row.field(attributes);
        row.field(coordinates);
        if (metadata.length() == 0) {
            metadata.ascii("{}");
        }
        row.field(metadata);
        row.field(source);
        row.field(closed(extra));
        facts(type, row);
        batch.end(start);
        item.annotations = Math.addExact(item.annotations, 1);
    }

    /** Appends the columns {@code facts}, {@code mask_width} and {@code mask_height}. */
    private void facts(String type, RowBuffer row) {
        Facts.Stored facts = Facts.stored(new Annotation(
                0,
                NO_TEXT,
                type.getBytes(UTF_8),
                null,
                attributes.length() == 0 ? null : attributes.toByteArray(),
                coordinates.length() == 0 ? null : coordinates.toByteArray(),
                metadata.toByteArray(),
                null,
                null,
                null,
                null,
                null,
                null,
                0));
        row.field(facts.bits());
        row.field(facts.maskWidth());
        row.field(facts.maskHeight());
    }

    private static void open(RowBuffer row, @Nullable String value) {
        open(row, value, false);
    }

    /** @param kept whether the member is there with another type: then the column stays empty */
    private static void open(RowBuffer row, @Nullable String value, boolean kept) {
        if (value == null && !kept) {
            row.int32(Batch.OPEN);
        } else {
            row.field(value);
        }
    }

    private static void open(RowBuffer row, Moment moment) {
        if (moment == Moment.ABSENT) {
            row.int32(Batch.OPEN);
        } else {
            row.field(moment.micros());
        }
    }

    /** @param micros null where the member is there, but is no date */
    private record Moment(@Nullable Long micros) {
        static final Moment ABSENT = new Moment(null);
    }

    private Moment moment(JsonParser in, String member, boolean text) {
        if (!text) {
            keep(in, member, extra, null);
            return new Moment(null);
        }
        String spelled = in.getString();
        Long micros = Instants.canonical(spelled);
        if (micros == null) {
            keep(in, member, extra, null);
            micros = Instants.parsed(spelled);
        }
        return new Moment(micros);
    }

    private @Nullable Long itemInstant(JsonParser in, String member, boolean text) {
        if (!text) {
            keepItem(in, member);
            return null;
        }
        String spelled = in.getString();
        Long micros = Instants.canonical(spelled);
        if (micros == null) {
            keepItem(in, member);
            micros = Instants.parsed(spelled);
        }
        return micros;
    }

    private byte @Nullable [] itemObject(JsonParser in, JsonToken value) {
        if (!isObject(value)) {
            return null;
        }
        itemMember.clear();
        JsonCopier.copy(in, itemMember, itemMetadata);
        return itemMember.toByteArray();
    }

    private static boolean isObject(JsonToken value) {
        if (value != JsonToken.START_OBJECT && value != JsonToken.VALUE_NULL) {
            throw new BadRecord("The metadata are not an object.");
        }
        return value == JsonToken.START_OBJECT;
    }

    private @Nullable String keepItem(JsonParser in, String member) {
        return keep(in, member, itemExtra, itemMetadata);
    }

    /** Keeps a member as it is; returns null, for the column that it does not fill. */
    private static @Nullable String keep(JsonParser in, String member, RowBuffer extra, JsonCopier.@Nullable Observer observer) {
        startMember(extra, member);
        JsonCopier.copy(in, extra, observer);
        return null;
    }

    private static void startMember(RowBuffer extra, String member) {
        extra.ascii(extra.length() == 0 ? '{' : ',');
        extra.jsonString(member);
        extra.ascii(':');
    }

    private static byte @Nullable [] closed(RowBuffer extra) {
        if (extra.length() == 0) {
            return null;
        }
        extra.ascii('}');
        return extra.toByteArray();
    }

    private static String id(JsonParser in, JsonToken value) {
        if (value != JsonToken.VALUE_STRING || in.getStringLength() == 0) {
            throw new BadRecord("The id is not a string with at least one character.");
        }
        return checked(in.getString(), LONGEST_ID, "id");
    }

    private static String filename(JsonParser in, JsonToken value) {
        if (value != JsonToken.VALUE_STRING || in.getStringLength() == 0) {
            throw new BadRecord("The filename is not a string with at least one character.");
        }
        String filename = checked(in.getString(), LONGEST_FILENAME, "filename");
        return filename.startsWith("/") ? filename : "/" + filename;
    }

    private static @Nullable String refused(String sentence) {
        throw new BadRecord(sentence);
    }

    private static String text(JsonParser in) {
        return checked(in.getString(), RECORD_BYTES, "text");
    }

    /** The text, if the database can hold it and it has at most {@code longest} bytes in UTF-8. */
    static String checked(String text, int longest, String what) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                if (c == 0) {
                    throw new BadRecord("The " + what + " holds the character U+0000, which can't be stored.");
                }
                bytes++;
            } else if (!Character.isSurrogate(c)) {
                bytes += c < 0x800 ? 2 : 3;
            } else if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                throw new BadRecord("The " + what + " holds half a surrogate pair, which is no character.");
            }
        }
        if (bytes > longest) {
            throw new BadRecord("The " + what + " has more than " + longest + " bytes.");
        }
        return text;
    }

    /** The names of an object's members, each of which may come once. */
    private static final class Members {

        private static final int FEW = 32;

        private final String[] names = new String[FEW];
        private final Set<String> more = new HashSet<>();
        private int count;

        void clear() {
            count = 0;
            more.clear();
        }

        void add(String name) {
            for (int i = 0; i < Math.min(count, FEW); i++) {
                if (names[i].hashCode() == name.hashCode() && names[i].equals(name)) {
                    throw new BadRecord("The member is there twice.");
                }
            }
            if (count < FEW) {
                names[count] = name;
            } else if (!more.add(name)) {
                throw new BadRecord("The member is there twice.");
            }
            count++;
        }
    }

    /** Sees whether metadata name a parent: a point of a pose has its name as label, which is no label of the dataset. */
    private static final class ParentPose implements JsonCopier.Observer {

        private boolean system;
        private boolean found;

        void reset() {
            system = false;
            found = false;
        }

        boolean found() {
            return found;
        }

        @Override
        public void token(JsonToken token, JsonParser in, int depth) {
            if (depth == 1 && token == JsonToken.PROPERTY_NAME) {
                system = "system".equals(in.currentName());
            } else if (depth == 2 && system && token == JsonToken.VALUE_STRING && "parentId".equals(in.currentName())) {
                found = true;
            }
        }
    }
}
