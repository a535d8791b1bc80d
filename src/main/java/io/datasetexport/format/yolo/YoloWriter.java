package io.datasetexport.format.yolo;

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
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.model.ImageSize;
import io.datasetexport.model.Item;
import io.datasetexport.model.Label;
import io.datasetexport.model.Shape;
import io.datasetexport.text.PythonText;
import io.datasetexport.text.Utf8Buffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * YOLO: {@code yolo/<stem>.txt} for each item with boxes, {@code yolo/classes.txt} and {@code yolo/data.yaml}.
 *
 * <pre>
 * file    := line...
 * line    := number " " x " " y " " width " " height "\n"          detect
 *          | number (" " x " " y)... "\n"                          segment
 * classes := label "\n" ...             line n, from 0, names number n
 * </pre>
 *
 * <p>All lines of an archive are of one kind: the boxes, or, when segments are asked for, the outer rings of the polygons, each vertex as
 * shares of the image's sides, not closed.
 *
 * <p>{@code x} and {@code y} are the box's centre; all four are shares of the image's sides, spelled as Python's {@code repr} and
 * computed as the classic converter does, to the last digit: {@code (left + right) / 2 * (1 / side)}, multiplied by the reciprocal, not
 * divided.
 *
 * <p>Open in the format, and our answers:
 * <ul>
 *   <li>Numbers are the labels' own, from 0. A retired label keeps its line, since annotations still refer to it; a number without
 *       any label, if there is one, gets the line {@code unused_<number>}, so that no line moves up.
 *   <li>A line break in a label becomes a space in the class list; other control characters are dropped; both are reported.
 *   <li>Where the EXIF orientation is 5 to 8, the image's sides are swapped: coordinates are those of the displayed image.
 *   <li>Shares are not clipped: a box outside the image keeps values below 0 or above 1.
 *   <li>An item without a box that can be written has no file. Other shapes are left out; angles and attributes are lost and reported.
 *   <li>A polygon of less than three points is left out: its line could not be told from a box. Holes are lost and reported.
 *   <li>A share that overflows leaves the box out.
 *   <li>{@code data.yaml} names the classes; its folders of images are the ones that YOLO's trainers expect.
 * </ul>
 */
public final class YoloWriter implements FormatWriter {

    /** Three points: a line of two would read as a box. */
    private static final int SMALLEST_OUTLINE = 6;

    private final Map<String, Label> labels = new HashMap<>();
    private final String[] classes;
    private final boolean segments;

    public YoloWriter(DatasetFacts dataset) {
        this(dataset, false);
    }

    /**
     * @param dataset with the class numbers in force
     * @param segments whether files hold the outlines of polygons instead of boxes
     */
    public YoloWriter(DatasetFacts dataset, boolean segments) {
        this.segments = segments;
        int count = 0;
        for (Label label : dataset.labels()) {
            labels.put(label.path(), label);
            count = Math.max(count, label.number() + 1);
        }
        classes = new String[count];
        for (int number = 0; number < count; number++) {
            classes[number] = "unused_" + number;
        }
        for (Label label : dataset.labels()) {
            classes[label.number()] = onOneLine(label.path());
        }
    }

    @Override
    public ExportFormat format() {
        return ExportFormat.YOLO;
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
        boolean swapped = Picture.sidesSwapped(item);
        double perWidth = 1.0 / (swapped ? size.height() : size.width());
        double perHeight = 1.0 / (swapped ? size.width() : size.height());
        Utf8Buffer text = out.scratch();
        Changes changes = new Changes();
        int count = 0;
        for (Annotation annotation : slice.annotations()) {
            Reason reason = append(text, annotation, perWidth, perHeight, changes);
            if (reason == null) {
                count++;
            } else {
                out.leftOut(reason, item, annotation);
            }
        }
        if (count > 0) {
            if (slice.carry() == null) {
                out.countItem();
                slice.carry(Boolean.TRUE);
            }
            out.countAnnotations(count);
            out.entry("yolo/" + item.names().stem() + ".txt", text, slice);
            changes.report(item, out);
        }
    }

    /** Appends an annotation's line, or says why there is none. */
    private @Nullable Reason append(
            Utf8Buffer text, Annotation annotation, double perWidth, double perHeight, Changes changes) {
        if (annotation.shape() != (segments ? Shape.POLYGON : Shape.BOX)) {
            return Reason.UNSUPPORTED_SHAPE;
        }
        Label label = labels.get(annotation.labelText());
        if (label == null) {
            return Reason.UNKNOWN_LABEL;
        }
        return switch (Geometry.of(annotation)) {
            case Box box -> {
                if (!append(text, label.number(), box, perWidth, perHeight)) {
                    yield Reason.NON_FINITE;
                }
                changes.noteIf(box.rotated(), Reason.ROTATION);
                noteLosses(annotation, label, changes);
                yield null;
            }
            case Polygon polygon -> {
                Reason reason = append(text, label.number(), polygon.outer(), perWidth, perHeight);
                if (reason == null) {
                    changes.noteIf(polygon.hasHoles(), Reason.HOLES);
                    noteLosses(annotation, label, changes);
                }
                yield reason;
            }
            case Mask _, Undrawn _ -> Reason.UNSUPPORTED_SHAPE;
            case Unreadable(Reason reason) -> reason;
        };
    }

    private void noteLosses(Annotation annotation, Label label, Changes changes) {
        changes.noteIf(Attributes.present(annotation), Reason.ATTRIBUTES);
        changes.noteIf(!classes[label.number()].equals(label.path()), Reason.ILLEGAL_CHARACTERS);
    }

    private static @Nullable Reason append(Utf8Buffer text, int number, double[] ring, double perWidth, double perHeight) {
        if (ring.length < SMALLEST_OUTLINE) {
            return Reason.EMPTY_GEOMETRY;
        }
        int start = text.length();
        text.append((long) number);
        for (int i = 0; i < ring.length; i++) {
            double share = ring[i] * (i % 2 == 0 ? perWidth : perHeight);
            if (!Double.isFinite(share)) {
                text.truncate(start);
                return Reason.NON_FINITE;
            }
            PythonText.appendFloat(text.append(' '), share);
        }
        text.append('\n');
        return null;
    }

    private static boolean append(Utf8Buffer text, int number, Box box, double perWidth, double perHeight) {
        double x = (box.left() + box.right()) / 2.0 * perWidth;
        double y = (box.top() + box.bottom()) / 2.0 * perHeight;
        double width = (box.right() - box.left()) * perWidth;
        double height = (box.bottom() - box.top()) * perHeight;
        if (!Double.isFinite(x) || !Double.isFinite(y) || !Double.isFinite(width) || !Double.isFinite(height)) {
            return false;
        }
        text.append((long) number).append(' ');
        PythonText.appendFloat(text, x);
        PythonText.appendFloat(text.append(' '), y);
        PythonText.appendFloat(text.append(' '), width);
        PythonText.appendFloat(text.append(' '), height);
        text.append('\n');
        return true;
    }

    @Override
    public void end(FormatOutput out) {
        Utf8Buffer list = out.scratch();
        for (String name : classes) {
            list.append(name).append('\n');
        }
        out.entry("yolo/classes.txt", list);
        out.entry("yolo/data.yaml", dataYaml(out.scratch()));
    }

    private Utf8Buffer dataYaml(Utf8Buffer yaml) {
        yaml.append("# A trainer finds its data when the images are in images/ and the text files of this folder in labels/.\n");
        yaml.append("path: .\ntrain: images\nval: images\nnc: ").append((long) classes.length).append('\n');
        yaml.append(classes.length == 0 ? "names: {}\n" : "names:\n");
        for (int number = 0; number < classes.length; number++) {
            yaml.append("  ").append((long) number).append(": ").appendJsonString(classes[number]).append('\n');
        }
        return yaml;
    }

    private static String onOneLine(String label) {
        StringBuilder line = new StringBuilder();
        label.replace("\r\n", "\n").codePoints().forEach(c -> {
            if (breaksLines(c)) {
                line.append(' ');
            } else if (Character.getType(c) != Character.CONTROL) {
                line.appendCodePoint(c);
            }
        });
        return line.toString();
    }

    /** What readers of lines, Python's among them, take for the end of one. */
    private static boolean breaksLines(int c) {
        return c >= '\n' && c <= '\r' || c >= 0x1c && c <= 0x1e || c == 0x85 || c == 0x2028 || c == 0x2029;
    }
}
