package io.perpetua.contracts.risk;

import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;

/**
 * Risk's copy of a subaccount's collateral, for the ledger that asked: with all settlements up to
 * {@code sequence}, which is the last before it, and all credits up to {@code creditSequence}.
 * Nothing moves, so it has no number of its own. {@code run} and {@code ledgerTransactions} are
 * those of the question.
 */
public record CollateralReported(
        UserId user,
        SubaccountId subaccount,
        long sequence,
        long creditSequence,
        Usd collateral,
        long run,
        long ledgerTransactions,
        long atMillis)
        implements Settlement {}
