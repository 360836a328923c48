package io.perpetua.marketdata.api;

import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.Frame;
import io.perpetua.marketdata.domain.candle.Series;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Candles as lines: the fields of {@link CandleView}, without making one for each of millions. Of
 * their times, only the day is written anew now and then.
 */
final class CandleLine {
    static final List<String> COLUMNS =
            List.of("openAt", "open", "high", "low", "close", "volume", "volumeUsd", "trades");

    private static final int MINUTES_A_DAY = 1_440;
    private static final List<String> MINUTES =
            IntStream.range(0, MINUTES_A_DAY)
                    .mapToObj(minute -> "T" + LocalTime.ofSecondOfDay(minute * 60L) + ":00Z")
                    .toList();

    private final Lines out;
    private final Series series;
    private long dayMillis = Long.MIN_VALUE;
    private String day = "";

    CandleLine(Lines out, Series series) {
        this.out = out;
        this.series = series;
    }

    void write(Candle candle) {
        out.text(openAt(candle.openMillis()))
                .decimal(candle.open().units(), Price.SCALE)
                .decimal(candle.high().units(), Price.SCALE)
                .decimal(candle.low().units(), Price.SCALE)
                .decimal(candle.close().units(), Price.SCALE);
        if (series == Series.IMPORT) {
            out.text(null);
        } else {
            out.decimal(candle.volume().units(), Quantity.SCALE);
        }
        out.decimal(candle.volumeUsd().micros(), Usd.SCALE).number(candle.trades()).end();
    }

    /** As {@link java.time.Instant} writes the beginning of a minute. */
    private String openAt(long openMillis) {
        long begin = Frame.DAY.begin(openMillis);
        if (begin != dayMillis) {
            dayMillis = begin;
            day = LocalDate.ofEpochDay(begin / Frame.DAY.millis()).toString();
        }
        return day + MINUTES.get((int) ((openMillis - begin) / Frame.MINUTE.millis()));
    }
}
