package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.signin.ChallengePurpose;
import io.perpetua.accounts.domain.signin.SignInDecision;
import io.perpetua.accounts.domain.signin.SignInDecision.Proven;
import io.perpetua.accounts.domain.signin.SignInDecision.Refused;
import io.perpetua.accounts.domain.signin.SignInMessage;
import io.perpetua.accounts.domain.signin.SignInRefusal;
import io.perpetua.accounts.domain.signin.WalletSignature;
import io.perpetua.accounts.persistence.SignInStore;
import io.perpetua.accounts.persistence.UserRows;
import io.perpetua.accounts.persistence.WalletRow;
import io.perpetua.accounts.persistence.WalletRows;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** Makes a further wallet one of a user's, by the wallet's own signature and the user's token. */
@ApplicationScoped
public class LinkWalletHandler {
    private final SignInSettings settings;
    private final SignInStore nonces;
    private final UserRows users;
    private final WalletRows wallets;
    private final AuditTrail audit;
    private final UserTransactions transactions;
    private final Clock clock;
    private final int most;

    /** With what it reads and writes. */
    public LinkWalletHandler(
            SignInSettings settings,
            SignInStore nonces,
            UserRows users,
            WalletRows wallets,
            AuditTrail audit,
            UserTransactions transactions,
            Clock clock,
            AccountsConfig config) {
        this.settings = settings;
        this.nonces = nonces;
        this.users = users;
        this.wallets = wallets;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
        this.most = config.walletsPerUser();
    }

    /** A signed message; {@code text} exactly as signed. */
    public record LinkWallet(
            UserId user,
            String text,
            SignInMessage message,
            WalletSignature signature,
            AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface LinkOutcome {
        /** The wallet is the user's; {@code isNew} unless it was before. */
        record Linked(WalletRow wallet, boolean isNew) implements LinkOutcome {}

        /** The signature does not prove that its owner wants it. */
        record NotProven(SignInRefusal reason) implements LinkOutcome {}

        /** It is another user's wallet. */
        record Taken() implements LinkOutcome {}

        /** The user has as many wallets as allowed. */
        record TooMany() implements LinkOutcome {}
    }

    /** How many wallets a user can have. */
    public int most() {
        return most;
    }

    /** Decides and, if the wallet is proven and free, links it. */
    public LinkOutcome handle(LinkWallet command) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        SignInDecision decision =
                settings.rules()
                        .decide(
                                settings.nonces(),
                                ChallengePurpose.linkTo(command.user()),
                                command.message(),
                                command.text(),
                                command.signature(),
                                now);
        return switch (decision) {
            case Refused refused -> new LinkOutcome.NotProven(refused.reason());
            case Proven proven ->
                    transactions.call(
                            command.user(), connection -> link(connection, command, proven, now));
        };
    }

    private LinkOutcome link(Connection connection, LinkWallet command, Proven proven, Instant now)
            throws SQLException {
        UserId user = command.user();
        nonces.actForWallet(connection, proven.wallet());
        WalletRow present = wallets.findById(proven.wallet().stored());
        if (present != null) {
            return present.userId() == user.value()
                    ? new LinkOutcome.Linked(present, false)
                    : new LinkOutcome.Taken();
        }
        users.findById(user.value(), LockModeType.PESSIMISTIC_WRITE);
        if (wallets.of(user.value()).size() >= most) {
            return new LinkOutcome.TooMany();
        }
        if (!nonces.use(connection, proven.nonce())) {
            return new LinkOutcome.NotProven(SignInRefusal.NONCE_USED);
        }
        nonces.forgetExpired(connection, now);
        WalletRow linked = new WalletRow(proven.wallet(), user.value(), now);
        wallets.persistAndFlush(linked);
        audit.append(
                connection,
                new AuditEntry(
                        AuditActor.user(user),
                        AuditAction.WALLET_LINKED,
                        "user:" + user,
                        null,
                        CanonicalJson.of(Map.of("wallet", proven.wallet().shown())),
                        command.origin()));
        return new LinkOutcome.Linked(linked, true);
    }
}
