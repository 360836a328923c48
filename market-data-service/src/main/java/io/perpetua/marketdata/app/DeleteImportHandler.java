package io.perpetua.marketdata.app;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.CandleKey;
import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.domain.candle.Series;
import io.perpetua.marketdata.persistence.CandleStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.OptionalInt;
import javax.sql.DataSource;

/** Deletes the history that was imported into a market, so that it can be imported anew. */
@ApplicationScoped
public class DeleteImportHandler {
    /** A whole number of the longest frames, and few enough minutes for one statement. */
    private static final long PART_MILLIS = 30 * Frame.DAY.millis();

    private final DataSource database;
    private final CandleStore candles;

    DeleteImportHandler(
            @io.quarkus.agroal.DataSource("shard") DataSource database, CandleStore candles) {
        this.database = database;
        this.candles = candles;
    }

    /**
     * Returns how many minutes were deleted; longer frames are, too, whose minutes are not kept any
     * more. It is done from the oldest on, some weeks in a transaction; what is left if it fails is
     * whole in all frames.
     */
    public long handle(MarketId market) {
        long all = 0;
        OptionalInt deleted = deletePart(market);
        while (deleted.isPresent()) {
            all += deleted.getAsInt();
            deleted = deletePart(market);
        }
        return all;
    }

    /** How many minutes were deleted with a part, or nothing when none was left. */
    private OptionalInt deletePart(MarketId market) {
        CandleKey days = new CandleKey(market, Series.IMPORT, Frame.DAY);
        return Transactions.inTransaction(
                database,
                transaction -> {
                    candles.lockImport(transaction, market);
                    Candle first = candles.first(transaction, days);
                    return first == null
                            ? OptionalInt.empty()
                            : OptionalInt.of(
                                    candles.deleteImported(
                                            transaction, market, first.openMillis() + PART_MILLIS));
                });
    }
}
