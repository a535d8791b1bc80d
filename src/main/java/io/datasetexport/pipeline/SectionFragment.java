package io.datasetexport.pipeline;

import io.datasetexport.archive.BlockDeflater;
import io.datasetexport.text.Utf8Buffer;
import java.io.IOException;
import java.util.Arrays;

/**
 * What one run of items adds to a section: text with gaps for numbers that are known when all runs before it are through.
 *
 * <p>Rendered by one thread, then appended by another one.
 */
final class SectionFragment {

    private final byte[] separator;
    private final Utf8Buffer text = new Utf8Buffer();
    private int[] gaps = new int[0];
    private int gapCount;
    private boolean started;

    SectionFragment(byte[] separator) {
        this.separator = separator;
    }

    Utf8Buffer element() {
        if (started) {
            text.append(separator);
        }
        started = true;
        return text;
    }

    /** Leaves a gap here for number {@code ticket} of sequence {@code sequence}. */
    void gap(int sequence, int ticket) {
        if (gaps.length < 3 * gapCount + 3) {
            gaps = Arrays.copyOf(gaps, Math.max(48, gaps.length * 2));
        }
        int at = 3 * gapCount++;
        gaps[at] = text.length();
        gaps[at + 1] = sequence;
        gaps[at + 2] = ticket;
    }

    /** Appends the text, each gap filled: {@code bases} holds the first number of the run in each sequence. */
    void appendTo(BlockDeflater target, long[] bases) throws IOException {
        Utf8Buffer number = new Utf8Buffer(24);
        int from = 0;
        for (int i = 0; i < gapCount; i++) {
            int at = gaps[3 * i];
            target.append(text.array(), from, at - from);
            from = at;
            number.clear();
            number.append(bases[gaps[3 * i + 1]] + gaps[3 * i + 2]);
            target.append(number.array(), 0, number.length());
        }
        target.append(text.array(), from, text.length() - from);
    }
}
