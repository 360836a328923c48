package io.perpetua.edge;

import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** Who sends the request, as their access token says; to be injected into resources. */
@RequestScoped
public class Caller {
    private @Nullable UserId user;
    private @Nullable String signIn;

    /**
     * The caller.
     *
     * @throws ProblemException when the endpoint is open to all and the request bears no token
     */
    public UserId user() {
        UserId known = user;
        if (known == null) {
            throw TokenRefusal.TOKEN_MISSING.problem().exception();
        }
        return known;
    }

    /** The caller, or null when the request bears no token. */
    @Nullable UserId known() {
        return user;
    }

    /**
     * The sign-in that the access token belongs to.
     *
     * @throws ProblemException when the endpoint is open to all and the request bears no token
     */
    public String signIn() {
        String known = signIn;
        if (known == null) {
            throw TokenRefusal.TOKEN_MISSING.problem().exception();
        }
        return known;
    }

    void identify(AccessTokens.Check.Passed passed) {
        user = passed.user();
        signIn = passed.signIn();
    }
}
