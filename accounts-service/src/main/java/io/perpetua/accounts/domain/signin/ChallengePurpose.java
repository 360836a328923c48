package io.perpetua.accounts.domain.signin;

import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * What a wallet's signature of a challenge is for; one for the one thing does nothing for the
 * other.
 *
 * @param text tells purposes apart
 * @param statement what the wallet shows and the message has to say; null for the site's own, which
 *     a message may leave out
 */
public record ChallengePurpose(String text, @Nullable String statement) {
    /** To sign the wallet's user in. */
    public static final ChallengePurpose SIGN_IN = new ChallengePurpose("sign-in", null);

    /** To sign an administrator in by an ID token; no wallet has to do with it. */
    public static final ChallengePurpose ADMINISTRATION =
            new ChallengePurpose("administration", null);

    /** To make the wallet one of the user's. */
    public static ChallengePurpose linkTo(UserId user) {
        return new ChallengePurpose(
                "link:" + user,
                "Link this wallet to Perpetua user "
                        + user
                        + ": whoever holds it can then sign in to that user's accounts.");
    }

    /** To delete the user. */
    public static ChallengePurpose deletionOf(UserId user) {
        return new ChallengePurpose(
                "delete:" + user,
                "Delete Perpetua user "
                        + user
                        + " for good: profile, wallets and stored keys are gone, and cannot come"
                        + " back.");
    }
}
