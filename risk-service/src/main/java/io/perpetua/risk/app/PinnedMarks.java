package io.perpetua.risk.app;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.risk.domain.margin.Marks;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Marks that stay as they were first read, so that one answer's figures agree with each other. */
final class PinnedMarks implements Marks {
    private final Marks newest;
    private final Map<MarketId, MarkPrice> pinned = new HashMap<>();

    PinnedMarks(Marks newest) {
        this.newest = newest;
    }

    @Override
    public @Nullable MarkPrice newest(MarketId market) {
        return pinned.computeIfAbsent(market, newest::newest);
    }
}
