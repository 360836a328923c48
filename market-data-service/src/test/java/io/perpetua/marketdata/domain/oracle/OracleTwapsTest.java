package io.perpetua.marketdata.domain.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.perpetua.contracts.value.Price;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OracleTwapsTest {
    private static final long START = 1_700_000_000_000L;
    private static final long FIVE_MINUTES = 300_000;
    private static final long HOUR = 3_600_000;

    private OracleTwaps twaps = new OracleTwaps(OracleTwaps.State.EMPTY);

    /** {@code num = num·e^(-t/τ) + x·t}, {@code den = den·e^(-t/τ) + t}, value {@code num/den}. */
    private static final class Formula {
        private final double period;
        private double num;
        private double den;

        Formula(double period) {
            this.period = period;
        }

        void add(double price, double elapsed) {
            double decay = Math.exp(-elapsed / period);
            num = num * decay + price * elapsed;
            den = den * decay + elapsed;
        }

        double value() {
            return num / den;
        }
    }

    @ParameterizedTest
    @Tag("ORCL")
    @ValueSource(longs = {1, 2, 3})
    void shouldBeTheAveragesOfTheFormulaAlsoAfterRestarts(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Formula fiveMinutes = new Formula((double) FIVE_MINUTES);
        Formula hour = new Formula((double) HOUR);
        double price = 60_000e8;
        long now = START;
        twaps.add(new Price((long) price), now);
        for (int i = 0; i < 20_000; i++) {
            long elapsed = 200 + random.nextLong(i % 100 == 0 ? 200_000 : 400);
            now += elapsed;
            price *= 1 + (random.nextDouble() - 0.5) / 500;
            twaps.add(new Price((long) price), now);
            fiveMinutes.add(price, (double) elapsed);
            hour.add(price, (double) elapsed);
            if (i % 500 == 0) {
                twaps = new OracleTwaps(twaps.state());
            }

            assertThat(twaps.fiveMinutes(now))
                    .as("seed %d, step %d", seed, i)
                    .satisfies(average -> isNear(average, fiveMinutes.value()));
            assertThat(twaps.hour(now))
                    .as("seed %d, step %d", seed, i)
                    .satisfies(average -> isNear(average, hour.value()));
        }
    }

    private static void isNear(Price average, double value) {
        assertThat((double) average.units()).isCloseTo(value, within(value / 1e7));
    }

    /** {@code (100·e^(-300/τ)·10 + 110·300) / (10·e^(-300/τ) + 300)} by a pocket calculator. */
    @Test
    @Tag("ORCL")
    void shouldFollowANewPriceAsFastAsItsPeriodSays() {
        twaps.add(Price.parse("100"), START);
        twaps.add(Price.parse("100"), START + 10_000);
        twaps.add(Price.parse("110"), START + 310_000);

        long now = START + 310_000;
        assertThat(twaps.fiveMinutes(now)).satisfies(average -> isNear(average, 109.878859e8));
        assertThat(twaps.hour(now)).satisfies(average -> isNear(average, 109.702444e8));
    }

    @Test
    @Tag("ORCL")
    void shouldBeVoidOnceNotSampledForTheWholePeriod() {
        twaps.add(Price.parse("100"), START);
        assertThat(twaps.fiveMinutes(START)).as("one sample lasted no time").isNull();
        long last = START + 200;
        twaps.add(Price.parse("100"), last);

        assertThat(twaps.fiveMinutes(last + FIVE_MINUTES)).isEqualTo(Price.parse("100"));
        assertThat(twaps.fiveMinutes(last + FIVE_MINUTES + 1)).isNull();
        assertThat(twaps.hour(last + FIVE_MINUTES + 1)).isEqualTo(Price.parse("100"));
        assertThat(twaps.hour(last + HOUR)).isEqualTo(Price.parse("100"));
        assertThat(twaps.hour(last + HOUR + 1)).isNull();
        twaps.add(Price.parse("200"), last + HOUR + 200);
        assertThat(twaps.fiveMinutes(last + HOUR + 200))
                .as("what is left of an hour ago is e^-12")
                .satisfies(average -> isNear(average, 200e8));
    }
}
