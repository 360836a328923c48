package io.perpetua.marketdata.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.marketdata.PriceFault;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The newest prices of a market. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Schema(name = "Prices")
public record PriceView(
        MarketId market,
        String symbol,
        @Schema(description = "Rises with each price of the market.") long sequence,
        @Schema(description = "What positions are valued at.") Price mark,
        @Schema(description = "The index.") Price oracle,
        @Schema(description = "One standard deviation of the index, in US dollars.")
                Quantity confidence,
        @Schema(description = "Where the index comes from.") String source,
        Instant at,
        @Schema(description = "Whether it is too old, or too far ahead, to be acted on.")
                boolean stale,
        @Schema(
                        description =
                                "Why the index is not valid; null when it is. Without a valid one,"
                                        + " the prices are the last that were, or those that the"
                                        + " fault lets stand.")
                @Nullable PriceFault fault,
        PermitsView permits,
        @Schema(description = "The index's average over five minutes, weighted by time.")
                @Nullable Price twapFiveMinutes,
        @Schema(description = "The index's average over an hour, weighted by time.")
                @Nullable Price twapHour,
        @Schema(
                        description =
                                "The funding rate that the running interval ends with, if its mean"
                                        + " premium stays; null before its first sample.")
                @Nullable Rate predictedFunding) {
    static PriceView of(Market market, MarkPrice mark, OraclePrice oracle, long nowMillis) {
        boolean stale = !market.isRecent(mark.atMillis(), nowMillis);
        return new PriceView(
                market.id(),
                market.symbol(),
                mark.sequence(),
                mark.mark(),
                mark.oracle(),
                oracle.confidence(),
                oracle.source(),
                Instant.ofEpochMilli(mark.atMillis()),
                stale,
                oracle.fault(),
                PermitsView.of(oracle, stale),
                oracle.twapFiveMinutes(),
                oracle.twapHour(),
                mark.predictedFunding());
    }
}
