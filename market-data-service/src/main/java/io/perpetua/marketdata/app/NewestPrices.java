package io.perpetua.marketdata.app;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.value.MarketId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The newest prices of each market, as published and heard back, whichever process made them. */
@ApplicationScoped
public class NewestPrices {
    private final ConcurrentHashMap<MarketId, OraclePrice> oracles = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<MarketId, MarkPrice> marks = new ConcurrentHashMap<>();

    /** Takes a price unless a newer one is known. */
    public void put(OraclePrice price) {
        oracles.merge(
                price.market(), price, (old, now) -> now.sequence() >= old.sequence() ? now : old);
    }

    /** Takes a price unless a newer one is known. */
    public void put(MarkPrice price) {
        marks.merge(
                price.market(), price, (old, now) -> now.sequence() >= old.sequence() ? now : old);
    }

    /** The newest index price, or null. */
    public @Nullable OraclePrice oracle(MarketId market) {
        return oracles.get(market);
    }

    /** The newest mark price, or null. */
    public @Nullable MarkPrice mark(MarketId market) {
        return marks.get(market);
    }
}
