package io.perpetua.accounts.domain.statistics;

import io.perpetua.contracts.risk.TradesSettled;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * What a user traded in a day of UTC: the sums of the settlements of that day, each counted once.
 *
 * @param settlements how many there were
 * @param fills how many fills they are of
 * @param volume the fills' notional
 * @param realised profit, or loss when negative, before fees
 * @param fees owed by the user; negative when rebates were more
 */
public record TradedDay(
        UserId user,
        LocalDate day,
        long settlements,
        long fills,
        Usd volume,
        Usd realised,
        Usd fees) {
    private static final Comparator<Key> ORDER =
            Comparator.<Key>comparingLong(key -> key.user.value()).thenComparing(Key::day);

    private record Key(UserId user, LocalDate day) {}

    /** The days that settlements belong to, by when they were settled; by user, then day. */
    public static List<TradedDay> of(Collection<TradesSettled> settled) {
        TreeMap<Key, TradedDay> days = new TreeMap<>(ORDER);
        for (TradesSettled trades : settled) {
            TradedDay one = of(trades);
            days.merge(new Key(one.user, one.day), one, TradedDay::plus);
        }
        return List.copyOf(days.values());
    }

    private static TradedDay of(TradesSettled trades) {
        return new TradedDay(
                trades.user(),
                LocalDate.ofInstant(Instant.ofEpochMilli(trades.atMillis()), ZoneOffset.UTC),
                1,
                trades.fills(),
                trades.notional(),
                trades.realised(),
                trades.fee());
    }

    private TradedDay plus(TradedDay other) {
        return new TradedDay(
                user,
                day,
                settlements + other.settlements,
                fills + other.fills,
                volume.plus(other.volume),
                realised.plus(other.realised),
                fees.plus(other.fees));
    }
}
