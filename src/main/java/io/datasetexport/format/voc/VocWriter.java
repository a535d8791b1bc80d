package io.datasetexport.format.voc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.datasetexport.format.AnnotationFacts;
import io.datasetexport.format.AnnotationFacts.Fact;
import io.datasetexport.format.Changes;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.format.FormatOutput;
import io.datasetexport.format.FormatWriter;
import io.datasetexport.format.ItemFacts;
import io.datasetexport.format.ItemSlice;
import io.datasetexport.format.Outcome;
import io.datasetexport.format.Reason;
import io.datasetexport.format.source.Attributes;
import io.datasetexport.format.source.Facts;
import io.datasetexport.format.source.Geometry;
import io.datasetexport.format.source.Geometry.Box;
import io.datasetexport.format.source.Picture;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.AnnotationParts;
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
    public AnnotationParts reads() {
        return AnnotationParts.geometryOf(shape -> shape == Shape.BOX);
    }

    @Override
    public Weight weight() {
        return new Weight(350, 40, 0);
    }

    @Override
    public void item(ItemSlice slice, FormatOutput out) {
        Item item = slice.item();
        ImageSize size = item.size();
        ItemFacts facts = ItemFacts.of(item);
        Reason noPicture = leftOut(facts);
        if (noPicture != null || size == null) {
            if (slice.first()) {
                out.leftOut(noPicture == null ? Reason.NO_SIZE : noPicture, item, null);
            }
            return;
        }
        Utf8Buffer xml = out.scratch();
        boolean begun = slice.carry() != null;
        if (!begun) {
            open(xml, item, size);
        }
        Changes changes = new Changes();
        int count = 0;
        for (Annotation annotation : slice.annotations()) {
            Geometry geometry = Geometry.of(annotation);
            Outcome outcome = outcome(facts, Facts.of(annotation, geometry, size));
            if (outcome.leftOut() == null && geometry instanceof Box box) {
                changes.note(outcome);
                object(xml, annotation, box, outcome.loses(Reason.ATTRIBUTES), changes);
                count++;
            } else {
                out.leftOut(outcome.leftOut() == null ? Reason.UNSUPPORTED_SHAPE : outcome.leftOut(), item, annotation);
            }
        }
        if (!begun && count == 0) {
            return;
        }
        if (!begun) {
            out.countItem();
            slice.carry(Boolean.TRUE);
        }
        if (slice.last()) {
            xml.append("\n</annotation>");
        }
        out.countAnnotations(count);
        out.entry("voc/" + item.names().stem() + ".xml", xml, slice);
        changes.report(item, out);
    }

    private static void open(Utf8Buffer xml, Item item, ImageSize size) {
        xml.append("<annotation>\n    <folder>");
        XmlText.append(xml, folder(item).getBytes(UTF_8));
        xml.append("</folder>\n    <filename>");
        XmlText.append(xml, item.baseName().getBytes(UTF_8));
        xml.append("</filename>\n    <path>");
        XmlText.append(xml, item.filename().getBytes(UTF_8));
        xml.append("</path>\n    <source>\n        <database>Unknown</database>\n    </source>\n    <size>\n        <width>");
        xml.append(size.width()).append("</width>\n        <height>").append(size.height());
        xml.append("</height>\n        <depth>").append(Picture.channels(item));
        xml.append("</depth>\n    </size>\n    <segmented>0</segmented>\n");
    }

    private static String folder(Item item) {
        String folder = "";
        String[] segments = item.filename().split("/");
        for (int i = 0; i < segments.length - 1; i++) {
            folder = segments[i].isEmpty() ? folder : segments[i];
        }
        return folder;
    }

    @Override
    public @Nullable Reason leftOut(ItemFacts item) {
        return item.noPicture();
    }

    @Override
    public Outcome outcome(ItemFacts item, AnnotationFacts annotation) {
        if (annotation.shape() != Shape.BOX) {
            return Outcome.leftOut(Reason.UNSUPPORTED_SHAPE);
        }
        if (annotation.is(Fact.UNKNOWN)) {
            return Outcome.OPEN;
        }
        Reason unreadable = annotation.unreadable();
        if (unreadable != null) {
            return Outcome.leftOut(unreadable);
        }
        return Outcome.KEPT
                .losing(annotation.is(Fact.ROTATED), Reason.ROTATION)
                .losing(annotation.is(Fact.ATTRIBUTES_TWICE), Reason.ATTRIBUTES)
                .losing(!XmlText.isLegal(annotation.label()) || !XmlText.isLegal(item.filename()), Reason.ILLEGAL_CHARACTERS);
    }

    private static void object(Utf8Buffer xml, Annotation annotation, Box box, boolean losesAttributes, Changes changes) {
        xml.append("    <object>\n        <name>");
        byte[] label = annotation.label();
        if (label != null) {
            XmlText.append(xml, label);
        }
        xml.append("</name>\n        <attributes>");
        boolean readable = attributes(xml, annotation);
        xml.append("</attributes>\n        <bndbox>\n");
        coordinate(xml, "xmin", box.left(), box.whole());
        coordinate(xml, "ymin", box.top(), box.whole());
        coordinate(xml, "xmax", box.right(), box.whole());
        coordinate(xml, "ymax", box.bottom(), box.whole());
        xml.append("        </bndbox>\n    </object>");
        changes.noteIf(!readable && !losesAttributes, Reason.ATTRIBUTES);
    }

    /** False when the attributes are damaged. */
    private static boolean attributes(Utf8Buffer xml, Annotation annotation) {
        byte[] json = Attributes.json(annotation);
        if (json == null) {
            xml.append(NO_ATTRIBUTES);
            return true;
        }
        Utf8Buffer repr = new Utf8Buffer();
        boolean readable = PythonValues.append(repr, json);
        XmlText.append(xml, readable ? repr.toByteArray() : NO_ATTRIBUTES);
        return readable;
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
