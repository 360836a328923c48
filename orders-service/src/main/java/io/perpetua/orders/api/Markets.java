package io.perpetua.orders.api;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.edge.Problem;
import io.perpetua.orders.app.MarketDirectory;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Turns symbols in requests into markets. */
@Singleton
class Markets {
    private final MarketDirectory directory;

    Markets(MarketDirectory directory) {
        this.directory = directory;
    }

    /** The market of this symbol, in a field of a request. */
    Market named(@Nullable String symbol) {
        if (symbol == null) {
            throw Problem.fieldMissing("market").exception();
        }
        return directory
                .bySymbol(symbol)
                .orElseThrow(
                        () ->
                                Problem.refused(Refusal.MARKET_UNKNOWN, "there is no such market")
                                        .at("market")
                                        .allowing(directory.symbols())
                                        .exception());
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
                                        .exception());
    }

    /** The market of this symbol; null stays null. */
    @Nullable Market optional(@Nullable String symbol) {
        return symbol == null ? null : named(symbol);
    }

    /** The id of the market of this symbol, null where there is none. */
    @Nullable MarketId idOf(String symbol) {
        return directory.bySymbol(symbol).map(Market::id).orElse(null);
    }
}
