package io.perpetua.marketdata.app;

import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.domain.candle.Retention;
import io.perpetua.marketdata.persistence.HistoryStore;
import io.perpetua.marketdata.persistence.TickStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import javax.sql.DataSource;

/**
 * Makes the partitions of the time to come and drops those that are older than what is kept. One
 * process does it at a time; done again it changes nothing.
 */
@ApplicationScoped
public class MaintainHistoryHandler {
    private static final int DAYS_AHEAD = 3;
    private static final int MONTHS_AHEAD_DAYS = 62;

    private final DataSource database;
    private final HistoryStore history;

    MaintainHistoryHandler(
            @io.quarkus.agroal.DataSource("shard") DataSource database, HistoryStore history) {
        this.database = database;
        this.history = history;
    }

    /** How many partitions were made and dropped. */
    public record Maintained(int made, int dropped) {}

    /** Does what is due; nothing when another process is at it. */
    public Optional<Maintained> handle(long nowMillis, Retention kept) {
        return Transactions.inTransaction(
                database,
                transaction -> {
                    if (!history.tryLead(transaction)) {
                        return Optional.empty();
                    }
                    List<Long> days = days(nowMillis, DAYS_AHEAD);
                    int made = history.make(transaction, TickStore.MARK, days);
                    made += history.make(transaction, TickStore.ORACLE, days);
                    made +=
                            history.make(
                                    transaction,
                                    HistoryStore.MINUTES,
                                    days(nowMillis, MONTHS_AHEAD_DAYS));
                    long ticksFrom = kept.ticksFromMillis(nowMillis);
                    int dropped = history.drop(transaction, TickStore.MARK, ticksFrom);
                    dropped += history.drop(transaction, TickStore.ORACLE, ticksFrom);
                    dropped +=
                            history.drop(
                                    transaction,
                                    HistoryStore.MINUTES,
                                    kept.minutesFromMillis(nowMillis));
                    return Optional.of(new Maintained(made, dropped));
                });
    }

    private static List<Long> days(long nowMillis, int ahead) {
        return LongStream.rangeClosed(0, ahead)
                .mapToObj(day -> nowMillis + day * Frame.DAY.millis())
                .toList();
    }
}
