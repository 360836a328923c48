package io.perpetua.marketdata.api;

import io.perpetua.contracts.value.Price;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import io.perpetua.marketdata.app.PriceHistoryQueries;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Index and mark prices of the last days, as they were published. */
@Path("/v1/prices/history")
@PermitAll
@Tag(name = "prices")
public class PriceHistoryResource {
    private static final int MOST_LINES = 500_000;
    private static final int LONGEST_WHILE_SECONDS = 86_400;
    private static final List<String> ORACLE_COLUMNS =
            List.of("at", "sequence", "price", "confidence", "source", "fault", "exponent", "slot");
    private static final List<String> MARK_COLUMNS =
            List.of("at", "sequence", "mark", "oracle", "fault", "predictedFunding");

    private final Symbols symbols;
    private final PriceHistoryQueries prices;
    private final Exports exports;

    PriceHistoryResource(Symbols symbols, PriceHistoryQueries prices, Exports exports) {
        this.symbols = symbols;
        this.prices = prices;
        this.exports = exports;
    }

    /** Which prices. */
    @Schema(name = "PriceKind")
    public enum Kind {
        /** The index. */
        ORACLE,
        /** What positions are valued at. */
        MARK
    }

    /** The prices of a range. */
    @GET
    @Produces({Exports.NDJSON, Exports.CSV})
    @Operation(
            operationId = "exportPrices",
            summary = "Published prices in their order, a line each",
            description =
                    "By time, those of one time by sequence; up to 500000 in one answer. To go on, ask"
                            + " for what comes from the time of the last line on, and pass over"
                            + " sequences that are known. Fields of an index price: at, sequence, price, confidence,"
                            + " source, fault, exponent (price and confidence are kept as multiples of"
                            + " ten to this power) and slot (of a chain's source); of a mark: at, sequence, mark, oracle, fault,"
                            + " predictedFunding. Prices are kept for"
                            + " days, candles of them for ever. A client that reads less than"
                            + " 64 KiB/s for long is cut off.")
    @APIResponse(
            responseCode = "200",
            content = {
                @Content(
                        mediaType = Exports.NDJSON,
                        schema = @Schema(implementation = String.class)),
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
                            description = "MARK when absent.",
                            schema = @Schema(implementation = Kind.class))
                    @QueryParam("kind")
                    @Nullable String kind,
            @Parameter(description = "Published at this time (ISO-8601) or later.")
                    @QueryParam("from")
                    @Nullable String from,
            @Parameter(description = "Published before this time (ISO-8601).") @QueryParam("to")
                    @Nullable String to,
            @Parameter(
                            description =
                                    "1 to 86400: of each so many seconds the last price; all of them"
                                            + " when absent.")
                    @QueryParam("everySeconds")
                    @Nullable String everySeconds,
            @Parameter(
                            description = "NDJSON when absent.",
                            schema = @Schema(implementation = Exports.Format.class))
                    @QueryParam("format")
                    @Nullable String format) {
        String symbol = Fields.required("market", market, text -> text);
        Kind asked = Fields.optional("kind", kind, Kind.class);
        Times times = Times.of(from, to);
        Long every =
                Fields.optional("everySeconds", everySeconds, PriceHistoryResource::everyMillis);
        Exports.Format written = Exports.Format.of(format);
        PriceHistoryQueries.Asked range =
                new PriceHistoryQueries.Asked(
                        symbols.market("market", symbol).id(),
                        times.fromMillis(),
                        times.toMillis(),
                        every,
                        MOST_LINES);
        return asked == Kind.ORACLE ? oracle(written, range) : mark(written, range);
    }

    private Response oracle(Exports.Format format, PriceHistoryQueries.Asked range) {
        return exports.stream(
                format,
                ORACLE_COLUMNS,
                out ->
                        prices.oracle(
                                range,
                                price ->
                                        out.text(Instant.ofEpochMilli(price.publishedAtMillis()))
                                                .number(price.sequence())
                                                .text(price.price())
                                                .text(price.confidence())
                                                .text(price.source())
                                                .text(price.fault())
                                                .number(Price.EXPONENT)
                                                .number(price.slot())
                                                .end()));
    }

    private Response mark(Exports.Format format, PriceHistoryQueries.Asked range) {
        return exports.stream(
                format,
                MARK_COLUMNS,
                out ->
                        prices.mark(
                                range,
                                price ->
                                        out.text(Instant.ofEpochMilli(price.atMillis()))
                                                .number(price.sequence())
                                                .text(price.mark())
                                                .text(price.oracle())
                                                .text(price.fault())
                                                .text(price.predictedFunding())
                                                .end()));
    }

    private static long everyMillis(String text) {
        if (text.matches("[0-9]{1,5}")) {
            int seconds = Integer.parseInt(text);
            if (seconds >= 1 && seconds <= LONGEST_WHILE_SECONDS) {
                return seconds * 1_000L;
            }
        }
        throw new IllegalArgumentException(
                "'everySeconds' is a number from 1 to " + LONGEST_WHILE_SECONDS);
    }
}
