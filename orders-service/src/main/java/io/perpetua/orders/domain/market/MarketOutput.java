package io.perpetua.orders.domain.market;

import io.perpetua.contracts.orders.MarketApplied;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.TradeExecuted;
import io.perpetua.contracts.value.UserId;

/** Takes what a market's decisions publish, in the order in which it happened. */
public interface MarketOutput {
    /** An event of one user's stream. */
    void event(UserId user, OrderEvent event);

    /** A marker, for every user's stream. */
    void marker(MarketApplied marker);

    /** A public trade; the two {@code OrderFilled} of its sides came just before. */
    void trade(TradeExecuted trade);
}
