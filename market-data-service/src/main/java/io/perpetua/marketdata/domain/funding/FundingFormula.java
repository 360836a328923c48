package io.perpetua.marketdata.domain.funding;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Rate;
import java.math.RoundingMode;

/**
 * The funding rate of a mean premium, by FUND: of eight hours {@code F8h = P + clamp(0.01 % - P,
 * ±0.05 %)}; of an interval the part of the eight hours that it lasted, rounded half even to 1e-9,
 * and within plus or minus the market's cap of an interval.
 */
final class FundingFormula {
    private static final long INTEREST_TRILLIONTHS = Premium.ONE / 10_000;
    private static final long CLAMP_TRILLIONTHS = 5 * Premium.ONE / 10_000;
    private static final long TRILLIONTHS_PER_NANO = 1_000;
    private static final long EIGHT_HOURS_MILLIS = 28_800_000;

    private FundingFormula() {}

    /** {@code F8h} in units of 1e-12. */
    static long eightHourTrillionths(Premium mean) {
        long interest =
                Math.clamp(
                        INTEREST_TRILLIONTHS - mean.trillionths(),
                        -CLAMP_TRILLIONTHS,
                        CLAMP_TRILLIONTHS);
        return mean.trillionths() + interest;
    }

    /** The rate that a position pays for one interval of {@code market} that lasts so long. */
    static Rate ofInterval(Market market, long lastsMillis, Premium mean) {
        long nanos =
                Amounts.multiplyDivide(
                        eightHourTrillionths(mean),
                        lastsMillis,
                        EIGHT_HOURS_MILLIS * TRILLIONTHS_PER_NANO,
                        RoundingMode.HALF_EVEN);
        long cap = market.fundingCap().nanos();
        return new Rate(Math.clamp(nanos, -cap, cap));
    }
}
