package io.perpetua.contracts.orders;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * A client command about orders, journalled before anything else. Its id is the order's own for a
 * new order, an id of the same kind for the rest.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface OrderCommand permits PlaceOrder, CancelOrder, AmendOrder, CancelAllOrders {
    /** The command's own id; for {@link PlaceOrder} the order's. */
    OrderId commandId();

    /** Who sent it. */
    UserId user();

    /** For which of their subaccounts. */
    SubaccountId subaccount();

    /** In which market. */
    MarketId market();

    /** When the gateway took it, in milliseconds since 1970. */
    long sentAtMillis();

    /** Where the outcome is awaited, if anywhere. */
    @Nullable Reply reply();

    /** The nonce, if an agent sent it. */
    @Nullable AgentNonce nonce();
}
