package io.perpetua.accounts.app;

import java.util.Optional;

/**
 * Whoever keeps the customers' money on chain. It tells of money received by notices, which are
 * proven to be its own; a real custodian's adapter replaces the simulated one.
 */
public interface Custodian {
    /** How a notice is judged. */
    enum Verdict {
        /** The custodian sent it. */
        GENUINE,
        /** It is not proven to be the custodian's. */
        FORGED,
        /** It was the custodian's once, too long ago or in the future. */
        STALE,
    }

    /**
     * Judges a notice.
     *
     * @param signature what came with it
     * @param body its bytes as received
     */
    Verdict judge(Optional<String> signature, String body);
}
