package io.perpetua.risk.app;

import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A settlement, as the account's owner sees it. */
@Schema(
        name = "Settlement",
        description =
                "What moved in the account by risk's decision, one transaction of the ledger."
                        + " sequence counts the subaccount's settlements from 1; amount is due to"
                        + " the account when positive. Either profit and fees of fills in one"
                        + " market that were applied together (amount is realisedPnl less fee;"
                        + " realisedPnl is due to the account when positive, fee is owed by it,"
                        + " negative for a rebate), or one side of a transfer with another"
                        + " subaccount, or a withdrawal, or a debit by administrators.")
public record SettlementView(
        SubaccountId subaccountId,
        long sequence,
        Kind kind,
        Usd amount,
        @Nullable String market,
        @Nullable TradeId firstTradeId,
        @Nullable TradeId lastTradeId,
        @Nullable Integer fills,
        @Nullable Usd notional,
        @Nullable Usd realisedPnl,
        @Nullable Usd fee,
        @Nullable OrderId transferId,
        @Nullable SubaccountId counterpartSubaccountId,
        @Schema(pattern = "^[0-9]{1,16}$") @Nullable String withdrawalId,
        @Schema(pattern = "^[0-9]{1,16}$") @Nullable String adjustmentId,
        Instant settledAt) {
    /** What it was for. */
    public enum Kind {
        /** Profit and fees of fills. */
        TRADES,
        /** A transfer between subaccounts. */
        TRANSFER,
        /** A withdrawal, which left the collateral. */
        WITHDRAWAL,
        /** A debit by administrators. */
        ADJUSTMENT
    }
}
