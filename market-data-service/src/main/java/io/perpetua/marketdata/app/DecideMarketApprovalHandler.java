package io.perpetua.marketdata.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.marketdata.AskedFor;
import io.perpetua.contracts.marketdata.FundingWanted;
import io.perpetua.contracts.marketdata.MarketApprovalState;
import io.perpetua.contracts.marketdata.VersionWanted;
import io.perpetua.marketdata.domain.approval.ApprovalRefusal;
import io.perpetua.marketdata.domain.approval.ApprovalRules;
import io.perpetua.marketdata.domain.catalogue.VersionDecision;
import io.perpetua.marketdata.domain.funding.FundingDecision;
import io.perpetua.marketdata.persistence.MarketApprovalStore;
import io.perpetua.marketdata.persistence.MarketApprovalStore.StoredApproval;
import io.perpetua.marketdata.persistence.MarketApprovalStore.StoredDecision;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Has a second administrator approve or reject what another one wants of a market. The decision,
 * what it carries out and what the audit log is to have of both are one commit, so that it takes
 * effect once or not at all.
 */
@ApplicationScoped
public class DecideMarketApprovalHandler {
    private final AgroalDataSource database;
    private final MarketApprovalStore store;
    private final MarketApprovals approvals;
    private final ChangeMarketHandler versions;
    private final OverrideFundingHandler fundings;
    private final PutInForceHandler inForce;
    private final Clock clock;

    DecideMarketApprovalHandler(
            @DataSource("shard") AgroalDataSource database,
            MarketApprovalStore store,
            MarketApprovals approvals,
            ChangeMarketHandler versions,
            OverrideFundingHandler fundings,
            PutInForceHandler inForce,
            Clock clock) {
        this.database = database;
        this.store = store;
        this.approvals = approvals;
        this.versions = versions;
        this.fundings = fundings;
        this.inForce = inForce;
        this.clock = clock;
    }

    /** What became of it. */
    public sealed interface Outcome {
        /** It is decided so, now or before by the same administrator. */
        record Decided(StoredApproval approval) implements Outcome {}

        /** There is no such request. */
        record Unknown() implements Outcome {}

        /** A rule of four eyes forbids it. */
        record Refused(ApprovalRefusal refusal) implements Outcome {}

        /** The version does not follow those there are any more; the request stays open. */
        record VersionRefused(VersionDecision.Refused why) implements Outcome {}

        /** The rate can't be set any more; the request stays open. */
        record FundingRefused(FundingDecision.Refused why) implements Outcome {}
    }

    /** Decides, and carries out what is approved. */
    public Outcome handle(DecideMarketApproval command) {
        Outcome outcome =
                Transactions.inTransaction(database, transaction -> decide(transaction, command));
        inForce.published();
        return outcome;
    }

    private Outcome decide(Connection transaction, DecideMarketApproval command)
            throws SQLException {
        Optional<StoredApproval> seen = store.find(transaction, command.approval());
        if (seen.isEmpty()) {
            return new Outcome.Unknown();
        }
        // Whoever asks holds the market first and their request afterwards; so does whoever
        // decides.
        if (seen.get().wanted().version() != null) {
            versions.lock(transaction);
        } else {
            fundings.lock(transaction, seen.get().market());
        }
        StoredApproval held = store.hold(transaction, command.approval()).orElseThrow();
        // Read after the waits, so that nothing is decided after its time.
        long now = clock.millis();
        StoredDecision before = held.decision();
        return switch (ApprovalRules.decide(
                new ApprovalRules.Request(
                        held.requestedBy(),
                        held.state(),
                        held.expiresMillis(),
                        before == null ? null : before.by()),
                command.by().administrator(),
                command.approve(),
                now)) {
            case ApprovalRules.Decision.Refused refused -> new Outcome.Refused(refused.refusal());
            case ApprovalRules.Decision.Repeated() -> new Outcome.Decided(held);
            case ApprovalRules.Decision.Allowed() ->
                    command.approve()
                            ? carryOut(transaction, held, command, now)
                            : decided(
                                    transaction,
                                    held,
                                    MarketApprovalState.REJECTED,
                                    command,
                                    null,
                                    now);
        };
    }

    private Outcome carryOut(
            Connection transaction, StoredApproval held, DecideMarketApproval command, long now)
            throws SQLException {
        Mandate mandate =
                new Mandate(
                        command.by(), held.reason(), new AskedFor(held.id(), held.requestedBy()));
        VersionWanted version = held.wanted().version();
        if (version != null) {
            return switch (versions.carryOut(transaction, version, mandate, now)) {
                case ChangeMarketHandler.CarriedOut.Refused(VersionDecision.Refused why) ->
                        new Outcome.VersionRefused(why);
                case ChangeMarketHandler.CarriedOut.Done done ->
                        approved(
                                transaction,
                                held,
                                command,
                                done.version().definition().version(),
                                now);
            };
        }
        FundingWanted funding = held.wanted().funding();
        if (funding == null) {
            throw new IllegalStateException("approval " + held.id() + " wants nothing");
        }
        return switch (fundings.carryOut(transaction, held.symbol(), funding, mandate, now)) {
            case OverrideFundingHandler.CarriedOut.Refused(FundingDecision.Refused why) ->
                    new Outcome.FundingRefused(why);
            case OverrideFundingHandler.CarriedOut.Done done ->
                    approved(transaction, held, command, done.override().number(), now);
        };
    }

    private Outcome approved(
            Connection transaction,
            StoredApproval held,
            DecideMarketApproval command,
            long outcome,
            long now)
            throws SQLException {
        return decided(transaction, held, MarketApprovalState.APPROVED, command, outcome, now);
    }

    private Outcome decided(
            Connection transaction,
            StoredApproval held,
            MarketApprovalState state,
            DecideMarketApproval command,
            @Nullable Long outcome,
            long now)
            throws SQLException {
        return new Outcome.Decided(
                approvals.decide(
                        transaction,
                        held,
                        state,
                        new StoredDecision(
                                command.by().administrator(), now, command.reason(), outcome),
                        command.by()));
    }
}
