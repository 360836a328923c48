package io.perpetua.contracts.marketdata;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Rate;
import org.jspecify.annotations.Nullable;

/**
 * An administrator's decision on a market's funding rate by hand.
 *
 * @param number 1, 2, 3 and so on of each market; the newest one counts
 * @param kind manual or emergency; null where the rate before it is taken back
 * @param rate of a whole interval; null where one is taken back
 * @param untilMillis intervals that end later set their own again; 0 where one is taken back
 * @param askedFor who asked {@code administrator} for it; null where one was enough
 */
public record FundingOverrideDecided(
        MarketId market,
        String symbol,
        long number,
        @Nullable FundingKind kind,
        @Nullable Rate rate,
        long untilMillis,
        long administrator,
        String reason,
        @Nullable String clientAddress,
        @Nullable String userAgent,
        long atMillis,
        @Nullable AskedFor askedFor)
        implements MarketDecision {}
