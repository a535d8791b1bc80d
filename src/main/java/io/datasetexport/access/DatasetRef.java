package io.datasetexport.access;

/** A dataset that a caller was allowed to touch: the only way to a read or a write of its rows. */
public record DatasetRef(long key, String id, long projectKey, String projectId) {}
