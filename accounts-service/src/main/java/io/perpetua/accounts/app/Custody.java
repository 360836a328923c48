package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.signin.EvmAddress;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.WithdrawalId;

/**
 * Whoever sends the customers' money out. Sending is repeatable: under one key it sends once,
 * whatever is called how often and whichever answer got lost. What becomes of a transfer it tells
 * by a notice, which {@link Custodian} judges, and when asked.
 */
public interface Custody {
    /** A transfer to be made; {@code key} stands for it for ever. */
    record Transfer(WithdrawalId key, Asset asset, Usd amount, EvmAddress to) {}

    /** The answer to an order to send. */
    sealed interface Answer {
        /** It has taken the transfer over; what becomes of it is told later. */
        record Accepted(String reference) implements Answer {}

        /** It will never make the transfer. */
        record Declined(String reason) implements Answer {}

        /** Nobody knows: it has to be asked again. */
        record Unanswered(String why) implements Answer {}
    }

    /** What has become of a transfer. */
    sealed interface Progress {
        /** It has arrived. */
        record Arrived(String reference) implements Progress {}

        /** It has failed for good; the money has not left. */
        record Failed(String reference, String reason) implements Progress {}

        /** It is under way, or nobody knows. */
        record Open() implements Progress {}
    }

    /** Orders a transfer, unless it was ordered before. */
    Answer send(Transfer transfer);

    /** Asks what has become of a transfer. */
    Progress ask(WithdrawalId key);
}
