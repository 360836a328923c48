package io.perpetua.risk.domain.margin;

import io.perpetua.contracts.value.MarketId;
import org.jspecify.annotations.Nullable;

/** The markets that exist, each in the version that counts. */
@FunctionalInterface
public interface Markets {
    /** The rules of {@code market}, null where there is no such market. */
    @Nullable MarketRules rules(MarketId market);
}
