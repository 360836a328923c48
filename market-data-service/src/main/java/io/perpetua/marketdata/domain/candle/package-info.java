/** One-minute candles and statistics, folded from trades. */
package io.perpetua.marketdata.domain.candle;
