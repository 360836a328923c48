package io.perpetua.marketdata.api;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.edge.Page;
import io.perpetua.edge.Problem;
import io.perpetua.marketdata.app.MarketQueries;
import io.perpetua.marketdata.app.NewestPrices;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Oracle and mark prices. */
@Path("/v1/prices")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "prices")
public class PricesResource {
    private final MarketQueries markets;
    private final Symbols symbols;
    private final NewestPrices prices;
    private final Clock clock;

    PricesResource(MarketQueries markets, Symbols symbols, NewestPrices prices, Clock clock) {
        this.markets = markets;
        this.symbols = symbols;
        this.prices = prices;
        this.clock = clock;
    }

    /** Of all markets. */
    @GET
    @Operation(
            operationId = "listPrices",
            summary = "The newest prices of every market that has one")
    public Page<PriceView> list() {
        return new Page<>(
                markets.all().stream().map(this::view).filter(Objects::nonNull).toList(), null);
    }

    /** Of one. */
    @GET
    @Path("/{symbol}")
    @Operation(operationId = "getPrice", summary = "The newest prices of one market")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN, PRICE_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public PriceView get(String symbol) {
        PriceView view = view(symbols.market("symbol", symbol));
        if (view == null) {
            throw Problem.notFound("PRICE_UNKNOWN", "the market has no price yet").exception();
        }
        return view;
    }

    private @Nullable PriceView view(Market market) {
        MarkPrice mark = prices.mark(market.id());
        OraclePrice oracle = prices.oracle(market.id());
        return mark == null || oracle == null
                ? null
                : PriceView.of(market, mark, oracle, clock.millis());
    }
}
