package io.perpetua.demo.client;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** What all traders did so far, and how long it took. */
public final class Tally {
    private static final long LONGEST_MICROS = 600_000_000;

    private final Histogram orderMicros = new ConcurrentHistogram(LONGEST_MICROS, 3);
    private final Histogram otherMicros = new ConcurrentHistogram(LONGEST_MICROS, 3);
    private final LongAdder accepted = new LongAdder();
    private final LongAdder cancels = new LongAdder();
    private final LongAdder amends = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final Map<String, LongAdder> refused = new ConcurrentHashMap<>();

    void accepted(long nanos) {
        accepted.increment();
        record(orderMicros, nanos);
    }

    void refused(String code, long nanos) {
        refused.computeIfAbsent(code, any -> new LongAdder()).increment();
        record(orderMicros, nanos);
    }

    void cancelled(long nanos) {
        cancels.increment();
        record(otherMicros, nanos);
    }

    void amended(long nanos) {
        amends.increment();
        record(otherMicros, nanos);
    }

    void repeated() {
        retries.increment();
    }

    private static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.clamp(nanos / 1_000, 0, LONGEST_MICROS));
    }

    /** Orders that were answered, refused ones included. */
    public long orders() {
        return accepted.sum() + refusals();
    }

    /** Orders that were taken. */
    public long acceptedOrders() {
        return accepted.sum();
    }

    /** Orders that were refused. */
    public long refusals() {
        return refused.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Refusals by their word. */
    public Map<String, Long> refusalsByCode() {
        Map<String, Long> sums = new TreeMap<>();
        refused.forEach((code, sum) -> sums.put(code, sum.sum()));
        return sums;
    }

    /** Cancels that were answered. */
    public long cancels() {
        return cancels.sum();
    }

    /** Amendments that were answered. */
    public long amends() {
        return amends.sum();
    }

    /** Requests that were sent again because a part of the platform was away. */
    public long retries() {
        return retries.sum();
    }

    /** Milliseconds within which the share of orders was answered. */
    public double orderMillis(double percentile) {
        return orderMicros.getValueAtPercentile(percentile) / 1_000.0;
    }

    /** Milliseconds within which the share of cancels and amendments was answered. */
    public double otherMillis(double percentile) {
        return otherMicros.getValueAtPercentile(percentile) / 1_000.0;
    }
}
