package io.perpetua.risk.domain.valuation;

import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import java.math.RoundingMode;

/**
 * Positions of one market added up. On tick and step nothing is rounded, so what the sums are worth
 * is what the positions are.
 *
 * @param size signed: long less short
 * @param cost signed like the sizes
 */
public record Held(Quantity size, Usd cost) {
    /** {@code size x mark - cost}, rounded down. */
    public Usd unrealised(Price mark) {
        return Amounts.notional(mark, size, RoundingMode.FLOOR).minus(cost);
    }
}
