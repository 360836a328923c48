package io.perpetua.contracts.orders;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.MarketId;
import org.jspecify.annotations.Nullable;

/**
 * What became of a command or an order. Events of one command are published together, in order; the
 * last of them carries the command's {@link #reply}. Every admitted command ends with exactly one
 * event that has it, and every order with exactly one {@link OrderClosed}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface OrderEvent
        permits OrderOpened,
                OrderFilled,
                OrderAmended,
                OrderClosed,
                OrdersCancelled,
                CommandRefused,
                CommandRepeated,
                MarketApplied {
    /** In which market. */
    MarketId market();

    /** Where the outcome is awaited; null on events that are not the last of their command. */
    default @Nullable Reply reply() {
        return null;
    }
}
