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
import java.util.Optional;

/**
 * Queues recorded bars to be played as a market's index. Bars that do not come after the newest one
 * queued are ignored, so a repeated request queues nothing twice; with nothing queued a new line of
 * time begins.
 */
@ApplicationScoped
public class QueueBarsHandler {
    private final AgroalDataSource database;
    private final ReplayStore replays;
    private final int most;

    QueueBarsHandler(
            @DataSource("shard") AgroalDataSource database,
            ReplayStore replays,
            MarketDataConfig config) {
        this.database = database;
        this.replays = replays;
        this.most = config.replayBarsMax();
    }

    /** What became of the bars, and how many are queued now. */
    public record Queued(int accepted, int ignored, int queued) {}

    /** How many bars of a market may be queued. */
    public int most() {
        return most;
    }

    /**
     * Queues {@code bars}, ascending by time, and sets the speed of all that are queued; nothing of
     * it happens, and the answer is empty, when more would be queued than may be.
     */
    public Optional<Queued> handle(MarketId market, List<Bar> bars, ReplaySpeed speed) {
        return Transactions.inTransaction(
                database,
                transaction -> {
                    Queued queued = queue(transaction, market, bars, speed);
                    if (queued.queued() <= most) {
                        return Optional.of(queued);
                    }
                    transaction.rollback();
                    return Optional.empty();
                });
    }

    /** The same of bars that the operator gives, however many. */
    Queued handleAll(MarketId market, List<Bar> bars, ReplaySpeed speed) {
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
