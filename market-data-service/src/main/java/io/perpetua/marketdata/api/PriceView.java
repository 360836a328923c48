package io.perpetua.marketdata.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

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
        @Schema(description = "Whether it is too old to be acted on.") boolean stale) {
    static PriceView of(Market market, MarkPrice mark, OraclePrice oracle, long nowMillis) {
        return new PriceView(
                market.id(),
                market.symbol(),
                mark.sequence(),
                mark.mark(),
                mark.oracle(),
                oracle.confidence(),
                oracle.source(),
                Instant.ofEpochMilli(mark.atMillis()),
                nowMillis - mark.atMillis() > market.stalenessMillis());
    }
}
