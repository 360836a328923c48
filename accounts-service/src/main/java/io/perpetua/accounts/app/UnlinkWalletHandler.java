package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.signin.Wallet;
import io.perpetua.accounts.persistence.OpenSignInStore;
import io.perpetua.accounts.persistence.SignInStore;
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
import java.util.List;
import java.util.Map;

/** Takes a wallet from a user, never the last one, and ends the sign-ins it made. */
@ApplicationScoped
public class UnlinkWalletHandler {
    private final SignInStore locks;
    private final OpenSignInStore signIns;
    private final UserRows users;
    private final WalletRows wallets;
    private final SignInEnding ending;
    private final AuditTrail audit;
    private final UserTransactions transactions;
    private final Clock clock;

    /** With what it reads and writes. */
    public UnlinkWalletHandler(
            SignInStore locks,
            OpenSignInStore signIns,
            UserRows users,
            WalletRows wallets,
            SignInEnding ending,
            AuditTrail audit,
            UserTransactions transactions,
            Clock clock) {
        this.locks = locks;
        this.signIns = signIns;
        this.users = users;
        this.wallets = wallets;
        this.ending = ending;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A user's wish to be without a wallet. */
    public record UnlinkWallet(UserId user, Wallet wallet, AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface UnlinkOutcome {
        /** It is nobody's now, and so many sign-ins ended with it. */
        record Unlinked(List<SignInRevoked> ended) implements UnlinkOutcome {}

        /** The user has no such wallet. */
        record Unknown() implements UnlinkOutcome {}

        /** It is the last one, without which nobody could sign the user in. */
        record Last() implements UnlinkOutcome {}
    }

    /** Unlinks. */
    public UnlinkOutcome handle(UnlinkWallet command) {
        Instant now = clock.instant();
        UnlinkOutcome outcome =
                transactions.call(command.user(), connection -> unlink(connection, command, now));
        if (outcome instanceof UnlinkOutcome.Unlinked unlinked) {
            ending.committed(unlinked.ended());
        }
        return outcome;
    }

    /** The wallet's lock comes first, as in a sign-in of it. */
    private UnlinkOutcome unlink(Connection connection, UnlinkWallet command, Instant now)
            throws SQLException {
        UserId user = command.user();
        locks.lockWallet(connection, command.wallet());
        users.findById(user.value(), LockModeType.PESSIMISTIC_WRITE);
        List<WalletRow> present = wallets.of(user.value());
        WalletRow unlinked =
                present.stream()
                        .filter(row -> row.wallet().equals(command.wallet()))
                        .findFirst()
                        .orElse(null);
        if (unlinked == null) {
            return new UnlinkOutcome.Unknown();
        }
        if (present.size() == 1) {
            return new UnlinkOutcome.Last();
        }
        var ended = signIns.endOfWallet(connection, user, command.wallet());
        wallets.delete(unlinked);
        wallets.flush();
        audit.append(
                connection,
                new AuditEntry(
                        AuditActor.user(user),
                        AuditAction.WALLET_UNLINKED,
                        "user:" + user,
                        CanonicalJson.of(Map.of("wallet", command.wallet().shown())),
                        null,
                        command.origin()));
        return new UnlinkOutcome.Unlinked(ending.publish(connection, user, ended, now));
    }
}
