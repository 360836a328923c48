package io.perpetua.risk.domain.margin;

import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * The mark at which a position's account falls to its maintenance margin, all else unchanged. For
 * display: what decides a liquidation is equity against maintenance.
 *
 * <p>{@code liq = p - side x available / |s| / (1 - mmr x side)}, by the tier at the liquidation
 * price. Equity less maintenance margin is the least of its tiers' straight lines (see {@link
 * MarginTiers}), so the tier that applies is the one whose solution is reached first: the highest
 * for a long, the lowest for a short.
 */
public final class LiquidationPrice {
    private static final BigInteger PRICE_UNITS_PER_MICRO_SIZE =
            BigInteger.TEN.pow(Price.SCALE + Quantity.SCALE - Usd.SCALE);
    private static final long NANOS_PER_ONE = 1_000_000_000L;

    private LiquidationPrice() {}

    /**
     * Of a position in a cross-margined account.
     *
     * @param size signed, not 0
     * @param price the mark that {@code equity} and {@code othersMaintenance} are at
     * @param equity of the account
     * @param othersMaintenance the maintenance margin of the account's other positions
     * @param rounding of the maintenance margin; {@code UP} is against the account
     * @return null where no positive price does it
     */
    public static @Nullable Price cross(
            Quantity size,
            Price price,
            Usd equity,
            Usd othersMaintenance,
            MarginTiers tiers,
            RoundingMode rounding) {
        return of(size, price, equity.minus(othersMaintenance), tiers, rounding);
    }

    /**
     * Of a position with a margin of its own.
     *
     * @param price the mark, or the entry price
     * @param margin what the position has at that price
     * @return null where no positive price does it
     */
    public static @Nullable Price isolated(
            Quantity size, Price price, Usd margin, MarginTiers tiers, RoundingMode rounding) {
        return of(size, price, margin, tiers, rounding);
    }

    private static @Nullable Price of(
            Quantity size, Price price, Usd margin, MarginTiers tiers, RoundingMode rounding) {
        Usd notional = Amounts.notional(price, size.abs(), RoundingMode.UP);
        boolean isLong = size.signum() > 0;
        BigInteger first = null;
        for (int tier = 0; tier < tiers.count(); tier++) {
            Usd available = margin.minus(tiers.maintenanceBy(tier, notional, rounding));
            BigInteger distance = distance(available, size, tiers.maintenanceRate(tier));
            BigInteger units = BigInteger.valueOf(price.units());
            BigInteger solution = isLong ? units.subtract(distance) : units.add(distance);
            if (first == null) {
                first = solution;
            } else {
                first = isLong ? first.max(solution) : first.min(solution);
            }
        }
        return first == null || first.signum() <= 0 || first.bitLength() > 63
                ? null
                : new Price(first.longValueExact());
    }

    /** {@code available / |s| / (1 - mmr x side)} in price units, rounded down. */
    private static BigInteger distance(Usd available, Quantity size, Rate maintenance) {
        BigInteger numerator =
                BigInteger.valueOf(available.micros())
                        .multiply(PRICE_UNITS_PER_MICRO_SIZE)
                        .multiply(BigInteger.valueOf(NANOS_PER_ONE));
        BigInteger denominator =
                BigInteger.valueOf(size.abs().units())
                        .multiply(
                                BigInteger.valueOf(
                                        NANOS_PER_ONE - size.signum() * maintenance.nanos()));
        BigInteger[] parts = numerator.divideAndRemainder(denominator);
        return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }
}
