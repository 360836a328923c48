package io.perpetua.contracts.accounts;

import io.perpetua.contracts.value.UserId;

/**
 * A sign-in has ended before its time: no access token of it is good any more. Carries nothing that
 * tells which wallet or device it was.
 *
 * @param signIn what its access tokens carry as {@code sid}
 * @param atMillis when it ended; it has had no token since
 * @param untilMillis when the last of its tokens expires; nobody needs to know of it afterwards
 */
public record SignInRevoked(UserId user, String signIn, long atMillis, long untilMillis) {}
