package io.perpetua.risk.domain.engine;

import io.perpetua.contracts.risk.Admission;
import io.perpetua.contracts.risk.PositionEvent;
import io.perpetua.contracts.risk.Settlement;

/** Takes what the engine publishes, in order. */
public interface Outbox {
    /** A decided command, for the market's thread. */
    void admit(Admission admission);

    /** Money that moved, for the ledger. */
    void settle(Settlement settlement);

    /** The outcome of a command that risk decides alone. */
    void answer(PositionEvent outcome);
}
