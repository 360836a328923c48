package io.perpetua.accounts.domain.user;

import io.perpetua.contracts.value.UserId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Why a referrer was not taken: the rule it broke, in order of precedence. */
public enum ReferrerRefusal {
    /** The user has a referrer, and keeps them. */
    REFERRER_SET,
    /** The user has been here too long to have been brought by somebody. */
    REFERRER_TOO_LATE,
    /** Nobody has this code. */
    REFERRAL_CODE_UNKNOWN,
    /** The referrer is the user, or came after them. */
    REFERRER_NOT_EARLIER;

    /**
     * The rule that a referrer breaks, null when they are taken. Ids of users rise, and a referrer
     * has a lower one: so nobody refers themself, not even over others.
     *
     * @param present the one the user has
     * @param referrer whose the code is, null when nobody's
     */
    public static @Nullable ReferrerRefusal decide(
            UserId user,
            Instant createdAt,
            boolean present,
            @Nullable UserId referrer,
            Duration within,
            Instant now) {
        if (present) {
            return REFERRER_SET;
        }
        if (now.isAfter(createdAt.plus(within))) {
            return REFERRER_TOO_LATE;
        }
        if (referrer == null) {
            return REFERRAL_CODE_UNKNOWN;
        }
        return referrer.value() < user.value() ? null : REFERRER_NOT_EARLIER;
    }
}
