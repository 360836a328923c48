package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.token.RefreshDecision;
import io.perpetua.accounts.domain.token.RefreshRefusal;
import io.perpetua.accounts.domain.token.RefreshRules;
import io.perpetua.accounts.domain.token.RefreshToken;
import io.perpetua.accounts.domain.token.RefreshTokens;
import io.perpetua.accounts.persistence.OpenSignInStore;
import io.perpetua.contracts.accounts.SignInRevoked;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges a refresh token for its successor and an access token. Requests of one sign-in come one
 * after the other, by its row's lock: of several with the same token the first uses it up, the
 * others get the same successor for a moment. A token that was used up before that ends the
 * sign-in.
 */
@ApplicationScoped
public class RefreshHandler {
    private static final Logger LOG = Logger.getLogger(RefreshHandler.class);

    private final SignInSettings settings;
    private final OpenSignInStore store;
    private final AccessTokenIssuer issuer;
    private final SignInEnding ending;
    private final AuditTrail audit;
    private final UserTransactions transactions;
    private final Clock clock;

    /** With what it reads and writes. */
    public RefreshHandler(
            SignInSettings settings,
            OpenSignInStore store,
            AccessTokenIssuer issuer,
            SignInEnding ending,
            AuditTrail audit,
            UserTransactions transactions,
            Clock clock) {
        this.settings = settings;
        this.store = store;
        this.issuer = issuer;
        this.ending = ending;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A refresh token as it was sent. Never printed. */
    public record Refresh(String text, AuditOrigin origin) {
        @Override
        public String toString() {
            return "Refresh[origin=" + origin + "]";
        }
    }

    /** What became of it. */
    public sealed interface RefreshOutcome {
        /** The sign-in goes on. */
        record Refreshed(IssuedTokens tokens) implements RefreshOutcome {}

        /** It does not. */
        record NotRefreshed(RefreshRefusal reason) implements RefreshOutcome {}
    }

    private record Decided(
            @Nullable RefreshRefusal refusal,
            RefreshToken successor,
            Instant signInExpiresAt,
            Instant accessUntil,
            List<SignInRevoked> revoked) {
        static Decided refused(RefreshRefusal reason, RefreshToken token) {
            return refused(reason, token, List.of());
        }

        static Decided refused(
                RefreshRefusal reason, RefreshToken token, List<SignInRevoked> revoked) {
            return new Decided(reason, token, Instant.EPOCH, Instant.EPOCH, revoked);
        }
    }

    /** Refreshes. */
    public RefreshOutcome handle(Refresh command) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Optional<RefreshToken> recognised = settings.refreshTokens().recognise(command.text());
        if (recognised.isEmpty()) {
            return new RefreshOutcome.NotRefreshed(RefreshRefusal.REFRESH_TOKEN_INVALID);
        }
        RefreshToken token = recognised.get();
        Decided decided =
                transactions.call(
                        token.user(),
                        connection -> decide(connection, token, command.origin(), now));
        ending.committed(decided.revoked);
        if (decided.refusal != null) {
            return new RefreshOutcome.NotRefreshed(decided.refusal);
        }
        return new RefreshOutcome.Refreshed(
                new IssuedTokens(
                        token.user(),
                        token.signIn(),
                        issuer.issue(token.user(), token.signIn(), now, decided.accessUntil),
                        decided.successor,
                        decided.signInExpiresAt));
    }

    private Decided decide(
            Connection connection, RefreshToken token, AuditOrigin origin, Instant now)
            throws SQLException {
        Optional<RefreshRules.State> state = store.lock(connection, token.signIn());
        if (state.isEmpty()) {
            return Decided.refused(RefreshRefusal.SIGN_IN_ENDED, token);
        }
        RefreshDecision decision = settings.refreshRules().decide(state.get(), token, now);
        return switch (decision) {
            case EXPIRED -> Decided.refused(RefreshRefusal.SIGN_IN_EXPIRED, token);
            case REUSED -> end(connection, token, state.get(), origin, now);
            case ROTATE -> {
                RefreshToken successor = settings.refreshTokens().successor(token);
                Decided decided = goesOn(successor, state.get(), now);
                String hash = RefreshTokens.hashOf(successor);
                store.rotate(connection, token.signIn(), hash, now, decided.accessUntil);
                yield decided;
            }
            case REPEAT -> {
                Optional<RefreshToken> successor =
                        settings.refreshTokens().successor(token, state.get().hash());
                if (successor.isEmpty()) {
                    yield Decided.refused(RefreshRefusal.REFRESH_TOKEN_INVALID, token);
                }
                Decided decided = goesOn(successor.get(), state.get(), now);
                store.extend(connection, token.signIn(), decided.accessUntil);
                yield decided;
            }
        };
    }

    private Decided goesOn(RefreshToken successor, RefreshRules.State state, Instant now) {
        Instant accessUntil = issuer.expiry(now, state.expiresAt());
        return new Decided(null, successor, state.expiresAt(), accessUntil, List.of());
    }

    private Decided end(
            Connection connection,
            RefreshToken token,
            RefreshRules.State state,
            AuditOrigin origin,
            Instant now)
            throws SQLException {
        LOG.warnf(
                "refresh token %d of sign-in %s came again, when token %d was the newest",
                token.generation(), token.signIn(), state.generation());
        var ended = store.end(connection, token.user(), token.signIn());
        audit.append(
                connection,
                new AuditEntry(
                        AuditActor.service("accounts"),
                        AuditAction.REFRESH_TOKEN_REUSED,
                        "user:" + token.user(),
                        CanonicalJson.of(
                                Map.of(
                                        "signIn",
                                        token.signIn().toString(),
                                        "newest",
                                        state.generation())),
                        CanonicalJson.of(Map.of("reused", token.generation())),
                        origin));
        List<SignInRevoked> revoked = ending.publish(connection, token.user(), ended, now);
        return Decided.refused(RefreshRefusal.REFRESH_TOKEN_REUSED, token, revoked);
    }
}
