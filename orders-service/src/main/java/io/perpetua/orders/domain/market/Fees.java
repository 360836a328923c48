package io.perpetua.orders.domain.market;

import io.perpetua.contracts.orders.Liquidity;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import java.math.RoundingMode;

/** What a fill costs its account. */
final class Fees {
    private Fees() {}

    /**
     * {@code fee = ceil(notional x rate)} in micro-dollars: what is owed rounds up, and a rebate,
     * as a negative fee, down in size.
     */
    static Usd of(Usd notional, Order.Terms terms, Liquidity liquidity) {
        Rate rate =
                switch (liquidity) {
                    case TAKER -> terms.takerFee();
                    case MAKER -> terms.makerFee();
                };
        return Amounts.share(notional, rate, RoundingMode.CEILING);
    }
}
