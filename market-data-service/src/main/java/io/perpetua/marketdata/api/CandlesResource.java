package io.perpetua.marketdata.api;

import io.perpetua.edge.Cursor;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import io.perpetua.marketdata.app.CandleQueries;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.CandleKey;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Candles of trades, of oracle prices and of imported history. */
@Path("/v1/candles")
@PermitAll
@Tag(name = "statistics")
public class CandlesResource {
    /** Of one answer of {@link #history}: almost four years of minutes. */
    static final int MOST_LINES = 2_000_000;

    private final Symbols symbols;
    private final CandleQueries candles;
    private final Exports exports;

    CandlesResource(Symbols symbols, CandleQueries candles, Exports exports) {
        this.symbols = symbols;
        this.candles = candles;
        this.exports = exports;
    }

    /** The candles of a range, in pages. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "listCandles",
            summary = "Candles, newest first",
            description =
                    "Every frame from the market's first on: one in which nothing happened repeats"
                            + " the close before it. The present frame is the first; of imported"
                            + " history the last that was imported.")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Page<CandleView> list(
            @BeanParam CandleRange range,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        Times times = range.times();
        PageRequest page = PageRequest.of(limit, cursor);
        CandleKey key = range.key(symbols);
        Cursor after = page.after();
        Times rest = after == null ? times : times.before(after.time());
        List<Candle> rows = candles.newest(key, rest.fromMillis(), rest.toMillis(), page.rows());
        return Page.of(
                page,
                rows,
                candle -> CandleView.of(key.series(), candle),
                candle -> new Cursor(candle.openMillis(), key.market().value()));
    }

    /** The candles of a range, in one answer. */
    @GET
    @Path("/history")
    @Produces({Exports.NDJSON, Exports.CSV})
    @Operation(
            operationId = "exportCandles",
            summary = "Candles in their order, a line each",
            description =
                    "As /v1/candles has them, oldest first and up to 2000000 in one answer. To go on,"
                            + " ask for what begins after the last line. A longer frame is a shorter"
                            + " answer. A client that reads less than 64 KiB/s for long is cut"
                            + " off.")
    @APIResponse(
            responseCode = "200",
            content = {
                @Content(
                        mediaType = Exports.NDJSON,
                        schema = @Schema(implementation = CandleView.class)),
                @Content(mediaType = Exports.CSV, schema = @Schema(implementation = String.class))
            })
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "503",
            description = "OVERLOADED: too many such answers are under way",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = Problem.class)))
    public Response history(
            @BeanParam CandleRange range,
            @Parameter(
                            description = "NDJSON when absent.",
                            schema = @Schema(implementation = Exports.Format.class))
                    @QueryParam("format")
                    @Nullable String format) {
        Times times = range.times();
        Exports.Format written = Exports.Format.of(format);
        CandleKey key = range.key(symbols);
        return exports.stream(
                written,
                CandleLine.COLUMNS,
                out ->
                        candles.each(
                                key,
                                times.fromMillis(),
                                times.toMillis(),
                                MOST_LINES,
                                new CandleLine(out, key.series())::write));
    }
}
