package io.datasetexport.read;

import io.datasetexport.model.Annotation;
import io.datasetexport.model.Item;
import java.util.List;

/**
 * An item with its annotations in the source's order.
 *
 * @param oversized rows that are over the service's limit for one row: id, label and type only. A row of the item itself that is over
 *     the limit has empty metadata, and {@code itemOversized} is set
 */
public record AnnotatedItem(Item item, List<Annotation> annotations, List<Annotation> oversized, boolean itemOversized) {}
