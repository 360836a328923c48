package io.perpetua.marketdata.app;

import io.perpetua.contracts.marketdata.BoundExceeded;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketApprovalMoved;
import io.perpetua.contracts.marketdata.MarketApprovalState;
import io.perpetua.contracts.marketdata.MarketChangeWanted;
import io.perpetua.contracts.value.Rate;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.marketdata.domain.catalogue.SoloBounds;
import io.perpetua.marketdata.persistence.MarketApprovalStore;
import io.perpetua.marketdata.persistence.MarketApprovalStore.NewApproval;
import io.perpetua.marketdata.persistence.MarketApprovalStore.StoredApproval;
import io.perpetua.marketdata.persistence.MarketApprovalStore.StoredDecision;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Has changes of markets that go beyond what one administrator may do wait for another one, with
 * what the audit log is to have of it.
 */
@ApplicationScoped
public class MarketApprovals {
    private final MarketApprovalStore approvals;
    private final Eventlog eventlog;
    private final SoloBounds bounds;
    private final int openMost;
    private final long validMillis;

    MarketApprovals(MarketApprovalStore approvals, Eventlog eventlog, MarketDataConfig config) {
        this.approvals = approvals;
        this.eventlog = eventlog;
        this.bounds = bounds(config.solo());
        this.openMost = config.approvalsOpenMax();
        this.validMillis = config.approvalSeconds() * 1_000L;
    }

    private static SoloBounds bounds(MarketDataConfig.Solo solo) {
        return new SoloBounds(
                solo.marginFallPercent(),
                solo.maintenanceRisePercent(),
                solo.leverageRisePercent(),
                solo.sizeRisePercent(),
                solo.guardWideningPercent(),
                solo.feeChangePercent(),
                solo.fundingChangePercent(),
                Rate.parse(solo.fundingRate()));
    }

    /** What became of a wish that takes two administrators. */
    public sealed interface Asked {
        /** It waits for another administrator, or was asked for before and has come so far. */
        record Taken(StoredApproval approval) implements Asked {}

        /** As many as may be of the market wait already. */
        record TooMany(int most) implements Asked {}
    }

    /** How far one administrator may go. */
    SoloBounds bounds() {
        return bounds;
    }

    /** The request of that administrator for exactly this, if it is open or approved. */
    Optional<StoredApproval> live(
            Connection transaction,
            Market market,
            MarketChangeWanted wanted,
            Decider by,
            long nowMillis)
            throws SQLException {
        return approvals.findLive(transaction, market.id(), wanted, by.administrator(), nowMillis);
    }

    /** Stores a request. */
    Asked ask(
            Connection transaction,
            Market market,
            MarketChangeWanted wanted,
            List<BoundExceeded> exceeds,
            Decider by,
            String reason,
            long nowMillis)
            throws SQLException {
        approvals.lock(transaction, market.id());
        if (approvals.open(transaction, market.id(), nowMillis) >= openMost) {
            return new Asked.TooMany(openMost);
        }
        StoredApproval stored =
                approvals.add(
                        transaction,
                        new NewApproval(
                                market.id(),
                                market.symbol(),
                                wanted,
                                exceeds,
                                reason,
                                by.administrator(),
                                nowMillis,
                                nowMillis + validMillis));
        record(transaction, stored, by, reason, nowMillis);
        return new Asked.Taken(stored);
    }

    /** Stores a decision on a request that is held; {@code outcome} says what came of it. */
    StoredApproval decide(
            Connection transaction,
            StoredApproval held,
            MarketApprovalState state,
            StoredDecision decision,
            Decider by)
            throws SQLException {
        StoredApproval decided =
                approvals.decide(
                        transaction,
                        held.id(),
                        state,
                        decision.by(),
                        decision.reason(),
                        decision.outcome(),
                        decision.atMillis());
        record(transaction, decided, by, decision.reason(), decision.atMillis());
        return decided;
    }

    /** Tells the audit log how far a request has come, by whose word. */
    void record(
            Connection transaction,
            StoredApproval approval,
            Decider by,
            String reason,
            long nowMillis)
            throws SQLException {
        eventlog.emit(
                transaction,
                PutInForceHandler.SOURCE,
                List.of(
                        MarketDecisions.record(
                                new MarketApprovalMoved(
                                        approval.id(),
                                        approval.market(),
                                        approval.symbol(),
                                        approval.state(),
                                        approval.wanted(),
                                        approval.exceeds(),
                                        approval.requestedBy(),
                                        approval.expiresMillis(),
                                        by.administrator(),
                                        reason,
                                        by.clientAddress(),
                                        by.userAgent(),
                                        nowMillis))));
    }
}
