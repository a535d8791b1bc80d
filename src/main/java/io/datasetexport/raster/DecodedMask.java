package io.datasetexport.raster;

/** What became of a picture that should be a mask. */
public sealed interface DecodedMask {

    record Readable(BitMask mask) implements DecodedMask {}

    /** Why there is no mask. */
    enum Unreadable implements DecodedMask {
        /** Its header declares more pixels than a {@link BitMask} may have. */
        TOO_LARGE,
        /** It is cut off, damaged or no PNG. */
        UNDECODABLE
    }
}
