package io.perpetua.marketdata.app;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.edge.UserTransactions;
import io.perpetua.marketdata.persistence.TickStore;
import io.perpetua.marketdata.persistence.TickStore.Series;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Published prices as they are kept, one by one or the last of each while. */
@ApplicationScoped
public class PriceHistoryQueries {
    /** What is read at a time, whole whiles. */
    private static final long PART_MILLIS = 3_600_000;

    /** What is read at a time of all prices: any number of them may share a time. */
    private static final int PART_PRICES = 10_000;

    private final UserTransactions transactions;
    private final TickStore ticks;
    private final Clock clock;

    PriceHistoryQueries(UserTransactions transactions, TickStore ticks, Clock clock) {
        this.transactions = transactions;
        this.ticks = ticks;
        this.clock = clock;
    }

    /**
     * Which prices are asked for.
     *
     * @param everyMillis of each such while since 1970 the last price; null for all of them
     */
    public record Asked(
            MarketId market,
            long fromMillis,
            long toMillis,
            @Nullable Long everyMillis,
            int limit) {}

    /** The first index prices of a range, by time and then number. */
    public void oracle(Asked asked, Consumer<OraclePrice> sink) {
        each(asked, TickStore.ORACLE_PRICES, sink);
    }

    /** The first mark prices of a range, by time and then number. */
    public void mark(Asked asked, Consumer<MarkPrice> sink) {
        each(asked, TickStore.MARK_PRICES, sink);
    }

    private <T> void each(Asked asked, Series<T> series, Consumer<T> sink) {
        OptionalLong first =
                transactions.callPublic(
                        connection ->
                                ticks.firstMillis(connection, series.table(), asked.market()));
        long to = Math.min(asked.toMillis(), clock.millis() + 1);
        long from = Math.max(asked.fromMillis(), first.orElse(to));
        Long every = asked.everyMillis();
        if (every == null) {
            all(asked, series, from, to, sink);
        } else {
            lastOfEach(asked, series, from, to, every, sink);
        }
    }

    private <T> void all(Asked asked, Series<T> series, long from, long to, Consumer<T> sink) {
        long afterMillis = from;
        long afterSequence = -1;
        int left = asked.limit();
        boolean isMore = from < to;
        while (isMore && left > 0) {
            long atMillis = afterMillis;
            long sequence = afterSequence;
            int limit = Math.min(left, PART_PRICES);
            List<T> prices =
                    transactions.callPublic(
                            connection ->
                                    ticks.after(
                                            connection,
                                            series,
                                            asked.market(),
                                            atMillis,
                                            sequence,
                                            to,
                                            limit));
            prices.forEach(sink);
            left -= prices.size();
            isMore = prices.size() == limit;
            if (isMore) {
                afterMillis = series.atMillis().applyAsLong(prices.getLast());
                afterSequence = series.sequence().applyAsLong(prices.getLast());
            }
        }
    }

    /** A part is a whole number of the whiles, so that none is cut in two. */
    private <T> void lastOfEach(
            Asked asked, Series<T> series, long fromMillis, long to, long every, Consumer<T> sink) {
        long step = Math.ceilDiv(PART_MILLIS, every) * every;
        long from = fromMillis;
        int left = asked.limit();
        while (from < to && left > 0) {
            long begin = from;
            long end = Math.min(to, Math.floorDiv(from, step) * step + step);
            List<T> prices =
                    transactions.callPublic(
                            connection ->
                                    ticks.lastOfEach(
                                            connection, series, asked.market(), begin, end, every));
            prices.stream().limit(left).forEach(sink);
            left -= Math.min(left, prices.size());
            from = end;
        }
    }
}
