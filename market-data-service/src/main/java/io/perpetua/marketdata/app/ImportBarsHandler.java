package io.perpetua.marketdata.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.marketdata.CandlesImported;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.Writes;
import io.perpetua.marketdata.domain.candle.BarSheet;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.CandleFold;
import io.perpetua.marketdata.domain.candle.CandleKey;
import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.domain.candle.Retention;
import io.perpetua.marketdata.domain.candle.Series;
import io.perpetua.marketdata.domain.oracle.Bar;
import io.perpetua.marketdata.persistence.CandleStore;
import io.perpetua.marketdata.persistence.HistoryStore;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.LongSummaryStatistics;

/**
 * Imports recorded one-minute history of a market. Each minute is taken once: the same again
 * changes nothing, another of the same minute is rejected, so what was imported never changes
 * silently. The audit log is told of what is new, in the commit that stores it.
 */
@ApplicationScoped
public class ImportBarsHandler {
    private final AgroalDataSource database;
    private final CandleStore candles;
    private final HistoryStore history;
    private final Retention kept;
    private final Eventlog eventlog;
    private final Clock clock;

    ImportBarsHandler(
            @DataSource("shard") AgroalDataSource database,
            CandleStore candles,
            HistoryStore history,
            MarketDataConfig config,
            Eventlog eventlog,
            Clock clock) {
        this.database = database;
        this.candles = candles;
        this.history = history;
        this.kept = new Retention(config.tickDays(), config.minuteDays());
        this.eventlog = eventlog;
        this.clock = clock;
    }

    /** Imports the rows that can be taken, all of them or none, and says what became of each. */
    public BarSheet.Outcome handle(Market market, List<String> lines, int firstRow, Decider by) {
        long nowMillis = clock.millis();
        BarSheet sheet =
                BarSheet.read(lines, firstRow, kept.minutesFromMillis(nowMillis), nowMillis);
        BarSheet.Outcome all =
                Transactions.inTransaction(
                        database,
                        transaction -> {
                            BarSheet.Outcome outcome = take(transaction, market.id(), sheet);
                            if (!outcome.imported().isEmpty()) {
                                eventlog.emit(
                                        transaction,
                                        PutInForceHandler.SOURCE,
                                        List.of(
                                                MarketDecisions.record(
                                                        imported(market, outcome, by, nowMillis))));
                            }
                            return outcome;
                        });
        eventlog.committed(PutInForceHandler.SOURCE);
        return all;
    }

    private BarSheet.Outcome take(Connection transaction, MarketId market, BarSheet sheet)
            throws SQLException {
        candles.lockImport(transaction, market);
        BarSheet.Outcome outcome =
                sheet.against(
                        candles.candlesAt(
                                transaction,
                                new CandleKey(market, Series.IMPORT, Frame.MINUTE),
                                sheet.taken().keySet()));
        CandleFold fold = new CandleFold(market, Series.IMPORT);
        outcome.imported().forEach(bar -> fold.add(Candle.of(bar)));
        history.make(
                transaction,
                HistoryStore.MINUTES,
                fold.candles(Frame.MINUTE).stream().map(Candle::openMillis).toList());
        Writes writes = new Writes();
        CandleStore.add(writes, List.of(fold));
        writes.execute(transaction);
        return outcome;
    }

    private static CandlesImported imported(
            Market market, BarSheet.Outcome outcome, Decider by, long nowMillis) {
        LongSummaryStatistics times =
                outcome.imported().stream().mapToLong(Bar::atMillis).summaryStatistics();
        return new CandlesImported(
                market.id(),
                market.symbol(),
                times.getCount(),
                times.getMin(),
                times.getMax(),
                outcome.rejected().size(),
                by.administrator(),
                by.clientAddress(),
                by.userAgent(),
                nowMillis);
    }
}
