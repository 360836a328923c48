package io.perpetua.contracts.risk;

import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * The unrealised profit of all of a user's positions at the newest marks, as risk's shards had
 * committed them at {@code atMillis} by the clock of risk's database; 0 once of a user who has
 * closed the last one. It is derived, and of several the one with the latest time counts.
 */
public record UserValuation(UserId user, Usd unrealisedPnl, long atMillis) {
    /** The day of UTC it belongs to. */
    public LocalDate day() {
        return LocalDate.ofInstant(Instant.ofEpochMilli(atMillis), ZoneOffset.UTC);
    }
}
