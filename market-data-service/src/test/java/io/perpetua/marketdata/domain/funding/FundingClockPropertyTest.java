package io.perpetua.marketdata.domain.funding;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.FundingRateSet;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Price;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import io.perpetua.marketdata.domain.funding.FundingClock.Impact;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Whatever becomes of a market's interval, positions pay {@code F8h x elapsed / 8 h} at a premium
 * that stays, but for the rounding of each rate; with outages, never more.
 */
class FundingClockPropertyTest {
    private static final Market BTC = DemoMarkets.all().getFirst();
    private static final Price ORACLE = Price.parse("10000");
    private static final long START = 480_000L * 3_600_000;
    private static final long STEP_MILLIS = 5_000;
    private static final int STEPS = 400_000;
    private static final long EIGHT_HOURS = 8L * 3_600_000;
    private static final int[] MINUTES = {1, 5, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1440};

    private final long seed = System.nanoTime() & 0xffffff;
    private final SplittableRandom random = new SplittableRandom(seed);
    private FundingClock clock = new FundingClock(FundingClock.State.EMPTY);
    private Market market = other();
    private final Impact impact =
            new Impact(new Price(ORACLE.units() + random.nextLong(ORACLE.units() / 200)), null);
    private BigInteger nanos = BigInteger.ZERO;
    private int rates;
    private long ratedMillis = START;

    @Test
    void shouldPayForTheTimeThatPassesWhateverLengthsIntervalsHave() {
        for (int step = 0; step < STEPS; step++) {
            advance(START + step * STEP_MILLIS);
        }

        assertThat(rates).as("seed %d", seed).isGreaterThan(100);
        assertThat(tooMuch(ratedMillis - START).abs())
                .as("seed %d", seed)
                .isLessThanOrEqualTo(BigDecimal.valueOf(rates));
    }

    @Test
    void shouldPayAtMostForTheTimeSinceTheRateBeforeWhenThereAreOutages() {
        long now = START;
        for (int step = 0; step < STEPS; step++) {
            now += random.nextInt(500) == 0 ? random.nextLong(12 * 3_600_000) : STEP_MILLIS;
            long beforeMillis = ratedMillis;
            nanos = BigInteger.ZERO;
            advance(now);
            assertThat(tooMuch(ratedMillis - beforeMillis))
                    .as("seed %d, step %d", seed, step)
                    .isLessThanOrEqualTo(BigDecimal.ONE);
        }

        assertThat(rates).as("seed %d", seed).isGreaterThan(100);
    }

    private void advance(long now) {
        if (random.nextInt(2_000) == 0) {
            market = other();
        }
        if (random.nextInt(1_000) == 0) {
            clock = new FundingClock(clock.state());
        }
        FundingRateSet rate = clock.advance(market, ORACLE, ORACLE, impact, null, now);
        if (rate != null) {
            nanos = nanos.add(BigInteger.valueOf(rate.rate().nanos()));
            rates++;
            ratedMillis = rate.intervalEndMillis();
        }
    }

    private Market other() {
        return OtherInterval.of(BTC, MINUTES[random.nextInt(MINUTES.length)] * 60_000L);
    }

    /** What was paid less {@code F8h x elapsed / 8 h}, in units of 1e-9. */
    private BigDecimal tooMuch(long elapsedMillis) {
        Premium premium = Premium.of(ORACLE, impact.bid(), impact.ask());
        BigInteger dueTimesEightHours =
                BigInteger.valueOf(FundingFormula.eightHourTrillionths(premium))
                        .multiply(BigInteger.valueOf(elapsedMillis));
        return new BigDecimal(
                        nanos.multiply(BigInteger.valueOf(EIGHT_HOURS * 1_000))
                                .subtract(dueTimesEightHours))
                .divide(BigDecimal.valueOf(EIGHT_HOURS * 1_000), RoundingMode.HALF_EVEN);
    }
}
