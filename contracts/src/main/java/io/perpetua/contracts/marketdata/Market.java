package io.perpetua.contracts.marketdata;

import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import java.math.RoundingMode;
import java.util.List;

/**
 * A market of the catalogue, in one version.
 *
 * <p>{@code tick} x {@code step} is a whole number of micros and the largest order at most 1e12
 * USD, so notional is exact. {@code tiers} are ascending, the first from 0, and their rates never
 * fall. {@code makerFee} may be negative. {@code marketOrderSlippage} bounds market orders, off the
 * mark; {@code priceBand} bounds limit orders, off the mark. {@code maxOpenInterest} counts one
 * side. {@code fundingCap} is how far from zero the rate of one interval may be, however long the
 * interval lasted.
 */
public record Market(
        MarketId id,
        String symbol,
        String baseAsset,
        String quoteAsset,
        MarketStatus status,
        long version,
        int maxLeverage,
        List<MarginTier> tiers,
        Rate liquidationFee,
        Rate takerFee,
        Rate makerFee,
        Price tick,
        Quantity step,
        Quantity minOrderSize,
        Quantity maxOrderSize,
        Quantity maxOpenInterest,
        Rate marketOrderSlippage,
        Rate priceBand,
        Usd impactNotional,
        Rate maxPriceChange,
        long stalenessMillis,
        long fundingIntervalMillis,
        Rate fundingCap,
        Rate insuranceContribution,
        String oracleId) {
    private static final Usd LARGEST_ORDER = Usd.ofDollars(1_000_000_000_000L);

    /** Refuses what would make notional inexact or a margin rule undefined. */
    public Market {
        tiers = List.copyOf(tiers);
        if (tiers.isEmpty() || tiers.getFirst().lowerBound().micros() != 0) {
            throw new IllegalArgumentException("tiers start at a lower bound of 0");
        }
        for (int i = 1; i < tiers.size(); i++) {
            MarginTier below = tiers.get(i - 1);
            MarginTier tier = tiers.get(i);
            if (tier.lowerBound().compareTo(below.lowerBound()) <= 0) {
                throw new IllegalArgumentException("tiers ascend by lower bound");
            }
            if (tier.initialMargin().compareTo(below.initialMargin()) < 0
                    || tier.maintenanceMargin().compareTo(below.maintenanceMargin()) < 0) {
                throw new IllegalArgumentException("margin rates don't fall from tier to tier");
            }
        }
        if (step.units() <= 0
                || minOrderSize.units() <= 0
                || minOrderSize.units() % step.units() != 0
                || maxOrderSize.compareTo(minOrderSize) < 0) {
            throw new IllegalArgumentException(
                    "step and minOrderSize are positive, minOrderSize a multiple of step and at most"
                            + " maxOrderSize");
        }
        if (maxLeverage < 1) {
            throw new IllegalArgumentException("maxLeverage is at least 1");
        }
        Amounts.notional(tick, step, RoundingMode.UNNECESSARY);
    }

    /** Whether {@code size} at {@code price} is within what any order may be worth. */
    public boolean carries(Price price, Quantity size) {
        try {
            return Amounts.notional(price, size.abs(), RoundingMode.UP).compareTo(LARGEST_ORDER)
                    <= 0;
        } catch (ArithmeticException tooLarge) {
            return false;
        }
    }

    /**
     * Whether what is of {@code atMillis} may be acted on at {@code nowMillis}: it is off by at
     * most the staleness limit, either way, because a clock that was ahead must not keep it for
     * ever.
     */
    public boolean isRecent(long atMillis, long nowMillis) {
        return Math.absExact(nowMillis - atMillis) <= stalenessMillis;
    }

    /** Micro-dollars of one tick on one step. */
    public long microsPerTickStep() {
        return Amounts.notional(tick, step).micros();
    }
}
