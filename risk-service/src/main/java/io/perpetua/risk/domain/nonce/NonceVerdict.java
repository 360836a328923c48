package io.perpetua.risk.domain.nonce;

import io.perpetua.contracts.orders.Refusal;

/** What an agent's nonce means for the command under it. */
public sealed interface NonceVerdict {
    /** It was not used in this market: the command is decided. */
    record Fresh() implements NonceVerdict {}

    /** The same command was decided under it before. */
    record Repeated(UsedNonce first) implements NonceVerdict {}

    /** Nothing may be decided under it. */
    record Refused(Refusal refusal) implements NonceVerdict {}
}
