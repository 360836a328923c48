package io.perpetua.marketdata.api;

import io.perpetua.contracts.marketdata.FundingKind;
import io.perpetua.contracts.marketdata.FundingRateSet;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A funding rate that was set. */
@Schema(name = "FundingRate")
public record FundingRateView(
        MarketId market,
        @Schema(description = "1, 2, 3 and so on of each market, without a gap.") long sequence,
        @Schema(description = "AUTOMATIC, or set by an administrator.") FundingKind kind,
        @Schema(
                        description =
                                "Of the whole interval, for as long as it lasted: longs pay it to"
                                        + " shorts, if it is positive. At most the market's"
                                        + " fundingCap, which is of an interval, from zero, unless"
                                        + " it is an emergency's.")
                Rate rate,
        @Schema(description = "The mean premium of the interval.") Rate premium,
        @Schema(description = "The index that positions pay by.") Price oracle,
        Price mark,
        @Schema(description = "When the interval ended.") Instant intervalEnd,
        Instant at) {
    static FundingRateView of(FundingRateSet rate) {
        return new FundingRateView(
                rate.market(),
                rate.sequence(),
                rate.kind(),
                rate.rate(),
                rate.premium(),
                rate.oracle(),
                rate.mark(),
                Instant.ofEpochMilli(rate.intervalEndMillis()),
                Instant.ofEpochMilli(rate.atMillis()));
    }
}
