package io.perpetua.marketdata.domain.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.PriceFault;
import io.perpetua.contracts.value.Price;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import io.perpetua.marketdata.domain.oracle.NewestSample;
import io.perpetua.marketdata.domain.oracle.OracleSample;
import io.perpetua.marketdata.domain.oracle.OracleSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An hour of sources that are late, silent, repeat themselves and, one at a time, lie about price,
 * confidence and time; the process restarts now and then. After each update: what is valid is what
 * the honest ones say, what they agree on is valid, and sequences have no gap.
 */
class PriceSourcesSimulationTest {
    private static final Market BTC = DemoMarkets.all().getFirst();
    private static final long STALENESS_MILLIS = 5_000;
    private static final long STEP_MILLIS = 200;
    private static final int STEPS = 20_000;
    private static final long START = 1_700_000_000_000L;

    private static final class Source {
        private final String name;
        private final int weight;
        private final NewestSample newest = new NewestSample();
        private boolean honest = true;
        private long silentUntilMillis;

        Source(String name, int weight) {
            this.name = name;
            this.weight = weight;
        }

        private boolean counts(long nowMillis) {
            OracleSample sample = newest.sample(nowMillis);
            return sample != null
                    && sample.priceUnits() > 0
                    && nowMillis - sample.publishedAtMillis() <= STALENESS_MILLIS;
        }

        private long price(long nowMillis) {
            OracleSample sample = newest.sample(nowMillis);
            return sample == null ? 0 : sample.priceUnits();
        }
    }

    private final List<Source> sources = new ArrayList<>();
    private final List<Long> truths = new ArrayList<>();
    private SplittableRandom random = new SplittableRandom();
    private @Nullable Source liar;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldSayWhatTheHonestSay(long seed) {
        random = new SplittableRandom(seed);
        for (int i = 0; i < 4; i++) {
            sources.add(new Source("source-" + i, 1 + random.nextInt(4)));
        }
        MarketPricing pricing = MarketPricing.first(BTC, marketSources());
        long truth = Price.parse("60000").units();
        long sequence = 0;
        int valid = 0;
        int faults = 0;
        for (int step = 0; step < STEPS; step++) {
            long now = START + step * STEP_MILLIS;
            truth += truth / 1_000_000 * random.nextInt(-500, 501);
            truths.add(truth);
            changeMoods(now);
            for (Source source : sources) {
                speak(source, truth, now);
            }

            PriceUpdate update = pricing.update(null, now);

            if (update instanceof PriceUpdate.Priced priced) {
                sequence++;
                assertThat(priced.oracle().sequence()).isEqualTo(sequence);
                assertThat(priced.mark().sequence()).isEqualTo(sequence);
                check(priced, now, "seed " + seed + ", step " + step);
                valid += priced.oracle().fault() == null ? 1 : 0;
                faults += priced.oracle().fault() == null ? 0 : 1;
            }
            if (random.nextInt(500) == 0) {
                MarketPricing.State state = pricing.state();
                pricing =
                        state == null
                                ? pricing
                                : MarketPricing.restored(BTC, marketSources(), state);
            }
        }
        assertThat(valid).as("seed %d", seed).isGreaterThan(STEPS / 2);
        assertThat(faults).as("seed %d", seed).isGreaterThan(30);
    }

    /**
     * Two sources stamp what they say by our clock, two by one that nobody sets. Prices rise all
     * the while, so that one that stands still is soon far off.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldSayWhatTheHonestSayNowOrHaveAFaultWhenTheClockIsSet(long seed) {
        random = new SplittableRandom(seed);
        for (int i = 0; i < 4; i++) {
            sources.add(new Source("source-" + i, 1));
        }
        MarketPricing pricing = MarketPricing.first(BTC, marketSources());
        long truth = Price.parse("60000").units();
        long offset = 0;
        int setAt = 0;
        int valid = 0;
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(1_000) == 0) {
                offset = random.nextLong(-1_800_000, 1_800_001);
                setAt = step;
            }
            long steady = START + step * STEP_MILLIS;
            long now = steady + offset;
            truth += truth / 1_000_000 * random.nextInt(-400, 501);
            for (int i = 0; i < sources.size(); i++) {
                if (random.nextInt(4) > 0) {
                    Source source = sources.get(i);
                    long lag = random.nextLong(1_000);
                    OracleSample sample =
                            new OracleSample(
                                    truth + truth / 10_000 * random.nextInt(-10, 11),
                                    truth / 5_000,
                                    source.name,
                                    (i < 2 ? now : steady) - lag,
                                    0);
                    source.newest.offer(sample, now);
                }
            }

            PriceUpdate.Priced priced = (PriceUpdate.Priced) pricing.update(null, now);

            String at = "seed " + seed + ", step " + step;
            if (priced.oracle().fault() == null) {
                valid++;
                assertThat(Math.abs(priced.oracle().price().units() - truth))
                        .as(at)
                        .isLessThan(truth / 20);
            } else {
                assertThat((step - setAt) * STEP_MILLIS).as(at).isLessThan(STALENESS_MILLIS);
            }
        }
        assertThat(valid).as("seed %d", seed).isGreaterThan(STEPS * 9 / 10);
    }

    private MarketSources marketSources() {
        List<OracleSource> all =
                sources.stream()
                        .map(
                                source ->
                                        new OracleSource(
                                                source.name,
                                                source.weight,
                                                STALENESS_MILLIS,
                                                source.newest))
                        .toList();
        return new MarketSources(null, all, 2, List.of());
    }

    private void changeMoods(long now) {
        for (Source source : sources) {
            if (random.nextInt(300) == 0) {
                source.silentUntilMillis = now + random.nextInt(30_000);
            }
        }
        Source lying = liar;
        boolean isGone = lying == null || lying.honest || !lying.counts(now);
        if (isGone && random.nextInt(100) == 0) {
            liar = sources.get(random.nextInt(sources.size()));
        } else if (random.nextInt(50) == 0) {
            liar = lying != null && isGone ? null : lying;
        }
    }

    private void speak(Source source, long truth, long now) {
        if (now < source.silentUntilMillis || random.nextInt(4) == 0) {
            return;
        }
        if (source == liar && random.nextInt(3) > 0) {
            long lie =
                    random.nextBoolean()
                            ? random.nextLong(-10, 1L << 50)
                            : truth + truth / 1_000 * random.nextInt(-80, 81);
            NewestSample.Outcome outcome =
                    source.newest.offer(
                            new OracleSample(
                                    lie,
                                    random.nextLong(1L << 50),
                                    source.name,
                                    now + random.nextInt(-3_000, 10_000),
                                    0),
                            now);
            source.honest &= outcome != NewestSample.Outcome.TAKEN;
            return;
        }
        int stepsAgo = Math.min(truths.size() - 1, random.nextInt(10));
        long then = truths.get(truths.size() - 1 - stepsAgo);
        NewestSample.Outcome outcome =
                source.newest.offer(
                        new OracleSample(
                                then + then / 10_000 * random.nextInt(-10, 11),
                                then / 5_000,
                                source.name,
                                now - stepsAgo * STEP_MILLIS,
                                0),
                        now);
        source.honest |= outcome == NewestSample.Outcome.TAKEN;
    }

    private void check(PriceUpdate.Priced priced, long now, String at) {
        List<Long> honest = new ArrayList<>();
        boolean hasLie = false;
        for (Source source : sources) {
            if (source.counts(now)) {
                if (source.honest) {
                    honest.add(source.price(now));
                } else {
                    hasLie = true;
                }
            }
        }
        PriceFault fault = priced.oracle().fault();
        long price = priced.oracle().price().units();
        if (honest.size() >= 2) {
            long lowest = honest.stream().mapToLong(Long::longValue).min().orElseThrow();
            long highest = honest.stream().mapToLong(Long::longValue).max().orElseThrow();
            assertThat(fault).as(at).isNull();
            assertThat(price).as(at).isBetween(lowest, highest);
        } else if (honest.size() == 1 && hasLie) {
            if (fault == null) {
                long only = honest.getFirst();
                assertThat(Math.abs(price - only)).as(at).isLessThan(only / 18);
            }
        } else {
            assertThat(fault).as(at).isNotNull();
        }
        assertThat(priced.mark().fault()).as(at).isEqualTo(fault);
        assertThat(priced.mark().mark().units() % BTC.tick().units()).as(at).isZero();
        assertThat(fault == null ? now : priced.mark().atMillis())
                .as(at)
                .isEqualTo(priced.mark().atMillis());
    }
}
