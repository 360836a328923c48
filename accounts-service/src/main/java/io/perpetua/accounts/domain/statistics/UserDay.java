package io.perpetua.accounts.domain.statistics;

import io.perpetua.contracts.value.Usd;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A day of UTC of a user, who traded in it or held something.
 *
 * @param volume the fills' notional
 * @param realised profit, or loss when negative, before fees
 * @param fees owed by the user; negative when rebates were more
 * @param unrealised what the positions were worth beyond their cost when they were last valued in
 *     the day; null when they never were
 * @param valuedAt when that was
 */
public record UserDay(
        LocalDate day,
        long fills,
        Usd volume,
        Usd realised,
        Usd fees,
        @Nullable Usd unrealised,
        @Nullable Instant valuedAt) {
    /** One in which nothing happened. */
    public static UserDay quiet(LocalDate day) {
        return new UserDay(day, 0, Usd.ZERO, Usd.ZERO, Usd.ZERO, null, null);
    }
}
