package io.perpetua.marketdata.domain.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.SourcePrice;
import io.perpetua.contracts.value.Price;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A source that lies alone changes nothing, whatever it says and however much it weighs. */
class OracleIndexPropertyTest {
    private static final long SEED = 20_260_712;
    private static final long NOW = 1_000_000;
    private static final long LIMIT_MILLIS = 10_000;

    @Test
    void shouldStayWithinWhatTheOthersSayWhenOneLies() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 50_000; round++) {
            long truth = random.nextLong(1_000, 10_000_000_000_000L);
            List<OracleSource> sources = new ArrayList<>();
            long lowest = Long.MAX_VALUE;
            long highest = 0;
            for (int i = 2 + random.nextInt(4); i > 0; i--) {
                long price = truth + truth * random.nextInt(-24, 25) / 1_000;
                lowest = Math.min(lowest, price);
                highest = Math.max(highest, price);
                sources.add(source("honest-" + i, 1 + random.nextInt(10), price));
            }
            Price last = random.nextBoolean() ? null : new Price(anything(random));
            long honest = price(sources, last);
            sources.add(
                    random.nextInt(sources.size()),
                    source("liar", 1 + random.nextInt(1_000), lie(random, truth)));

            OracleIndex index = OracleIndex.of(sources, last, LIMIT_MILLIS, NOW);

            long said = price(sources, last);
            assertThat(said)
                    .as("seed %d, round %d: %s", SEED, round, index)
                    .isBetween(lowest, highest);
            if (index.sources().stream().anyMatch(OracleIndexPropertyTest::isLeftOut)) {
                assertThat(said).isEqualTo(honest);
            }
        }
    }

    private static boolean isLeftOut(SourcePrice source) {
        return source.name().equals("liar")
                && source.state() == io.perpetua.contracts.marketdata.SourceState.OUTLIER;
    }

    private static long price(List<OracleSource> sources, Price last) {
        OracleSample sample = OracleIndex.of(sources, last, LIMIT_MILLIS, NOW).sample();
        return sample == null ? 0 : sample.priceUnits();
    }

    private static long lie(SplittableRandom random, long truth) {
        return random.nextBoolean()
                ? Math.max(1, truth + truth * random.nextInt(-100, 100) / 1_000)
                : anything(random);
    }

    private static long anything(SplittableRandom random) {
        return random.nextLong(1, 1L << random.nextInt(1, 60));
    }

    private static OracleSource source(String name, int weight, long price) {
        OracleSample sample = new OracleSample(price, 0, name, NOW, 0);
        return new OracleSource(name, weight, LIMIT_MILLIS, now -> sample);
    }
}
