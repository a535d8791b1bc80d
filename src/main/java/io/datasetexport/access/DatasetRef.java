package io.datasetexport.access;

import org.jspecify.annotations.Nullable;

/**
 * A dataset that a caller was allowed to touch: the only way to a read or a write of its rows.
 *
 * @param assignee whose assigned items are all that is there for the caller; null for every item
 */
public record DatasetRef(long key, String id, long projectKey, String projectId, @Nullable String assignee) {

    /** All of a dataset. */
    public DatasetRef(long key, String id, long projectKey, String projectId) {
        this(key, id, projectKey, projectId, null);
    }

    public ProjectRef project() {
        return new ProjectRef(projectKey, projectId);
    }
}
