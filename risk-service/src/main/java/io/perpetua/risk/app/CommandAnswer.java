package io.perpetua.risk.app;

import io.perpetua.contracts.risk.PositionEvent;

/** What the sender of a command learns of it. */
public sealed interface CommandAnswer {
    /** It was decided. */
    record Decided(PositionEvent outcome) implements CommandAnswer {}

    /** It can't be lost, and is not decided yet. */
    record Pending() implements CommandAnswer {}

    /** It may be lost or not. */
    record Unknown() implements CommandAnswer {}

    /** Too much is under way; it was not sent. */
    record Shed() implements CommandAnswer {}
}
