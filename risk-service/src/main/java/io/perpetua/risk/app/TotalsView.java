package io.perpetua.risk.app;

import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Sums over all accounts, for the checks that hold across services. */
@Schema(
        name = "Totals",
        description =
                "Sums over all accounts, in one snapshot. Once all events have been taken, in each"
                        + " market longSize = shortSize and cost = realisedPnl, and collateral ="
                        + " deposits + the sum of realisedPnl - the sum of fees. fills and volume"
                        + " count each trade for both of its sides.")
public record TotalsView(
        List<MarketTotals> markets,
        long accounts,
        @Schema(implementation = String.class) String collateral,
        long settlements,
        long credits) {
    /** A market's. */
    @Schema(name = "MarketTotals")
    public record MarketTotals(
            String market,
            Quantity longSize,
            Quantity shortSize,
            Usd cost,
            long fills,
            @Schema(implementation = String.class) String volume,
            Usd realisedPnl,
            Usd fees) {}
}
