package io.datasetexport.format;

import io.datasetexport.model.Item;

/** Counts what the annotations of a slice lost in a format, to be told once for each reason. */
public final class Changes {

    private static final Reason[] REASONS = Reason.values();

    private final int[] counts = new int[REASONS.length];

    /** Notes one annotation that lost something. */
    public void note(Reason reason) {
        counts[reason.ordinal()]++;
    }

    /** Notes one annotation, if it lost something. */
    public void noteIf(boolean lost, Reason reason) {
        if (lost) {
            note(reason);
        }
    }

    /** Notes what one annotation lost. */
    public void note(Outcome outcome) {
        for (int lost = outcome.lost(); lost != 0; lost &= lost - 1) {
            counts[Integer.numberOfTrailingZeros(lost)]++;
        }
    }

    public void report(Item item, FormatOutput out) {
        for (Reason reason : REASONS) {
            if (counts[reason.ordinal()] > 0) {
                out.changed(reason, item, counts[reason.ordinal()]);
            }
        }
    }
}
