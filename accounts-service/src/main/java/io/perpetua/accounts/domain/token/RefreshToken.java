package io.perpetua.accounts.domain.token;

import io.perpetua.contracts.value.UserId;

/**
 * A refresh token of this service's making. Never printed.
 *
 * @param signIn the sign-in it keeps alive
 * @param generation how many were used up before it in this sign-in
 * @param text what the client has
 */
public record RefreshToken(UserId user, SignInId signIn, long generation, String text) {
    @Override
    public String toString() {
        return "RefreshToken[signIn=" + signIn + ", generation=" + generation + "]";
    }
}
