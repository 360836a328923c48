package io.perpetua.risk.domain.admission;

import io.perpetua.contracts.orders.Refusal;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.user.UserStanding.Restriction;
import org.jspecify.annotations.Nullable;

/** What the standing of an account's user means for commands about orders. */
public final class Standing {
    private Standing() {}

    /** Why nothing at all is taken from the user, null where something may be. */
    public static @Nullable Refusal refusalOfAbsent(Account account) {
        return switch (account.standing().restriction()) {
            case NONE, SUSPENDED -> null;
            case DEACTIVATED -> Refusal.USER_DEACTIVATED;
            case CLOSED -> Refusal.USER_CLOSED;
        };
    }

    /** Whether the user may cancel and reduce, and nothing else. */
    static boolean onlyReduces(Account account) {
        return account.standing().restriction() == Restriction.SUSPENDED;
    }
}
