package io.perpetua.orders.api;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import io.perpetua.edge.Times;
import io.perpetua.orders.app.NewOrder;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of a placement. */
@Schema(
        description = "A wish for a new order.",
        requiredProperties = {"subaccountId", "market", "side", "type", "size"})
public record PlaceOrderRequest(
        SubaccountId subaccountId,
        @Schema(description = "The market's symbol.", examples = "\"BTC-PERP\"") String market,
        Side side,
        OrderType type,
        @Schema(description = "GTC by default; IOC for market orders, which are IOC or FOK.")
                @Nullable TimeInForce timeInForce,
        @Schema(description = "Required for LIMIT, absent for MARKET.") @Nullable Price price,
        Quantity size,
        @Schema(description = "The order may only reduce the position; false by default.")
                @Nullable Boolean reduceOnly,
        @Schema(
                        description =
                                "The client's own id, unique in the subaccount. It makes the request"
                                        + " repeatable: the same content gets the first answer again,"
                                        + " a refusal too; other content 409.",
                        pattern = ClientOrderId.PATTERN)
                @Nullable String clientOrderId,
        @Schema(description = "CANCEL_MAKER by default.") @Nullable SelfTrade selfTrade,
        @Schema(
                        description =
                                "The order is refused if it reaches the book after this time.",
                        format = "date-time")
                @Nullable String validUntil) {
    private static final List<TimeInForce> OF_MARKET_ORDERS =
            List.of(TimeInForce.IOC, TimeInForce.FOK);

    /**
     * The wish this request expresses.
     *
     * @throws io.perpetua.edge.ProblemException naming the field that is not well-formed
     */
    NewOrder in(Market listed) {
        if (size.signum() <= 0) {
            throw Problem.fieldInvalid("size", "must be positive").exception();
        }
        return new NewOrder(
                subaccountId,
                listed,
                ClientOrderId.checked(clientOrderId),
                side,
                type,
                effectiveTimeInForce(),
                checkedPrice(),
                size,
                Boolean.TRUE.equals(reduceOnly),
                selfTrade == null ? SelfTrade.CANCEL_MAKER : selfTrade,
                validUntilMillis());
    }

    /** 0 says that it is valid for ever; whatever comes before 1 ms has passed as well. */
    private long validUntilMillis() {
        Instant until = Fields.optional("validUntil", validUntil, Times::parse);
        return until == null ? 0 : Math.max(1, until.toEpochMilli());
    }

    private TimeInForce effectiveTimeInForce() {
        if (type == OrderType.LIMIT) {
            return timeInForce == null ? TimeInForce.GTC : timeInForce;
        }
        TimeInForce chosen = timeInForce == null ? TimeInForce.IOC : timeInForce;
        if (!OF_MARKET_ORDERS.contains(chosen)) {
            throw Problem.fieldInvalid("timeInForce", "a market order trades at once or never")
                    .allowing(OF_MARKET_ORDERS.stream().map(Enum::name).toList())
                    .exception();
        }
        return chosen;
    }

    private @Nullable Price checkedPrice() {
        if (type == OrderType.LIMIT && price == null) {
            throw Problem.fieldMissing("price").exception();
        }
        if (type == OrderType.MARKET && price != null) {
            throw Problem.fieldInvalid("price", "a market order has no price").exception();
        }
        return price;
    }
}
