package io.perpetua.marketdata.domain.funding;

import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Price;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * How far a book stands above the index, as a share of it, by FUND: {@code [max(impactBid - oracle,
 * 0) - max(oracle - impactAsk, 0)] / oracle}. A side that can't fill the impact notional adds 0.
 *
 * @param trillionths the share in units of 1e-12, rounded half even
 */
public record Premium(long trillionths) {
    /** Units of a whole. */
    static final long ONE = 1_000_000_000_000L;

    /** Of one look at a book. */
    public static Premium of(Price oracle, @Nullable Price impactBid, @Nullable Price impactAsk) {
        long above = impactBid == null ? 0 : Math.max(impactBid.units() - oracle.units(), 0);
        long below = impactAsk == null ? 0 : Math.max(oracle.units() - impactAsk.units(), 0);
        return new Premium(
                Amounts.multiplyDivide(above - below, ONE, oracle.units(), RoundingMode.HALF_EVEN));
    }
}
