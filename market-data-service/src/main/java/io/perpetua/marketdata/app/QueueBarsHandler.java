package io.perpetua.marketdata.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.marketdata.domain.oracle.Bar;
import io.perpetua.marketdata.domain.oracle.ReplaySpeed;
import io.perpetua.marketdata.persistence.ReplayStore;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Queues recorded bars to be played as a market's index. Bars that do not come after the newest one
 * queued are ignored, so a repeated request queues nothing twice; with nothing queued a new line of
 * time begins.
 */
@ApplicationScoped
public class QueueBarsHandler {
    private final AgroalDataSource database;
    private final ReplayStore replays;

    QueueBarsHandler(@DataSource("shard") AgroalDataSource database, ReplayStore replays) {
        this.database = database;
        this.replays = replays;
    }

    /** What became of the bars, and how many are queued now. */
    public record Queued(int accepted, int ignored, int queued) {}

    /** Queues {@code bars}, ascending by time, and sets the speed of all that are queued. */
    public Queued handle(MarketId market, List<Bar> bars, ReplaySpeed speed) {
        return Transactions.inTransaction(
                database, transaction -> queue(transaction, market, bars, speed));
    }

    private Queued queue(Connection transaction, MarketId market, List<Bar> bars, ReplaySpeed speed)
            throws SQLException {
        replays.setSpeed(transaction, market, speed.microBarsPerSecond());
        Long newest = replays.newestMillis(transaction, market);
        if (newest == null) {
            replays.drop(transaction, market);
        }
        List<Bar> later =
                bars.stream().filter(bar -> newest == null || bar.atMillis() > newest).toList();
        replays.append(transaction, market, later);
        return new Queued(
                later.size(), bars.size() - later.size(), replays.count(transaction, market));
    }
}
