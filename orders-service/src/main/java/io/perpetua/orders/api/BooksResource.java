package io.perpetua.orders.api;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.BookDepth;
import io.perpetua.contracts.orders.BookLevel;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import io.perpetua.orders.app.Books;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Public books: the newest picture that reached this process, at most ten a second a market. */
@Path("/v1/books")
@Produces(MediaType.APPLICATION_JSON)
@PermitAll
@Tag(name = "public")
public class BooksResource {
    private static final int USUAL = 20;
    private static final int DEEPEST = 50;

    /**
     * A book; {@code sequence} rises with every change of it, {@code at} is null before the first.
     */
    @Schema(description = "The upper levels of a book, best first.")
    public record Book(
            String market,
            long sequence,
            List<BookLevel> bids,
            List<BookLevel> asks,
            @Nullable Instant at) {}

    private final Markets markets;
    private final Books books;

    BooksResource(Markets markets, Books books) {
        this.markets = markets;
        this.books = books;
    }

    @GET
    @Path("/{market}")
    @Operation(operationId = "getBook", summary = "A market's book")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Book get(
            @PathParam("market") String symbol, @QueryParam("depth") @Nullable String depth) {
        Market market = markets.addressed(symbol);
        Integer levels = Fields.optional("depth", depth, BooksResource::parseDepth);
        return books.of(market.id())
                .map(newest -> book(market, newest, levels == null ? USUAL : levels))
                .orElseGet(() -> new Book(market.symbol(), 0, List.of(), List.of(), null));
    }

    private static Book book(Market market, BookDepth newest, int levels) {
        return new Book(
                market.symbol(),
                newest.sequence(),
                upper(newest.bids(), levels),
                upper(newest.asks(), levels),
                Instant.ofEpochMilli(newest.atMillis()));
    }

    private static List<BookLevel> upper(List<BookLevel> side, int levels) {
        return side.subList(0, Math.min(levels, side.size()));
    }

    private static int parseDepth(String text) {
        if (text.matches("[0-9]{1,2}")) {
            int depth = Integer.parseInt(text);
            if (depth >= 1 && depth <= DEEPEST) {
                return depth;
            }
        }
        throw new IllegalArgumentException("'depth' is a number from 1 to " + DEEPEST);
    }
}
