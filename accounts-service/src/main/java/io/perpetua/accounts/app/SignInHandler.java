package io.perpetua.accounts.app;

import io.perpetua.accounts.app.AccessTokenIssuer.IssuedToken;
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
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Signs a wallet in: uses its nonce up, finds its user or makes one with a first subaccount, all in
 * one transaction, and issues an access token.
 */
@ApplicationScoped
public class SignInHandler {
    private static final int FIRST_SUBACCOUNT = 0;

    private final SignInSettings settings;
    private final SignInStore signIns;
    private final IdStore ids;
    private final UserRows users;
    private final WalletRows wallets;
    private final SubaccountOpening opening;
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
            SubaccountOpening opening,
            AccessTokenIssuer tokens,
            UserEventPublisher events,
            UserTransactions transactions,
            Clock clock) {
        this.settings = settings;
        this.signIns = signIns;
        this.ids = ids;
        this.users = users;
        this.wallets = wallets;
        this.opening = opening;
        this.tokens = tokens;
        this.events = events;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A signed message; {@code text} exactly as signed. */
    public record SignIn(String text, SignInMessage message, WalletSignature signature) {}

    /** What became of it. */
    public sealed interface SignInOutcome {
        /** The wallet's user is signed in. */
        record SignedIn(UserId user, boolean first, IssuedToken token) implements SignInOutcome {}

        /** Nobody is. */
        record NotSignedIn(SignInRefusal reason) implements SignInOutcome {}
    }

    private record Identified(UserId user, boolean first) {}

    /** Decides and, if the wallet is proven, signs its user in. */
    public SignInOutcome handle(SignIn command) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        SignInDecision decision =
                settings.rules()
                        .decide(
                                settings.nonces(),
                                command.message(),
                                command.text(),
                                command.signature(),
                                now);
        return switch (decision) {
            case Refused refused -> new SignInOutcome.NotSignedIn(refused.reason());
            case Proven proven -> signIn(proven, now);
        };
    }

    private SignInOutcome signIn(Proven proven, Instant now) {
        Optional<Identified> identified =
                transactions.callPublic(connection -> identify(connection, proven, now));
        if (identified.isEmpty()) {
            return new SignInOutcome.NotSignedIn(SignInRefusal.NONCE_USED);
        }
        UserId user = identified.get().user;
        boolean first = identified.get().first;
        if (first) {
            events.committed();
        }
        return new SignInOutcome.SignedIn(user, first, tokens.issue(user, now));
    }

    /** The wallet's user, found or made; nothing when the nonce was used before. */
    private Optional<Identified> identify(Connection connection, Proven proven, Instant now)
            throws SQLException {
        signIns.actForWallet(connection, proven.address());
        if (!signIns.use(connection, proven.nonce())) {
            return Optional.empty();
        }
        signIns.forgetExpired(connection, now);
        WalletRow wallet = wallets.findById(proven.address().hex());
        if (wallet != null) {
            UserId user = new UserId(wallet.userId());
            signIns.actForUser(connection, user);
            users.findById(user.value()).signedIn(now);
            return Optional.of(new Identified(user, false));
        }
        UserId user = ids.newUser(connection);
        signIns.actForUser(connection, user);
        users.persistAndFlush(new UserRow(user.value(), now));
        wallets.persistAndFlush(new WalletRow(proven.address().hex(), user.value(), now));
        opening.open(connection, user, FIRST_SUBACCOUNT, "Main", now);
        return Optional.of(new Identified(user, true));
    }
}
