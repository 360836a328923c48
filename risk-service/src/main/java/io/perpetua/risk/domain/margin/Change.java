package io.perpetua.risk.domain.margin;

import io.perpetua.contracts.value.MarketId;
import org.jspecify.annotations.Nullable;

/**
 * Something an account asks for in a market, to be judged before it is granted.
 *
 * @param market in which
 * @param order the order that would be open, in place of the one of its id if there is one
 * @param leverage the leverage that would be chosen; 0 for the one there is
 */
public record Change(MarketId market, @Nullable OpenOrder order, int leverage) {
    /** An order that would be open. */
    public static Change of(MarketId market, OpenOrder order) {
        return new Change(market, order, 0);
    }

    /** A leverage that would be chosen. */
    public static Change of(MarketId market, int leverage) {
        return new Change(market, null, leverage);
    }
}
