package io.perpetua.orders.api;

import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.edge.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of an amendment: what is absent stays as it is, and one of the two is there. */
@Schema(description = "A new price, a new total size (filled part included), or both.")
public record AmendOrderRequest(@Nullable Price price, @Nullable Quantity size) {
    /** This request, if it is well-formed. */
    AmendOrderRequest checked() {
        if (price == null && size == null) {
            throw Problem.of(400, "FIELD_MISSING", "'price' or 'size' is required")
                    .at("price")
                    .exception();
        }
        if (size != null && size.signum() <= 0) {
            throw Problem.fieldInvalid("size", "must be positive").exception();
        }
        return this;
    }
}
