package io.perpetua.edge;

import java.time.Duration;
import java.time.Instant;

/**
 * How long something is left alone after it was done, by a clock that may be set back: what was
 * done later than now counts as never done, so that nobody waits until the clock has caught up.
 */
public record Pause(Duration length) {

    /** Whether it is over; always after {@link Instant#MIN}, which stands for never. */
    public boolean isOver(Instant since, Instant now) {
        return since.isAfter(now) || !since.plus(length).isAfter(now);
    }
}
