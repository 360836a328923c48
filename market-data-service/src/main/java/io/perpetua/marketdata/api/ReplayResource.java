package io.perpetua.marketdata.api;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Page;
import io.perpetua.edge.Problem;
import io.perpetua.marketdata.app.EndReplayHandler;
import io.perpetua.marketdata.app.MarketDataConfig;
import io.perpetua.marketdata.app.MarketQueries;
import io.perpetua.marketdata.app.QueueBarsHandler;
import io.perpetua.marketdata.app.ReplayQueries;
import io.perpetua.marketdata.domain.oracle.Bar;
import io.perpetua.marketdata.domain.oracle.ReplaySpeed;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Plays recorded bars as a market's index; in development only, 404 elsewhere. */
@Path("/v1/prices/replay")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "replay (development only)")
public class ReplayResource {
    private static final ReplaySpeed USUAL_SPEED = new ReplaySpeed(1_000_000);

    private final MarketDataConfig config;
    private final MarketQueries markets;
    private final Symbols symbols;
    private final QueueBarsHandler queueBars;
    private final EndReplayHandler endReplay;
    private final ReplayQueries replays;

    ReplayResource(
            MarketDataConfig config,
            MarketQueries markets,
            Symbols symbols,
            QueueBarsHandler queueBars,
            EndReplayHandler endReplay,
            ReplayQueries replays) {
        this.config = config;
        this.markets = markets;
        this.symbols = symbols;
        this.queueBars = queueBars;
        this.endReplay = endReplay;
        this.replays = replays;
    }

    /** What became of the bars. */
    @Schema(name = "ReplayQueued")
    public record QueuedView(
            MarketId market,
            String symbol,
            int accepted,
            @Schema(description = "Bars not after the newest one queued.") int ignored,
            int queued,
            String barsPerSecond) {}

    /** What was dropped. */
    @Schema(name = "ReplayEnded")
    public record EndedView(MarketId market, String symbol, int dropped) {}

    /** Queues bars. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "queueBars",
            summary = "Queue recorded bars",
            description =
                    "Bars are played in order, each from open over its extremes to close. Further"
                            + " requests append; repeated bars are ignored. When none is left the"
                            + " simulated feed goes on from the last price.")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "422",
            description = "REPLAY_FULL",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN; NOT_FOUND where bars are not replayed",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public QueuedView queue(ReplayRequest request) {
        requireEnabled();
        ReplaySpeed parsed =
                Fields.optional("barsPerSecond", request.barsPerSecond(), ReplaySpeed::parse);
        ReplaySpeed speed = parsed == null ? USUAL_SPEED : parsed;
        List<Bar> bars = request.toBars();
        Market market = symbols.market("market", request.market());
        QueueBarsHandler.Queued queued =
                queueBars
                        .handle(market.id(), bars, speed)
                        .orElseThrow(
                                () ->
                                        Problem.of(
                                                        422,
                                                        "REPLAY_FULL",
                                                        "a market has at most "
                                                                + queueBars.most()
                                                                + " bars queued")
                                                .at("bars")
                                                .exception());
        return new QueuedView(
                market.id(),
                market.symbol(),
                queued.accepted(),
                queued.ignored(),
                queued.queued(),
                speed.toString());
    }

    /** What is queued. */
    @GET
    @Operation(
            operationId = "listReplays",
            summary = "The bars queued of every market that ever had some")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "404",
            description = "NOT_FOUND where bars are not replayed",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Page<ReplayView> list() {
        requireEnabled();
        Map<MarketId, String> bySymbol =
                markets.all().stream().collect(Collectors.toMap(Market::id, Market::symbol));
        return new Page<>(
                replays.all().stream()
                        .map(
                                replay ->
                                        new ReplayView(
                                                replay.market(),
                                                bySymbol.getOrDefault(replay.market(), ""),
                                                replay.queued(),
                                                replay.speed().toString()))
                        .toList(),
                null);
    }

    /** Drops what is queued. */
    @DELETE
    @Path("/{symbol}")
    @Operation(
            operationId = "endReplay",
            summary = "Drop the bars queued; the simulated feed goes on from the last price")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN; NOT_FOUND where bars are not replayed",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public EndedView end(String symbol) {
        requireEnabled();
        Market market = symbols.market("symbol", symbol);
        return new EndedView(market.id(), market.symbol(), endReplay.handle(market.id()));
    }

    private void requireEnabled() {
        if (!config.replayEnabled()) {
            throw Problem.notFound("NOT_FOUND", "there is nothing here").exception();
        }
    }
}
