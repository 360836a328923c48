package io.perpetua.orders.api;

import io.perpetua.contracts.accounts.AgentAction;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.Liquidity;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.edge.Caller;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Fields;
import io.perpetua.edge.OpenToAgents;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import io.perpetua.orders.app.MarketDirectory;
import io.perpetua.orders.app.TradeQueries;
import io.perpetua.orders.persistence.FillRow;
import io.perpetua.orders.persistence.TradeReader;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** A user's side of the trades their orders made. */
@Path("/v1/fills")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "orders")
public class FillsResource {
    /** One fill; {@code fee} is owed by the account, negative for a rebate. */
    @Schema(
            description =
                    "One side of a trade: notional is price x size; fee is owed by the account,"
                            + " negative for a rebate; realised is the profit of what it closed;"
                            + " position size and cost are those after it.")
    public record Fill(
            TradeId tradeId,
            OrderId orderId,
            SubaccountId subaccountId,
            String market,
            Side side,
            Liquidity liquidity,
            Price price,
            Quantity size,
            Usd notional,
            Usd fee,
            Usd realised,
            Quantity positionSize,
            Usd positionCost,
            Instant at) {}

    private final Caller caller;
    private final Markets markets;
    private final MarketDirectory directory;
    private final TradeQueries queries;

    FillsResource(Caller caller, Markets markets, MarketDirectory directory, TradeQueries queries) {
        this.caller = caller;
        this.markets = markets;
        this.directory = directory;
        this.queries = queries;
    }

    @GET
    @OpenToAgents(AgentAction.READ)
    @Operation(operationId = "listFills", summary = "Own fills, newest first")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "422",
            description = "MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Page<Fill> list(
            @QueryParam("market") @Nullable String market,
            @QueryParam("subaccountId") @Nullable String subaccountId,
            @QueryParam("orderId") @Nullable String orderId,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        PageRequest page = PageRequest.of(limit, cursor);
        Market narrowedTo = markets.optional(market);
        Cursor after = page.after();
        TradeReader.Filter filter =
                new TradeReader.Filter(
                        narrowedTo == null ? null : narrowedTo.id(),
                        Fields.optional("subaccountId", subaccountId, SubaccountId::parse),
                        Fields.optional("orderId", orderId, OrderId::parse),
                        after == null ? null : new TradeReader.Place(after.time(), after.id()),
                        caller.filter());
        return Page.of(
                page,
                queries.fills(caller.user(), filter, page.rows()),
                this::fill,
                row -> new Cursor(row.tradeId().value(), row.orderId().value()));
    }

    private Fill fill(FillRow row) {
        return new Fill(
                row.tradeId(),
                row.orderId(),
                row.subaccount(),
                directory.symbolOf(row.market()),
                row.side(),
                row.liquidity(),
                row.price(),
                row.size(),
                row.notional(),
                row.fee(),
                row.realised(),
                row.positionSize(),
                row.positionCost(),
                Instant.ofEpochMilli(row.atMillis()));
    }
}
