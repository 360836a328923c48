package io.perpetua.marketdata.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Usd;
import io.perpetua.eventlog.Writes;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import io.perpetua.marketdata.domain.oracle.Bar;
import io.perpetua.marketdata.domain.oracle.BarReplay;
import io.perpetua.marketdata.persistence.CatalogueStore;
import io.perpetua.marketdata.persistence.FundingOverrideStore;
import io.perpetua.marketdata.persistence.FundingStore;
import io.perpetua.marketdata.persistence.PriceStore;
import io.perpetua.marketdata.persistence.ReplayStore;
import io.perpetua.testkit.Backends;
import io.perpetua.testkit.Database;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Where prices stand, as the next owner of a shard finds it. */
class PriceShardsIT {
    private static final Market BTC = DemoMarkets.all().getFirst();
    private static final long NOW = 1_700_000_000_000L;
    private static final long INTERVAL_MILLIS = 200;

    private final CatalogueStore catalogue = new CatalogueStore();
    private final ReplayStore replays = new ReplayStore();
    private final PGSimpleDataSource database = new PGSimpleDataSource();
    private PriceShards group;

    @BeforeEach
    void migrate() {
        Database made = Backends.shared().createDatabase();
        Flyway.configure()
                .dataSource(made.jdbcUrl(), "market_data_owner", made.password())
                .defaultSchema("market_data")
                .createSchemas(false)
                .locations("db/eventlog", "db/migration")
                .load()
                .migrate();
        database.setUrl(made.jdbcUrl());
        database.setUser("market_data_shard");
        database.setPassword(made.password());
        database.setCurrentSchema("market_data");
        MarketDataConfig config =
                new SmallRyeConfigBuilder()
                        .withMapping(MarketDataConfig.class)
                        .build()
                        .getConfigMapping(MarketDataConfig.class);
        group =
                new PriceShards(
                        null,
                        config,
                        new BookTops(),
                        new PriceSources(config),
                        new OracleCounter(new SimpleMeterRegistry()),
                        catalogue,
                        new PriceStore(),
                        new FundingStore(),
                        new FundingOverrideStore(),
                        replays,
                        new SimpleMeterRegistry());
    }

    /** An owner dies after some intervals, in the middle of the second in which bars are read. */
    @Test
    void shouldPlayEachBarOnceWhicheverOwnerIsKilled() throws SQLException {
        List<String> expected = new ArrayList<>();
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            catalogue.add(
                    connection,
                    new CatalogueStore.StoredVersion(BTC, NOW, NOW, "one", "a test", true, null));
            catalogue.putInForce(connection, List.of(BTC));
            replays.setSpeed(connection, BTC.id(), 2_500_000);
            List<Bar> bars = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                Price price = Price.parse(Integer.toString(46_000 + i));
                bars.add(new Bar(60_000L * i, price, price, price, price, Usd.ZERO));
                expected.addAll(List.of(price.toString(), price.toString()));
            }
            replays.append(connection, BTC.id(), bars);
            connection.commit();
        }

        List<String> played = new ArrayList<>();
        long now = NOW;
        for (int owner = 0; owner < 6; owner++) {
            PriceShard shard = group.create(Partitions.of(BTC.id()));
            transact(connection -> group.load(List.of(shard), connection));
            for (int interval = 0; interval < 4; interval++) {
                now += INTERVAL_MILLIS;
                shard.tick(now, record -> {});
                transact(
                        connection -> {
                            Writes writes = new Writes();
                            group.flush(List.of(shard), connection, writes);
                            writes.execute(connection);
                        });
                shard.takeUnpublished().stream()
                        .map(PriceShard.Publication::prices)
                        .filter(price -> price.oracle().source().equals(BarReplay.SOURCE))
                        .forEach(price -> played.add(price.oracle().price().toString()));
            }
        }

        assertThat(played).isEqualTo(expected);
    }

    private interface Work {
        void in(Connection connection) throws SQLException;
    }

    private void transact(Work work) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            work.in(connection);
            connection.commit();
        }
    }
}
