package io.perpetua.risk.domain.admission;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import org.jspecify.annotations.Nullable;

/** The rules of a market about the size of an order. */
final class OrderSizes {
    private OrderSizes() {}

    /** The first rule that {@code size} breaks, null when none. */
    static @Nullable Refusal check(Market market, @Nullable Price price, Quantity size) {
        if (size.units() % market.step().units() != 0) {
            return Refusal.SIZE_OFF_STEP;
        }
        if (size.compareTo(market.minOrderSize()) < 0) {
            return Refusal.SIZE_BELOW_MINIMUM;
        }
        boolean tooLarge =
                size.compareTo(market.maxOrderSize()) > 0
                        || (price != null && !market.carries(price, size));
        return tooLarge ? Refusal.SIZE_ABOVE_MAXIMUM : null;
    }
}
