package io.perpetua.orders.api;

import io.perpetua.contracts.accounts.AgentAction;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.edge.Caller;
import io.perpetua.edge.OpenToAgents;
import io.perpetua.edge.Problem;
import io.perpetua.edge.RateBudget;
import io.perpetua.edge.RateClass;
import io.perpetua.edge.RequestBudget;
import io.perpetua.orders.app.CancelOrderHandler;
import io.perpetua.orders.app.NewOrder;
import io.perpetua.orders.app.Outcome;
import io.perpetua.orders.app.PlaceOrderHandler;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * Several placements or cancels in one request. Each is a command of its own with its own outcome;
 * none depends on another.
 */
@Path("/v1/orders")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "orders")
public class BatchResource {
    private final Caller caller;
    private final RequestBudget budget;
    private final Markets markets;
    private final PlaceOrderHandler placing;
    private final CancelOrderHandler cancelling;

    BatchResource(
            Caller caller,
            RequestBudget budget,
            Markets markets,
            PlaceOrderHandler placing,
            CancelOrderHandler cancelling) {
        this.caller = caller;
        this.budget = budget;
        this.markets = markets;
        this.placing = placing;
        this.cancelling = cancelling;
    }

    @POST
    @OpenToAgents(AgentAction.PLACE_ORDER)
    @RateBudget(value = RateClass.ORDER_ENTRY, toldByBody = true)
    @Path("/batch")
    @Operation(
            operationId = "placeOrders",
            summary = "Place up to 20 orders",
            description =
                    "Each is placed for itself, in the order given, and answered as it would be"
                            + " alone; a request of which any part is malformed or out of reach"
                            + " places none. With client order ids it may be repeated: the first"
                            + " answers are given again. It costs its budget as many as it has"
                            + " orders, and an agent as many nonces, from the request's on.")
    @APIResponse(
            responseCode = "200",
            description = "What became of each.",
            content = @Content(schema = @Schema(implementation = OrderResults.class)))
    @APIResponse(
            responseCode = "400",
            description = "Malformed; names the field, as orders[2].price. Nothing was placed.",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "422",
            description = "MARKET_UNKNOWN: nothing was placed.",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "503",
            description = "OVERLOADED: none was taken, retry later.",
            content = @Content(schema = @Schema(implementation = OrderProblem.class)))
    public Uni<OrderResults> place(PlaceOrdersRequest request) {
        List<NewOrder> wishes = request.in(markets);
        boolean onlyReduce = wishes.stream().allMatch(NewOrder::reduceOnly);
        budget.charge(onlyReduce ? RateClass.CANCEL : RateClass.ORDER_ENTRY, wishes.size());
        wishes.forEach(wish -> caller.actOn(wish.subaccount(), wish.market().id()));
        return Uni.createFrom()
                .completionStage(placing.handle(caller.user(), wishes, caller.reach()))
                .map(outcomes -> results(outcomes, 201));
    }

    @POST
    @OpenToAgents(AgentAction.CANCEL_ORDER)
    @RateBudget(value = RateClass.CANCEL, toldByBody = true)
    @Path("/batch-cancel")
    @Operation(
            operationId = "cancelOrderBatch",
            summary = "Cancel up to 20 orders by their ids",
            description =
                    "Each is cancelled for itself, in the order given, and answered as it would be"
                            + " alone. It costs its budget as many as it has ids, and an agent as"
                            + " many nonces, from the request's on.")
    @APIResponse(
            responseCode = "200",
            description = "What became of each.",
            content = @Content(schema = @Schema(implementation = OrderResults.class)))
    @APIResponse(
            responseCode = "400",
            description = "Malformed; names the field. Nothing was cancelled.",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "503",
            description = "OVERLOADED: none was taken, retry later.",
            content = @Content(schema = @Schema(implementation = OrderProblem.class)))
    public Uni<OrderResults> cancel(CancelBatchRequest request) {
        List<OrderId> orderIds = request.checked();
        budget.charge(RateClass.CANCEL, orderIds.size());
        return Uni.createFrom()
                .completionStage(cancelling.handle(caller.user(), orderIds, caller.reach()))
                .map(outcomes -> results(outcomes, 200));
    }

    /** Nothing but sheds is an overload of the whole request: its client had better wait. */
    private static OrderResults results(List<Outcome> outcomes, int status) {
        if (outcomes.stream().allMatch(Outcome.Shed.class::isInstance)) {
            throw Answers.shed();
        }
        return new OrderResults(
                outcomes.stream().map(outcome -> Answers.result(outcome, status)).toList());
    }
}
