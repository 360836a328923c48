package io.perpetua.marketdata.app;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.edge.UserTransactions;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.Gapless;
import io.perpetua.marketdata.persistence.CandleStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Candles, gapless from a market's first trade to the present minute. */
@ApplicationScoped
public class CandleQueries {
    private final UserTransactions transactions;
    private final CandleStore candles;

    CandleQueries(UserTransactions transactions, CandleStore candles) {
        this.transactions = transactions;
        this.candles = candles;
    }

    /**
     * The newest {@code limit} candles that begin from {@code fromMillis} and before {@code
     * toMillis}, newest first.
     */
    public List<Candle> newest(MarketId market, long fromMillis, long toMillis, int limit) {
        return transactions.callPublic(
                connection -> {
                    Candle first = candles.first(connection, market);
                    if (first == null) {
                        return List.of();
                    }
                    long to = minuteFrom(toMillis);
                    long from =
                            Math.max(
                                    Math.max(minuteFrom(fromMillis), first.openMillis()),
                                    to - limit * Candle.MILLIS);
                    Candle before = candles.lastBefore(connection, market, from);
                    return Gapless.fill(
                                    candles.candles(connection, market, from, to),
                                    before == null ? null : before.close(),
                                    from,
                                    to)
                            .reversed();
                });
    }

    /** The beginning of the first minute that begins at or after {@code millis}. */
    private static long minuteFrom(long millis) {
        return -Candle.openMillis(-millis);
    }
}
