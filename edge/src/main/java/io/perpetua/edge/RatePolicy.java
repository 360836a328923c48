package io.perpetua.edge;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/**
 * A budget's size: so many requests at once and so many more in 100 seconds, as one item of the
 * header fields of draft-ietf-httpapi-ratelimit-headers-11.
 */
final class RatePolicy {
    private static final long PERIOD_SECONDS = 100;

    private final long burst;
    private final long perPeriod;
    private final String policyItem;
    private final String limitPrefix;
    private final long gainSeconds;

    /** {@code name} has lower-case letters and hyphens only; the numbers are positive. */
    RatePolicy(String name, long burst, long perPeriod) {
        if (burst <= 0 || perPeriod <= 0) {
            throw new IllegalArgumentException("the budget " + name + " must be positive");
        }
        this.burst = burst;
        this.perPeriod = perPeriod;
        this.policyItem =
                '"'
                        + name
                        + "\";q="
                        + burst
                        + ";w="
                        + Math.ceilDiv(burst * PERIOD_SECONDS, perPeriod);
        this.limitPrefix = '"' + name + "\";r=";
        this.gainSeconds = Math.ceilDiv(PERIOD_SECONDS, perPeriod);
    }

    /** A full bucket of this size. */
    Bucket bucket(TimeMeter time) {
        return Bucket.builder()
                .addLimit(
                        limit ->
                                limit.capacity(burst)
                                        .refillGreedy(
                                                perPeriod, Duration.ofSeconds(PERIOD_SECONDS)))
                .withCustomTimePrecision(time)
                .build();
    }

    /** What a full budget has. */
    long burst() {
        return burst;
    }

    /** The item of {@code RateLimit-Policy}: the burst, and the seconds that fill it. */
    String policyItem() {
        return policyItem;
    }

    /** The item of {@code RateLimit}: what is left, and in how many seconds more is there. */
    String limitItem(long remaining, long seconds) {
        return limitPrefix + remaining + ";t=" + seconds;
    }

    /** The same where a request was let pass. */
    String limitItem(long remaining) {
        return limitItem(remaining, gainSeconds);
    }
}
