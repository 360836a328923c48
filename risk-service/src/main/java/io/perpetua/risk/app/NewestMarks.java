package io.perpetua.risk.app;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.risk.domain.margin.Marks;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The newest mark of each market that has reached this process; for all its threads. */
@ApplicationScoped
public class NewestMarks implements Marks {
    private final ConcurrentHashMap<MarketId, MarkPrice> marks = new ConcurrentHashMap<>();

    /** Takes a mark, unless a newer one is known. */
    public void put(MarkPrice mark) {
        marks.merge(mark.market(), mark, (old, now) -> now.sequence() < old.sequence() ? old : now);
    }

    @Override
    public @Nullable MarkPrice newest(MarketId market) {
        return marks.get(market);
    }
}
