package io.perpetua.orders.app;

import io.perpetua.contracts.orders.BookDepth;
import io.perpetua.contracts.value.MarketId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The newest picture of every book that has reached this process, whoever matches its market. */
@ApplicationScoped
public class Books {
    private final ConcurrentHashMap<MarketId, BookDepth> newest = new ConcurrentHashMap<>();

    /** Takes a picture unless a newer one is known. */
    public void put(BookDepth depth) {
        newest.merge(
                depth.market(), depth, (old, now) -> now.sequence() < old.sequence() ? old : now);
    }

    /** The newest picture of a market's book; none before its market's thread has published one. */
    public Optional<BookDepth> of(MarketId market) {
        return Optional.ofNullable(newest.get(market));
    }
}
