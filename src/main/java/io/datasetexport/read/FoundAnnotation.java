package io.datasetexport.read;

import io.datasetexport.model.Annotation;
import org.jspecify.annotations.Nullable;

/**
 * An annotation that a query found, with what its JSON tells of its item.
 *
 * @param itemCreatedAt UTC in ISO-8601 with milliseconds
 */
public record FoundAnnotation(Annotation annotation, String itemId, @Nullable String itemCreator, @Nullable String itemCreatedAt) {}
