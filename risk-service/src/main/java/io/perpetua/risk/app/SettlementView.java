package io.perpetua.risk.app;

import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A settlement, as the account's owner sees it. */
@Schema(
        name = "Settlement",
        description =
                "Profit and fees of fills in one market that were applied together, one transaction"
                        + " of the ledger. sequence counts the subaccount's settlements from 1;"
                        + " realisedPnl is due to the account when positive; fee is owed by it,"
                        + " negative for a rebate.")
public record SettlementView(
        SubaccountId subaccountId,
        long sequence,
        String market,
        TradeId firstTradeId,
        TradeId lastTradeId,
        int fills,
        Usd notional,
        Usd realisedPnl,
        Usd fee,
        Instant settledAt) {}
