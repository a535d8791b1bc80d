package io.datasetexport.archive;

/**
 * CRC-32 of two pieces from the CRCs of each, as zlib's {@code crc32_combine} does it.
 *
 * <p>Appending n zero bytes multiplies a CRC by x<sup>8n</sup> modulo the polynomial; polynomials are held with the coefficient of
 * x<sup>0</sup> in the highest bit, as the CRC itself.
 */
final class Crc32 {

    private static final int POLYNOMIAL = 0xEDB88320;

    private Crc32() {}

    /** The CRC of A followed by B. */
    static long combine(long crcOfA, long crcOfB, long lengthOfB) {
        int shift = 1 << 31;
        int square = 1 << 23;
        for (long bytes = lengthOfB; bytes != 0; bytes >>>= 1) {
            if ((bytes & 1) != 0) {
                shift = multiply(shift, square);
            }
            square = multiply(square, square);
        }
        return (multiply((int) crcOfA, shift) ^ (int) crcOfB) & 0xFFFFFFFFL;
    }

    private static int multiply(int a, int b) {
        int product = 0;
        int shifted = b;
        for (int bit = 1 << 31; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= shifted;
            }
            shifted = (shifted & 1) != 0 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1;
        }
        return product;
    }
}
