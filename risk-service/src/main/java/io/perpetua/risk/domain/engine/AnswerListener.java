package io.perpetua.risk.domain.engine;

import io.perpetua.contracts.risk.Admission;
import io.perpetua.contracts.risk.PositionEvent;
import io.perpetua.contracts.risk.Settlement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Passes on what is published, and keeps the last answer for a repeat of its command. */
final class AnswerListener implements Outbox {
    private final Outbox out;
    private @Nullable PositionEvent last;

    AnswerListener(Outbox out) {
        this.out = out;
    }

    @Override
    public void admit(Admission admission) {
        out.admit(admission);
    }

    @Override
    public void settle(Settlement settlement) {
        out.settle(settlement);
    }

    @Override
    public void answer(PositionEvent outcome) {
        last = outcome;
        out.answer(outcome);
    }

    /**
     * The answer, which every command has; without a reply address, which is its first sender's.
     */
    PositionEvent last() {
        return Objects.requireNonNull(last).to(null);
    }
}
