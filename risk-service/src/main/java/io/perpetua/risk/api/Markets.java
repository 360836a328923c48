package io.perpetua.risk.api;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.edge.Problem;
import io.perpetua.risk.app.MarketDirectory;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Turns symbols in requests into markets. */
@ApplicationScoped
class Markets {
    private final MarketDirectory directory;

    Markets(MarketDirectory directory) {
        this.directory = directory;
    }

    /** The id of the market of this symbol, null where there is none. */
    @Nullable MarketId idOf(String symbol) {
        return directory.bySymbol(symbol).map(Market::id).orElse(null);
    }

    /** The market of this symbol, in a path. */
    Market addressed(String symbol) {
        return directory
                .bySymbol(symbol)
                .orElseThrow(
                        () ->
                                Problem.notFound(
                                                Refusal.MARKET_UNKNOWN.name(),
                                                "there is no such market")
                                        .at("market")
                                        .allowing(directory.symbols())
                                        .exception());
    }

    /** The market of this symbol, in a query; null stays null. */
    @Nullable MarketId optional(@Nullable String symbol) {
        if (symbol == null) {
            return null;
        }
        return directory
                .bySymbol(symbol)
                .orElseThrow(
                        () ->
                                Problem.refused(Refusal.MARKET_UNKNOWN, "there is no such market")
                                        .at("market")
                                        .allowing(directory.symbols())
                                        .exception())
                .id();
    }
}
