package io.perpetua.contracts.orders;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * The best, last and impact prices of a book. An impact price is the average price of a fill of the
 * market's impact notional; null where the book can't fill it, as the best prices are on an empty
 * side.
 *
 * @param lastAtMillis when the last trade was; null as {@code last} is
 */
public record BookTop(
        MarketId market,
        long sequence,
        @Nullable Price bestBid,
        @Nullable Quantity bestBidSize,
        @Nullable Price bestAsk,
        @Nullable Quantity bestAskSize,
        @Nullable Price last,
        @Nullable Long lastAtMillis,
        @Nullable Price impactBid,
        @Nullable Price impactAsk,
        long atMillis) {}
