package io.datasetexport.model;

import org.jspecify.annotations.Nullable;

/** Where an item's file is. */
public sealed interface Storage {

    /**
     * In the service's own store.
     *
     * @param key the store's, never made of a name that a user gave
     * @param bytes size of the file
     * @param crc32 CRC-32 of the file
     */
    record Own(String key, long bytes, long crc32) implements Storage {}

    /**
     * With the customer or at a URL; the service never fetches it.
     *
     * @param reference the item's own words for where, null when it has none
     */
    record External(@Nullable String reference) implements Storage {}

    /** Nowhere: nobody has uploaded it. */
    record None() implements Storage {}
}
