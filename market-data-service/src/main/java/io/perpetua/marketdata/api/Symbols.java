package io.perpetua.marketdata.api;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.edge.Problem;
import io.perpetua.marketdata.app.MarketQueries;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Finds the market that a request names by its symbol. */
@ApplicationScoped
public class Symbols {
    private static final String SYMBOL = "[A-Z0-9]{1,12}-PERP";

    private final MarketQueries markets;

    Symbols(MarketQueries markets) {
        this.markets = markets;
    }

    /**
     * The market of that symbol.
     *
     * @throws io.perpetua.edge.ProblemException when there is none
     */
    Market market(String field, String symbol) {
        return Optional.of(symbol)
                .filter(text -> text.matches(SYMBOL))
                .flatMap(markets::bySymbol)
                .orElseThrow(
                        () ->
                                Problem.notFound("MARKET_UNKNOWN", "there is no such market")
                                        .at(field)
                                        .exception());
    }
}
