package io.perpetua.marketdata.domain.oracle;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongBinaryOperator;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * The middle of weighted votes, in which no vote weighs as much as all others together: of three or
 * more, one alone never decides, whatever its weight, and the median lies within the range of the
 * others. Of two, each weighs the same.
 */
public final class WeightedMedian {
    private WeightedMedian() {}

    /**
     * The median of {@code votes}, of which there is at least one.
     *
     * @param tie chooses when two are in the middle: given the lower and the higher
     */
    public static <T> long of(
            List<T> votes,
            ToLongFunction<T> value,
            ToIntFunction<T> weight,
            LongBinaryOperator tie) {
        List<T> sorted = new ArrayList<>(votes);
        sorted.sort(Comparator.comparingLong(value));
        long total = 0;
        for (T vote : sorted) {
            total += weight.applyAsInt(vote);
        }
        long[] weights = new long[sorted.size()];
        long capped = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = capped(weight.applyAsInt(sorted.get(i)), total, weights.length);
            capped += weights[i];
        }
        long below = 0;
        for (int i = 0; i < weights.length; i++) {
            below += weights[i];
            if (2 * below > capped) {
                return value.applyAsLong(sorted.get(i));
            }
            if (2 * below == capped) {
                return tie.applyAsLong(
                        value.applyAsLong(sorted.get(i)), value.applyAsLong(sorted.get(i + 1)));
            }
        }
        throw new IllegalArgumentException("no votes");
    }

    /** In half weights: just less than all others together, where there are several. */
    private static long capped(long weight, long total, int votes) {
        if (votes <= 2) {
            return 1;
        }
        return Math.min(2 * weight, 2 * (total - weight) - 1);
    }
}
