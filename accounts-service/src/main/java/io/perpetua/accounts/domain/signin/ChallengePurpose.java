package io.perpetua.accounts.domain.signin;

import io.perpetua.contracts.value.UserId;

/**
 * What a wallet's signature of a challenge is for; one for the one thing does nothing for the
 * other.
 *
 * @param text tells purposes apart
 */
public record ChallengePurpose(String text) {
    /** To sign the wallet's user in. */
    public static final ChallengePurpose SIGN_IN = new ChallengePurpose("sign-in");

    /** To make the wallet one of the user's. */
    public static ChallengePurpose linkTo(UserId user) {
        return new ChallengePurpose("link:" + user);
    }

    /** To delete the user. */
    public static ChallengePurpose deletionOf(UserId user) {
        return new ChallengePurpose("delete:" + user);
    }
}
