package io.datasetexport.read;

import java.io.IOException;
import java.util.List;

/** Is shown a dataset's items in export order: by filename in code-point order, then by id. */
public interface ItemVisitor {

    /** Ids that were asked for and are not there; before any item. */
    void missingItems(List<String> ids) throws IOException, InterruptedException;

    /**
     * The next items, each with all of its annotations.
     *
     * @param lease the memory that they take; to be closed when they are no longer referenced
     */
    void items(List<AnnotatedItem> items, RowMemory.Lease lease) throws IOException, InterruptedException;

    /** The next item, whose annotations do not fit in memory. Its own list is empty. */
    void bigItem(AnnotatedItem item, AnnotationSlices slices) throws IOException, InterruptedException;
}
