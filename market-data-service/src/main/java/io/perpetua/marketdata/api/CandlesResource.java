package io.perpetua.marketdata.api;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import io.perpetua.marketdata.app.CandleQueries;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.CandleKey;
import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.domain.candle.Series;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
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
            @Parameter(required = true, description = "The market's symbol.") @QueryParam("market")
                    @Nullable String market,
            @Parameter(
                            description = "What they are made of; TRADES when absent.",
                            schema = @Schema(implementation = Series.class))
                    @QueryParam("series")
                    @Nullable String series,
            @Parameter(
                            description = "1m, 5m, 15m, 1h, 4h or 1d; 1m when absent.",
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            enumeration = {"1m", "5m", "15m", "1h", "4h", "1d"}))
                    @QueryParam("frame")
                    @Nullable String frame,
            @Parameter(description = "Frames that begin at this time (ISO-8601) or later.")
                    @QueryParam("from")
                    @Nullable String from,
            @Parameter(description = "Frames that begin before this time (ISO-8601).")
                    @QueryParam("to")
                    @Nullable String to,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        String symbol = Fields.required("market", market, text -> text);
        Series source = series(series);
        Frame length = frame(frame);
        Times times = Times.of(from, to);
        PageRequest page = PageRequest.of(limit, cursor);
        Market found = symbols.market("market", symbol);
        Cursor after = page.after();
        Times rest = after == null ? times : times.before(after.time());
        List<Candle> rows =
                candles.newest(
                        new CandleKey(found.id(), source, length),
                        rest.fromMillis(),
                        rest.toMillis(),
                        page.rows());
        return Page.of(
                page,
                rows,
                candle -> CandleView.of(source, candle),
                candle -> new Cursor(candle.openMillis(), found.id().value()));
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
                            + " answer.")
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
            @Parameter(required = true, description = "The market's symbol.") @QueryParam("market")
                    @Nullable String market,
            @Parameter(
                            description = "What they are made of; TRADES when absent.",
                            schema = @Schema(implementation = Series.class))
                    @QueryParam("series")
                    @Nullable String series,
            @Parameter(
                            description = "1m, 5m, 15m, 1h, 4h or 1d; 1m when absent.",
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            enumeration = {"1m", "5m", "15m", "1h", "4h", "1d"}))
                    @QueryParam("frame")
                    @Nullable String frame,
            @Parameter(description = "Frames that begin at this time (ISO-8601) or later.")
                    @QueryParam("from")
                    @Nullable String from,
            @Parameter(description = "Frames that begin before this time (ISO-8601).")
                    @QueryParam("to")
                    @Nullable String to,
            @Parameter(
                            description = "NDJSON when absent.",
                            schema = @Schema(implementation = Exports.Format.class))
                    @QueryParam("format")
                    @Nullable String format) {
        String symbol = Fields.required("market", market, text -> text);
        Series source = series(series);
        Frame length = frame(frame);
        Times times = Times.of(from, to);
        Exports.Format written = Exports.Format.of(format);
        CandleKey key = new CandleKey(symbols.market("market", symbol).id(), source, length);
        return exports.stream(
                written,
                CandleLine.COLUMNS,
                out ->
                        candles.each(
                                key,
                                times.fromMillis(),
                                times.toMillis(),
                                MOST_LINES,
                                new CandleLine(out, source)::write));
    }

    static Series series(@Nullable String text) {
        Series series = Fields.optional("series", text, Series.class);
        return series == null ? Series.TRADES : series;
    }

    private static Frame frame(@Nullable String text) {
        Frame frame = Fields.optional("frame", text, Frame::parse);
        return frame == null ? Frame.MINUTE : frame;
    }
}
