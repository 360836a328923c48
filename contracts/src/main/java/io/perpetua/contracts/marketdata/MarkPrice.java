package io.perpetua.contracts.marketdata;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;

/**
 * The price a market's positions are valued at. {@code sequence} rises with each one of a market;
 * decisions record it. A mark older than the market's staleness limit, by the reader's clock, is
 * not acted on.
 */
public record MarkPrice(MarketId market, long sequence, Price mark, Price oracle, long atMillis) {}
