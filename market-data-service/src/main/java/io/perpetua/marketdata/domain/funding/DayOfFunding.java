package io.perpetua.marketdata.domain.funding;

import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Rate;
import java.math.RoundingMode;

/**
 * The funding rates of the intervals of a market that ended on a day.
 *
 * @param count how many were set, at least 1
 */
public record DayOfFunding(Rate sum, int count) {
    /** Their mean, rounded half even. */
    public Rate average() {
        return new Rate(Amounts.multiplyDivide(sum.nanos(), 1, count, RoundingMode.HALF_EVEN));
    }
}
