package io.datasetexport.format.yolo;

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
import io.datasetexport.format.source.Facts;
import io.datasetexport.format.source.Geometry;
import io.datasetexport.format.source.Geometry.Box;
import io.datasetexport.format.source.Geometry.Mask;
import io.datasetexport.format.source.Geometry.Polygon;
import io.datasetexport.format.source.Geometry.Undrawn;
import io.datasetexport.format.source.Geometry.Unreadable;
import io.datasetexport.format.source.Picture;
import io.datasetexport.format.source.Track;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.AnnotationParts;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.model.ImageSize;
import io.datasetexport.model.Item;
import io.datasetexport.model.Label;
import io.datasetexport.model.Shape;
import io.datasetexport.raster.BitMask;
import io.datasetexport.raster.Contours;
import io.datasetexport.raster.DecodedMask;
import io.datasetexport.raster.LayerCanvas;
import io.datasetexport.raster.MaskDecoder;
import io.datasetexport.raster.PngHeader;
import io.datasetexport.raster.RasterBudget;
import io.datasetexport.text.PythonText;
import io.datasetexport.text.Utf8Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * YOLO: {@code yolo/<stem>.txt} for each item with boxes, {@code yolo/classes.txt} and {@code yolo/data.yaml}.
 *
 * <pre>
 * file    := line...
 * line    := number " " x " " y " " width " " height "\n"          detect
 *          | number (" " x " " y)... "\n"                          segment
 *          | frame " " object " " number " " x " " y " " width " " height "\n"     a video's
 * classes := label "\n" ...             line n, from 0, names number n
 * </pre>
 *
 * <p>All lines of a file are of one kind: the boxes, or, when segments are asked for, the outer rings of the polygons and the outlines of
 * the masks, each vertex as shares of the image's sides, not closed.
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
 *   <li>An item of which nothing can be written has no file. Other shapes are left out; angles and attributes are lost and reported.
 *   <li>A polygon of less than three points is left out: its line could not be told from a box. Holes are lost and reported.
 *   <li>A mask has a line for each of its pieces: {@link Contours}, as OpenCV finds them. Vertices are the outermost pixels, so that
 *       filling a line with its outline gives the piece again; the last vertex of one or two pixels stands three times. A mask without a
 *       pixel has no line and is left out as {@code empty-geometry}, one of another size than the image's as {@code mask-size}. One whose
 *       lines have more than {@value #MOST_OUTLINES} bytes, or that needs more memory than pictures may take, is left out as
 *       {@code mask-too-large}, and so is what would make the lines of masks of one image longer than {@value #MOST_TEXT} bytes.
 *   <li>Videos have no lines unless they are asked for; then each box has one for each of its frames, first to last: {@link Track}. Frames
 *       in which the object is not visible have none. A box whose object has no number is left out as {@code unsupported-shape}: its
 *       lines could not be told from others'. One without a last frame, in a video of unknown length, is left out as {@code no-size}; one
 *       that would make the lines of its video longer than {@value #MOST_TEXT} bytes as {@code row-too-large}. Trainers do not read
 *       such files.
 *   <li>A share that overflows leaves the box out.
 *   <li>{@code data.yaml} names the classes; its folders of images are the ones that YOLO's trainers expect.
 * </ul>
 */
public final class YoloWriter implements FormatWriter {

    /** Coordinates of three points: a line of two would read as a box. */
    private static final int SMALLEST_OUTLINE = 6;

    /** Bytes of a vertex: two numbers such as {@code 0.5}, with a blank before each. */
    private static final int SHORTEST_POINT = 8;

    /** Bytes of the lines of one mask. */
    static final int MOST_OUTLINES = 2 << 20;

    /** Bytes of the lines of all masks of an image, or of a video. */
    static final int MOST_TEXT = 16 << 20;

    private final Map<String, Label> labels = new HashMap<>();
    private final String[] classes;
    private final boolean segments;
    private final boolean videos;
    private final RasterBudget budget;

    /**
     * @param dataset with the class numbers in force
     * @param segments whether files hold the outlines of polygons and masks instead of boxes
     * @param videos whether videos have files
     * @param budget what pictures may take while they are read
     */
    public YoloWriter(DatasetFacts dataset, boolean segments, boolean videos, RasterBudget budget) {
        this.segments = segments;
        this.videos = videos;
        this.budget = budget;
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
    public @Nullable Reason leftOut(ItemFacts item) {
        return videos && item.video() ? item.size() == null ? Reason.NO_SIZE : null : item.noPicture();
    }

    @Override
    public Outcome outcome(ItemFacts item, AnnotationFacts annotation) {
        if (!isWanted(annotation.shape(), item.video())) {
            return Outcome.leftOut(Reason.UNSUPPORTED_SHAPE);
        }
        Label label = labels.get(annotation.label());
        if (label == null) {
            return Outcome.leftOut(Reason.UNKNOWN_LABEL);
        }
        if (annotation.is(Fact.UNKNOWN)) {
            return Outcome.OPEN;
        }
        Outcome kept = Outcome.KEPT
                .losing(annotation.is(Fact.ATTRIBUTES), Reason.ATTRIBUTES)
                .losing(!classes[label.number()].equals(label.path()), Reason.ILLEGAL_CHARACTERS);
        // Only reading tells of a box's frames.
        return item.video() ? kept.doubted(true) : shape(annotation, kept);
    }

    private boolean isWanted(Shape shape, boolean video) {
        return switch (shape) {
            case BOX -> video || !segments;
            case POLYGON, MASK -> segments && !video;
            case POINT, POLYLINE, ELLIPSE, POSE, CUBE, CLASSIFICATION, NOTE, OTHER -> false;
        };
    }

    private static Outcome shape(AnnotationFacts annotation, Outcome kept) {
        Reason unreadable = annotation.unreadable();
        if (unreadable != null) {
            return Outcome.leftOut(unreadable);
        }
        if (annotation.is(Fact.THIN)) {
            return Outcome.leftOut(Reason.EMPTY_GEOMETRY);
        }
        if (annotation.is(Fact.OVERSIZED)) {
            return Outcome.leftOut(Reason.MASK_TOO_LARGE);
        }
        // Only tracing a mask tells of its outlines, and only the item's metadata which size it may have.
        return kept
                .losing(annotation.is(Fact.ROTATED), Reason.ROTATION)
                .losing(annotation.is(Fact.HOLES), Reason.HOLES)
                .doubted(annotation.is(Fact.FAR) || annotation.shape() == Shape.MASK);
    }

    @Override
    public AnnotationParts reads() {
        return AnnotationParts.geometryOf(shape -> isWanted(shape, false) || videos && isWanted(shape, true));
    }

    @Override
    public Weight weight() {
        return new Weight(250, 25, 0);
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
        boolean video = facts.video();
        boolean swapped = Picture.sidesSwapped(item);
        Lines lines = new Lines(
                out.scratch(), swapped ? size.height() : size.width(), swapped ? size.width() : size.height(), size,
                video, video ? Picture.frames(item) : 0, slice.carry() instanceof Long before ? before : 0);
        int count = 0;
        for (Annotation annotation : slice.annotations()) {
            Geometry geometry = Geometry.of(annotation);
            Outcome outcome = outcome(facts, Facts.of(annotation, geometry, size));
            Reason reason = outcome.leftOut() == null ? lines.append(annotation, geometry) : outcome.leftOut();
            if (reason == null) {
                lines.changes.note(outcome);
                count++;
            } else {
                out.leftOut(reason, item, annotation);
            }
        }
        if (count > 0) {
            if (slice.carry() == null) {
                out.countItem();
            }
            slice.carry(lines.longText);
            out.countAnnotations(count);
            out.entry("yolo/" + item.names().stem() + ".txt", lines.text, slice);
            lines.changes.report(item, out);
        }
    }

    /** The lines of one slice as they are written. */
    private final class Lines {

        private final Utf8Buffer text;
        private final ImageSize size;
        private final double perWidth;
        private final double perHeight;
        private final boolean video;
        private final int frames;
        private final Changes changes = new Changes();
        /** Bytes of the item's lines that are bounded. */
        private long longText;

        Lines(Utf8Buffer text, int width, int height, ImageSize size, boolean video, int frames, long longText) {
            this.text = text;
            this.size = size;
            this.video = video;
            this.frames = frames;
            this.longText = longText;
            perWidth = 1.0 / width;
            perHeight = 1.0 / height;
        }

        /** Appends the lines of an annotation that is not left out, or says why there are none. */
        @Nullable
        Reason append(Annotation annotation, Geometry geometry) {
            Label label = Objects.requireNonNull(labels.get(annotation.labelText()));
            if (video) {
                return track(Track.of(annotation, geometry), label);
            }
            return switch (geometry) {
                case Box box -> YoloWriter.append(text, label.number(), box, perWidth, perHeight) ? null : Reason.NON_FINITE;
                case Polygon polygon -> YoloWriter.append(text, label.number(), polygon.outer(), perWidth, perHeight) ? null : Reason.NON_FINITE;
                case Mask mask -> mask(label.number(), mask);
                case Undrawn _ -> Reason.UNSUPPORTED_SHAPE;
                case Unreadable(Reason reason) -> reason;
            };
        }

        private @Nullable Reason mask(int number, Mask mask) {
            PngHeader header = mask.header();
            if (header == null) {
                return Reason.MASK_UNDECODABLE;
            }
            // Of a turned image a mask may have the stored sides or those that are shown.
            boolean stored = header.width() == size.width() && header.height() == size.height();
            boolean shown = 1.0 / header.width() == perWidth && 1.0 / header.height() == perHeight;
            if (!stored && !shown) {
                return Reason.MASK_SIZE;
            }
            long bytes = MaskDecoder.bytes(header.width(), header.height(), mask.length())
                    + 2 * LayerCanvas.bytes(header.width(), header.height(), 1) + 3L * MOST_OUTLINES;
            if (!BitMask.fits(header.width(), header.height()) || !budget.fits(bytes)) {
                return Reason.MASK_TOO_LARGE;
            }
            try (var _ = budget.lease(bytes)) {
                return switch (mask.decode()) {
                    case DecodedMask.Readable(BitMask pixels) -> outlines(number, pixels);
                    case DecodedMask.Unreadable unreadable -> Facts.reason(unreadable);
                };
            }
        }

        private @Nullable Reason outlines(int number, BitMask pixels) {
            int start = text.length();
            Contours contours = new Contours(pixels, MOST_OUTLINES / SHORTEST_POINT);
            double perColumn = 1.0 / pixels.width();
            double perRow = 1.0 / pixels.height();
            for (int[] outline = contours.next(); outline != null; outline = contours.next()) {
                outline(number, outline, perColumn, perRow);
                if (contours.tooLong() || text.length() - start > MOST_OUTLINES) {
                    text.truncate(start);
                    return Reason.MASK_TOO_LARGE;
                }
            }
            if (text.length() == start) {
                return Reason.EMPTY_GEOMETRY;
            }
            if (longText + text.length() - start > MOST_TEXT) {
                text.truncate(start);
                return Reason.MASK_TOO_LARGE;
            }
            longText += text.length() - start;
            changes.noteIf(contours.holes() > 0, Reason.HOLES);
            return null;
        }

        private void outline(int number, int[] points, double perColumn, double perRow) {
            text.append((long) number);
            for (int i = 0; i < Math.max(points.length, SMALLEST_OUTLINE); i += 2) {
                int at = Math.min(i, points.length - 2);
                PythonText.appendFloat(text.append(' '), points[at] * perColumn);
                PythonText.appendFloat(text.append(' '), points[at + 1] * perRow);
            }
            text.append('\n');
        }

        private @Nullable Reason track(Track track, Label label) {
            if (track.objectId() < 0) {
                return Reason.UNSUPPORTED_SHAPE;
            }
            int last = track.last() >= 0 ? track.last() : frames - 1;
            if (last < 0) {
                return Reason.NO_SIZE;
            }
            int start = text.length();
            Reason reason = frames(track, last, label);
            if (reason == null && text.length() == start) {
                reason = Reason.EMPTY_GEOMETRY;
            }
            if (reason != null) {
                text.truncate(start);
                return reason;
            }
            longText += text.length() - start;
            return null;
        }

        private @Nullable Reason frames(Track track, int last, Label annotated) {
            int start = text.length();
            Utf8Buffer line = new Utf8Buffer(128);
            boolean rotated = false;
            for (int i = 0; i < track.steps().size(); i++) {
                Track.Step step = track.steps().get(i);
                int from = step.frame();
                int to = i + 1 < track.steps().size() ? Math.min(track.steps().get(i + 1).frame() - 1, last) : last;
                if (!step.visible() || from > to) {
                    continue;
                }
                Label label = step.label() == null ? annotated : labels.get(step.label());
                if (label == null) {
                    return Reason.UNKNOWN_LABEL;
                }
                if (!(step.box() instanceof Box box)) {
                    return step.box() instanceof Unreadable(Reason unreadable) ? unreadable : Reason.UNSUPPORTED_SHAPE;
                }
                line.clear();
                if (!YoloWriter.append(line, label.number(), box, perWidth, perHeight)) {
                    return Reason.NON_FINITE;
                }
                rotated |= box.rotated();
                for (int frame = from; frame <= to; frame++) {
                    text.append((long) frame).append(' ').append(track.objectId()).append(' ').append(line.array(), 0, line.length());
                    if (longText + text.length() - start > MOST_TEXT) {
                        return Reason.ROW_TOO_LARGE;
                    }
                }
            }
            changes.noteIf(rotated, Reason.ROTATION);
            return null;
        }
    }

    private static boolean append(Utf8Buffer text, int number, double[] ring, double perWidth, double perHeight) {
        int start = text.length();
        text.append((long) number);
        for (int i = 0; i < ring.length; i++) {
            double share = ring[i] * (i % 2 == 0 ? perWidth : perHeight);
            if (!Double.isFinite(share)) {
                text.truncate(start);
                return false;
            }
            PythonText.appendFloat(text.append(' '), share);
        }
        text.append('\n');
        return true;
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
