package io.perpetua.marketdata.api;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import io.perpetua.marketdata.app.FundingQueries;
import io.perpetua.marketdata.app.NewestPrices;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** A market's index with its sources, and its funding rates. */
@Path("/v1/markets/{symbol}")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "prices")
public class OracleResource {
    private final Symbols symbols;
    private final NewestPrices prices;
    private final FundingQueries fundings;
    private final Clock clock;

    OracleResource(Symbols symbols, NewestPrices prices, FundingQueries fundings, Clock clock) {
        this.symbols = symbols;
        this.prices = prices;
        this.fundings = fundings;
        this.clock = clock;
    }

    /** The index. */
    @GET
    @Path("/oracle")
    @Operation(
            operationId = "getOracle",
            summary = "The newest index of one market, and what it is made of",
            description =
                    "The weighted median of the sources that are recent, without those more than"
                            + " 5 % off. What it may be used for follows from its fault.")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN, PRICE_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public OracleView oracle(String symbol) {
        Market market = symbols.market("symbol", symbol);
        MarkPrice mark = prices.mark(market.id());
        OraclePrice index = prices.oracle(market.id());
        if (mark == null || index == null) {
            throw Problem.notFound("PRICE_UNKNOWN", "the market has no price yet").exception();
        }
        return OracleView.of(market, mark, index, clock.millis());
    }

    /** The rates that were set. */
    @GET
    @Path("/funding-rates")
    @Operation(
            operationId = "listFundingRates",
            summary = "The funding rates of one market, newest first")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Page<FundingRateView> fundingRates(
            String symbol,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        PageRequest page = PageRequest.of(limit, cursor);
        Market market = symbols.market("symbol", symbol);
        Cursor after = page.after();
        return Page.of(
                page,
                fundings.newest(
                        market.id(), after == null ? Long.MAX_VALUE : after.id(), page.rows()),
                FundingRateView::of,
                rate -> new Cursor(rate.atMillis(), rate.sequence()));
    }
}
