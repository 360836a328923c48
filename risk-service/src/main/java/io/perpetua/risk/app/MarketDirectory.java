package io.perpetua.risk.app;

import io.perpetua.contracts.marketdata.Market;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The catalogue as this process knows it, by symbol; decisions go by the shards' own versions. */
@ApplicationScoped
public class MarketDirectory {
    private final ConcurrentHashMap<String, Market> bySymbol = new ConcurrentHashMap<>();

    /** Takes a definition, unless a newer one is known. */
    public void put(Market market) {
        bySymbol.merge(
                market.symbol(), market, (old, now) -> now.version() < old.version() ? old : now);
    }

    /** The market of this symbol, such as {@code BTC-PERP}. */
    public Optional<Market> bySymbol(String symbol) {
        return Optional.ofNullable(bySymbol.get(symbol));
    }

    /** Every symbol, in alphabetical order. */
    public List<String> symbols() {
        return bySymbol.keySet().stream().sorted().toList();
    }
}
