package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.signin.Wallet;
import io.perpetua.accounts.domain.token.RefreshRules;
import io.perpetua.accounts.domain.token.RefreshToken;
import io.perpetua.accounts.domain.token.RefreshTokens;
import io.perpetua.accounts.domain.token.SignInId;
import io.perpetua.accounts.persistence.OpenSignInStore;
import io.perpetua.accounts.persistence.OpenSignInStore.EndedSignIn;
import io.perpetua.accounts.persistence.OpenSignInStore.NewSignIn;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Begins a sign-in of a user who has been identified, within the transaction that did. */
@ApplicationScoped
public class SignInOpening {
    private final OpenSignInStore store;
    private final AccessTokenIssuer tokens;
    private final SignInSettings settings;
    private final int most;
    private final SecureRandom random = new SecureRandom();

    /** With where it writes. */
    public SignInOpening(
            OpenSignInStore store,
            AccessTokenIssuer tokens,
            SignInSettings settings,
            AccountsConfig config) {
        this.store = store;
        this.tokens = tokens;
        this.settings = settings;
        this.most = config.signInsPerUser();
    }

    /**
     * A sign-in as it began.
     *
     * @param expiresAt when it is over, however often it is refreshed
     * @param accessUntil when its first access token expires
     * @param ended what had to end for it
     */
    record Begun(
            SignInId id,
            RefreshToken refreshToken,
            Instant expiresAt,
            Instant accessUntil,
            List<EndedSignIn> ended) {}

    /** Begins it; when the user has as many as allowed, the longest unused ones end. */
    Begun open(Connection connection, UserId user, Wallet wallet, AuditOrigin origin, Instant now)
            throws SQLException {
        RefreshRules rules = settings.refreshRules();
        store.forgetOver(connection, user, now, now.minus(rules.idle()));
        List<EndedSignIn> ended = store.endBeyond(connection, user, most - 1);
        SignInId id = new SignInId(UUID.randomUUID());
        byte[] secret = new byte[RefreshTokens.SECRET_BYTES];
        random.nextBytes(secret);
        RefreshToken token = settings.refreshTokens().first(user, id, secret);
        Instant expiresAt = now.plus(rules.life());
        Instant accessUntil = tokens.expiry(now, expiresAt);
        store.open(
                connection,
                new NewSignIn(
                        id,
                        user,
                        wallet,
                        origin,
                        RefreshTokens.hashOf(token),
                        now,
                        expiresAt,
                        accessUntil));
        return new Begun(id, token, expiresAt, accessUntil, ended);
    }
}
