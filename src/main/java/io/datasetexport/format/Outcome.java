package io.datasetexport.format;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of an annotation in a format, as far as its facts tell.
 *
 * @param leftOut why the format can't hold it; null when it can
 * @param lost of each {@link Reason} why the format holds it changed, {@code 1 << ordinal}
 * @param certain false when the format may still find that it can't hold it
 */
public record Outcome(@Nullable Reason leftOut, int lost, boolean certain) {

    public static final Outcome KEPT = new Outcome(null, 0, true);

    /** Only reading the annotation tells. */
    public static final Outcome OPEN = new Outcome(null, 0, false);

    public static Outcome leftOut(Reason reason) {
        return new Outcome(reason, 0, true);
    }

    /** The same, changed for a reason if {@code lost}. */
    public Outcome losing(boolean lost, Reason reason) {
        return lost ? new Outcome(leftOut, this.lost | 1 << reason.ordinal(), certain) : this;
    }

    /** The same, if {@code doubt} not for certain. */
    public Outcome doubted(boolean doubt) {
        return doubt ? new Outcome(leftOut, lost, false) : this;
    }

    public boolean loses(Reason reason) {
        return (lost & 1 << reason.ordinal()) != 0;
    }
}
