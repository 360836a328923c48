package io.perpetua.accounts.app;

import io.perpetua.accounts.app.AccessTokenIssuer.IssuedToken;
import io.perpetua.accounts.domain.token.RefreshToken;
import io.perpetua.accounts.domain.token.SignInId;
import io.perpetua.contracts.value.UserId;
import java.time.Instant;

/**
 * What a sign-in or a refresh gives out. Never printed.
 *
 * @param signInExpiresAt when the sign-in is over, however often it is refreshed
 */
public record IssuedTokens(
        UserId user,
        SignInId signIn,
        IssuedToken access,
        RefreshToken refresh,
        Instant signInExpiresAt) {
    @Override
    public String toString() {
        return "IssuedTokens[signIn=" + signIn + "]";
    }
}
