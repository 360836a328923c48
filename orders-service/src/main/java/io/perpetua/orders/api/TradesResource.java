package io.perpetua.orders.api;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import io.perpetua.orders.app.TradeQueries;
import io.perpetua.orders.persistence.TradeRow;
import jakarta.annotation.security.PermitAll;
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

/** Public trades of a market. */
@Path("/v1/trades")
@Produces(MediaType.APPLICATION_JSON)
@PermitAll
@Tag(name = "public")
public class TradesResource {
    /** One trade. */
    public record Trade(
            TradeId tradeId,
            String market,
            Side takerSide,
            Price price,
            Quantity size,
            Usd notional,
            Instant at) {}

    private final Markets markets;
    private final TradeQueries queries;

    TradesResource(Markets markets, TradeQueries queries) {
        this.markets = markets;
        this.queries = queries;
    }

    @GET
    @Operation(operationId = "listTrades", summary = "A market's trades, newest first")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "422",
            description = "MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Page<Trade> list(
            @QueryParam("market") @Nullable String symbol,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        Market market = markets.named(symbol);
        PageRequest page = PageRequest.of(limit, cursor);
        Cursor after = page.after();
        return Page.of(
                page,
                queries.trades(market.id(), after == null ? null : tradeId(after), page.rows()),
                row -> trade(row, market),
                row -> new Cursor(row.atMillis(), row.tradeId().value()));
    }

    private static TradeId tradeId(Cursor after) {
        try {
            return new TradeId(after.id());
        } catch (IllegalArgumentException foreign) {
            throw Problem.of(400, "CURSOR_INVALID", "'cursor' is none that this list gave out")
                    .at("cursor")
                    .exception();
        }
    }

    private static Trade trade(TradeRow row, Market market) {
        return new Trade(
                row.tradeId(),
                market.symbol(),
                row.takerSide(),
                row.price(),
                row.size(),
                row.notional(),
                Instant.ofEpochMilli(row.atMillis()));
    }
}
