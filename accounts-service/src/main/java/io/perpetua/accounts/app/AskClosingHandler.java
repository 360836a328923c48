package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.signin.ChallengePurpose;
import io.perpetua.accounts.domain.signin.SignInDecision;
import io.perpetua.accounts.domain.signin.SignInMessage;
import io.perpetua.accounts.domain.signin.SignInRefusal;
import io.perpetua.accounts.domain.signin.WalletSignature;
import io.perpetua.accounts.domain.token.SignInId;
import io.perpetua.accounts.domain.user.UserState;
import io.perpetua.accounts.persistence.SignInStore;
import io.perpetua.accounts.persistence.UserLifeStore;
import io.perpetua.accounts.persistence.UserLifeStore.ClosingRow;
import io.perpetua.accounts.persistence.UserLifeStore.Standing;
import io.perpetua.accounts.persistence.WalletRows;
import io.perpetua.contracts.accounts.ClosingKind;
import io.perpetua.contracts.accounts.UserClosing;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes a user's wish to be deactivated or deleted: its row, the user's state and the question to
 * risk are one commit. From then on no withdrawal is taken, and of a user who wants to be deleted
 * no credit either, so that what risk is asked about can't change behind its back: credits that
 * were before are before the question in its channel.
 */
@ApplicationScoped
public class AskClosingHandler {
    private final UserLifeStore lives;
    private final SignInSettings settings;
    private final SignInStore nonces;
    private final WalletRows wallets;
    private final AuditTrail audit;
    private final UserEventPublisher events;
    private final UserTransactions transactions;
    private final Clock clock;

    /** With what it reads and writes. */
    public AskClosingHandler(
            UserLifeStore lives,
            SignInSettings settings,
            SignInStore nonces,
            WalletRows wallets,
            AuditTrail audit,
            UserEventPublisher events,
            UserTransactions transactions,
            Clock clock) {
        this.lives = lives;
        this.settings = settings;
        this.nonces = nonces;
        this.wallets = wallets;
        this.audit = audit;
        this.events = events;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A message that a wallet signed; {@code text} exactly as signed. */
    public record Confirmation(String text, SignInMessage message, WalletSignature signature) {}

    /**
     * A user's wish to leave.
     *
     * @param confirmation of a deletion, null of a deactivation
     */
    public record AskClosing(
            UserId user,
            ClosingKind kind,
            SignInId signIn,
            @Nullable Confirmation confirmation,
            AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface AskOutcome {
        /** Risk is asked, now or by an earlier wish of the same kind. */
        record Asked(long closing) implements AskOutcome {}

        /** The signature does not confirm it. */
        record NotConfirmed(SignInRefusal reason) implements AskOutcome {}

        /** The wallet that signed is not the user's. */
        record WalletUnknown() implements AskOutcome {}

        /** A suspended user stays: they could come back unsuspended. */
        record Suspended() implements AskOutcome {}

        /**
         * What accounts alone decides on is in the way, so that risk is not asked.
         *
         * @param holdings so many subaccounts hold that asset; USDC too, as the ledger has it
         */
        record NotFlat(int pendingWithdrawals, SortedMap<String, Integer> holdings)
                implements AskOutcome {}

        /** The user is that far already, or about to leave otherwise. */
        record NotNow(UserState state) implements AskOutcome {}
    }

    /** Asks risk unless a rule forbids it. */
    public AskOutcome handle(AskClosing command) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Confirmation confirmation = command.confirmation();
        if (confirmation == null) {
            return asked(transactions.call(command.user(), tx -> ask(tx, command, null, now)));
        }
        SignInDecision decision =
                settings.rules()
                        .decide(
                                settings.nonces(),
                                ChallengePurpose.deletionOf(command.user()),
                                confirmation.message(),
                                confirmation.text(),
                                confirmation.signature(),
                                now);
        return switch (decision) {
            case SignInDecision.Refused refused -> new AskOutcome.NotConfirmed(refused.reason());
            case SignInDecision.Proven proven ->
                    asked(transactions.call(command.user(), tx -> ask(tx, command, proven, now)));
        };
    }

    private AskOutcome asked(AskOutcome outcome) {
        if (outcome instanceof AskOutcome.Asked) {
            events.committed();
        }
        return outcome;
    }

    private AskOutcome ask(
            Connection connection,
            AskClosing command,
            SignInDecision.@Nullable Proven proven,
            Instant now)
            throws SQLException {
        UserId user = command.user();
        Standing standing = lives.hold(connection, user);
        UserState leaving =
                command.kind() == ClosingKind.DELETION ? UserState.CLOSING : UserState.DEACTIVATING;
        if (proven != null
                && wallets.of(user.value()).stream()
                        .noneMatch(row -> row.wallet().equals(proven.wallet()))) {
            return new AskOutcome.WalletUnknown();
        }
        if (standing.state() == leaving) {
            ClosingRow underWay = lives.lastClosing(connection, user).orElseThrow();
            return new AskOutcome.Asked(underWay.id());
        }
        boolean mayAsk =
                standing.state() == UserState.ACTIVE
                        || (standing.state() == UserState.DEACTIVATED
                                && command.kind() == ClosingKind.DELETION);
        if (!mayAsk) {
            return new AskOutcome.NotNow(standing.state());
        }
        if (standing.suspended()) {
            return new AskOutcome.Suspended();
        }
        // In this order: a withdrawal that comes back in between is counted in one of the two.
        int pendingWithdrawals = lives.pendingWithdrawals(connection, user);
        if (command.kind() == ClosingKind.DELETION) {
            SortedMap<String, Integer> holdings = lives.holdings(connection, user);
            if (holdings.keySet().stream().anyMatch(asset -> !asset.equals(Asset.USDC.code()))) {
                return new AskOutcome.NotFlat(pendingWithdrawals, holdings);
            }
        }
        if (proven != null && !nonces.use(connection, proven.nonce())) {
            return new AskOutcome.NotConfirmed(SignInRefusal.NONCE_USED);
        }
        long closing =
                lives.ask(
                        connection,
                        user,
                        command.kind(),
                        standing.state(),
                        command.signIn().value(),
                        now);
        lives.move(connection, user, leaving);
        audit.append(
                connection,
                new AuditEntry(
                        AuditActor.user(user),
                        AuditAction.USER_CLOSING_ASKED,
                        "user:" + user,
                        CanonicalJson.of(Map.of("state", standing.state())),
                        CanonicalJson.of(Map.of("state", leaving)),
                        command.origin()));
        events.publish(
                connection,
                List.of(
                        new UserClosing(
                                user,
                                lives.firstSubaccount(connection, user),
                                closing,
                                command.kind(),
                                pendingWithdrawals,
                                now.toEpochMilli())));
        return new AskOutcome.Asked(closing);
    }
}
