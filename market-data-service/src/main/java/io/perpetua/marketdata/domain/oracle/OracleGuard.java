package io.perpetua.marketdata.domain.oracle;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.PriceFault;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import org.jspecify.annotations.Nullable;

/**
 * Judges one market's index, in the order of ORCL:
 *
 * <ol>
 *   <li>zero or less;
 *   <li>more than five times from its average of an hour;
 *   <li>confidence above 2 % of the price, 4 % in markets of the lower tier, which are those with a
 *       leverage of at most 10;
 *   <li>no source recent;
 *   <li>fewer sources agree than must;
 *   <li>a jump: further from the last valid price than {@code maxPriceChange}. It is held, and
 *       confirmed by a second source that agrees, or by a later sample within {@code
 *       maxPriceChange} of it, which is then believed itself.
 * </ol>
 */
public final class OracleGuard {
    private static final Rate WIDEST_CONFIDENCE = Rate.ofBasisPoints(200);
    private static final Rate WIDEST_CONFIDENCE_OF_LOWER_TIER = Rate.ofBasisPoints(400);
    private static final int LOWER_TIER_LEVERAGE = 10;
    private static final long WIDEST_FACTOR = 5;

    private @Nullable Price believed;
    private @Nullable OracleSample held;

    /**
     * @param believed the last price believed before a restart, if any
     */
    public OracleGuard(@Nullable Price believed) {
        this.believed = believed;
    }

    /**
     * The verdict on {@code index}, by the limits of {@code market}.
     *
     * @param agreeing how many sources say so; 0 when none is recent
     * @param quorum how many must
     * @param hourly the average of an hour, or null when there is none
     */
    public OracleVerdict judge(
            Market market, OracleSample index, int agreeing, int quorum, @Nullable Price hourly) {
        if (index.priceUnits() <= 0) {
            return new OracleVerdict.Rejected(PriceFault.NON_POSITIVE);
        }
        Price price = new Price(index.priceUnits());
        if (hourly != null && isVolatile(price.units(), hourly.units())) {
            return new OracleVerdict.Rejected(PriceFault.VOLATILE);
        }
        boolean jumps = isJump(believed, price, market.maxPriceChange());
        if (index.confidenceUnits() > Shares.of(price, widestConfidence(market))) {
            return agreeing == 0 || agreeing < quorum || jumps
                    ? new OracleVerdict.Rejected(PriceFault.UNCERTAIN)
                    : new OracleVerdict.Tolerated(index, PriceFault.UNCERTAIN);
        }
        if (agreeing == 0) {
            return new OracleVerdict.Rejected(PriceFault.STALE);
        }
        if (agreeing < quorum) {
            return new OracleVerdict.Rejected(PriceFault.TOO_FEW_SOURCES);
        }
        if (jumps && agreeing < 2 && !isConfirmed(index, price, market.maxPriceChange())) {
            held = index;
            return new OracleVerdict.Rejected(PriceFault.JUMP_UNCONFIRMED);
        }
        believed = price;
        held = null;
        return new OracleVerdict.Believed(index);
    }

    private boolean isConfirmed(OracleSample index, Price price, Rate limit) {
        OracleSample before = held;
        return before != null
                && index.publishedAtMillis() > before.publishedAtMillis()
                && !isJump(new Price(before.priceUnits()), price, limit);
    }

    private static Rate widestConfidence(Market market) {
        return market.maxLeverage() <= LOWER_TIER_LEVERAGE
                ? WIDEST_CONFIDENCE_OF_LOWER_TIER
                : WIDEST_CONFIDENCE;
    }

    /** {@code units > 5 x average}, or the other way round, without a product. */
    private static boolean isVolatile(long units, long average) {
        return (units - 1) / WIDEST_FACTOR >= average || (average - 1) / WIDEST_FACTOR >= units;
    }

    private static boolean isJump(@Nullable Price from, Price to, Rate limit) {
        return from != null && Math.absExact(to.units() - from.units()) > Shares.of(from, limit);
    }
}
