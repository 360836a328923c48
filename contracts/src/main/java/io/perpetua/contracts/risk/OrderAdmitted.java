package io.perpetua.contracts.risk;

import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;

/**
 * The account can carry the order. {@code limit} is the worst price it may trade at (the order's
 * own, or for a market order the mark and the slippage); {@code reduceOnly} is the client's wish or
 * forced, because the order was admitted only as far as it reduces; the fee rates hold for all its
 * fills (a negative maker rate is a rebate); orders of one {@code selfTradeGroup} don't trade with
 * each other; {@code markSequence} names the mark it was judged by.
 */
public record OrderAdmitted(
        PlaceOrder command,
        Price limit,
        boolean reduceOnly,
        Rate takerFee,
        Rate makerFee,
        long selfTradeGroup,
        long markSequence)
        implements Admission {}
