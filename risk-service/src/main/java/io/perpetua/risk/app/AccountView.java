package io.perpetua.risk.app;

import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import java.math.BigDecimal;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A subaccount's margin, as its owner sees it. */
@Schema(
        name = "Account",
        description =
                "A subaccount's margin at the newest marks, all in USD. equity = collateral +"
                        + " unrealisedPnl; holds is what open orders need beyond initialMargin;"
                        + " availableToTrade = equity - initialMargin - holds; health = equity /"
                        + " maintenanceMargin, liquidated below 1; marginRatio = equity / notional;"
                        + " leverage = notional / equity. Figures that hang on a mark are null"
                        + " while valuation is UNAVAILABLE; ratios also without a position. At"
                        + " equal sequences the collateral equals the ledger's balance.")
public record AccountView(
        SubaccountId subaccountId,
        Usd collateral,
        @Nullable Usd equity,
        @Nullable Usd unrealisedPnl,
        @Nullable Usd notional,
        @Nullable Usd initialMargin,
        @Nullable Usd maintenanceMargin,
        @Nullable Usd holds,
        @Nullable Usd availableToTrade,
        @Nullable Usd withdrawable,
        @Nullable @Schema(implementation = String.class) String health,
        @Nullable @Schema(implementation = String.class) String marginRatio,
        @Nullable @Schema(implementation = String.class) String leverage,
        Valuation valuation,
        int positions,
        int openOrders,
        long settlementSequence,
        long creditSequence) {
    static @Nullable String plain(@Nullable BigDecimal ratio) {
        return ratio == null
                ? null
                : ratio.signum() == 0 ? "0" : ratio.stripTrailingZeros().toPlainString();
    }
}
