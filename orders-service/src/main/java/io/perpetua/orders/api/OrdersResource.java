package io.perpetua.orders.api;

import io.perpetua.contracts.accounts.AgentAction;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.OrderStatus;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.Caller;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Fields;
import io.perpetua.edge.OpenToAgents;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import io.perpetua.edge.RateBudget;
import io.perpetua.edge.RateClass;
import io.perpetua.edge.Reach;
import io.perpetua.edge.RequestBudget;
import io.perpetua.orders.app.AmendOrderHandler;
import io.perpetua.orders.app.CancelOrderHandler;
import io.perpetua.orders.app.NewOrder;
import io.perpetua.orders.app.OrderQueries;
import io.perpetua.orders.app.OrderView;
import io.perpetua.orders.app.Outcome;
import io.perpetua.orders.app.PlaceOrderHandler;
import io.perpetua.orders.persistence.OrderReader;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * A user's orders. What changes one travels to the market's thread and is answered with what became
 * of it there; no thread waits meanwhile.
 */
@Path("/v1/orders")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "orders")
public class OrdersResource {
    private final Caller caller;
    private final RequestBudget budget;
    private final Markets markets;
    private final PlaceOrderHandler placing;
    private final CancelOrderHandler cancelling;
    private final AmendOrderHandler amending;
    private final OrderQueries queries;

    OrdersResource(
            Caller caller,
            RequestBudget budget,
            Markets markets,
            PlaceOrderHandler placing,
            CancelOrderHandler cancelling,
            AmendOrderHandler amending,
            OrderQueries queries) {
        this.caller = caller;
        this.budget = budget;
        this.markets = markets;
        this.placing = placing;
        this.cancelling = cancelling;
        this.amending = amending;
        this.queries = queries;
    }

    @POST
    @OpenToAgents(AgentAction.PLACE_ORDER)
    @RateBudget(value = RateClass.ORDER_ENTRY, toldByBody = true)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "placeOrder",
            summary = "Place an order",
            description =
                    "Answered when the market has decided. With a client order id the request may"
                            + " be repeated: the first answer is given again, also if it was a"
                            + " refusal that may pass. A new attempt is a new order, with an id of"
                            + " its own.")
    @APIResponse(
            responseCode = "201",
            description = "The order was taken; it may have traded, and ended, already.",
            content = @Content(schema = @Schema(implementation = OrderView.class)))
    @APIResponse(
            responseCode = "202",
            description = "The order is journalled and not decided yet; see Location.",
            content = @Content(schema = @Schema(implementation = OrderView.class)))
    @APIResponse(
            responseCode = "400",
            description = "Malformed; names the field.",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "404",
            description = "SUBACCOUNT_UNKNOWN",
            content = @Content(schema = @Schema(implementation = OrderProblem.class)))
    @APIResponse(
            responseCode = "409",
            description = "CLIENT_ORDER_ID_REUSED: the id was used for another order.",
            content = @Content(schema = @Schema(implementation = OrderProblem.class)))
    @APIResponse(
            responseCode = "422",
            description = "Refused; code names the rule that was broken.",
            content = @Content(schema = @Schema(implementation = OrderProblem.class)))
    @APIResponse(
            responseCode = "503",
            description =
                    "OVERLOADED: not taken, retry later. OUTCOME_UNKNOWN: repeat with the same"
                            + " client order id.",
            content = @Content(schema = @Schema(implementation = OrderProblem.class)))
    public CompletionStage<RestResponse<OrderView>> place(PlaceOrderRequest request) {
        NewOrder wish = request.in(markets.named(request.market()));
        budget.charge(wish.reduceOnly() ? RateClass.CANCEL : RateClass.ORDER_ENTRY);
        caller.actOn(wish.subaccount(), wish.market().id());
        return Answers.of(placing.handle(caller.user(), wish, caller.nonce()), 201);
    }

    @GET
    @OpenToAgents(AgentAction.READ)
    @Path("/{orderId}")
    @Operation(
            operationId = "getOrder",
            summary = "An order as it stands",
            description =
                    "PENDING while it is journalled and not decided. A repeated placement's own id"
                            + " leads to the order it repeated.")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = OrderView.class)))
    @APIResponse(
            responseCode = "404",
            description = "ORDER_UNKNOWN",
            content = @Content(schema = @Schema(implementation = OrderProblem.class)))
    public RestResponse<OrderView> get(@PathParam("orderId") String orderId) {
        OrderId id = Fields.required("orderId", orderId, OrderId::parse);
        Outcome found = within(caller.reach(), queries.find(caller.user(), id), id);
        return found instanceof Outcome.Pending(OrderView order)
                ? RestResponse.ok(order)
                : Answers.of(found, 200);
    }

    /** What is not within the request's reach looks as if there were none. */
    private Outcome within(Reach reach, Outcome found, OrderId id) {
        OrderView order =
                switch (found) {
                    case Outcome.Done(OrderView done) -> done;
                    case Outcome.Pending(OrderView pending) -> pending;
                    case Outcome.Refused refused -> null;
                    case Outcome.Unknown unknown -> null;
                    case Outcome.Shed shed -> null;
                };
        boolean isWithin =
                order == null
                        ? reach.filter() == null
                        : reach.permits(order.subaccountId(), markets.idOf(order.market()));
        return isWithin ? found : new Outcome.Refused(Refusal.ORDER_UNKNOWN, id);
    }

    @GET
    @OpenToAgents(AgentAction.READ)
    @Operation(
            operationId = "listOrders",
            summary = "Orders, newest first",
            description = "Orders that are not decided yet are not listed.")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "422",
            description = "MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Page<OrderView> list(
            @Parameter(
                            description = "One or more statuses; all by default.",
                            schema =
                                    @Schema(
                                            type = SchemaType.ARRAY,
                                            implementation = OrderStatus.class))
                    @QueryParam("status")
                    List<String> status,
            @QueryParam("market") @Nullable String market,
            @QueryParam("subaccountId") @Nullable String subaccountId,
            @QueryParam("clientOrderId") @Nullable String clientOrderId,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        UserId user = caller.user();
        PageRequest page = PageRequest.of(limit, cursor);
        Market narrowedTo = markets.optional(market);
        Cursor after = page.after();
        OrderReader.Filter filter =
                new OrderReader.Filter(
                        statuses(status),
                        narrowedTo == null ? null : narrowedTo.id(),
                        Fields.optional("subaccountId", subaccountId, SubaccountId::parse),
                        ClientOrderId.checked(clientOrderId),
                        after == null
                                ? null
                                : Fields.required(
                                        "cursor", Long.toString(after.id()), OrderId::parse),
                        caller.filter());
        return Page.of(
                page,
                queries.list(user, filter, page.rows()),
                order -> order,
                order -> new Cursor(order.createdAt().toEpochMilli(), order.orderId().value()));
    }

    @DELETE
    @OpenToAgents(AgentAction.CANCEL_ORDER)
    @RateBudget(RateClass.CANCEL)
    @Path("/{orderId}")
    @Operation(operationId = "cancelOrder", summary = "Cancel an order")
    @APIResponse(
            responseCode = "200",
            description = "The order was cancelled; it stands as given.",
            content = @Content(schema = @Schema(implementation = OrderView.class)))
    @APIResponse(
            responseCode = "202",
            description = "The cancel is journalled and not decided yet; see Location.",
            content = @Content(schema = @Schema(implementation = OrderView.class)))
    @APIResponse(
            responseCode = "404",
            description = "ORDER_UNKNOWN",
            content = @Content(schema = @Schema(implementation = OrderProblem.class)))
    @APIResponse(
            responseCode = "422",
            description = "ORDER_CLOSED",
            content = @Content(schema = @Schema(implementation = OrderProblem.class)))
    public CompletionStage<RestResponse<OrderView>> cancel(@PathParam("orderId") String orderId) {
        OrderId id = Fields.required("orderId", orderId, OrderId::parse);
        return Answers.of(cancelling.handle(caller.user(), id, caller.reach()), 200);
    }

    @PATCH
    @OpenToAgents(AgentAction.AMEND_ORDER)
    @RateBudget(RateClass.ORDER_ENTRY)
    @Path("/{orderId}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "amendOrder",
            summary = "Change an order's price or size",
            description =
                    "A smaller size keeps the place in the queue, anything else loses it. The size"
                            + " is the total: what has filled is part of it.")
    @APIResponse(
            responseCode = "200",
            description = "The order was changed; it may have traded, and ended, because of it.",
            content = @Content(schema = @Schema(implementation = OrderView.class)))
    @APIResponse(
            responseCode = "202",
            description = "The amendment is journalled and not decided yet; see Location.",
            content = @Content(schema = @Schema(implementation = OrderView.class)))
    @APIResponse(
            responseCode = "400",
            description = "Malformed; names the field.",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "404",
            description = "ORDER_UNKNOWN",
            content = @Content(schema = @Schema(implementation = OrderProblem.class)))
    @APIResponse(
            responseCode = "422",
            description = "Refused, the order stands as it was; code names the rule.",
            content = @Content(schema = @Schema(implementation = OrderProblem.class)))
    public CompletionStage<RestResponse<OrderView>> amend(
            @PathParam("orderId") String orderId, AmendOrderRequest request) {
        OrderId id = Fields.required("orderId", orderId, OrderId::parse);
        AmendOrderRequest checked = request.checked();
        return Answers.of(
                amending.handle(caller.user(), id, checked.price(), checked.size(), caller.reach()),
                200);
    }

    private static Set<OrderStatus> statuses(List<String> names) {
        EnumSet<OrderStatus> statuses = EnumSet.noneOf(OrderStatus.class);
        for (String name : names) {
            statuses.add(Fields.required("status", name, OrderStatus.class));
        }
        return statuses;
    }
}
