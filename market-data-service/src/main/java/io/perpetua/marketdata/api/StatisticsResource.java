package io.perpetua.marketdata.api;

import io.perpetua.edge.Page;
import io.perpetua.edge.Problem;
import io.perpetua.marketdata.app.MarketQueries;
import io.perpetua.marketdata.app.StatisticsQueries;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Statistics of the last 24 hours and since the start. */
@Path("/v1/statistics")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "statistics")
public class StatisticsResource {
    private final MarketQueries markets;
    private final Symbols symbols;
    private final StatisticsQueries statistics;
    private final Clock clock;

    StatisticsResource(
            MarketQueries markets, Symbols symbols, StatisticsQueries statistics, Clock clock) {
        this.markets = markets;
        this.symbols = symbols;
        this.statistics = statistics;
        this.clock = clock;
    }

    /** Of all markets. */
    @GET
    @Operation(summary = "The last 24 hours and the totals of every market")
    public Page<StatisticsView> list() {
        return new Page<>(
                statistics.of(markets.all(), clock.millis()).stream()
                        .map(StatisticsView::of)
                        .toList(),
                null);
    }

    /** Of one. */
    @GET
    @Path("/{symbol}")
    @Operation(summary = "The last 24 hours and the totals of one market")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public StatisticsView get(String symbol) {
        return StatisticsView.of(
                statistics
                        .of(List.of(symbols.market("symbol", symbol)), clock.millis())
                        .getFirst());
    }
}
