package io.perpetua.marketdata.domain.candle;

import io.perpetua.contracts.value.MarketId;

/** Which candles: of which market, made of what, how long each. */
public record CandleKey(MarketId market, Series series, Frame frame) {}
