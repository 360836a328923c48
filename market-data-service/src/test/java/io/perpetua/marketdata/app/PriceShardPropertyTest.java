package io.perpetua.marketdata.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perpetua.contracts.marketdata.FundingRateSet;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.BookTop;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import io.perpetua.marketdata.domain.pricing.MarketPricing;
import io.perpetua.marketdata.domain.pricing.MarketSources;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prices, averages and funding go on, whichever way the wall clock steps. */
class PriceShardPropertyTest {
    private static final Market BTC = DemoMarkets.all().getFirst();
    private static final long START = 1_700_000_000_000L;
    private static final long TICK_MILLIS = 100;
    private static final int TICKS = 60_000;

    /** Less than half an interval of funding, so that the clock stays within one. */
    private static final int FURTHEST_MILLIS = 1_500_000;

    /** Two intervals and the ticks they wait for: the clock may be set back just before one. */
    private static final long LONGEST_WITHOUT_PRICE_MILLIS = 600;

    /** Since the last one, or since the clock was set back: the last one counts as taken then. */
    private static final long LONGEST_WITHOUT_SAMPLE_MILLIS = 5_000 + LONGEST_WITHOUT_PRICE_MILLIS;

    private final BookTops tops = new BookTops();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldGoOnWhicheverWayTheClockSteps(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<FundingRateSet> rates = new ArrayList<>();
        PriceShard shard = shard(null);
        long aheadMillis = 0;
        long pricedAt = 0;
        long sampledAt = 0;
        long samples = 0;
        for (int tick = 0; tick < TICKS; tick++) {
            long passed = tick * TICK_MILLIS;
            if (random.nextInt(300) == 0) {
                aheadMillis = random.nextInt(-FURTHEST_MILLIS, FURTHEST_MILLIS);
                sampledAt = passed;
            }
            long now = START + passed + aheadMillis;
            String at = "seed %d, tick %d".formatted(seed, tick);
            tops.put(top(tick, now));
            shard.tick(now, record -> {});

            rates.addAll(shard.takeRates());
            MarketPricing.State state = shard.takeStates().getFirst();
            if (!shard.takeUnpublished().isEmpty()) {
                pricedAt = passed;
                assertThat(state.twaps().hour().sampledAtMillis()).as(at).isEqualTo(now);
                assertThat(state.marks().basis().sampledAtMillis()).as(at).isEqualTo(now);
            }
            if (state.funding().samples() != samples) {
                samples = state.funding().samples();
                sampledAt = passed;
            }
            assertThat(passed - pricedAt).as(at).isLessThan(LONGEST_WITHOUT_PRICE_MILLIS);
            assertThat(passed - sampledAt).as(at).isLessThan(LONGEST_WITHOUT_SAMPLE_MILLIS);
            if (random.nextInt(1_000) == 0) {
                shard = shard(state);
            }
        }
        assertThat(rates)
                .as("seed %d", seed)
                .hasSizeGreaterThan(0)
                .extracting(FundingRateSet::intervalEndMillis)
                .doesNotHaveDuplicates();
    }

    /** A new one, or as a restart makes it. */
    private PriceShard shard(MarketPricing.@Nullable State state) {
        PriceShard shard =
                new PriceShard(
                        1,
                        new SmallRyeConfigBuilder()
                                .withMapping(MarketDataConfig.class)
                                .build()
                                .getConfigMapping(MarketDataConfig.class),
                        tops,
                        new OracleCounter(new SimpleMeterRegistry()),
                        new NewsTimes(2),
                        publication -> {});
        MarketSources simulated = MarketSources.simulated(1);
        shard.markets()
                .put(
                        BTC.id(),
                        state == null
                                ? MarketPricing.first(BTC, simulated)
                                : MarketPricing.restored(BTC, simulated, state));
        return shard;
    }

    private static BookTop top(long sequence, long atMillis) {
        return new BookTop(
                BTC.id(),
                sequence,
                Price.parse("46290"),
                Quantity.parse("1"),
                Price.parse("46310"),
                Quantity.parse("1"),
                Price.parse("46300"),
                atMillis,
                Price.parse("46290"),
                Price.parse("46310"),
                atMillis);
    }
}
