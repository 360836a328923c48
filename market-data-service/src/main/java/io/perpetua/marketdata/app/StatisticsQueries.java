package io.perpetua.marketdata.app;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.edge.UserTransactions;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.MarketTotal;
import io.perpetua.marketdata.domain.candle.RollingDay;
import io.perpetua.marketdata.persistence.CandleStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What traded in the last 24 hours and since the start. */
@ApplicationScoped
public class StatisticsQueries {
    private final UserTransactions transactions;
    private final CandleStore candles;

    StatisticsQueries(UserTransactions transactions, CandleStore candles) {
        this.transactions = transactions;
        this.candles = candles;
    }

    /**
     * One market's.
     *
     * @param fromMillis when the 24 hours began, a whole minute
     * @param total null when nothing ever traded
     */
    public record MarketStatistics(
            Market market, long fromMillis, RollingDay day, @Nullable MarketTotal total) {}

    /** The statistics of {@code markets} at {@code nowMillis}. */
    public List<MarketStatistics> of(List<Market> markets, long nowMillis) {
        long toMillis = Candle.openMillis(nowMillis) + Candle.MILLIS;
        long fromMillis = toMillis - RollingDay.MILLIS;
        return transactions.callPublic(
                connection -> {
                    Map<MarketId, MarketTotal> totals = new HashMap<>();
                    for (MarketTotal total : candles.totals(connection)) {
                        totals.put(total.market(), total);
                    }
                    List<MarketStatistics> all = new ArrayList<>();
                    for (Market market : markets) {
                        all.add(
                                new MarketStatistics(
                                        market,
                                        fromMillis,
                                        day(connection, market.id(), fromMillis, toMillis),
                                        totals.get(market.id())));
                    }
                    return all;
                });
    }

    private RollingDay day(Connection connection, MarketId market, long fromMillis, long toMillis)
            throws SQLException {
        Candle before = candles.lastBefore(connection, market, fromMillis);
        return RollingDay.of(
                candles.candles(connection, market, fromMillis, toMillis),
                before == null ? null : before.close());
    }
}
