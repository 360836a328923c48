package io.perpetua.orders.api;

import io.perpetua.contracts.value.OrderId;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The body of several cancels. */
@Schema(description = "Orders to be cancelled.", requiredProperties = "orderIds")
public record CancelBatchRequest(
        @Schema(minItems = 1, maxItems = Batches.MOST) List<OrderId> orderIds) {
    /**
     * The ids.
     *
     * @throws io.perpetua.edge.ProblemException when there are none or too many
     */
    List<OrderId> checked() {
        Batches.check("orderIds", orderIds);
        return orderIds;
    }
}
