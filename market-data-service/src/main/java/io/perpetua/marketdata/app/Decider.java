package io.perpetua.marketdata.app;

import org.jspecify.annotations.Nullable;

/**
 * The administrator who decides something, and how their request came.
 *
 * @param administrator their id
 * @param clientAddress where it came from; null when that is not known
 * @param userAgent what their client says it is, as far as it does
 */
public record Decider(
        long administrator, @Nullable String clientAddress, @Nullable String userAgent) {
    /** As it is stored with what they decided. */
    String id() {
        return Long.toString(administrator);
    }
}
