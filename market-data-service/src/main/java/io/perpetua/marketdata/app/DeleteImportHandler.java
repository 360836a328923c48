package io.perpetua.marketdata.app;

import io.perpetua.contracts.marketdata.ImportDeleted;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.CandleKey;
import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.domain.candle.Series;
import io.perpetua.marketdata.persistence.CandleStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.OptionalInt;
import javax.sql.DataSource;

/** Deletes the history that was imported into a market, so that it can be imported anew. */
@ApplicationScoped
public class DeleteImportHandler {
    /** A whole number of the longest frames, and few enough minutes for one statement. */
    private static final long PART_MILLIS = 30 * Frame.DAY.millis();

    private final DataSource database;
    private final CandleStore candles;
    private final Eventlog eventlog;
    private final Clock clock;

    DeleteImportHandler(
            @io.quarkus.agroal.DataSource("shard") DataSource database,
            CandleStore candles,
            Eventlog eventlog,
            Clock clock) {
        this.database = database;
        this.candles = candles;
        this.eventlog = eventlog;
        this.clock = clock;
    }

    /**
     * Returns how many minutes were deleted; longer frames are, too, whose minutes are not kept any
     * more. It is done from the oldest on, some weeks in a transaction; what is left if it fails is
     * whole in all frames, and the audit log is told of each part in the commit that deletes it.
     */
    public long handle(Market market, Decider by) {
        long all = 0;
        OptionalInt deleted = deletePart(market, by);
        while (deleted.isPresent()) {
            all += deleted.getAsInt();
            deleted = deletePart(market, by);
        }
        eventlog.committed(PutInForceHandler.SOURCE);
        return all;
    }

    /** How many minutes were deleted with a part, or nothing when none was left. */
    private OptionalInt deletePart(Market market, Decider by) {
        CandleKey days = new CandleKey(market.id(), Series.IMPORT, Frame.DAY);
        return Transactions.inTransaction(
                database,
                transaction -> {
                    candles.lockImport(transaction, market.id());
                    Candle first = candles.first(transaction, days);
                    if (first == null) {
                        return OptionalInt.empty();
                    }
                    long beforeMillis = first.openMillis() + PART_MILLIS;
                    int minutes = candles.deleteImported(transaction, market.id(), beforeMillis);
                    eventlog.emit(
                            transaction,
                            PutInForceHandler.SOURCE,
                            List.of(
                                    MarketDecisions.record(
                                            deleted(market, minutes, beforeMillis, by))));
                    return OptionalInt.of(minutes);
                });
    }

    private ImportDeleted deleted(Market market, int minutes, long beforeMillis, Decider by) {
        return new ImportDeleted(
                market.id(),
                market.symbol(),
                minutes,
                beforeMillis,
                by.administrator(),
                by.clientAddress(),
                by.userAgent(),
                clock.millis());
    }
}
