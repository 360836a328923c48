package io.perpetua.marketdata.api;

import io.perpetua.contracts.value.MarketId;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What is queued to be played as a market's index. */
@Schema(name = "Replay")
public record ReplayView(
        MarketId market,
        String symbol,
        @Schema(description = "Bars still to be played, the one under way included.") int queued,
        @Schema(description = "A decimal.") String barsPerSecond) {}
