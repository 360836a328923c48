package io.perpetua.marketdata.api;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import io.perpetua.marketdata.app.CandleQueries;
import io.perpetua.marketdata.domain.candle.Candle;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** One-minute candles of trades. */
@Path("/v1/candles")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "statistics")
public class CandlesResource {
    private static final Instant EARLIEST = Instant.EPOCH;

    private final Symbols symbols;
    private final CandleQueries candles;
    private final Clock clock;

    CandlesResource(Symbols symbols, CandleQueries candles, Clock clock) {
        this.symbols = symbols;
        this.candles = candles;
        this.clock = clock;
    }

    /** The candles of a range. */
    @GET
    @Operation(
            summary = "One-minute candles, newest first",
            description =
                    "Every minute from the market's first trade on: one in which nothing traded"
                            + " repeats the close before it. The present minute is the first.")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Page<CandleView> list(
            @Parameter(required = true, description = "The market's symbol.") @QueryParam("market")
                    @Nullable String market,
            @Parameter(description = "Minutes that begin at this time (ISO-8601) or later.")
                    @QueryParam("from")
                    @Nullable String from,
            @Parameter(description = "Minutes that begin before this time (ISO-8601).")
                    @QueryParam("to")
                    @Nullable String to,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        String symbol = Fields.required("market", market, text -> text);
        Instant since = Fields.optional("from", from, CandlesResource::instant);
        Instant until = Fields.optional("to", to, CandlesResource::instant);
        PageRequest page = PageRequest.of(limit, cursor);
        if (since != null && until != null && since.isAfter(until)) {
            throw Problem.fieldInvalid("from", "'from' is not after 'to'").exception();
        }
        Market found = symbols.market("market", symbol);
        List<Candle> rows =
                candles.newest(
                        found.id(),
                        since == null ? EARLIEST.toEpochMilli() : since.toEpochMilli(),
                        end(until, page),
                        page.rows());
        return Page.of(
                page,
                rows,
                CandleView::of,
                candle -> new Cursor(candle.openMillis(), found.id().value()));
    }

    private long end(@Nullable Instant until, PageRequest page) {
        long end = Candle.openMillis(clock.millis()) + Candle.MILLIS;
        if (until != null) {
            end = Math.min(end, until.toEpochMilli());
        }
        Cursor after = page.after();
        return after == null ? end : Math.min(end, after.time());
    }

    private static Instant instant(String text) {
        try {
            Instant instant = Instant.parse(text);
            if (instant.isBefore(EARLIEST) || instant.isAfter(Instant.ofEpochSecond(1L << 33))) {
                throw new IllegalArgumentException("a time lies between 1970 and 2242");
            }
            return instant;
        } catch (DateTimeParseException malformed) {
            throw new IllegalArgumentException(
                    "a time is written as 2026-01-31T12:00:00Z", malformed);
        }
    }
}
