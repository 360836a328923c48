package io.perpetua.marketdata.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.CandleKey;
import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.domain.candle.Series;
import io.perpetua.marketdata.persistence.CandleStore;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;

/** Deletes the history that was imported into a market, so that it can be imported anew. */
@ApplicationScoped
public class DeleteImportHandler {
    /** A whole number of the longest frames, and few enough minutes for one statement. */
    private static final long PART_MILLIS = 30 * Frame.DAY.millis();

    private final AgroalDataSource database;
    private final CandleStore candles;

    DeleteImportHandler(@DataSource("shard") AgroalDataSource database, CandleStore candles) {
        this.database = database;
        this.candles = candles;
    }

    /**
     * Returns how many minutes were deleted. It is done from the oldest on, some weeks in a
     * transaction; what is left if it fails is whole in all frames.
     */
    public long handle(MarketId market) {
        long all = 0;
        for (int deleted = deletePart(market); deleted > 0; deleted = deletePart(market)) {
            all += deleted;
        }
        return all;
    }

    private int deletePart(MarketId market) {
        CandleKey days = new CandleKey(market, Series.IMPORT, Frame.DAY);
        return Transactions.inTransaction(
                database,
                transaction -> {
                    candles.lockImport(transaction, market);
                    Candle first = candles.first(transaction, days);
                    return first == null
                            ? 0
                            : candles.deleteImported(
                                    transaction, market, first.openMillis() + PART_MILLIS);
                });
    }
}
