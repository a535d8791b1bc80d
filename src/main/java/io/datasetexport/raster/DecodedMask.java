package io.datasetexport.raster;

/** What became of a picture that should be a mask. */
public sealed interface DecodedMask {

    /**
     * A mask.
     *
     * @param color the first set pixel's, {@code 0xRRGGBB}; 0 where none is set
     */
    record Readable(BitMask mask, int color) implements DecodedMask {}

    /** Why there is no mask. */
    enum Unreadable implements DecodedMask {
        /** Its header declares more pixels than a {@link BitMask} may have. */
        TOO_LARGE,
        /** It is cut off, damaged or no PNG. */
        UNDECODABLE
    }
}
