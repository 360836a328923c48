package io.perpetua.marketdata.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import io.perpetua.marketdata.app.DailyStatisticsQueries.Day;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.Series;
import io.perpetua.marketdata.domain.funding.DayOfFunding;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What happened in a market on one day. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Schema(name = "DailyStatistics")
public record DayView(
        @Schema(description = "In UTC.") LocalDate day,
        Price open,
        Price high,
        Price low,
        Price close,
        @Schema(description = "Of the base asset; null of imported history.")
                @Nullable Quantity volume,
        Usd volumeUsd,
        @Schema(description = "How many trades, oracle prices or imported minutes it is made of.")
                long trades,
        @Schema(
                        description =
                                "After the day's last trade, or the last before it, counted on one"
                                        + " side; null of what is not traded here.")
                @Nullable Quantity openInterest,
        @Schema(
                        description =
                                "The sum of the funding rates of the intervals that ended on the"
                                        + " day; null when none was set.")
                @Nullable Rate fundingRateSum,
        @Schema(description = "Their mean.") @Nullable Rate fundingRateAverage) {
    static DayView of(Series series, Day day) {
        Candle candle = day.candle();
        DayOfFunding funding = day.funding();
        return new DayView(
                LocalDate.ofInstant(Instant.ofEpochMilli(candle.openMillis()), ZoneOffset.UTC),
                candle.open(),
                candle.high(),
                candle.low(),
                candle.close(),
                series == Series.IMPORT ? null : candle.volume(),
                candle.volumeUsd(),
                candle.trades(),
                day.openInterest(),
                funding == null ? null : funding.sum(),
                funding == null ? null : funding.average());
    }
}
