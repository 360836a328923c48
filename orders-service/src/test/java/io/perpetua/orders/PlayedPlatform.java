package io.perpetua.orders;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketChanged;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.EventlogSettings;
import io.perpetua.eventlog.Outgoing;
import io.restassured.RestAssured;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Plays the services around orders-service over the real log: risk's admissions, and the catalogue.
 * It keeps its own side of the log in the schema of risk.
 */
final class PlayedPlatform implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CATALOGUE = "played-catalogue";

    private final String bootstrapServers;
    private final PGSimpleDataSource database = new PGSimpleDataSource();
    private final Eventlog log;
    private Eventlog riskLog;

    PlayedPlatform(String databaseUrl, String password, String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        Flyway.configure()
                .dataSource(databaseUrl, "risk_owner", password)
                .defaultSchema("risk")
                .createSchemas(false)
                .locations("db/eventlog")
                .load()
                .migrate();
        database.setUrl(databaseUrl);
        database.setUser("risk_shard");
        database.setPassword(password);
        log = open("played-catalogue");
        log.relay(CATALOGUE, database);
    }

    /** Lists markets, and waits until the service knows them. */
    void list(Market... markets) throws SQLException {
        for (Market market : markets) {
            announce(market);
        }
        List<String> symbols = Arrays.stream(markets).map(Market::symbol).toList();
        await().atMost(PATIENCE)
                .until(
                        () ->
                                RestAssured.given()
                                        .get("/v1/open-interest")
                                        .jsonPath()
                                        .getList("items.market")
                                        .containsAll(symbols));
    }

    private void announce(Market market) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            log.emit(
                    connection,
                    CATALOGUE,
                    List.of(
                            new Outgoing(
                                    Topics.MARKET_CHANGES.name(),
                                    Partitions.of(market.id()),
                                    null,
                                    EventCodec.encode(
                                            MarketChanged.class, new MarketChanged(market, 0)),
                                    null)));
            connection.commit();
        }
        log.committed(CATALOGUE);
        log.send(
                        new Outgoing(
                                Topics.MARKETS.name(),
                                Partitions.of(market.id()),
                                market.id().toString(),
                                EventCodec.encode(Market.class, market),
                                null))
                .toCompletableFuture()
                .join();
    }

    /** Begins, or begins again, to admit commands. */
    void startRisk() {
        riskLog = open("played-risk");
        riskLog.run(new PlayedRisk(), database);
    }

    /** Admits no more until started again; commands wait in the journal. */
    void stopRisk() {
        riskLog.close();
    }

    private Eventlog open(String service) {
        return Eventlog.open(
                EventlogSettings.of(service, service, bootstrapServers, new SimpleMeterRegistry()));
    }

    @Override
    public void close() {
        riskLog.close();
        log.close();
    }
}
