package io.perpetua.orders.app;

import io.perpetua.contracts.orders.CommandRefused;
import io.perpetua.contracts.orders.OrderClosed;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.OrderOpened;

/** How the wait for a command's outcome ended. */
sealed interface Answer {
    /** With its outcome. */
    record Decided(OrderEvent event) implements Answer {}

    /** With the time allowed; the command is journalled and will be decided. */
    record Undecided() implements Answer {}

    /** The journal did not confirm the command: it may take effect or not. */
    record Unconfirmed() implements Answer {}

    /** The command was not sent, because too many are under way. */
    record Shed() implements Answer {}

    /** What the answer means for a command about this order. */
    default Outcome about(OrderView order) {
        return switch (this) {
            case Decided(OrderOpened opened) -> new Outcome.Done(order.after(opened));
            case Decided(OrderClosed closed) ->
                    closed.refusal() == null
                            ? new Outcome.Done(order.after(closed))
                            : new Outcome.Refused(closed.refusal(), closed.orderId());
            case Decided(CommandRefused refused) ->
                    new Outcome.Refused(refused.refusal(), order.orderId());
            case Decided(OrderEvent other) ->
                    throw new IllegalStateException(
                            other.getClass().getSimpleName()
                                    + " answers no command about an order");
            case Undecided() -> new Outcome.Pending(order);
            case Unconfirmed() -> new Outcome.Unknown(order.orderId());
            case Shed() -> new Outcome.Shed();
        };
    }
}
