package io.perpetua.marketdata.app;

import io.perpetua.contracts.value.Price;
import io.perpetua.edge.UserTransactions;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.CandleKey;
import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.domain.candle.Gapless;
import io.perpetua.marketdata.domain.candle.Series;
import io.perpetua.marketdata.persistence.CandleStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Candles, gapless from a market's first to the present frame; imported ones to the last of them.
 */
@ApplicationScoped
public class CandleQueries {
    /** Rows of one read: enough to make its cost small, and few enough to hold. */
    private static final int PART = 10_000;

    private final UserTransactions transactions;
    private final CandleStore candles;
    private final Clock clock;
    private final Executor executor;

    CandleQueries(
            UserTransactions transactions, CandleStore candles, Clock clock, Executor executor) {
        this.transactions = transactions;
        this.candles = candles;
        this.clock = clock;
        this.executor = executor;
    }

    /** What there is between two times: whole frames, none when it ends where it begins. */
    private record Range(long fromMillis, long toMillis) {}

    /**
     * The newest {@code limit} candles that begin from {@code fromMillis} and before {@code
     * toMillis}, newest first.
     */
    public List<Candle> newest(CandleKey key, long fromMillis, long toMillis, int limit) {
        return transactions.callPublic(
                connection -> {
                    Range range = range(connection, key, fromMillis, toMillis);
                    long to = range.toMillis();
                    long from = Math.max(range.fromMillis(), to - limit * key.frame().millis());
                    if (from >= to) {
                        return List.of();
                    }
                    return Gapless.fill(
                                    key.frame(),
                                    candles.candles(connection, key, from, to, limit),
                                    closeBefore(connection, key, from),
                                    from,
                                    to)
                            .reversed();
                });
    }

    /**
     * The first {@code limit} candles that begin from {@code fromMillis} and before {@code
     * toMillis}, in their order. They are read in parts, each in a transaction of its own, one
     * ahead of what is taken.
     */
    public void each(
            CandleKey key, long fromMillis, long toMillis, int limit, Consumer<Candle> sink) {
        long step = key.frame().millis();
        Range range =
                transactions.callPublic(connection -> range(connection, key, fromMillis, toMillis));
        long begin = range.fromMillis();
        long end = Math.min(range.toMillis(), begin + limit * step);
        Gapless gapless =
                transactions.callPublic(
                        connection ->
                                new Gapless(
                                        key.frame(),
                                        closeBefore(connection, key, begin),
                                        begin,
                                        sink));
        List<Candle> part = begin < end ? part(key, begin, end) : List.of();
        while (part.size() == PART) {
            long next = part.getLast().openMillis() + step;
            CompletableFuture<List<Candle>> ahead =
                    CompletableFuture.supplyAsync(() -> part(key, next, end), executor);
            part.forEach(gapless::add);
            part = ahead.join();
        }
        part.forEach(gapless::add);
        gapless.fillTo(end);
    }

    private List<Candle> part(CandleKey key, long fromMillis, long toMillis) {
        return transactions.callPublic(
                connection -> candles.candles(connection, key, fromMillis, toMillis, PART));
    }

    private @Nullable Price closeBefore(Connection connection, CandleKey key, long millis)
            throws SQLException {
        Candle before = candles.lastBefore(connection, key, millis);
        return before == null ? null : before.close();
    }

    private Range range(Connection connection, CandleKey key, long fromMillis, long toMillis)
            throws SQLException {
        Frame frame = key.frame();
        Candle first = candles.first(connection, key);
        if (first == null) {
            return new Range(fromMillis, fromMillis);
        }
        long end = frame.begin(clock.millis()) + frame.millis();
        if (key.series() == Series.IMPORT) {
            Candle last = candles.lastBefore(connection, key, Long.MAX_VALUE);
            end = last == null ? end : last.openMillis() + frame.millis();
        }
        return new Range(
                Math.max(frame.beginFrom(fromMillis), first.openMillis()),
                Math.min(frame.beginFrom(toMillis), end));
    }
}
