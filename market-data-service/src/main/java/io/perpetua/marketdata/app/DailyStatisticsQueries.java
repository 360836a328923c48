package io.perpetua.marketdata.app;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.edge.UserTransactions;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.CandleKey;
import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.domain.candle.Series;
import io.perpetua.marketdata.domain.funding.DayOfFunding;
import io.perpetua.marketdata.persistence.CandleStore;
import io.perpetua.marketdata.persistence.FundingStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What happened in a market day by day, in UTC. */
@ApplicationScoped
public class DailyStatisticsQueries {
    private final CandleQueries candles;
    private final UserTransactions transactions;
    private final CandleStore store;
    private final FundingStore fundings;

    DailyStatisticsQueries(
            CandleQueries candles,
            UserTransactions transactions,
            CandleStore store,
            FundingStore fundings) {
        this.candles = candles;
        this.transactions = transactions;
        this.store = store;
        this.fundings = fundings;
    }

    /**
     * One day.
     *
     * @param openInterest after the day's last trade, or the last before it, counted on one side;
     *     null of what is not traded here
     * @param funding of the intervals that ended on the day; null when none set a rate
     */
    public record Day(
            Candle candle, @Nullable Quantity openInterest, @Nullable DayOfFunding funding) {}

    private record Besides(
            NavigableMap<Long, Quantity> openInterest, Map<Long, DayOfFunding> funding) {}

    /** The newest {@code limit} days of a range, newest first. */
    public List<Day> newest(
            MarketId market, Series series, long fromMillis, long toMillis, int limit) {
        List<Candle> days =
                candles.newest(
                        new CandleKey(market, series, Frame.DAY), fromMillis, toMillis, limit);
        if (series != Series.TRADES || days.isEmpty()) {
            return days.stream().map(day -> new Day(day, null, null)).toList();
        }
        long from = days.getLast().openMillis();
        long newest = days.getFirst().openMillis();
        Besides besides =
                transactions.callPublic(
                        connection ->
                                new Besides(
                                        store.openInterest(connection, market, from, newest + 1),
                                        fundings.days(
                                                connection,
                                                market,
                                                from,
                                                newest + Frame.DAY.millis())));
        return days.stream()
                .map(
                        day -> {
                            var known = besides.openInterest.floorEntry(day.openMillis());
                            return new Day(
                                    day,
                                    known == null ? null : Objects.requireNonNull(known.getValue()),
                                    besides.funding.get(day.openMillis()));
                        })
                .toList();
    }
}
