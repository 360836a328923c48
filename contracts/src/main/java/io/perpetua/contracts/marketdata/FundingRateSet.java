package io.perpetua.contracts.marketdata;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;

/**
 * A market's funding rate on its way into the market's stream: where it stands there, each position
 * pays {@code size x oracle x rate}, longs to shorts when it is positive.
 *
 * @param sequence 1, 2, 3 and so on of each market, without a gap
 * @param rate of the whole interval, for as long as it lasted, not of a year; within plus or minus
 *     the market's cap unless it is an emergency's
 * @param premium the mean premium of the interval, that an automatic rate comes from
 * @param oracle the index that positions pay by
 * @param intervalEndMillis when the interval ended, or was ended by an administrator
 */
public record FundingRateSet(
        MarketId market,
        long sequence,
        FundingKind kind,
        Rate rate,
        Rate premium,
        Price oracle,
        Price mark,
        long intervalEndMillis,
        long atMillis) {}
