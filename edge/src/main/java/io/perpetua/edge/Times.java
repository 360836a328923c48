package io.perpetua.edge;

import java.time.DateTimeException;
import java.time.Instant;

/** Times in requests: ISO-8601 in UTC, within the years that the database and others name well. */
public final class Times {
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private Times() {}

    /**
     * From its text.
     *
     * @throws IllegalArgumentException if it is no time, or one out of range
     */
    public static Instant parse(String text) {
        try {
            Instant time = Instant.parse(text);
            if (!time.isBefore(EARLIEST) && !time.isAfter(LATEST)) {
                return time;
            }
        } catch (DateTimeException unreadable) {
            throw new IllegalArgumentException(
                    "expected a time such as 2026-01-01T00:00:00Z", unreadable);
        }
        throw new IllegalArgumentException("expected a time of the years 1970 to 9999");
    }
}
