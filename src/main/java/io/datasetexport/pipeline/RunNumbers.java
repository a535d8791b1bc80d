package io.datasetexport.pipeline;

import io.datasetexport.format.RunningNumber;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The running numbers that a run of items takes, counted from 0; the slices of a big item share one.
 *
 * <p>Counted by the thread that renders, given their base by the one that assembles.
 */
final class RunNumbers {

    private final List<RunningNumber> sequences = new ArrayList<>(2);
    private final List<Integer> taken = new ArrayList<>(2);
    private long[] bases = new long[0];

    int indexOf(RunningNumber sequence) {
        int index = sequences.indexOf(sequence);
        if (index < 0) {
            index = sequences.size();
            sequences.add(sequence);
            taken.add(0);
        }
        return index;
    }

    int take(RunningNumber sequence) {
        int index = indexOf(sequence);
        int ticket = taken.get(index);
        taken.set(index, ticket + 1);
        return ticket;
    }

    /** What was taken so far. */
    Taken taken() {
        return new Taken(List.copyOf(sequences), List.copyOf(taken));
    }

    /** The state of a run's numbers when a piece of it was rendered. */
    record Taken(List<RunningNumber> sequences, List<Integer> counts) {}

    /** The first number in each sequence: what is in {@code next} when the run's first piece is assembled. */
    long[] bases(Taken taken, Map<RunningNumber, Long> next) {
        int known = bases.length;
        if (known < taken.sequences().size()) {
            bases = Arrays.copyOf(bases, taken.sequences().size());
            for (int i = known; i < bases.length; i++) {
                bases[i] = next.getOrDefault(taken.sequences().get(i), 0L);
            }
        }
        for (int i = 0; i < taken.sequences().size(); i++) {
            next.put(taken.sequences().get(i), bases[i] + taken.counts().get(i));
        }
        return bases;
    }
}
