package io.perpetua.marketdata.app;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.edge.UserTransactions;
import io.perpetua.marketdata.persistence.TickStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Published prices as they are kept, one by one or the last of each while. */
@ApplicationScoped
public class PriceHistoryQueries {
    /** What is read at a time: some ten thousand prices at the most a market may have. */
    private static final long PART_MILLIS = 3_600_000;

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
     * @param everyMillis of each such while since 1970 the last price; 1 for all of them
     */
    public record Asked(
            MarketId market, long fromMillis, long toMillis, long everyMillis, int limit) {}

    /** The first index prices of a range, ascending. */
    public void oracle(Asked asked, Consumer<OraclePrice> sink) {
        each(asked, TickStore.ORACLE, ticks::oracle, sink);
    }

    /** The first mark prices of a range, ascending. */
    public void mark(Asked asked, Consumer<MarkPrice> sink) {
        each(asked, TickStore.MARK, ticks::mark, sink);
    }

    @FunctionalInterface
    private interface Part<T> {
        List<T> read(
                Connection connection,
                MarketId market,
                long fromMillis,
                long toMillis,
                long everyMillis)
                throws SQLException;
    }

    /** A part is a whole number of the whiles, so that none is cut in two. */
    private <T> void each(Asked asked, String table, Part<T> part, Consumer<T> sink) {
        OptionalLong first =
                transactions.callPublic(
                        connection -> ticks.firstMillis(connection, table, asked.market()));
        long every = asked.everyMillis();
        long step = Math.ceilDiv(PART_MILLIS, every) * every;
        long to = Math.min(asked.toMillis(), clock.millis() + 1);
        long from = Math.max(asked.fromMillis(), first.orElse(to));
        int left = asked.limit();
        while (from < to && left > 0) {
            long begin = from;
            long end = Math.min(to, Math.floorDiv(from, step) * step + step);
            List<T> prices =
                    transactions.callPublic(
                            connection -> part.read(connection, asked.market(), begin, end, every));
            prices.stream().limit(left).forEach(sink);
            left -= Math.min(left, prices.size());
            from = end;
        }
    }
}
