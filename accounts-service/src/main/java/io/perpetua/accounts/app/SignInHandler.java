package io.perpetua.accounts.app;

import io.perpetua.accounts.app.SignInOpening.Begun;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.signin.ChallengePurpose;
import io.perpetua.accounts.domain.signin.SignInDecision;
import io.perpetua.accounts.domain.signin.SignInDecision.Proven;
import io.perpetua.accounts.domain.signin.SignInDecision.Refused;
import io.perpetua.accounts.domain.signin.SignInMessage;
import io.perpetua.accounts.domain.signin.SignInRefusal;
import io.perpetua.accounts.domain.signin.WalletSignature;
import io.perpetua.accounts.persistence.IdStore;
import io.perpetua.accounts.persistence.SignInStore;
import io.perpetua.accounts.persistence.UserRow;
import io.perpetua.accounts.persistence.UserRows;
import io.perpetua.accounts.persistence.WalletRow;
import io.perpetua.accounts.persistence.WalletRows;
import io.perpetua.contracts.accounts.SignInRevoked;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Signs a wallet in: uses its nonce up, finds its user or makes one with a first subaccount, begins
 * a sign-in, all in one transaction, and issues its first tokens.
 */
@ApplicationScoped
public class SignInHandler {
    private static final int FIRST_SUBACCOUNT = 0;

    private final SignInSettings settings;
    private final SignInStore signIns;
    private final IdStore ids;
    private final UserRows users;
    private final WalletRows wallets;
    private final ProfileOpening profiles;
    private final SubaccountOpening opening;
    private final SignInOpening begin;
    private final SignInEnding ending;
    private final AccessTokenIssuer tokens;
    private final UserEventPublisher events;
    private final UserTransactions transactions;
    private final Clock clock;

    /** With what it reads and writes. */
    public SignInHandler(
            SignInSettings settings,
            SignInStore signIns,
            IdStore ids,
            UserRows users,
            WalletRows wallets,
            ProfileOpening profiles,
            SubaccountOpening opening,
            SignInOpening begin,
            SignInEnding ending,
            AccessTokenIssuer tokens,
            UserEventPublisher events,
            UserTransactions transactions,
            Clock clock) {
        this.settings = settings;
        this.signIns = signIns;
        this.ids = ids;
        this.users = users;
        this.wallets = wallets;
        this.profiles = profiles;
        this.opening = opening;
        this.begin = begin;
        this.ending = ending;
        this.tokens = tokens;
        this.events = events;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A signed message; {@code text} exactly as signed. */
    public record SignIn(
            String text, SignInMessage message, WalletSignature signature, AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface SignInOutcome {
        /** The wallet's user is signed in. */
        record SignedIn(IssuedTokens tokens, boolean first) implements SignInOutcome {}

        /** Nobody is. */
        record NotSignedIn(SignInRefusal reason) implements SignInOutcome {}
    }

    private record Identified(
            UserId user, boolean first, Begun begun, List<SignInRevoked> revoked) {}

    /** Decides and, if the wallet is proven, signs its user in. */
    public SignInOutcome handle(SignIn command) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        SignInDecision decision =
                settings.rules()
                        .decide(
                                settings.nonces(),
                                ChallengePurpose.SIGN_IN,
                                command.message(),
                                command.text(),
                                command.signature(),
                                now);
        return switch (decision) {
            case Refused refused -> new SignInOutcome.NotSignedIn(refused.reason());
            case Proven proven -> signIn(proven, command.origin(), now);
        };
    }

    private SignInOutcome signIn(Proven proven, AuditOrigin origin, Instant now) {
        Optional<Identified> identified =
                transactions.callPublic(connection -> identify(connection, proven, origin, now));
        if (identified.isEmpty()) {
            return new SignInOutcome.NotSignedIn(SignInRefusal.NONCE_USED);
        }
        Identified done = identified.get();
        if (done.first) {
            events.committed();
        }
        ending.committed(done.revoked);
        Begun begun = done.begun;
        return new SignInOutcome.SignedIn(
                new IssuedTokens(
                        done.user,
                        begun.id(),
                        tokens.issue(done.user, begun.id(), now, begun.accessUntil()),
                        begun.refreshToken(),
                        begun.expiresAt()),
                done.first);
    }

    /** The wallet's user, found or made; nothing when the nonce was used before. */
    private Optional<Identified> identify(
            Connection connection, Proven proven, AuditOrigin origin, Instant now)
            throws SQLException {
        signIns.actForWallet(connection, proven.wallet());
        if (!signIns.use(connection, proven.nonce())) {
            return Optional.empty();
        }
        signIns.forgetExpired(connection, now);
        WalletRow wallet = wallets.findById(proven.wallet().stored());
        return Optional.of(
                wallet == null
                        ? firstSignIn(connection, proven, origin, now)
                        : signIn(connection, new UserId(wallet.userId()), proven, origin, now));
    }

    private Identified signIn(
            Connection connection, UserId user, Proven proven, AuditOrigin origin, Instant now)
            throws SQLException {
        signIns.actForUser(connection, user);
        users.findById(user.value(), LockModeType.PESSIMISTIC_WRITE).signedIn(now);
        users.flush();
        Begun begun = begin.open(connection, user, proven.wallet(), origin, now);
        return new Identified(
                user, false, begun, ending.publish(connection, user, begun.ended(), now));
    }

    private Identified firstSignIn(
            Connection connection, Proven proven, AuditOrigin origin, Instant now)
            throws SQLException {
        UserId user = ids.newUser(connection);
        signIns.actForUser(connection, user);
        users.persistAndFlush(new UserRow(user.value(), now));
        profiles.open(connection, user);
        wallets.persistAndFlush(new WalletRow(proven.wallet(), user.value(), now));
        Begun begun = begin.open(connection, user, proven.wallet(), origin, now);
        opening.open(connection, user, FIRST_SUBACCOUNT, "Main", now);
        return new Identified(user, true, begun, List.of());
    }
}
