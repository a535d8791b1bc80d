package io.datasetexport.pipeline;

import io.datasetexport.format.AnnotationOrder;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.format.FormatWriter;
import io.datasetexport.format.Reason;
import io.datasetexport.model.Annotation;
import io.datasetexport.read.AnnotatedItem;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is kept between the slices of an item that does not fit in memory. Its slices are rendered one after the other. */
final class BigItem {

    private final AnnotatedItem item;
    private final RunNumbers numbers = new RunNumbers();
    private final Map<FormatWriter, Object> carry = new HashMap<>();
    private final Map<Loss, Integer> changes = new LinkedHashMap<>();
    private final Map<ExportFormat, String> entryOf = new EnumMap<>(ExportFormat.class);
    private CompletableFuture<@Nullable RenderedRun> rendered = CompletableFuture.completedFuture(null);

    BigItem(AnnotatedItem item) {
        this.item = item;
    }

    AnnotatedItem item() {
        return item;
    }

    RunNumbers numbers() {
        return numbers;
    }

    Map<FormatWriter, Object> carry() {
        return carry;
    }

    Map<Loss, Integer> changes() {
        return changes;
    }

    Map<ExportFormat, String> entryOf() {
        return entryOf;
    }

    /** Renders the next slice when the one before is done. */
    CompletableFuture<RenderedRun> renderNext(Function<BigItem, RenderedRun> rendering, Executor workers) {
        CompletableFuture<RenderedRun> next = rendered.thenApplyAsync(any -> rendering.apply(this), workers);
        rendered = next.thenApply(done -> done);
        return next;
    }

    /** What annotations lost in a format. */
    record Loss(ExportFormat format, Reason reason) {}

    /**
     * A run of the item's annotations.
     *
     * @param order which writers it is for
     * @param opens whether it is the first slice of the first order
     * @param counts whether its annotations are counted: in one order only
     * @param closes whether it is the last slice of the last order
     */
    record Slice(
            AnnotationOrder order,
            List<Annotation> annotations,
            boolean first,
            boolean last,
            boolean opens,
            boolean counts,
            boolean closes) {}
}
