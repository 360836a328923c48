package io.perpetua.risk.domain.margin;

import io.perpetua.contracts.marketdata.MarginTier;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import java.math.RoundingMode;
import java.util.List;

/**
 * A market's margin tiers, with the deductions that make maintenance margin continuous at their
 * bounds; always ascending, in lower bounds and in rates.
 *
 * <p>{@code MM = notional x mmr_tier - deduction_tier}, {@code deduction_0 = 0}, {@code deduction_n
 * = deduction_(n-1) + lower_n x (mmr_n - mmr_(n-1))}; so {@code MM} is also the largest of these
 * over all tiers. {@code IM = notional / leverage}, the leverage at most {@code 1 / imr_tier}.
 */
public final class MarginTiers {
    private final long[] lowerBoundMicros;
    private final Rate[] initialRates;
    private final Rate[] maintenanceRates;
    private final long[] deductionMicros;

    /** Tiers as the catalogue lists them. @throws IllegalArgumentException if rates fall */
    public MarginTiers(List<MarginTier> tiers) {
        int count = tiers.size();
        lowerBoundMicros = new long[count];
        initialRates = new Rate[count];
        maintenanceRates = new Rate[count];
        deductionMicros = new long[count];
        for (int i = 0; i < count; i++) {
            MarginTier tier = tiers.get(i);
            lowerBoundMicros[i] = tier.lowerBound().micros();
            initialRates[i] = tier.initialMargin();
            maintenanceRates[i] = tier.maintenanceMargin();
            if (i > 0) {
                deductionMicros[i] = deduction(i);
            }
        }
    }

    private long deduction(int tier) {
        if (maintenanceRates[tier].compareTo(maintenanceRates[tier - 1]) < 0
                || initialRates[tier].compareTo(initialRates[tier - 1]) < 0) {
            throw new IllegalArgumentException("margin rates don't fall from tier to tier");
        }
        Rate rise = maintenanceRates[tier].minus(maintenanceRates[tier - 1]);
        Usd bound = new Usd(lowerBoundMicros[tier]);
        return deductionMicros[tier - 1] + Amounts.share(bound, rise, RoundingMode.DOWN).micros();
    }

    /** How many there are. */
    int count() {
        return lowerBoundMicros.length;
    }

    /** The maintenance rate of one tier. */
    Rate maintenanceRate(int tier) {
        return maintenanceRates[tier];
    }

    /** The maintenance margin of {@code notional} by the rate of one tier, whichever is its own. */
    Usd maintenanceBy(int tier, Usd notional, RoundingMode rounding) {
        Usd share = Amounts.share(notional, maintenanceRates[tier], rounding);
        return new Usd(Math.subtractExact(share.micros(), deductionMicros[tier]));
    }

    private int tierOf(Usd notional) {
        int tier = lowerBoundMicros.length - 1;
        while (tier > 0 && notional.micros() < lowerBoundMicros[tier]) {
            tier--;
        }
        return tier;
    }

    /** What a position of {@code notional} must keep not to be liquidated. */
    public Usd maintenance(Usd notional, RoundingMode rounding) {
        return maintenanceBy(tierOf(notional), notional, rounding);
    }

    /** What opening a position of {@code notional} takes at {@code leverage}, rounded up. */
    public Usd initial(Usd notional, int leverage) {
        long byLeverage = Math.ceilDiv(notional.micros(), (long) leverage);
        Rate rate = initialRates[tierOf(notional)];
        return new Usd(
                Math.max(byLeverage, Amounts.share(notional, rate, RoundingMode.UP).micros()));
    }
}
