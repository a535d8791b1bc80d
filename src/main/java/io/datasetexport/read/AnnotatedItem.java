package io.datasetexport.read;

import io.datasetexport.model.Annotation;
import io.datasetexport.model.Item;
import io.datasetexport.model.KeptDocument;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An item with its annotations in the source's order.
 *
 * @param changed the transaction that changed the item or one of its annotations last: an item with the same key and the same number is the same
 * @param oversized rows that are over the service's limit for one row: id, label and type only. A row of the item itself that is over
 *     the limit has empty metadata, and {@code itemOversized} is set
 * @param document stands for the annotations, of which there are none then, and for what the item has beside its names; null when none is kept
 */
public record AnnotatedItem(
        Item item,
        long changed,
        List<Annotation> annotations,
        List<Annotation> oversized,
        boolean itemOversized,
        @Nullable KeptDocument document) {}
