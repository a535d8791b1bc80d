package io.datasetexport.archive;

import java.util.Arrays;

/**
 * A deflate stream of one block, RFC 1951: finds where its bits end, which its bytes don't tell, since up to seven zeros fill the last one.
 *
 * <p>The last bits of a block are the code of "end of block", whose length and value follow from the code lengths in the block's header. So
 * the zeros at the stream's end are those of that code and those that fill the byte.
 */
final class OnlyBlock {

    /** No answer: the stream has more blocks, or fixed codes, whose "end of block" is all zeros. */
    static final long UNKNOWN = -1;

    private static final int STORED = 0;
    private static final int DYNAMIC = 2;
    private static final int END_OF_BLOCK = 256;
    private static final int LONGEST_CODE = 15;
    private static final int[] ORDER_OF_LENGTHS = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    private final byte[] stream;
    private final long end;
    private long at;

    private OnlyBlock(byte[] stream, int from, int size) {
        this.stream = stream;
        end = (from + size) * 8L;
        at = from * 8L;
    }

    /**
     * Returns how many bits of a stream belong to its block, or {@link #UNKNOWN}.
     *
     * @param stream holds it from {@code from} on
     * @param size in bytes
     */
    static long bits(byte[] stream, int from, int size) {
        OnlyBlock block = new OnlyBlock(stream, from, size);
        boolean last = block.read(1) == 1;
        int type = block.read(2);
        if (!last || type != STORED && type != DYNAMIC) {
            return UNKNOWN;
        }
        return type == STORED ? size * 8L : block.bitsOfDynamic(from * 8L);
    }

    private long bitsOfDynamic(long from) {
        int[] lengths = codeLengths();
        int length = lengths[END_OF_BLOCK];
        int code = firstCodes(lengths)[length];
        for (int symbol = 0; symbol < END_OF_BLOCK; symbol++) {
            code += lengths[symbol] == length ? 1 : 0;
        }
        return length == 0 || code == 0 ? UNKNOWN : end - (zerosAtEnd() - Integer.numberOfTrailingZeros(code)) - from;
    }

    /** The lengths of the codes of literals and of lengths, section 3.2.7. */
    private int[] codeLengths() {
        int literals = read(5) + 257;
        int total = literals + read(5) + 1;
        int[] lengthsOfLengths = new int[ORDER_OF_LENGTHS.length];
        int given = read(4) + 4;
        for (int i = 0; i < given; i++) {
            lengthsOfLengths[ORDER_OF_LENGTHS[i]] = read(3);
        }
        int[] first = firstCodes(lengthsOfLengths);
        int[] lengths = new int[total];
        for (int i = 0; i < literals;) {
            int symbol = symbol(lengthsOfLengths, first);
            int length = symbol < 16 ? symbol : symbol == 16 ? lengths[i - 1] : 0;
            int repeated = switch (symbol) {
                case 16 -> 3 + read(2);
                case 17 -> 3 + read(3);
                case 18 -> 11 + read(7);
                default -> 1;
            };
            for (; repeated > 0; repeated--) {
                lengths[i++] = length;
            }
        }
        return Arrays.copyOf(lengths, literals);
    }

    /** The least code of each length, section 3.2.2. */
    private static int[] firstCodes(int[] lengths) {
        int[] counts = new int[LONGEST_CODE + 1];
        for (int length : lengths) {
            counts[length]++;
        }
        counts[0] = 0;
        int[] first = new int[LONGEST_CODE + 1];
        for (int length = 1; length <= LONGEST_CODE; length++) {
            first[length] = first[length - 1] + counts[length - 1] << 1;
        }
        return first;
    }

    private int symbol(int[] lengths, int[] first) {
        int code = 0;
        for (int length = 1;; length++) {
            code = code << 1 | read(1);
            int nth = code - first[length];
            for (int symbol = 0; nth >= 0 && symbol < lengths.length; symbol++) {
                if (lengths[symbol] == length && nth-- == 0) {
                    return symbol;
                }
            }
        }
    }

    private int zerosAtEnd() {
        int last = (int) (end / 8) - 1;
        int zeros = 0;
        while (stream[last] == 0) {
            zeros += 8;
            last--;
        }
        return zeros + Integer.numberOfLeadingZeros(stream[last] & 0xff) - 24;
    }

    private int read(int count) {
        int value = 0;
        for (int i = 0; i < count; i++, at++) {
            value |= (stream[(int) (at >> 3)] >> (at & 7) & 1) << i;
        }
        return value;
    }
}
