package io.perpetua.risk.domain.margin;

import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import java.math.RoundingMode;

/**
 * What an order may still do in one of its versions.
 *
 * @param limit the worst price it may trade at
 * @param remaining what it may still trade, never negative
 */
public record OrderVersion(Price limit, Quantity remaining) {
    /** What trading {@code counted} of it at its limit loses against the mark, rounded up. */
    Usd loss(boolean buy, Price mark, Quantity counted) {
        long worse = buy ? limit.units() - mark.units() : mark.units() - limit.units();
        if (worse <= 0 || counted.signum() == 0) {
            return Usd.ZERO;
        }
        return Amounts.notional(new Price(worse), counted, RoundingMode.UP);
    }

    /** The fee of trading {@code counted} of it at its limit, rounded up. */
    Usd fee(Rate rate, Quantity counted) {
        return Amounts.share(
                Amounts.notional(limit, counted, RoundingMode.UP), rate, RoundingMode.UP);
    }
}
