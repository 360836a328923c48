package io.perpetua.marketdata.domain.oracle;

import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import java.math.RoundingMode;

/** Parts of prices. */
public final class Shares {
    private Shares() {}

    /** {@code price x rate} in price units, rounded down. */
    public static long of(Price price, Rate rate) {
        return Amounts.multiplyDivide(
                price.units(), rate.nanos(), 1_000_000_000L, RoundingMode.DOWN);
    }
}
