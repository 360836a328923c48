package io.perpetua.contracts.orders;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.MarketId;

/**
 * A marker, published to every partition: from here on the market is as given. All risk shards so
 * apply a version of the catalogue at the same cut of the market's trades.
 */
public record MarketApplied(Market definition, long atMillis) implements OrderEvent {
    @Override
    public MarketId market() {
        return definition.id();
    }
}
