package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.ledger.KeptAssets;
import io.perpetua.accounts.domain.signin.EvmAddress;
import io.perpetua.accounts.domain.withdrawal.RequestRefusal;
import io.perpetua.accounts.domain.withdrawal.WithdrawalLimit;
import io.perpetua.accounts.domain.withdrawal.WithdrawalRules;
import io.perpetua.accounts.domain.withdrawal.WithdrawalRules.Counted;
import io.perpetua.accounts.persistence.AddressBookStore;
import io.perpetua.accounts.persistence.AddressBookStore.AddressRow;
import io.perpetua.accounts.persistence.IdStore;
import io.perpetua.accounts.persistence.LedgerReads;
import io.perpetua.accounts.persistence.UserLifeStore;
import io.perpetua.accounts.persistence.UserLifeStore.Standing;
import io.perpetua.accounts.persistence.WithdrawalStore;
import io.perpetua.accounts.persistence.WithdrawalStore.NewWithdrawal;
import io.perpetua.accounts.persistence.WithdrawalStore.WithdrawalRow;
import io.perpetua.contracts.accounts.WithdrawalRequested;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.contracts.value.WithdrawalId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request to withdraw, once under the user's own id for it: its row and the question to
 * risk are one commit, and nothing moves yet; of an asset that is no collateral the decision is
 * made at once, in that commit. The requests of a user are counted one after the other, and so are
 * those of the platform, so that no two of them fit into the same room of a limit.
 */
@ApplicationScoped
public class RequestWithdrawalHandler {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private final AddressBookStore addresses;
    private final UserLifeStore lives;
    private final WithdrawalStore withdrawals;
    private final LedgerReads ledger;
    private final ReserveAsset reserving;
    private final IdStore ids;
    private final AuditTrail audit;
    private final UserEventPublisher events;
    private final UserTransactions transactions;
    private final Clock clock;
    private final WithdrawalRules rules;
    private final KeptAssets assets;

    /** With what it reads and writes. */
    public RequestWithdrawalHandler(
            AddressBookStore addresses,
            UserLifeStore lives,
            WithdrawalStore withdrawals,
            LedgerReads ledger,
            ReserveAsset reserving,
            IdStore ids,
            AuditTrail audit,
            UserEventPublisher events,
            UserTransactions transactions,
            Clock clock,
            AccountsConfig config,
            AssetSettings assets) {
        this.addresses = addresses;
        this.lives = lives;
        this.withdrawals = withdrawals;
        this.ledger = ledger;
        this.reserving = reserving;
        this.ids = ids;
        this.audit = audit;
        this.events = events;
        this.transactions = transactions;
        this.clock = clock;
        this.rules = rules(config.withdrawals());
        this.assets = assets.kept();
    }

    private static WithdrawalRules rules(WithdrawalsConfig config) {
        return new WithdrawalRules(
                Usd.ofDollars(config.leastDollars()),
                Usd.ofDollars(config.mostDollars()),
                List.of(
                        new WithdrawalLimit(
                                RequestRefusal.USER_HOURLY_LIMIT_EXCEEDED,
                                false,
                                HOUR,
                                Usd.ofDollars(config.userHourDollars())),
                        new WithdrawalLimit(
                                RequestRefusal.USER_DAILY_LIMIT_EXCEEDED,
                                false,
                                DAY,
                                Usd.ofDollars(config.userDayDollars())),
                        new WithdrawalLimit(
                                RequestRefusal.PLATFORM_HOURLY_LIMIT_EXCEEDED,
                                true,
                                HOUR,
                                Usd.ofDollars(config.platformHourDollars())),
                        new WithdrawalLimit(
                                RequestRefusal.PLATFORM_DAILY_LIMIT_EXCEEDED,
                                true,
                                DAY,
                                Usd.ofDollars(config.platformDayDollars()))),
                new WithdrawalLimit(
                        RequestRefusal.UNVERIFIED_DAILY_LIMIT_EXCEEDED,
                        false,
                        DAY,
                        Usd.ofDollars(config.unverifiedDayDollars())));
    }

    /** A user's wish to withdraw. */
    public record RequestWithdrawal(
            UserId user,
            SubaccountId subaccount,
            Asset asset,
            Usd amount,
            EvmAddress address,
            String clientWithdrawalId,
            AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface RequestOutcome {
        /** It is taken, now or by an earlier request with the same content. */
        record Taken(WithdrawalRow withdrawal, boolean repeated) implements RequestOutcome {}

        /** The user's id for it was used for another withdrawal. */
        record ClientIdReused() implements RequestOutcome {}

        /** The platform keeps no such asset. */
        record AssetNotKept() implements RequestOutcome {}

        /** The user has no such subaccount. */
        record AccountUnknown() implements RequestOutcome {}

        /** A rule forbids it; from {@code possibleAt} it would not, where that is known. */
        record Refused(RequestRefusal refusal, @Nullable Instant possibleAt)
                implements RequestOutcome {}
    }

    /** Takes the request unless a rule forbids it. */
    public RequestOutcome handle(RequestWithdrawal command) {
        RequestOutcome outcome = transactions.call(command.user(), tx -> decide(tx, command));
        if (outcome instanceof RequestOutcome.Taken taken && !taken.repeated()) {
            events.committed();
        }
        return outcome;
    }

    private RequestOutcome decide(Connection connection, RequestWithdrawal command)
            throws SQLException {
        Standing standing = lives.hold(connection, command.user());
        Optional<WithdrawalRow> earlier =
                withdrawals.findByClientId(connection, command.clientWithdrawalId());
        if (earlier.isPresent()) {
            return sameContent(earlier.get(), command)
                    ? new RequestOutcome.Taken(earlier.get(), true)
                    : new RequestOutcome.ClientIdReused();
        }
        if (!assets.has(command.asset())) {
            return new RequestOutcome.AssetNotKept();
        }
        RequestRefusal restricted = restriction(standing);
        if (restricted != null) {
            return new RequestOutcome.Refused(restricted, null);
        }
        if (!ledger.hasAccount(connection, command.subaccount(), Asset.USDC.code())) {
            return new RequestOutcome.AccountUnknown();
        }
        Instant usableAt =
                addresses
                        .find(connection, command.address())
                        .map(AddressRow::usableAt)
                        .orElse(null);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Usd dollars = assets.dollars(command.asset(), command.amount());
        WithdrawalRules.Decision decision =
                rules.decide(
                        withdrawals.kycOf(connection, command.user()),
                        dollars,
                        usableAt,
                        now,
                        limit -> counted(connection, limit, dollars, now));
        return switch (decision) {
            case WithdrawalRules.Decision.Refused refused ->
                    new RequestOutcome.Refused(refused.refusal(), refused.possibleAt());
            case WithdrawalRules.Decision.Allowed() -> take(connection, command, dollars, now);
        };
    }

    /** What keeps a user who stands so from moving money out of an account; null when nothing. */
    static @Nullable RequestRefusal restriction(Standing standing) {
        return switch (standing.state()) {
            case CLOSING, DELETED -> RequestRefusal.USER_CLOSING;
            case DEACTIVATING, DEACTIVATED -> RequestRefusal.USER_DEACTIVATED;
            case ACTIVE -> standing.suspended() ? RequestRefusal.USER_SUSPENDED : null;
        };
    }

    private Counted counted(Connection connection, WithdrawalLimit limit, Usd amount, Instant now) {
        try {
            if (limit.ofPlatform()) {
                withdrawals.passGate(connection);
            }
            return withdrawals.counted(connection, limit, amount, now);
        } catch (SQLException failed) {
            throw new UncountedException(failed);
        }
    }

    /** Carries a failure of the database through the rules; it rolls back as any other. */
    private static final class UncountedException extends RuntimeException {
        UncountedException(SQLException cause) {
            super(cause);
        }
    }

    private static boolean sameContent(WithdrawalRow earlier, RequestWithdrawal command) {
        return earlier.subaccount().equals(command.subaccount())
                && earlier.asset().equals(command.asset().code())
                && earlier.amount().equals(command.amount())
                && earlier.address().equals(command.address());
    }

    private RequestOutcome take(
            Connection connection, RequestWithdrawal command, Usd dollars, Instant now)
            throws SQLException {
        boolean isCollateral = command.asset().isCollateral();
        NewWithdrawal asked =
                new NewWithdrawal(
                        ids.newWithdrawal(connection),
                        command.user(),
                        command.subaccount(),
                        command.asset().code(),
                        command.amount(),
                        isCollateral ? null : dollars,
                        command.address(),
                        command.clientWithdrawalId(),
                        now);
        WithdrawalRow withdrawal =
                isCollateral
                        ? withdrawals.add(connection, asked)
                        : reserving.decide(connection, asked);
        audit.append(
                connection,
                new AuditEntry(
                        AuditActor.user(command.user()),
                        AuditAction.WITHDRAWAL_REQUESTED,
                        subject(withdrawal.id()),
                        null,
                        state(withdrawal),
                        command.origin()));
        if (isCollateral) {
            events.publish(
                    connection,
                    List.of(
                            new WithdrawalRequested(
                                    command.user(),
                                    command.subaccount(),
                                    withdrawal.id(),
                                    command.amount(),
                                    now.toEpochMilli())));
        }
        return new RequestOutcome.Taken(withdrawal, false);
    }

    /** How the audit log names a withdrawal. */
    static String subject(WithdrawalId id) {
        return "withdrawal:" + id;
    }

    private static String state(WithdrawalRow row) {
        return CanonicalJson.of(
                Map.of(
                        "subaccountId", row.subaccount().toString(),
                        "asset", row.asset(),
                        "amount", row.amount().toString(),
                        "address", row.address().hex(),
                        "clientWithdrawalId", row.clientWithdrawalId()));
    }
}
