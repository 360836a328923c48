package io.perpetua.marketdata.app;

import io.perpetua.contracts.orders.BookTop;
import io.perpetua.contracts.value.MarketId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The newest top of each book, as this process has heard. */
@ApplicationScoped
public class BookTops {
    private final ConcurrentHashMap<MarketId, BookTop> newest = new ConcurrentHashMap<>();

    /** Takes a top unless a newer one is known. */
    public void put(BookTop top) {
        newest.merge(top.market(), top, (old, now) -> now.sequence() >= old.sequence() ? now : old);
    }

    /** The newest, or null. */
    public @Nullable BookTop of(MarketId market) {
        return newest.get(market);
    }
}
