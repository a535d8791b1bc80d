package io.datasetexport.access;

/** With these settings the service would let in whom nobody meant to let in, so it does not start. */
public final class UnsafeSettings extends IllegalStateException {

    private final String wayOut;

    /** @param wayOut what to set instead; neither sentence holds a secret */
    public UnsafeSettings(String danger, String wayOut) {
        super(danger);
        this.wayOut = wayOut;
    }

    String wayOut() {
        return wayOut;
    }
}
