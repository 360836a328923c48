package io.perpetua.risk.domain.margin;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.value.MarketId;
import org.jspecify.annotations.Nullable;

/** The newest mark of each market, however old. */
@FunctionalInterface
public interface Marks {
    /** The newest mark of {@code market}, null where none was ever seen. */
    @Nullable MarkPrice newest(MarketId market);
}
