package io.datasetexport.format.voc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.datasetexport.format.Changes;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.format.FormatOutput;
import io.datasetexport.format.FormatWriter;
import io.datasetexport.format.ItemSlice;
import io.datasetexport.format.Reason;
import io.datasetexport.format.source.Attributes;
import io.datasetexport.format.source.Geometry;
import io.datasetexport.format.source.Geometry.Box;
import io.datasetexport.format.source.Geometry.Mask;
import io.datasetexport.format.source.Geometry.Polygon;
import io.datasetexport.format.source.Geometry.Undrawn;
import io.datasetexport.format.source.Geometry.Unreadable;
import io.datasetexport.format.source.Picture;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.ImageSize;
import io.datasetexport.model.Item;
import io.datasetexport.model.Shape;
import io.datasetexport.text.PythonText;
import io.datasetexport.text.Utf8Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Pascal VOC: {@code voc/<stem>.xml} for each item with boxes.
 *
 * <pre>
 * annotation := folder filename path source{database "Unknown"} size{width height depth} segmented "0" object...
 * object     := name attributes bndbox{xmin ymin xmax ymax}
 * </pre>
 *
 * <p>White space is the classic converter's, character by character: no XML declaration, an object begins on the line where the one
 * before ends, nothing after the last tag. Coordinates are ints where all four of a box were written as integers, else floats,
 * spelled as Python's {@code repr}. {@code attributes} is the {@code repr} of the annotation's list, else of its map, else {@code []}.
 *
 * <p>Open in the format, and our answers:
 * <ul>
 *   <li>{@code &}, {@code <} and {@code >} are escaped, quotes are not; characters that XML 1.0 forbids are dropped and reported.
 *   <li>{@code folder} is the last directory's name, empty for the root; {@code depth} is 3 where nobody counted channels.
 *   <li>Labels outside the dataset's list are written: there is no number to miss.
 *   <li>An item without a box that can be written has no file. Other shapes are left out; an angle is lost and reported, and so is the
 *       map where a list of attributes takes its place.
 *   <li>There is no {@code pose}, {@code truncated}, {@code difficult} or {@code occluded}: the data knows nothing of them.
 * </ul>
 */
public final class VocWriter implements FormatWriter {

    private static final byte[] NO_ATTRIBUTES = "[]".getBytes(UTF_8);

    @Override
    public ExportFormat format() {
        return ExportFormat.VOC;
    }

    @Override
    public void item(ItemSlice slice, FormatOutput out) {
        Item item = slice.item();
        ImageSize size = item.size();
        if (!item.isImage() || size == null) {
            if (slice.first()) {
                out.leftOut(item.isImage() ? Reason.NO_SIZE : Reason.NOT_IMAGE, item, null);
            }
            return;
        }
        Utf8Buffer xml = out.scratch();
        Object begun = slice.carry();
        boolean legal = begun == null ? open(xml, item, size) : Boolean.TRUE.equals(begun);
        Changes changes = new Changes();
        int count = 0;
        for (Annotation annotation : slice.annotations()) {
            Reason reason = object(xml, annotation, legal, changes);
            if (reason == null) {
                count++;
            } else {
                out.leftOut(reason, item, annotation);
            }
        }
        if (begun == null && count == 0) {
            return;
        }
        if (begun == null) {
            out.countItem();
            slice.carry(legal);
        }
        if (slice.last()) {
            xml.append("\n</annotation>");
        }
        out.countAnnotations(count);
        out.entry("voc/" + item.names().stem() + ".xml", xml, slice);
        changes.report(item, out);
    }

    /** Begins the file; false when characters were dropped from the item's names. */
    private static boolean open(Utf8Buffer xml, Item item, ImageSize size) {
        boolean legal = true;
        xml.append("<annotation>\n    <folder>");
        legal &= XmlText.append(xml, folder(item).getBytes(UTF_8));
        xml.append("</folder>\n    <filename>");
        legal &= XmlText.append(xml, item.baseName().getBytes(UTF_8));
        xml.append("</filename>\n    <path>");
        legal &= XmlText.append(xml, item.filename().getBytes(UTF_8));
        xml.append("</path>\n    <source>\n        <database>Unknown</database>\n    </source>\n    <size>\n        <width>");
        xml.append(size.width()).append("</width>\n        <height>").append(size.height());
        xml.append("</height>\n        <depth>").append(Picture.channels(item));
        xml.append("</depth>\n    </size>\n    <segmented>0</segmented>\n");
        return legal;
    }

    private static String folder(Item item) {
        String folder = "";
        String[] segments = item.filename().split("/");
        for (int i = 0; i < segments.length - 1; i++) {
            folder = segments[i].isEmpty() ? folder : segments[i];
        }
        return folder;
    }

    /** Appends an annotation's object, or says why there is none. */
    private static @Nullable Reason object(Utf8Buffer xml, Annotation annotation, boolean legalNames, Changes changes) {
        if (annotation.shape() != Shape.BOX) {
            return Reason.UNSUPPORTED_SHAPE;
        }
        return switch (Geometry.of(annotation)) {
            case Box box -> {
                object(xml, annotation, box, legalNames, changes);
                yield null;
            }
            case Polygon _, Mask _, Undrawn _ -> Reason.UNSUPPORTED_SHAPE;
            case Unreadable(Reason reason) -> reason;
        };
    }

    private static void object(Utf8Buffer xml, Annotation annotation, Box box, boolean legalNames, Changes changes) {
        xml.append("    <object>\n        <name>");
        byte[] label = annotation.label();
        boolean legal = label == null || XmlText.append(xml, label);
        xml.append("</name>\n        <attributes>");
        attributes(xml, annotation, changes);
        xml.append("</attributes>\n        <bndbox>\n");
        coordinate(xml, "xmin", box.left(), box.whole());
        coordinate(xml, "ymin", box.top(), box.whole());
        coordinate(xml, "xmax", box.right(), box.whole());
        coordinate(xml, "ymax", box.bottom(), box.whole());
        xml.append("        </bndbox>\n    </object>");
        changes.noteIf(box.rotated(), Reason.ROTATION);
        changes.noteIf(!legal || !legalNames, Reason.ILLEGAL_CHARACTERS);
    }

    private static void attributes(Utf8Buffer xml, Annotation annotation, Changes changes) {
        byte[] json = Attributes.json(annotation);
        if (json == null) {
            xml.append(NO_ATTRIBUTES);
            return;
        }
        Utf8Buffer repr = new Utf8Buffer();
        boolean readable = PythonValues.append(repr, json);
        XmlText.append(xml, readable ? repr.toByteArray() : NO_ATTRIBUTES);
        changes.noteIf(!readable || Attributes.twice(annotation), Reason.ATTRIBUTES);
    }

    private static void coordinate(Utf8Buffer xml, String name, double value, boolean whole) {
        xml.append("            <").append(name).append('>');
        if (whole) {
            PythonText.appendInt(xml, value);
        } else {
            PythonText.appendFloat(xml, value);
        }
        xml.append("</").append(name).append(">\n");
    }
}
