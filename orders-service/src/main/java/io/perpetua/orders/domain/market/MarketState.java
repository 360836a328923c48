package io.perpetua.orders.domain.market;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Usd;
import org.jspecify.annotations.Nullable;

/**
 * What a market's thread knows besides orders and positions.
 *
 * @param definition the newest version that entered the market's stream; none before the first
 * @param bookSequence rises with every command that changed the book
 * @param lastPriority the highest place in a queue that was given out
 * @param lastTradeId the id of the last trade, 0 before the first
 * @param last the price of the last trade
 * @param trades how many there were
 * @param realised the profit that all trades together realised; always the sum of all costs
 */
public record MarketState(
        MarketId market,
        @Nullable Market definition,
        long bookSequence,
        long lastPriority,
        long lastTradeId,
        @Nullable Price last,
        long trades,
        Usd realised) {
    /** A market of which nothing is known yet. */
    public static MarketState empty(MarketId market) {
        return new MarketState(market, null, 0, 0, 0, null, 0, Usd.ZERO);
    }
}
