package io.perpetua.marketdata.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Usd;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import io.perpetua.marketdata.domain.oracle.Bar;
import io.perpetua.marketdata.domain.oracle.NewestSample;
import io.perpetua.marketdata.domain.oracle.OracleSample;
import io.perpetua.marketdata.domain.oracle.OracleSource;
import io.perpetua.marketdata.domain.pricing.MarketPricing;
import io.perpetua.marketdata.domain.pricing.MarketSources;
import io.perpetua.marketdata.domain.pricing.PriceUpdate;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class PriceShardTest {
    private static final Market BTC = DemoMarkets.all().getFirst();
    private static final long NOW = 1_700_000_000_000L;

    private final NewestSample source = new NewestSample();
    private final List<PriceUpdate.Priced> prompt = new ArrayList<>();
    private final NewsTimes news = new NewsTimes(2);
    private PriceShard shard = shard();

    private PriceShard shard() {
        return new PriceShard(
                1,
                new SmallRyeConfigBuilder()
                        .withMapping(MarketDataConfig.class)
                        .build()
                        .getConfigMapping(MarketDataConfig.class),
                new BookTops(),
                new OracleCounter(new SimpleMeterRegistry()),
                news,
                publication -> prompt.add(publication.prices()));
    }

    private MarketSources sources() {
        return new MarketSources(
                null, List.of(new OracleSource("one", 1, 60_000, source)), 1, List.of());
    }

    @BeforeEach
    void list() {
        shard.markets().put(BTC.id(), MarketPricing.first(BTC, sources()));
    }

    @Test
    void shouldPublishAtOnceOnlyWhenALastingCommitKnowsOfTheMarket() {
        say("46000", 0);
        assertThat(shard.changedByTick()).isTrue();
        say("46100", 20);
        assertThat(prompt).isEmpty();
        assertThat(shard.mustLast()).isTrue();
        commit();
        assertThat(shard.mustLast()).isFalse();

        say("46200", 40);

        assertThat(prompt).hasSize(1);
        assertThat(prompt.getFirst().mark().mark()).isEqualTo(Price.parse("46200"));
        assertThat(prompt.getFirst().mark().sequence()).isEqualTo(2);
        assertThat(shard.changedByTick()).isFalse();
    }

    @Test
    void shouldLeaveTheRestToTheIntervalWhenTheBudgetOfAMarketIsSpent() {
        say("46000", 0);
        commit();

        for (int i = 1; i <= 12; i++) {
            say(Integer.toString(46_000 + 50 * i), 3L * i);
        }
        assertThat(prompt).hasSize(10);
        say("46700", 160);

        assertThat(prompt).hasSize(11);
        assertThat(prompt.getLast().mark().mark()).isEqualTo(Price.parse("46700"));
    }

    @Test
    void shouldTellSinceWhenTheNewsWaitedThatAPriceWasMadeOf() {
        news.heard(7);
        news.heard(8);
        say("46000", 0);
        say("46000", 200);
        shard.tick(NOW + 400, record -> {});
        news.heard(9);
        say("46100", 600);

        assertThat(shard.takeUnpublished())
                .extracting(PriceShard.Publication::heardAtNanos)
                .containsExactly(7L, NewsTimes.NONE, NewsTimes.NONE, 9L);
    }

    @Test
    void shouldGoOnWithItsIntervalsWhenTheClockIsSetBack() {
        for (long after = 0; after <= 1_000; after += 100) {
            say("46000", after);
        }
        int before = shard.takeUnpublished().size();

        for (long after = 0; after <= 1_000; after += 100) {
            say("46000", after - 3_600_000);
        }

        assertThat(shard.takeUnpublished().size()).isBetween(before - 1, before + 1);
    }

    @Test
    void shouldSaveOnceASecondAlsoWhenTheClockIsSetBack() {
        say("46000", 0);
        commit();

        List<Long> saved = new ArrayList<>();
        for (long after = 100; after <= 3_000; after += 100) {
            say("46000", after);
            if (shard.changedByTick()) {
                saved.add(after);
            }
        }
        for (long after = 0; after <= 3_000; after += 100) {
            say("46000", after - 3_600_000);
            if (shard.changedByTick()) {
                saved.add(after);
            }
        }

        assertThat(saved).containsExactly(1_000L, 2_000L, 3_000L, 0L, 1_000L, 2_000L, 3_000L);
        assertThat(prompt).hasSizeBetween(28, 32);
        assertThat(shard.takeUnpublished()).isEmpty();
    }

    @Test
    void shouldPublishNoBarBeforeTheCommitThatSaysThatItWasPlayed() {
        say("46000", 0);
        commit();
        Price price = Price.parse("47000");
        MarketPricing market = shard.markets().get(BTC.id());
        market.replay().speed(1_000_000);
        market.replay().append(List.of(new Bar(60_000, price, price, price, price, Usd.ZERO)));

        say("46000", 200);

        assertThat(prompt).isEmpty();
        assertThat(shard.changedByTick()).isTrue();
        assertThat(shard.takeUnpublished()).hasSize(1);
    }

    @Test
    void shouldReadAgainEachSecondWhenTheClockIsSetBack() {
        say("46000", 0);
        assertThat(shard.isRefreshDue()).isTrue();
        say("46000", 900);
        assertThat(shard.isRefreshDue()).isFalse();
        say("46000", -3_600_000);
        assertThat(shard.isRefreshDue()).isTrue();
        say("46000", -3_599_100);
        assertThat(shard.isRefreshDue()).isFalse();

        say("46000", -3_599_000);

        assertThat(shard.isRefreshDue()).isTrue();
    }

    /** A commit that need not last is taken back with the database, now and then. */
    @RepeatedTest(20)
    void shouldIssueNoSequenceTwiceWhereverItsOwnerIsKilled() {
        long seed = ThreadLocalRandom.current().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        List<MarketPricing.State> stored = new ArrayList<>();
        long after = 0;
        for (int owner = 0; owner < 20; owner++) {
            for (int step = random.nextInt(60); step > 0; step--) {
                after += random.nextInt(1, 120);
                say(Integer.toString(46_000 + random.nextInt(200)), after);
                if (shard.changedByTick()) {
                    boolean lasts = shard.mustLast();
                    List<MarketPricing.State> states = shard.takeStates();
                    if (lasts) {
                        stored.clear();
                        shard.last();
                    }
                    stored.addAll(states);
                    shard.takeUnpublished().forEach(price -> prompt.add(price.prices()));
                }
            }
            if (stored.size() > 1 && random.nextInt(3) == 0) {
                stored.removeLast();
            }
            shard = shard();
            shard.markets()
                    .put(
                            BTC.id(),
                            stored.isEmpty()
                                    ? MarketPricing.first(BTC, sources())
                                    : MarketPricing.restored(
                                            BTC,
                                            sources(),
                                            stored.getLast().leavingOut(PriceShard.RESERVED)));
        }

        List<Long> sequences = prompt.stream().map(price -> price.mark().sequence()).toList();
        assertThat(sequences).as("seed %d", seed).isSorted().doesNotHaveDuplicates();
    }

    private void commit() {
        shard.takeStates();
        shard.last();
        shard.takeUnpublished();
    }

    private void say(String price, long afterMillis) {
        long at = NOW + afterMillis;
        source.offer(new OracleSample(Price.parse(price).units(), 0, "one", at, afterMillis), at);
        shard.tick(at, record -> {});
    }
}
