package io.datasetexport.read;

import io.datasetexport.model.Annotation;
import java.io.IOException;
import java.util.List;

/** The annotations of one big item, run by run; each call reads them anew in the same snapshot. */
public interface AnnotationSlices {

    /** In the source's order. */
    void inSourceOrder(SliceVisitor visitor) throws IOException, InterruptedException;

    /** By label in code-point order, then in the source's order. */
    void byLabel(SliceVisitor visitor) throws IOException, InterruptedException;

    /** Is shown one run after the other; at least one, the last one is marked. */
    interface SliceVisitor {
        void slice(List<Annotation> annotations, boolean last, RowMemory.Lease lease) throws IOException, InterruptedException;
    }
}
