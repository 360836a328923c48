package io.perpetua.marketdata.api;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.edge.Page;
import io.perpetua.edge.Problem;
import io.perpetua.marketdata.app.MarketQueries;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The market catalogue, as it is published to the other services. */
@Path("/v1/markets")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "markets")
public class MarketsResource {
    private final MarketQueries markets;
    private final Symbols symbols;

    MarketsResource(MarketQueries markets, Symbols symbols) {
        this.markets = markets;
        this.symbols = symbols;
    }

    /** All of them. */
    @GET
    @Operation(
            operationId = "listMarkets",
            summary = "All markets, in the version that is in force")
    public Page<Market> list() {
        return new Page<>(markets.all(), null);
    }

    /** One of them. */
    @GET
    @Path("/{symbol}")
    @Operation(operationId = "getMarket", summary = "One market")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Market get(String symbol) {
        return symbols.market("symbol", symbol);
    }
}
