package io.perpetua.marketdata.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.marketdata.BoundExceeded;
import io.perpetua.contracts.marketdata.FundingOverrideDecided;
import io.perpetua.contracts.marketdata.FundingWanted;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketChangeWanted;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.marketdata.domain.funding.FundingDecision;
import io.perpetua.marketdata.domain.funding.FundingOverride;
import io.perpetua.marketdata.persistence.CatalogueStore;
import io.perpetua.marketdata.persistence.FundingOverrideStore;
import io.perpetua.marketdata.persistence.FundingOverrideStore.StoredOverride;
import io.perpetua.marketdata.persistence.MarketApprovalStore.StoredApproval;
import io.perpetua.marketdata.persistence.MarketApprovalStore.StoredDecision;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides on a rate that an administrator wants, or takes it back, and stores it, or has it wait
 * for another administrator where one may not decide it alone; the market's shard reads it within a
 * second.
 */
@ApplicationScoped
public class OverrideFundingHandler {
    private final AgroalDataSource database;
    private final FundingOverrideStore overrides;
    private final CatalogueStore catalogue;
    private final MarketApprovals approvals;
    private final Eventlog eventlog;
    private final Clock clock;

    OverrideFundingHandler(
            @DataSource("shard") AgroalDataSource database,
            FundingOverrideStore overrides,
            CatalogueStore catalogue,
            MarketApprovals approvals,
            Eventlog eventlog,
            Clock clock) {
        this.database = database;
        this.overrides = overrides;
        this.catalogue = catalogue;
        this.approvals = approvals;
        this.eventlog = eventlog;
        this.clock = clock;
    }

    /** What became of it. */
    public sealed interface Outcome {
        /** It stands; a repeated command gets the same. */
        record Decided(StoredOverride override) implements Outcome {}

        /** It takes another administrator. */
        record Asked(MarketApprovals.Asked asked) implements Outcome {}

        /** It does not. */
        record Refused(FundingDecision.Refused why) implements Outcome {}
    }

    /** What became of a rate that need not be asked for any more. */
    sealed interface CarriedOut {
        /** It stands. */
        record Done(StoredOverride override) implements CarriedOut {}

        /** It can't be set. */
        record Refused(FundingDecision.Refused why) implements CarriedOut {}
    }

    /** Decides, or has the rate wait for another administrator. */
    public Outcome handle(OverrideFunding command) {
        long now = clock.millis();
        Outcome outcome =
                Transactions.inTransaction(
                        database, transaction -> decide(transaction, command, now));
        eventlog.committed(PutInForceHandler.SOURCE);
        return outcome;
    }

    /** Holds back other rates of a market until the transaction ends. */
    void lock(Connection transaction, MarketId market) throws SQLException {
        overrides.lock(transaction, market);
    }

    private Outcome decide(Connection transaction, OverrideFunding command, long now)
            throws SQLException {
        Market market = command.market();
        lock(transaction, market.id());
        StoredOverride newest = newest(transaction, market);
        if (newest != null && isSame(newest, command) && command.untilMillis() > now) {
            return new Outcome.Decided(newest);
        }
        FundingWanted funding =
                new FundingWanted(command.kind(), command.rate(), command.untilMillis());
        MarketChangeWanted change = MarketChangeWanted.of(funding);
        Optional<StoredApproval> live =
                approvals
                        .live(transaction, market, change, command.by(), now)
                        .filter(asked -> stands(asked, newest));
        if (live.isPresent()) {
            return new Outcome.Asked(new MarketApprovals.Asked.Taken(live.get()));
        }
        return switch (judge(market, newest, funding, now)) {
            case FundingDecision.Refused refused -> new Outcome.Refused(refused);
            case FundingDecision.Accepted accepted -> {
                List<BoundExceeded> exceeded =
                        FundingOverride.exceeded(command.rate(), approvals.bounds().fundingRate());
                Mandate mandate = new Mandate(command.by(), command.reason(), null);
                yield exceeded.isEmpty()
                        ? new Outcome.Decided(store(transaction, market, accepted, mandate, now))
                        : new Outcome.Asked(
                                approvals.ask(
                                        transaction,
                                        market,
                                        change,
                                        exceeded,
                                        command.by(),
                                        command.reason(),
                                        now));
            }
        };
    }

    /** A request stands while it is open, or what came of it is the newest. */
    private static boolean stands(StoredApproval asked, @Nullable StoredOverride newest) {
        StoredDecision decision = asked.decision();
        if (decision == null) {
            return true;
        }
        Long outcome = decision.outcome();
        return newest != null && outcome != null && outcome == newest.number();
    }

    /** Decides a rate by a mandate, in a transaction that holds those of the market. */
    CarriedOut carryOut(
            Connection transaction, String symbol, FundingWanted wanted, Mandate mandate, long now)
            throws SQLException {
        Market market = catalogue.bySymbol(transaction, symbol).orElseThrow();
        return switch (judge(market, newest(transaction, market), wanted, now)) {
            case FundingDecision.Refused refused -> new CarriedOut.Refused(refused);
            case FundingDecision.Accepted accepted ->
                    new CarriedOut.Done(store(transaction, market, accepted, mandate, now));
        };
    }

    private static FundingDecision judge(
            Market market, @Nullable StoredOverride newest, FundingWanted wanted, long now) {
        return FundingOverride.decide(
                market,
                newest == null ? 1 : newest.number() + 1,
                wanted.kind(),
                wanted.rate(),
                wanted.untilMillis(),
                now);
    }

    private StoredOverride store(
            Connection transaction,
            Market market,
            FundingDecision.Accepted accepted,
            Mandate mandate,
            long now)
            throws SQLException {
        FundingOverride override = accepted.override();
        StoredOverride stored =
                new StoredOverride(
                        override.market(),
                        override.number(),
                        override,
                        now,
                        mandate.by().id(),
                        mandate.reason(),
                        mandate.approval());
        add(transaction, market, stored, mandate);
        return stored;
    }

    /** Takes back the rate that stands, if one does. */
    public Optional<StoredOverride> takeBack(Market market, Decider by, String reason) {
        long now = clock.millis();
        Optional<StoredOverride> taken =
                Transactions.inTransaction(
                        database, transaction -> takeBack(transaction, market, by, reason, now));
        eventlog.committed(PutInForceHandler.SOURCE);
        return taken;
    }

    private Optional<StoredOverride> takeBack(
            Connection transaction, Market market, Decider by, String reason, long now)
            throws SQLException {
        overrides.lock(transaction, market.id());
        StoredOverride newest = newest(transaction, market);
        FundingOverride standing = newest == null ? null : newest.override();
        if (standing == null || standing.untilMillis() <= now) {
            return Optional.empty();
        }
        StoredOverride stored =
                new StoredOverride(
                        market.id(), standing.number() + 1, null, now, by.id(), reason, null);
        add(transaction, market, stored, new Mandate(by, reason, null));
        return Optional.of(stored);
    }

    /** Stores it, with what the audit log is to have of it. */
    private void add(Connection transaction, Market market, StoredOverride stored, Mandate mandate)
            throws SQLException {
        Decider by = mandate.by();
        overrides.add(transaction, stored);
        FundingOverride override = stored.override();
        FundingOverrideDecided decided =
                new FundingOverrideDecided(
                        market.id(),
                        market.symbol(),
                        stored.number(),
                        override == null ? null : override.kind(),
                        override == null ? null : override.rate(),
                        override == null ? 0 : override.untilMillis(),
                        by.administrator(),
                        stored.reason(),
                        by.clientAddress(),
                        by.userAgent(),
                        stored.atMillis(),
                        mandate.askedFor());
        eventlog.emit(
                transaction, PutInForceHandler.SOURCE, List.of(MarketDecisions.record(decided)));
    }

    private @Nullable StoredOverride newest(Connection transaction, Market market)
            throws SQLException {
        List<StoredOverride> newest = overrides.newest(transaction, market.id(), Long.MAX_VALUE, 1);
        return newest.isEmpty() ? null : newest.getFirst();
    }

    private static boolean isSame(StoredOverride stored, OverrideFunding command) {
        FundingOverride override = stored.override();
        return override != null
                && override.kind() == command.kind()
                && override.rate().equals(command.rate())
                && override.untilMillis() == command.untilMillis()
                && stored.changedBy().equals(command.by().id())
                && stored.reason().equals(command.reason());
    }
}
