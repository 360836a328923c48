package io.perpetua.orders.api;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.edge.Problem;
import io.perpetua.orders.app.MarketDirectory;
import io.perpetua.orders.app.TradeQueries;
import io.perpetua.orders.persistence.InterestRow;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Sums by which anyone can check that nothing was lost: long = short, cost = realised. */
@Path("/v1/open-interest")
@Produces(MediaType.APPLICATION_JSON)
@PermitAll
@Tag(name = "public")
public class OpenInterestResource {
    /** A market's sums. */
    @Schema(
            description =
                    "Sums over a market's positions (longs and shorts, which are equal, and their"
                            + " cost) and over its trades (realised profit, which equals the cost,"
                            + " their number, volume in the base asset and turnover in USD).")
    public record OpenInterest(
            String market,
            @Schema(examples = "12.5") String longs,
            @Schema(examples = "12.5") String shorts,
            @Schema(examples = "12.5") String cost,
            @Schema(examples = "12.5") String realised,
            long trades,
            @Schema(examples = "12.5") String volume,
            @Schema(examples = "12.5") String turnover) {}

    /** All markets asked for. */
    public record OpenInterests(List<OpenInterest> items) {}

    private final Markets markets;
    private final MarketDirectory directory;
    private final TradeQueries queries;

    OpenInterestResource(Markets markets, MarketDirectory directory, TradeQueries queries) {
        this.markets = markets;
        this.directory = directory;
        this.queries = queries;
    }

    @GET
    @Operation(
            operationId = "listOpenInterest",
            summary = "Sums of every market",
            description = "All from one instant, which is at most half a second past.")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "422",
            description = "MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public OpenInterests list(@QueryParam("market") @Nullable String symbol) {
        Market only = markets.optional(symbol);
        return new OpenInterests(
                queries.openInterest().stream()
                        .filter(row -> only == null || row.market().equals(only.id()))
                        .map(this::openInterest)
                        .toList());
    }

    private OpenInterest openInterest(InterestRow row) {
        return new OpenInterest(
                directory.symbolOf(row.market()),
                row.longs().toPlainString(),
                row.shorts().toPlainString(),
                row.cost().toPlainString(),
                row.realised().toPlainString(),
                row.trades(),
                row.volume().toPlainString(),
                row.turnover().toPlainString());
    }
}
