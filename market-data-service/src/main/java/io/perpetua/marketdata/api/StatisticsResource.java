package io.perpetua.marketdata.api;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import io.perpetua.marketdata.app.DailyStatisticsQueries;
import io.perpetua.marketdata.app.MarketQueries;
import io.perpetua.marketdata.app.StatisticsQueries;
import io.perpetua.marketdata.domain.candle.Series;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Statistics of the last 24 hours and since the start. */
@Path("/v1/statistics")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "statistics")
public class StatisticsResource {
    private final MarketQueries markets;
    private final Symbols symbols;
    private final StatisticsQueries statistics;
    private final DailyStatisticsQueries days;
    private final Clock clock;

    StatisticsResource(
            MarketQueries markets,
            Symbols symbols,
            StatisticsQueries statistics,
            DailyStatisticsQueries days,
            Clock clock) {
        this.markets = markets;
        this.symbols = symbols;
        this.statistics = statistics;
        this.days = days;
        this.clock = clock;
    }

    /** Of all markets. */
    @GET
    @Operation(
            operationId = "listStatistics",
            summary = "The last 24 hours and the totals of every market")
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
    @Operation(
            operationId = "getStatistics",
            summary = "The last 24 hours and the totals of one market")
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

    /** Of one, day by day. */
    @GET
    @Path("/{symbol}/daily")
    @Operation(
            operationId = "listDailyStatistics",
            summary = "One market day by day (UTC), newest first",
            description =
                    "Every day from the market's first on; a day on which nothing happened repeats the"
                            + " close before it.")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Page<DayView> daily(
            String symbol,
            @Parameter(
                            description = "What it is made of; TRADES when absent.",
                            schema = @Schema(implementation = Series.class))
                    @QueryParam("series")
                    @Nullable String series,
            @Parameter(description = "Days that begin at this time (ISO-8601) or later.")
                    @QueryParam("from")
                    @Nullable String from,
            @Parameter(description = "Days that begin before this time (ISO-8601).")
                    @QueryParam("to")
                    @Nullable String to,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        Series source = CandleRange.series(series);
        Times times = Times.of(from, to);
        PageRequest page = PageRequest.of(limit, cursor);
        Market market = symbols.market("symbol", symbol);
        Cursor after = page.after();
        Times rest = after == null ? times : times.before(after.time());
        return Page.of(
                page,
                days.newest(market.id(), source, rest.fromMillis(), rest.toMillis(), page.rows()),
                day -> DayView.of(source, day),
                day -> new Cursor(day.candle().openMillis(), market.id().value()));
    }
}
