package io.perpetua.orders.api;

import io.perpetua.edge.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Times in requests: ISO-8601 in UTC, within the years that milliseconds since 1970 name well. */
final class Times {
    private static final Instant EARLIEST = Instant.ofEpochMilli(1);
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private Times() {}

    /** Milliseconds since 1970; 0 for null. */
    static long millis(String field, @Nullable String text) {
        if (text == null) {
            return 0;
        }
        try {
            Instant time = Instant.parse(text);
            if (!time.isBefore(EARLIEST) && !time.isAfter(LATEST)) {
                return time.toEpochMilli();
            }
        } catch (DateTimeException unreadable) {
            // answered below, as a time out of range is
        }
        throw Problem.fieldInvalid(field, "expected a time such as 2026-01-01T00:00:00Z")
                .exception();
    }
}
