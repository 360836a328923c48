package io.perpetua.contracts.risk;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import org.jspecify.annotations.Nullable;

/**
 * What is held in a market, as risk's shards had committed it at {@code atMillis} by the clock of
 * risk's database. It is derived, and of several the one with the latest time counts. Shards take
 * fills one after the other, so for a moment after a trade the two sides may differ.
 *
 * @param openInterestLong all long positions together
 * @param openInterestShort all short positions together, as a positive size
 * @param openInterestLongUsd {@code openInterestLong x mark}; null without a mark
 * @param openInterestShortUsd {@code openInterestShort x mark}; null without a mark
 * @param activeTraders how many users have a position
 * @param averageLeverage the mean, over the positions, of the leverage that counts for each (as
 *     chosen or by default, never above the market's greatest), rounded half up; null without a
 *     position
 * @param unrealisedPnl of all positions at the mark; null without a mark
 * @param mark what they are valued at, the newest one known; null when none ever was
 */
public record MarketValuation(
        MarketId market,
        Quantity openInterestLong,
        Quantity openInterestShort,
        @Nullable Usd openInterestLongUsd,
        @Nullable Usd openInterestShortUsd,
        long activeTraders,
        @Nullable Rate averageLeverage,
        @Nullable Usd unrealisedPnl,
        @Nullable Price mark,
        long atMillis) {}
