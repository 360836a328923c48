package io.perpetua.marketdata.api;

import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.Series;
import java.time.Instant;
import java.util.List;

/**
 * A candle as a line: the fields of {@link CandleView}, without making one for each of millions.
 */
final class CandleLine {
    static final List<String> COLUMNS =
            List.of("openAt", "open", "high", "low", "close", "volume", "volumeUsd", "trades");

    private CandleLine() {}

    static void write(Lines out, Series series, Candle candle) {
        out.text(Instant.ofEpochMilli(candle.openMillis()))
                .text(candle.open())
                .text(candle.high())
                .text(candle.low())
                .text(candle.close())
                .text(series == Series.IMPORT ? null : candle.volume())
                .text(candle.volumeUsd())
                .number(candle.trades())
                .end();
    }
}
