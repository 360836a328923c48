package io.perpetua.contracts.risk;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;

/**
 * Realised profit and fees of fills of one account in one market that were applied together. {@code
 * realised} is due to the account when positive; {@code fee} is owed by it (negative: a rebate).
 */
public record TradesSettled(
        UserId user,
        SubaccountId subaccount,
        MarketId market,
        long sequence,
        TradeId firstTrade,
        TradeId lastTrade,
        int fills,
        Usd notional,
        Usd realised,
        Usd fee,
        long atMillis)
        implements Settlement {}
