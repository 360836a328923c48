package io.perpetua.marketdata.domain.funding;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Price;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import io.perpetua.testkit.Backends;
import io.perpetua.testkit.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.SplittableRandom;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The arithmetic of funding in SQL is that in Java. */
class FundingFunctionIT {
    private static final Market BTC = DemoMarkets.all().getFirst();
    private static Database database;

    @BeforeAll
    static void migrate() {
        database = Backends.shared().createDatabase();
        Flyway.configure()
                .dataSource(database.jdbcUrl(), "market_data_owner", database.password())
                .defaultSchema("market_data")
                .createSchemas(false)
                .locations("db/eventlog", "db/migration")
                .load()
                .migrate();
    }

    private static final class Functions implements AutoCloseable {
        private final Connection api;
        private final PreparedStatement premium;
        private final PreparedStatement rate;

        Functions() throws SQLException {
            api = database.connect("market_data_api");
            premium = api.prepareStatement("select market_data.calculate_premium(?, ?, ?)");
            rate = api.prepareStatement("select market_data.calculate_funding_rate(?, ?, ?)");
        }

        long premium(Price oracle, @Nullable Price bid, @Nullable Price ask) throws SQLException {
            premium.setLong(1, oracle.units());
            premium.setObject(2, bid == null ? null : bid.units(), Types.BIGINT);
            premium.setObject(3, ask == null ? null : ask.units(), Types.BIGINT);
            return number(premium);
        }

        long rate(long trillionths, Market market) throws SQLException {
            rate.setLong(1, trillionths);
            rate.setLong(2, market.fundingIntervalMillis());
            rate.setLong(3, market.fundingCap().nanos());
            return number(rate);
        }

        private static long number(PreparedStatement statement) throws SQLException {
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }

        @Override
        public void close() throws SQLException {
            api.close();
        }
    }

    @Test
    @Tag("FUND-1")
    void shouldChargeLessTheClampWhenThePremiumIsWide() throws SQLException {
        try (Functions sql = new Functions()) {
            long premium = sql.premium(Price.parse("10000"), Price.parse("10100"), null);

            assertThat(premium).as("1 %").isEqualTo(10_000_000_000L);
            assertThat(sql.rate(premium, BTC)).as("0.11875 %").isEqualTo(1_187_500);
            assertThat(sql.rate(900_000_000_000L, BTC)).as("the cap").isEqualTo(40_000_000);
            assertThat(sql.rate(-900_000_000_000L, BTC)).as("the cap").isEqualTo(-40_000_000);
        }
    }

    @Test
    void shouldBeWhatJavaCalculates() throws SQLException {
        long seed = System.nanoTime() & 0xffffff;
        SplittableRandom random = new SplittableRandom(seed);
        try (Functions sql = new Functions()) {
            for (int i = 0; i < 1_000; i++) {
                Price oracle = new Price(random.nextLong(1, 10_000_000_000_000L));
                Price bid = near(oracle, random);
                Price ask = near(oracle, random);
                Premium premium = Premium.of(oracle, bid, ask);

                assertThat(sql.premium(oracle, bid, ask))
                        .as("seed %d: %s, %s, %s", seed, oracle, bid, ask)
                        .isEqualTo(premium.trillionths());
                long mean = i % 2 == 0 ? premium.trillionths() : random.nextLong(-2_000, 2_000) * 4;
                assertThat(sql.rate(mean, BTC))
                        .as("seed %d: %d", seed, mean)
                        .isEqualTo(
                                FundingFormula.ofInterval(
                                                BTC, BTC.fundingIntervalMillis(), new Premium(mean))
                                        .nanos());
            }
        }
    }

    private static @Nullable Price near(Price oracle, SplittableRandom random) {
        return random.nextInt(5) == 0
                ? null
                : new Price(
                        Math.max(
                                1,
                                oracle.units()
                                        + random.nextLong(
                                                -oracle.units() / 50 - 1,
                                                oracle.units() / 50 + 1)));
    }
}
