package io.perpetua.marketdata.api;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.edge.Problem;
import io.perpetua.edge.ProblemException;
import io.perpetua.marketdata.app.MarketQueries;
import io.perpetua.marketdata.persistence.CatalogueStore.StoredVersion;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
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
                .filter(Symbols::isSymbol)
                .flatMap(markets::bySymbol)
                .orElseThrow(() -> unknown(field));
    }

    /**
     * The versions of the market of that symbol, newest first.
     *
     * @throws io.perpetua.edge.ProblemException when there is no such market
     */
    List<StoredVersion> versions(String field, String symbol) {
        return Optional.of(symbol)
                .filter(Symbols::isSymbol)
                .map(markets::versions)
                .filter(versions -> !versions.isEmpty())
                .orElseThrow(() -> unknown(field));
    }

    /** A symbol that a market can have. @throws IllegalArgumentException if it is none */
    static String parse(String text) {
        if (!isSymbol(text)) {
            throw new IllegalArgumentException(
                    "a symbol is 1 to 12 capital letters and digits, then -PERP");
        }
        return text;
    }

    /** Of any other text there is no market, and not every text is one that can be asked for. */
    private static boolean isSymbol(String text) {
        return text.matches(SYMBOL);
    }

    private static ProblemException unknown(String field) {
        return Problem.notFound("MARKET_UNKNOWN", "there is no such market").at(field).exception();
    }
}
