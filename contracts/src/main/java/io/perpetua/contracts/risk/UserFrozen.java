package io.perpetua.contracts.risk;

import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;

/**
 * The user who wanted to leave has nothing that would be in the way, and no command of theirs is
 * taken from here on. Nothing moved, so {@code sequence} is that of the last settlement of the
 * subaccount that the question named. {@code closing} is the question's.
 */
public record UserFrozen(
        UserId user, SubaccountId subaccount, long sequence, long closing, long atMillis)
        implements Settlement {}
