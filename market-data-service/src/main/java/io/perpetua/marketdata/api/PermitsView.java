package io.perpetua.marketdata.api;

import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.marketdata.PriceUse;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a price may be used for. */
@Schema(name = "PricePermits")
public record PermitsView(
        @Schema(description = "To admit orders that may increase risk.") boolean increaseRisk,
        @Schema(description = "To liquidate, and to settle funding.") boolean liquidate,
        @Schema(description = "To fire triggers.") boolean trigger,
        @Schema(description = "To admit orders that only reduce a position.") boolean reduce) {
    static PermitsView of(OraclePrice index, boolean stale) {
        return new PermitsView(
                !stale && index.permits(PriceUse.INCREASE_RISK),
                !stale && index.permits(PriceUse.LIQUIDATE),
                !stale && index.permits(PriceUse.TRIGGER),
                !stale && index.permits(PriceUse.REDUCE));
    }
}
