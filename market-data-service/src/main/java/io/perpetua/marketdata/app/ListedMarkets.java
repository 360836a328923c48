package io.perpetua.marketdata.app;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.MarketId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The catalogue as it is in force, as published and heard back: to be asked without waiting. */
@ApplicationScoped
public class ListedMarkets {
    private final ConcurrentHashMap<MarketId, Market> newest = new ConcurrentHashMap<>();

    /** Takes a version unless a newer one is known. */
    public void put(Market market) {
        newest.merge(market.id(), market, (old, now) -> now.version() >= old.version() ? now : old);
    }

    /** The market of that id, or null. */
    public @Nullable Market of(MarketId id) {
        return newest.get(id);
    }

    /** Whether a market has that symbol. */
    public boolean has(String symbol) {
        return newest.values().stream().anyMatch(market -> market.symbol().equals(symbol));
    }

    /** All of them. */
    public Collection<Market> all() {
        return List.copyOf(newest.values());
    }
}
