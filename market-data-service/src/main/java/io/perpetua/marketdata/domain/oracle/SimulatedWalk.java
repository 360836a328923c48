package io.perpetua.marketdata.domain.oracle;

import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.SplittableRandom;

/**
 * A geometric random walk: each step multiplies the price by 1 + a normal rate of the given
 * standard deviation. A step is a function of seed, market, step number and the price before it, so
 * equal seeds walk equal paths. Prices are multiples of the tick and stay within a factor of 20 of
 * where the market's walk began; a step that would leave that range is not taken.
 */
public final class SimulatedWalk implements OracleFeed {
    /** The source its samples name. */
    public static final String SOURCE = "simulated";

    private static final long WIDEST_FACTOR = 20;
    private static final int UNIFORMS = 12;

    /** Odd and not the generator's own increment, so that neighbouring steps share no numbers. */
    private static final long STEP_SPREAD = 0xd1342543de82ef95L;

    private static final int MARKET_SHIFT = 40;

    private final long seed;
    private final MarketId market;
    private final Rate deviationPerStep;
    private final Price tick;
    private final long lowestUnits;
    private final long highestUnits;
    private Price price;
    private long step;

    /**
     * @param origin where the walk of this market began
     * @param price where it stands after {@code step} steps
     */
    public SimulatedWalk(
            long seed,
            MarketId market,
            Rate deviationPerStep,
            Price tick,
            Price origin,
            Price price,
            long step) {
        this.seed = seed;
        this.market = market;
        this.deviationPerStep = deviationPerStep;
        this.tick = tick;
        this.lowestUnits = Math.max(tick.units(), origin.units() / WIDEST_FACTOR);
        this.highestUnits = Math.multiplyExact(origin.units(), WIDEST_FACTOR);
        this.price = price;
        this.step = step;
    }

    @Override
    public OracleSample sample(long nowMillis) {
        return OracleSample.madeHere(next(), SOURCE, nowMillis);
    }

    /** Takes one step and returns the price there. */
    public Price next() {
        step++;
        Rate move =
                new Rate(
                        Amounts.multiplyDivide(
                                deviationPerStep.nanos(),
                                normalMillionths(),
                                1_000_000,
                                RoundingMode.HALF_EVEN));
        long moved =
                BigDecimal.valueOf(price.units())
                        .multiply(BigDecimal.ONE.add(BigDecimal.valueOf(move.nanos(), Rate.SCALE)))
                        .divide(BigDecimal.valueOf(tick.units()), 0, RoundingMode.HALF_EVEN)
                        .longValueExact();
        long units = Math.multiplyExact(moved, tick.units());
        boolean leaves =
                (units < lowestUnits && units < price.units())
                        || (units > highestUnits && units > price.units());
        if (!leaves) {
            price = new Price(units);
        }
        return price;
    }

    /** Goes on from {@code from}, as after a replay has ended there. */
    public void moveTo(Price from) {
        price = from;
    }

    /** How many steps were taken since the walk began. */
    public long step() {
        return step;
    }

    /** Where it stands. */
    public Price price() {
        return price;
    }

    /** A sum of twelve uniforms less six: mean 0, deviation 1, never beyond 6, in millionths. */
    private long normalMillionths() {
        SplittableRandom random =
                new SplittableRandom(
                        seed ^ (step * STEP_SPREAD) ^ ((long) market.value() << MARKET_SHIFT));
        long sum = -UNIFORMS / 2 * 1_000_000L;
        for (int i = 0; i < UNIFORMS; i++) {
            sum += random.nextInt(1_000_001);
        }
        return sum;
    }
}
