package io.perpetua.risk.domain.margin;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.PriceUse;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import java.math.RoundingMode;

/**
 * A version of a market with what its margin rules need worked out.
 *
 * @param definition as the catalogue has it
 * @param tiers its margin tiers
 */
public record MarketRules(Market definition, MarginTiers tiers) {
    /** The leverage of an account that has chosen none, where the market allows it. */
    public static final int DEFAULT_LEVERAGE = 10;

    private static final long NANOS_PER_ONE = 1_000_000_000L;

    /** Of a version of the catalogue. */
    public static MarketRules of(Market definition) {
        return new MarketRules(definition, new MarginTiers(definition.tiers()));
    }

    /**
     * The leverage that counts: the chosen one, or the default where that is 0; never above the
     * market's greatest, even if it was when it was chosen.
     */
    public int leverage(int chosen) {
        return Math.min(chosen == 0 ? DEFAULT_LEVERAGE : chosen, definition.maxLeverage());
    }

    /** Whether {@code mark} is recent and valid enough to take risk on. */
    public boolean isFresh(MarkPrice mark, long nowMillis) {
        return definition.isRecent(mark.atMillis(), nowMillis)
                && mark.permits(PriceUse.INCREASE_RISK);
    }

    /** The greatest price on the tick that is at most {@code units}, at least one tick. */
    public Price tickAtMost(long units) {
        long tick = definition.tick().units();
        return new Price(Math.max(tick, Math.floorDiv(units, tick) * tick));
    }

    /** The least price on the tick that is at least {@code units}, at least one tick. */
    public Price tickAtLeast(long units) {
        long tick = definition.tick().units();
        return new Price(Math.max(tick, Math.ceilDiv(units, tick) * tick));
    }

    /** The worst price of a market order: the mark moved by the slippage, inwards to the tick. */
    public Price marketOrderLimit(boolean buy, Price mark) {
        Rate slippage = definition.marketOrderSlippage();
        return buy
                ? tickAtMost(movedUnits(mark, slippage, RoundingMode.DOWN))
                : tickAtLeast(movedUnits(mark, slippage.negated(), RoundingMode.UP));
    }

    /** Whether {@code price} is as near to {@code mark} as orders must be. */
    public boolean isInBand(Price price, Price mark) {
        Rate band = definition.priceBand();
        return price.units() <= movedUnits(mark, band, RoundingMode.DOWN)
                && price.units() >= movedUnits(mark, band.negated(), RoundingMode.UP);
    }

    /** {@code mark x (1 + rate)} in price units; none or less for a rate of -1 or below. */
    private static long movedUnits(Price mark, Rate rate, RoundingMode rounding) {
        return Amounts.multiplyDivide(
                mark.units(), NANOS_PER_ONE + rate.nanos(), NANOS_PER_ONE, rounding);
    }
}
