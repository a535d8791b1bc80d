package io.datasetexport.ingest;

/**
 * Says of most names that this import has not written them: a Bloom filter of 8 MiB, which a few million names leave quick. What it says
 * may be there is asked of the database.
 */
final class Seen {

    private static final int WORDS = 1 << 20;
    private static final int PROBES = 4;

    private final long[] bits = new long[WORDS];

    /** Notes a name; returns whether it may have been noted before. */
    boolean add(int kind, String name) {
        long hash = kind + 1L;
        for (int i = 0; i < name.length(); i++) {
            hash = hash * 0x100000001b3L ^ name.charAt(i);
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        boolean seen = true;
        long step = hash >>> 32 | 1;
        for (int i = 0; i < PROBES; i++, hash += step) {
            int word = (int) (hash >>> 6) & WORDS - 1;
            long bit = 1L << hash;
            seen &= (bits[word] & bit) != 0;
            bits[word] |= bit;
        }
        return seen;
    }
}
