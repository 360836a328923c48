package io.perpetua.contracts.risk;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.perpetua.contracts.orders.OrderCommand;

/**
 * A command after admission, on its way to the market's thread, be it admitted or refused: the
 * market's thread writes and publishes the outcome of both, in one order.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface Admission
        permits OrderAdmitted,
                PlacementRefused,
                PlacementRepeated,
                CancelAdmitted,
                AmendAdmitted,
                CancelAllAdmitted,
                RequestRepeated,
                RequestRefused {
    /** The command as the client sent it. */
    OrderCommand command();
}
