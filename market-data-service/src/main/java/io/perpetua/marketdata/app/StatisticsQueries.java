package io.perpetua.marketdata.app;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.risk.MarketValuation;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.edge.UserTransactions;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.domain.candle.MarketTotal;
import io.perpetua.marketdata.domain.candle.RollingDay;
import io.perpetua.marketdata.persistence.CandleStore;
import io.perpetua.marketdata.persistence.ValuationStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What traded in the last 24 hours and since the start, and what is held. */
@ApplicationScoped
public class StatisticsQueries {
    private final UserTransactions transactions;
    private final CandleStore candles;
    private final ValuationStore valuations;

    StatisticsQueries(
            UserTransactions transactions, CandleStore candles, ValuationStore valuations) {
        this.transactions = transactions;
        this.candles = candles;
        this.valuations = valuations;
    }

    /**
     * One market's.
     *
     * @param fromMillis when the 24 hours began, a whole minute
     * @param total null when nothing ever traded
     * @param held null before risk-service first valued the market
     */
    public record MarketStatistics(
            Market market,
            long fromMillis,
            RollingDay day,
            @Nullable MarketTotal total,
            @Nullable MarketValuation held) {}

    /** The statistics of {@code markets} at {@code nowMillis}. */
    public List<MarketStatistics> of(List<Market> markets, long nowMillis) {
        long toMillis = Frame.MINUTE.begin(nowMillis) + Frame.MINUTE.millis();
        long fromMillis = toMillis - RollingDay.MILLIS;
        return transactions.callPublic(
                connection -> {
                    Map<MarketId, MarketTotal> totals = new HashMap<>();
                    for (MarketTotal total : candles.totals(connection)) {
                        totals.put(total.market(), total);
                    }
                    Map<MarketId, MarketValuation> held = valuations.newest(connection);
                    List<MarketId> ids = markets.stream().map(Market::id).toList();
                    Map<MarketId, List<Candle>> traded =
                            candles.tradedSince(connection, ids, Frame.MINUTE, fromMillis);
                    Map<MarketId, Price> closes =
                            candles.lastTradedBefore(connection, ids, fromMillis);
                    return markets.stream()
                            .map(
                                    market ->
                                            new MarketStatistics(
                                                    market,
                                                    fromMillis,
                                                    RollingDay.of(
                                                            traded.getOrDefault(
                                                                    market.id(), List.of()),
                                                            closeBefore(
                                                                    closes.get(market.id()),
                                                                    totals.get(market.id()))),
                                                    totals.get(market.id()),
                                                    held.get(market.id())))
                            .toList();
                });
    }

    /** Minutes are kept for a while, the last trade for ever. */
    private static @Nullable Price closeBefore(@Nullable Price close, @Nullable MarketTotal total) {
        return close == null && total != null ? total.last() : close;
    }
}
