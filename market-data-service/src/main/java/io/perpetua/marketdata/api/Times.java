package io.perpetua.marketdata.api;

import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * The range of times that a request names, milliseconds since 1970: from the one, before the other.
 */
record Times(long fromMillis, long toMillis) {
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.ofEpochSecond(1L << 33);

    /** From the parameters {@code from} and {@code to}, either of which may be absent. */
    static Times of(@Nullable String from, @Nullable String to) {
        Instant since = Fields.optional("from", from, Times::instant);
        Instant until = Fields.optional("to", to, Times::instant);
        if (since != null && until != null && since.isAfter(until)) {
            throw Problem.fieldInvalid("from", "'from' is not after 'to'").exception();
        }
        return new Times(
                ceilMillis(since == null ? EARLIEST : since),
                ceilMillis(until == null ? LATEST : until));
    }

    /** The same, but before {@code millis}. */
    Times before(long millis) {
        return new Times(fromMillis, Math.min(toMillis, millis));
    }

    /** The first millisecond at or after a time: both ends of a range are cut off there. */
    private static long ceilMillis(Instant time) {
        long millis = time.toEpochMilli();
        return Instant.ofEpochMilli(millis).equals(time) ? millis : millis + 1;
    }

    private static Instant instant(String text) {
        try {
            Instant instant = Instant.parse(text);
            if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
                throw new IllegalArgumentException("a time lies between 1970 and 2242");
            }
            return instant;
        } catch (DateTimeParseException malformed) {
            throw new IllegalArgumentException(
                    "a time is written as 2026-01-31T12:00:00Z", malformed);
        }
    }
}
