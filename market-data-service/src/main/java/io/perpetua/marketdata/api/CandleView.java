package io.perpetua.marketdata.api;

import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import io.perpetua.marketdata.domain.candle.Candle;
import io.perpetua.marketdata.domain.candle.Series;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What happened in one frame. */
@Schema(name = "Candle")
public record CandleView(
        @Schema(description = "When the frame began.") Instant openAt,
        Price open,
        Price high,
        Price low,
        Price close,
        @Schema(description = "Of the base asset; absent in imported candles.")
                @Nullable Quantity volume,
        Usd volumeUsd,
        @Schema(
                        description =
                                "How many trades, oracle prices or imported minutes it is made of;"
                                        + " 0 when it repeats the close before it.")
                long trades) {
    static CandleView of(Series series, Candle candle) {
        return new CandleView(
                Instant.ofEpochMilli(candle.openMillis()),
                candle.open(),
                candle.high(),
                candle.low(),
                candle.close(),
                series == Series.IMPORT ? null : candle.volume(),
                candle.volumeUsd(),
                candle.trades());
    }
}
