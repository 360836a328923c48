package io.perpetua.contracts.risk;

import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import java.util.List;

/**
 * The user who wanted to leave has something that is in the way, and goes on as before. Nothing
 * moved, so {@code sequence} is that of the last settlement of the subaccount that the question
 * named. {@code closing} is the question's.
 */
public record UserClosingRefused(
        UserId user,
        SubaccountId subaccount,
        long sequence,
        long closing,
        List<ClosingObstacle> obstacles,
        long atMillis)
        implements Settlement {
    /** Copies the obstacles. */
    public UserClosingRefused {
        obstacles = List.copyOf(obstacles);
    }
}
