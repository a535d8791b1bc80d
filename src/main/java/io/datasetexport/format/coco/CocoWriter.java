package io.datasetexport.format.coco;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.datasetexport.format.AnnotationFacts;
import io.datasetexport.format.AnnotationOrder;
import io.datasetexport.format.Changes;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.format.FormatOutput;
import io.datasetexport.format.FormatWriter;
import io.datasetexport.format.ItemFacts;
import io.datasetexport.format.ItemSlice;
import io.datasetexport.format.LongEntry;
import io.datasetexport.format.Outcome;
import io.datasetexport.format.Reason;
import io.datasetexport.format.RunningNumber;
import io.datasetexport.format.source.Facts;
import io.datasetexport.format.source.Geometry;
import io.datasetexport.format.source.PoseTemplate;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.AnnotationParts;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.model.ImageSize;
import io.datasetexport.model.Item;
import io.datasetexport.model.Label;
import io.datasetexport.raster.PolygonRaster;
import io.datasetexport.raster.RasterBudget;
import io.datasetexport.text.Utf8Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * COCO: {@code coco/coco.json}, all images, then all their boxes, polygons and masks.
 *
 * <pre>
 * file       := {images: [image...], info: {description: dataset name}, annotations: [annotation...], categories: [category...]}
 * image      := {file_name, id, width, height}
 * annotation := {bbox, segmentation, area, iscrowd, category_id, image_id, id}
 * category   := {id, name, supercategory?}
 * with key points:
 * annotation := {bbox, segmentation, area, iscrowd, keypoints, num_keypoints, category_id, image_id, id}
 * category   := {id, name, templateId, keypoints: [name...], skeleton: [[from, to]...]}
 *
 * box        bbox l,t,w,h   segmentation []                                  area w*h               iscrowd 0
 * polygon    bbox l,t,w,h   segmentation [[x1,y1,x2,y2,...]]                 area pixels, int       iscrowd 0
 *        or  bbox l,t,w,h   segmentation {size: [h,w], counts: "runs"}       area pixels, int       iscrowd 0
 * mask       bbox l,t,w,h   segmentation {size: [h,w], counts: "runs"}       area pixels, int       iscrowd 1
 * pose       bbox l,t,w,h   segmentation []                                  area w*h               iscrowd 0   keypoints [x1,y1,v1,...]
 * </pre>
 *
 * <p>Image and annotation ids run from 0 in the order of the file; an item's annotations stand by label, then in the source's order. A
 * category's id is the label's number and one. Numbers are spelled as Python's {@code repr}.
 *
 * <p>Open in the format, and our answers:
 * <ul>
 *   <li>Categories are all labels of the dataset, used or not; retired ones too, since annotations still refer to them.
 *   <li>A nested label is named by its last segment; {@code supercategory} is the dotted path above it, absent for a root.
 *   <li>{@code file_name} is the item's path in the dataset without the leading slash, as the data spells it.
 *   <li>Images without annotations are listed; EXIF rotation is not applied, neither to sizes nor to coordinates.
 *   <li>A polygon's area counts its pixels, outline included, vertices truncated: {@link PolygonRaster}. Outside the image they count
 *       not, while {@code bbox} and {@code segmentation} keep what is outside. A closing point is neither added nor taken away.
 *   <li>Polygons are lists of points, as in the mission's samples, or, when asked for, runs of the very pixels that their area counts, in
 *       the image's size. {@code iscrowd} stays 0: it tells one object from a crowd, not lists from runs.
 *   <li>Holes and the angle of a box have no place; the shape stands without them and the loss is reported. So are attributes.
 *   <li>A box has {@code segmentation} {@code []}, not {@code [[]]}, which pycocotools can't read.
 *   <li>A mask's {@code bbox} covers its outermost pixels, so one pixel has width 1; an empty mask has {@code [0,0,0,0]}. A mask keeps
 *       its own size where it differs from the image's.
 *   <li>Poses are written when key points are asked for; the mission's samples have none. A template of the recipe is a category, numbered
 *       after the labels; a pose has its template's category, and its label is lost and reported where it is not the template's name. {@code skeleton} counts points from 0, as the classic
 *       converter does; COCO's own files count from 1. {@code num_keypoints}, which the converter lacks, is there since pycocotools asks
 *       for it: points with a visibility of 1 or 2.
 *   <li>Visibility is what a point's attributes say: 2 for {@code visible}, 1 for {@code not-visible}; 0 when they say neither or both,
 *       while {@code x} and {@code y} stay. A pose with a point missing or there twice is left out as {@code empty-geometry}, one
 *       without a known template as {@code unknown-label}.
 *   <li>Poses stand behind the image's other annotations, by label, since their points may come last. The count of annotations in the
 *       manifest has the pose and its points. Of more than {@value Poses#MOST} poses and points of one image the rest is left out as
 *       {@code row-too-large}.
 *   <li>A width, height or area that overflows leaves the annotation out, as does run-length text over {@value
 *       CocoShapes#MAX_RUNS} bytes, or a mask that needs more memory than pictures may take.
 * </ul>
 */
public final class CocoWriter implements FormatWriter {

    private static final byte[] BETWEEN = ",\n".getBytes(UTF_8);
    private static final Comparator<Annotation> BY_LABEL =
            Comparator.comparing(Annotation::label, Comparator.nullsFirst(Arrays::compareUnsigned));

    private final Map<String, Integer> categoryIds = new HashMap<>();
    private final RunningNumber imageId = new RunningNumber();
    private final RunningNumber annotationId = new RunningNumber();
    private final LongEntry.Section images;
    private final LongEntry.Section annotations;
    private final LongEntry file;
    private final boolean polygonRuns;
    private final boolean keypoints;
    private final RasterBudget budget;
    private final Map<String, PoseTemplate> templates = new LinkedHashMap<>();
    private final Map<String, Integer> templateCategories = new HashMap<>();

    /**
     * @param dataset with the class numbers in force
     * @param polygonRuns whether polygons are written as run lengths
     * @param keypoints whether poses are written
     * @param budget what pictures may take while they are read
     */
    public CocoWriter(DatasetFacts dataset, boolean polygonRuns, boolean keypoints, RasterBudget budget) {
        this.polygonRuns = polygonRuns;
        this.keypoints = keypoints;
        this.budget = budget;
        if (keypoints) {
            PoseTemplate.of(dataset.recipe()).forEach(template -> templates.putIfAbsent(template.id(), template));
        }
        Utf8Buffer info = new Utf8Buffer();
        info.append("\n],\n\"info\": {\"description\": ").appendJsonString(dataset.name());
        info.append("},\n\"annotations\": [\n");
        images = new LongEntry.Section("{\"images\": [\n".getBytes(UTF_8), BETWEEN);
        annotations = new LongEntry.Section(info.toByteArray(), BETWEEN);
        file = new LongEntry("coco/coco.json", List.of(images, annotations), categories(dataset.labels()));
    }

    private byte[] categories(List<Label> labels) {
        Utf8Buffer out = new Utf8Buffer();
        out.append("\n],\n\"categories\": [");
        String separator = "\n";
        for (Label label : labels) {
            categoryIds.put(label.path(), label.number() + 1);
            List<String> segments = label.segments();
            out.append(separator).append("{\"id\": ").append(label.number() + 1L);
            out.append(", \"name\": ").appendJsonString(segments.getLast());
            if (segments.size() > 1) {
                out.append(", \"supercategory\": ").appendJsonString(String.join(".", segments.subList(0, segments.size() - 1)));
            }
            out.append('}');
            separator = ",\n";
        }
        int last = labels.stream().mapToInt(Label::number).max().orElse(-1) + 1;
        for (PoseTemplate template : templates.values()) {
            templateCategories.put(template.id(), ++last);
            out.append(separator);
            category(out, last, template);
            separator = ",\n";
        }
        return out.append("\n]}\n").toByteArray();
    }

    private static void category(Utf8Buffer out, int id, PoseTemplate template) {
        out.append("{\"id\": ").append((long) id).append(", \"name\": ").appendJsonString(template.name());
        out.append(", \"templateId\": ").appendJsonString(template.id()).append(", \"keypoints\": [");
        String separator = "";
        for (String point : template.points()) {
            out.append(separator).appendJsonString(point);
            separator = ", ";
        }
        out.append("], \"skeleton\": [");
        separator = "";
        for (int[] arc : template.arcs()) {
            out.append(separator).append('[').append((long) arc[0]).append(", ").append((long) arc[1]).append(']');
            separator = ", ";
        }
        out.append("]}");
    }

    @Override
    public ExportFormat format() {
        return ExportFormat.COCO;
    }

    @Override
    public AnnotationOrder order() {
        return AnnotationOrder.LABEL;
    }

    @Override
    public List<LongEntry> longEntries() {
        return List.of(file);
    }

    @Override
    public @Nullable Reason leftOut(ItemFacts item) {
        return item.noPicture();
    }

    /** The shape rules first: what COCO can't draw is left out whatever its label. Of poses only their points tell. */
    @Override
    public Outcome outcome(ItemFacts item, AnnotationFacts annotation) {
        return !categoryIds.containsKey(annotation.label()) && CocoShapes.draws(annotation.shape())
                ? Outcome.leftOut(Reason.UNKNOWN_LABEL)
                : CocoShapes.outcome(item.size(), polygonRuns, budget, annotation)
                        .doubted(keypoints && Poses.mayKeep(annotation.shape()));
    }

    @Override
    public boolean holdsEmptyItems() {
        return true;
    }

    @Override
    public AnnotationParts reads() {
        return AnnotationParts.geometryOf(shape -> CocoShapes.draws(shape) || keypoints && Poses.mayKeep(shape));
    }

    @Override
    public Weight weight() {
        return new Weight(20, 5, 0.15);
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
        Begun image = slice.carry() instanceof Begun begun ? begun : image(slice, size, out);
        List<Annotation> byLabel = new ArrayList<>(slice.annotations());
        byLabel.sort(BY_LABEL);
        CocoShapes shapes = new CocoShapes(size, polygonRuns, budget);
        Changes changes = new Changes();
        int count = 0;
        for (Annotation annotation : byLabel) {
            Poses.Kept kept = keypoints ? image.poses().keep(annotation) : Poses.Kept.NO_POSE;
            if (kept == Poses.Kept.TOO_MANY) {
                out.leftOut(Reason.ROW_TOO_LARGE, item, annotation);
            }
            if (kept != Poses.Kept.NO_POSE) {
                continue;
            }
            Utf8Buffer shape = out.scratch();
            Geometry geometry = Geometry.of(annotation);
            Outcome outcome = outcome(facts, Facts.of(annotation, geometry, size));
            Reason reason = outcome.leftOut() == null ? shapes.append(shape, geometry) : outcome.leftOut();
            if (reason == null) {
                annotation(shape, category(annotation), image.ticket(), out);
                changes.note(outcome);
                count++;
            } else {
                out.leftOut(reason, item, annotation);
            }
        }
        out.countAnnotations(count);
        if (slice.last()) {
            writePoses(image, item, changes, out);
        }
        changes.report(item, out);
    }

    private void writePoses(Begun image, Item item, Changes changes, FormatOutput out) {
        image.poses().write(templates, templateCategories, changes, new Poses.Sink() {
            @Override
            public Utf8Buffer buffer() {
                return out.scratch();
            }

            @Override
            public void pose(Utf8Buffer json, int category, int annotations) {
                annotation(json, category, image.ticket(), out);
                out.countAnnotations(annotations);
            }

            @Override
            public void leftOut(Reason reason, Annotation annotation) {
                out.leftOut(reason, item, annotation);
            }
        });
    }

    /** An image whose line is written. */
    private record Begun(int ticket, Poses poses) {}

    private Begun image(ItemSlice slice, ImageSize size, FormatOutput out) {
        Item item = slice.item();
        int ticket = out.next(imageId);
        Begun begun = new Begun(ticket, new Poses());
        slice.carry(begun);
        out.countItem();
        Utf8Buffer json = out.element(images);
        json.append("{\"file_name\": ").appendJsonString(fileName(item)).append(", \"id\": ");
        out.number(imageId, ticket);
        json.append(", \"width\": ").append(size.width()).append(", \"height\": ").append(size.height()).append('}');
        return begun;
    }

    private static String fileName(Item item) {
        StringBuilder name = new StringBuilder();
        for (String segment : item.filename().split("/")) {
            if (!segment.isEmpty()) {
                name.append(name.isEmpty() ? "" : "/").append(segment);
            }
        }
        return name.toString();
    }

    private int category(Annotation annotation) {
        return Objects.requireNonNull(categoryIds.get(annotation.labelText()));
    }

    private void annotation(Utf8Buffer shape, int category, int image, FormatOutput out) {
        int ticket = out.next(annotationId);
        Utf8Buffer json = out.element(annotations);
        json.append('{').append(shape.array(), 0, shape.length()).append(", \"category_id\": ").append(category);
        json.append(", \"image_id\": ");
        out.number(imageId, image);
        json.append(", \"id\": ");
        out.number(annotationId, ticket);
        json.append('}');
    }
}
