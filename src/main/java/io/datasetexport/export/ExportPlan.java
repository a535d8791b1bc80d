package io.datasetexport.export;

import io.datasetexport.format.AnnotationFacts;
import io.datasetexport.format.AnnotationFacts.Fact;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.format.FormatWriter;
import io.datasetexport.format.ItemFacts;
import io.datasetexport.format.Outcome;
import io.datasetexport.format.Reason;
import io.datasetexport.model.CodePoints;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.model.Label;
import io.datasetexport.model.Shape;
import io.datasetexport.model.Storage;
import io.datasetexport.read.Census;
import io.datasetexport.read.Census.AnnotationKind;
import io.datasetexport.read.Census.ItemKind;
import io.datasetexport.read.Census.Wanted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What an export would hold, without reading an item: each format's own rules, asked once for each kind of item and annotation that a
 * {@link Census} has counted. The counts are those of the manifest.
 */
final class ExportPlan {

    /** Counts of one format. Where only reading tells of some annotations, none of them is among the counts. */
    static final class Counts {
        long items;
        long annotations;
        long undecided;
        final Map<Reason, Long> leftOut = new EnumMap<>(Reason.class);
        final Map<Reason, Long> changed = new EnumMap<>(Reason.class);

        /** Whether the export may count more. */
        boolean atLeast() {
            return undecided > 0;
        }
    }

    /**
     * @param label empty for none
     */
    record TypeAndLabel(String type, String label) {}

    /** Something that the counts alone do not say. */
    record Warning(String id, long count, String text) {}

    /** A bit that no writer has. */
    private static final int UNDECIDED = 1 << 30;

    private static final int MOST_NAMED = 10;
    /** The {@code _export} files and the lists of classes. */
    private static final int BYTES_OF_LISTS = 2_000;
    private static final int BYTES_OF_ITEMS_LINE = 25;
    private static final int BYTES_OF_SKIPPED_LINE = 25;

    private final DatasetFacts dataset;
    private final Census census;
    private final Map<ExportFormat, Counts> formats = new EnumMap<>(ExportFormat.class);
    private final List<Wanted> wanted = new ArrayList<>();
    private final Map<AnnotationKind, Integer> bits = new HashMap<>();
    private long estimatedBytes = BYTES_OF_LISTS;
    private long undecided;

    private ExportPlan(DatasetFacts dataset, Census census) {
        this.dataset = dataset;
        this.census = census;
    }

    /**
     * @param writers of the export, in the order of the archive
     * @throws io.datasetexport.read.SnapshotFailed when the database can't, or takes too long
     */
    static ExportPlan of(DatasetFacts dataset, Census census, List<FormatWriter> writers) throws IOException {
        ExportPlan plan = new ExportPlan(dataset, census);
        for (int i = 0; i < writers.size(); i++) {
            plan.count(writers.get(i), 1 << i);
        }
        plan.countItemsWithAnnotations(writers);
        plan.estimate(writers);
        return plan;
    }

    long items() {
        return census.items().stream().mapToLong(ItemKind::items).sum();
    }

    long annotations() {
        return annotations(any -> true);
    }

    Map<ExportFormat, Counts> formats() {
        return formats;
    }

    /** More or less. */
    long estimatedBytes() {
        return estimatedBytes;
    }

    /** Annotations by type and label, in code-point order. */
    Map<TypeAndLabel, Long> byTypeAndLabel() {
        Map<TypeAndLabel, Long> counts = new TreeMap<>(
                Comparator.comparing(TypeAndLabel::type, CodePoints.ORDER).thenComparing(TypeAndLabel::label, CodePoints.ORDER));
        for (AnnotationKind kind : census.annotations()) {
            counts.merge(new TypeAndLabel(kind.type(), kind.label()), kind.annotations(), Long::sum);
        }
        return counts;
    }

    List<Warning> warnings(ExportRequest request) {
        List<Warning> warnings = new ArrayList<>();
        warn(warnings, "missing-items", census.missing(), "Items that were asked for are not in the dataset.");
        boolean pictures = request.include().stream().anyMatch(format -> format != ExportFormat.JSON && format != ExportFormat.ITEMS);
        if (pictures) {
            long noSize = census.items().stream()
                    .filter(kind -> facts(kind).noPicture() == Reason.NO_SIZE)
                    .mapToLong(ItemKind::items)
                    .sum();
            warn(warnings, "no-size", noSize, "Images whose size is unknown are in Dataloop JSON only.");
        }
        if (request.include().contains(ExportFormat.MASKS) && !request.options().maskPolygons()) {
            long polygons = annotations(kind -> shape(kind.type()) == Shape.POLYGON);
            warn(warnings, "polygons-not-drawn", polygons, "Masks show polygons only with the option masks.polygons.");
        }
        Map<String, List<Label>> byName =
                dataset.labels().stream().filter(label -> !label.retired()).collect(Collectors.groupingBy(label -> label.segments().getLast()));
        List<String> shared = byName.entrySet().stream().filter(e -> e.getValue().size() > 1).map(Map.Entry::getKey).sorted(CodePoints.ORDER).toList();
        if (request.include().contains(ExportFormat.COCO)) {
            warn(warnings, "shared-leaf-names", shared.size(), "COCO names categories by the last part of a label, which several labels share: "
                    + shared.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")) + ".");
        }
        warn(warnings, "unknown-facts", undecided, "Only reading these annotations tells what becomes of them, so some counts are"
                + " the least that the export will have: another program wrote them, they are at the edge of what can be drawn, or"
                + " they are masks to outline, points of poses or boxes of videos.");
        return warnings;
    }

    private static void warn(List<Warning> warnings, String id, long count, String text) {
        if (count > 0) {
            warnings.add(new Warning(id, count, text));
        }
    }

    private void count(FormatWriter writer, int bit) {
        Counts counts = counts(writer);
        if (census.missing() > 0) {
            counts.leftOut.put(Reason.MISSING_ITEM, (long) census.missing());
        }
        for (ItemKind kind : census.items()) {
            Reason reason = kind.oversized() ? Reason.ROW_TOO_LARGE : writer.leftOut(facts(kind));
            if (reason != null) {
                counts.leftOut.merge(reason, kind.items(), Long::sum);
            } else if (writer.holdsEmptyItems()) {
                counts.items += kind.items();
            }
        }
        for (AnnotationKind kind : census.annotations()) {
            if (!kind.items().oversized()) {
                count(writer, bit, kind, counts);
            }
        }
    }

    private void count(FormatWriter writer, int bit, AnnotationKind kind, Counts counts) {
        ItemFacts item = facts(kind.items());
        if (kind.oversized()) {
            counts.leftOut.merge(Reason.ROW_TOO_LARGE, kind.annotations(), Long::sum);
            return;
        }
        if (!writer.holdsAnnotations() || writer.leftOut(item) != null) {
            return;
        }
        Integer facts = kind.facts();
        Outcome outcome = writer.outcome(
                item,
                new AnnotationFacts(shape(kind.type()), kind.label(), facts == null ? Fact.UNKNOWN.bit() : facts, kind.ofItemsSize()));
        if (!outcome.certain()) {
            counts.undecided += kind.annotations();
            bits.merge(kind, UNDECIDED, (a, b) -> a | b);
        } else if (outcome.leftOut() != null) {
            counts.leftOut.merge(outcome.leftOut(), kind.annotations(), Long::sum);
        } else {
            counts.annotations += kind.annotations();
            for (Reason reason : Reason.values()) {
                if (outcome.loses(reason)) {
                    counts.changed.merge(reason, kind.annotations(), Long::sum);
                }
            }
            if (!writer.holdsEmptyItems()) {
                bits.merge(kind, bit, (a, b) -> a | b);
            }
        }
    }

    private Counts counts(FormatWriter writer) {
        return formats.computeIfAbsent(writer.format(), any -> new Counts());
    }

    private void countItemsWithAnnotations(List<FormatWriter> writers) throws IOException {
        bits.forEach((kind, found) -> {
            if ((found & UNDECIDED) != 0) {
                undecided += kind.annotations();
            }
            if ((found & ~UNDECIDED) != 0) {
                wanted.add(new Wanted(kind, found & ~UNDECIDED));
            }
        });
        for (Census.Having having : census.itemsHaving(wanted)) {
            for (int i = 0; i < writers.size(); i++) {
                if ((having.bits() & 1 << i) != 0) {
                    counts(writers.get(i)).items += having.items();
                }
            }
        }
    }

    private void estimate(List<FormatWriter> writers) {
        estimatedBytes += items() * BYTES_OF_ITEMS_LINE;
        long bytes = census.annotations().stream().mapToLong(AnnotationKind::bytes).sum();
        double each = annotations() == 0 ? 0 : (double) bytes / annotations();
        for (FormatWriter writer : writers) {
            Counts counts = counts(writer);
            FormatWriter.Weight weight = writer.weight();
            long kept = counts.annotations + counts.undecided;
            long skipped = counts.leftOut.values().stream().mapToLong(Long::longValue).sum();
            estimatedBytes += counts.items * weight.item()
                    + kept * weight.annotation()
                    + Math.round(kept * each * weight.text())
                    + skipped * BYTES_OF_SKIPPED_LINE;
            if (writer.format() == ExportFormat.ITEMS) {
                estimatedBytes += census.items().stream().mapToLong(ItemKind::files).sum();
            }
        }
    }

    private long annotations(Predicate<AnnotationKind> which) {
        return census.annotations().stream().filter(which).mapToLong(AnnotationKind::annotations).sum();
    }

    private static ItemFacts facts(ItemKind kind) {
        return new ItemFacts(kind.image(), kind.video(), kind.size(), kind.filename(), storage(kind));
    }

    private static Storage storage(ItemKind kind) {
        return switch (kind.storage()) {
            case "own" -> new Storage.Own("", 0, 0);
            case "external" -> new Storage.External(null);
            default -> new Storage.None();
        };
    }

    private static Shape shape(String type) {
        return Shape.of(type.getBytes(StandardCharsets.UTF_8));
    }
}
