package io.perpetua.orders.api;

import io.perpetua.edge.Problem;
import io.perpetua.edge.ProblemException;
import io.perpetua.orders.app.NewOrder;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The body of several placements. */
@Schema(description = "Wishes for new orders.", requiredProperties = "orders")
public record PlaceOrdersRequest(
        @Schema(minItems = 1, maxItems = Batches.MOST) List<PlaceOrderRequest> orders) {
    /**
     * The wishes this request expresses.
     *
     * @throws ProblemException naming the first field that is not well-formed, such as {@code
     *     orders[2].price}
     */
    List<NewOrder> in(Markets markets) {
        Batches.check("orders", orders);
        List<NewOrder> wishes = new ArrayList<>(orders.size());
        for (int i = 0; i < orders.size(); i++) {
            try {
                wishes.add(orders.get(i).in(markets.named(orders.get(i).market())));
            } catch (ProblemException failure) {
                Problem problem = failure.problem();
                throw problem.at("orders[" + i + "]." + problem.field()).exception();
            }
        }
        return wishes;
    }
}
