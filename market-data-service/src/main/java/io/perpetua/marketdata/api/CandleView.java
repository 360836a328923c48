package io.perpetua.marketdata.api;

import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import io.perpetua.marketdata.domain.candle.Candle;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What traded in one minute. */
@Schema(name = "Candle")
public record CandleView(
        @Schema(description = "When the minute began.") Instant openAt,
        Price open,
        Price high,
        Price low,
        Price close,
        Quantity volume,
        Usd volumeUsd,
        long trades) {
    static CandleView of(Candle candle) {
        return new CandleView(
                Instant.ofEpochMilli(candle.openMillis()),
                candle.open(),
                candle.high(),
                candle.low(),
                candle.close(),
                candle.volume(),
                candle.volumeUsd(),
                candle.trades());
    }
}
