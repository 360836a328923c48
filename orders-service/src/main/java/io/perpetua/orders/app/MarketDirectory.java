package io.perpetua.orders.app;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.MarketId;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The catalogue as this process knows it: the newest definition of every market. */
@Singleton
public class MarketDirectory {
    private final ConcurrentHashMap<MarketId, Market> byId = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Market> bySymbol = new ConcurrentHashMap<>();

    /** Takes a definition unless a newer one is known. */
    public void put(Market market) {
        Market newest =
                byId.merge(
                        market.id(),
                        market,
                        (old, now) -> now.version() < old.version() ? old : now);
        bySymbol.put(newest.symbol(), newest);
    }

    /** The market of this symbol, such as {@code BTC-PERP}. */
    public Optional<Market> bySymbol(String symbol) {
        return Optional.ofNullable(bySymbol.get(symbol));
    }

    /** The symbol of a market; its id until the catalogue has reached this process. */
    public String symbolOf(MarketId market) {
        Market known = byId.get(market);
        return known == null ? market.toString() : known.symbol();
    }

    /** Every market, by id. */
    public Collection<Market> all() {
        return byId.values().stream().sorted(Comparator.comparing(Market::id)).toList();
    }

    /** Every symbol, in the order of the markets' ids. */
    public List<String> symbols() {
        return all().stream().map(Market::symbol).toList();
    }
}
