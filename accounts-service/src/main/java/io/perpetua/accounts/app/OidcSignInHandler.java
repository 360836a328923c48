package io.perpetua.accounts.app;

import io.perpetua.accounts.app.AdminSignInHandler.AdminSignInOutcome;
import io.perpetua.accounts.domain.admin.AdminState;
import io.perpetua.accounts.domain.admin.ExternalIdentity;
import io.perpetua.accounts.domain.admin.IdTokenClaims;
import io.perpetua.accounts.domain.admin.IdTokenRules.Refusal;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.signin.SignInNonce;
import io.perpetua.accounts.persistence.AdminStore;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import io.perpetua.accounts.persistence.SignInStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Signs an administrator in by an ID token of the platform's OpenID provider, in place of the
 * password, and a one-time code. Whatever is wrong, the refusal is the same; the service's log has
 * the rule that was broken.
 */
@ApplicationScoped
public class OidcSignInHandler {
    private static final Logger LOG = Logger.getLogger(OidcSignInHandler.class);

    private final OidcSettings settings;
    private final IdTokens idTokens;
    private final AdminStore admins;
    private final SignInStore nonces;
    private final AdminAttempts attempts;
    private final AdminEntrance entrance;
    private final AdminTokens tokens;
    private final AdminTransactions transactions;
    private final Clock clock;

    /** With what it reads and writes. */
    public OidcSignInHandler(
            OidcSettings settings,
            IdTokens idTokens,
            AdminStore admins,
            SignInStore nonces,
            AdminAttempts attempts,
            AdminEntrance entrance,
            AdminTokens tokens,
            AdminTransactions transactions,
            Clock clock) {
        this.settings = settings;
        this.idTokens = idTokens;
        this.admins = admins;
        this.nonces = nonces;
        this.attempts = attempts;
        this.entrance = entrance;
        this.tokens = tokens;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A token of the provider and a one-time code. Never printed. */
    public record OidcSignIn(
            OidcSettings.Provider provider, String idToken, String code, AuditOrigin origin) {
        @Override
        public String toString() {
            return "OidcSignIn[]";
        }
    }

    /** What a token proves: who, once. */
    private record Proven(AdminRow admin, ExternalIdentity identity, SignInNonce nonce) {}

    /** Counts the attempt, then judges it. */
    public AdminSignInOutcome handle(OidcSignIn command) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Duration wait = attempts.takeOfAddress(command.origin());
        if (wait.isPositive()) {
            return new AdminSignInOutcome.Blocked(wait);
        }
        Optional<Proven> proven =
                idTokens.read(command.idToken())
                        .flatMap(claims -> prove(claims, command.provider(), now));
        if (proven.isEmpty()) {
            return refused("admin-identity:unproven", command);
        }
        AdminRow known = proven.get().admin();
        wait = attempts.takeOfProven(known.username(), command.origin());
        if (wait.isPositive()) {
            return new AdminSignInOutcome.Blocked(wait);
        }
        Optional<AdminRow> admin =
                transactions.call(known.id(), tx -> signIn(tx, proven.get(), command, now));
        return admin.isEmpty()
                ? refused("admin-name:" + known.username(), command)
                : new AdminSignInOutcome.SignedIn(admin.get(), tokens.issue(admin.get()));
    }

    private Optional<Proven> prove(
            IdTokenClaims claims, OidcSettings.Provider provider, Instant now) {
        Optional<Refusal> refusal = provider.rules().refusal(claims, now);
        Optional<SignInNonce> nonce = settings.recognise(claims.nonce(), now);
        if (refusal.isPresent() || nonce.isEmpty()) {
            LOG.warnf(
                    "an ID token is refused: %s",
                    refusal.map(Enum::name).orElse("its nonce is none of ours, or too old"));
            return Optional.empty();
        }
        ExternalIdentity identity;
        try {
            identity = new ExternalIdentity(provider.issuer(), claims.subject());
        } catch (IllegalArgumentException nobodys) {
            return Optional.empty();
        }
        return transactions
                .callNameless(tx -> admins.identified(tx, identity))
                .filter(admin -> admin.state() == AdminState.ACTIVE)
                .map(admin -> new Proven(admin, identity, nonce.get()));
    }

    /** A token is tried once, be the code right or wrong: nobody guesses codes with it. */
    private Optional<AdminRow> signIn(
            Connection transaction, Proven proven, OidcSignIn command, Instant now)
            throws SQLException {
        if (!nonces.use(transaction, proven.nonce())) {
            return Optional.empty();
        }
        nonces.forgetExpired(transaction, now);
        String proof =
                CanonicalJson.of(
                        Map.of(
                                "issuer", proven.identity().issuer().toString(),
                                "subject", proven.identity().subject()));
        return entrance.open(
                transaction, proven.admin(), command.code(), proof, command.origin(), now);
    }

    private AdminSignInOutcome refused(String subject, OidcSignIn command) {
        transactions.callNameless(tx -> entrance.refused(tx, subject, command.origin()));
        return new AdminSignInOutcome.Refused();
    }
}
