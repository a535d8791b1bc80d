package io.datasetexport.catalog;

import java.time.Instant;

/**
 * A dataset in a list.
 *
 * @param revision changes with every committed change of the dataset's items, annotations or labels
 * @param storage where its item files are: {@code own} or {@code external}
 */
public record DatasetLine(String id, String name, String projectId, String storage, long revision, Instant createdAt) {}
