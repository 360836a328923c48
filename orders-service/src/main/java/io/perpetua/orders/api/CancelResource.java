package io.perpetua.orders.api;

import io.perpetua.contracts.accounts.AgentAction;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.edge.Caller;
import io.perpetua.edge.Fields;
import io.perpetua.edge.OpenToAgents;
import io.perpetua.edge.Problem;
import io.perpetua.edge.RateBudget;
import io.perpetua.edge.RateClass;
import io.perpetua.orders.app.CancelOrdersHandler;
import io.perpetua.orders.app.CancelOrdersHandler.InMarket;
import io.perpetua.orders.app.MarketDirectory;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Cancels without an order id: one order by the client's id, or all of a subaccount. */
@Path("/v1/orders")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "orders")
public class CancelResource {
    /**
     * What was cancelled; {@code pending} names the markets whose answer did not come in time.
     *
     * @param cancelled how many orders, in all markets that have answered
     */
    @Schema(description = "How many orders were cancelled, and which markets are still to answer.")
    public record Cancelled(int cancelled, List<String> pending) {}

    private final Caller caller;
    private final Markets markets;
    private final MarketDirectory directory;
    private final CancelOrdersHandler cancelling;

    CancelResource(
            Caller caller,
            Markets markets,
            MarketDirectory directory,
            CancelOrdersHandler cancelling) {
        this.caller = caller;
        this.markets = markets;
        this.directory = directory;
        this.cancelling = cancelling;
    }

    @DELETE
    @OpenToAgents(AgentAction.CANCEL_ORDER)
    @RateBudget(RateClass.CANCEL)
    @Operation(
            operationId = "cancelOrders",
            summary = "Cancel by client order id, or all orders of a subaccount",
            description =
                    "With clientOrderId, which needs the market, that one order. Else all open"
                            + " orders of the subaccount, in one market or in all.")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = Cancelled.class)))
    @APIResponse(
            responseCode = "202",
            description = "Journalled and not decided everywhere yet.",
            content = @Content(schema = @Schema(implementation = Cancelled.class)))
    @APIResponse(
            responseCode = "404",
            description = "ORDER_UNKNOWN, SUBACCOUNT_UNKNOWN",
            content = @Content(schema = @Schema(implementation = OrderProblem.class)))
    @APIResponse(
            responseCode = "503",
            description = "OVERLOADED, OUTCOME_UNKNOWN: repeat it.",
            content = @Content(schema = @Schema(implementation = OrderProblem.class)))
    @APIResponse(
            responseCode = "422",
            description = "MARKET_UNKNOWN and what else the market refuses",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Uni<RestResponse<Cancelled>> cancel(
            @QueryParam("subaccountId") @Nullable String subaccountId,
            @QueryParam("market") @Nullable String market,
            @QueryParam("clientOrderId") @Nullable String clientOrderId) {
        SubaccountId subaccount =
                Fields.required("subaccountId", subaccountId, SubaccountId::parse);
        String id = ClientOrderId.checked(clientOrderId);
        return Uni.createFrom()
                .completionStage(
                        id == null
                                ? cancelling.all(
                                        caller.user(),
                                        subaccount,
                                        inMarkets(subaccount, market),
                                        caller.nonce())
                                : cancelling.one(
                                        caller.user(),
                                        subaccount,
                                        within(subaccount, markets.named(market)),
                                        id,
                                        caller.nonce()))
                .map(CancelResource::summary);
    }

    /** All markets that the request may concern; none of them is a mistake. */
    private Collection<Market> inMarkets(SubaccountId subaccount, @Nullable String market) {
        if (market != null) {
            return List.of(within(subaccount, markets.named(market)));
        }
        List<Market> reached =
                directory.all().stream()
                        .filter(one -> caller.mayActOn(subaccount, one.id()))
                        .toList();
        if (reached.isEmpty()) {
            caller.actOn(subaccount, null);
        }
        return reached;
    }

    private Market within(SubaccountId subaccount, Market market) {
        caller.actOn(subaccount, market.id());
        return market;
    }

    private static RestResponse<Cancelled> summary(List<InMarket> parts) {
        int cancelled = 0;
        boolean unknown = false;
        boolean shed = false;
        List<String> pending = new ArrayList<>();
        for (InMarket part : parts) {
            switch (part) {
                case InMarket.Cancelled(int count) -> cancelled += count;
                case InMarket.Refused(Refusal refusal) -> throw Answers.refused(refusal, null);
                case InMarket.Pending(String market) -> pending.add(market);
                case InMarket.Unknown() -> unknown = true;
                case InMarket.Shed() -> shed = true;
            }
        }
        if (unknown) {
            throw Answers.unknown(null);
        }
        if (shed) {
            throw Answers.shed();
        }
        return RestResponse.ResponseBuilder.<Cancelled>create(pending.isEmpty() ? 200 : 202)
                .entity(new Cancelled(cancelled, pending))
                .build();
    }
}
