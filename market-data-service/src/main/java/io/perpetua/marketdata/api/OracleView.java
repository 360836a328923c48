package io.perpetua.marketdata.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.marketdata.PriceFault;
import io.perpetua.contracts.marketdata.SourcePrice;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A market's index, what it may be used for, and what it is made of. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Schema(name = "Oracle")
public record OracleView(
        MarketId market,
        String symbol,
        @Schema(description = "Rises with each price of the market.") long sequence,
        Price price,
        @Schema(description = "One standard deviation, in US dollars.") Quantity confidence,
        @Schema(
                        description =
                                "Price and confidence are kept as whole multiples of ten to this"
                                        + " power.")
                int exponent,
        @Schema(description = "Whose price it is.") String source,
        @Schema(description = "The slot it is from, of sources that are a chain's.")
                @Nullable Long slot,
        @Schema(description = "When the source published it.") Instant publishedAt,
        @Schema(description = "Whether it is too old, or too far ahead, to be acted on.")
                boolean stale,
        @Schema(description = "Why it is not valid; null when it is.") @Nullable PriceFault fault,
        PermitsView permits,
        @Schema(description = "Its average over five minutes, weighted by time.")
                @Nullable Price twapFiveMinutes,
        @Schema(description = "Its average over an hour, weighted by time.")
                @Nullable Price twapHour,
        List<SourceView> sources) {
    static OracleView of(Market market, MarkPrice mark, OraclePrice index, long nowMillis) {
        boolean stale = !market.isRecent(mark.atMillis(), nowMillis);
        List<SourcePrice> sources = index.sources();
        return new OracleView(
                market.id(),
                market.symbol(),
                index.sequence(),
                index.price(),
                index.confidence(),
                Price.EXPONENT,
                index.source(),
                index.slot(),
                Instant.ofEpochMilli(index.publishedAtMillis()),
                stale,
                index.fault(),
                PermitsView.of(index, stale),
                index.twapFiveMinutes(),
                index.twapHour(),
                sources == null ? List.of() : sources.stream().map(SourceView::of).toList());
    }
}
