package io.perpetua.marketdata.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.marketdata.BoundExceeded;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketChangeWanted;
import io.perpetua.contracts.marketdata.MarketVersionDecided;
import io.perpetua.contracts.marketdata.VersionWanted;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.marketdata.domain.candle.MarketTotal;
import io.perpetua.marketdata.domain.catalogue.SoloRule;
import io.perpetua.marketdata.domain.catalogue.VersionDecision;
import io.perpetua.marketdata.persistence.CandleStore;
import io.perpetua.marketdata.persistence.CatalogueStore;
import io.perpetua.marketdata.persistence.CatalogueStore.StoredVersion;
import io.perpetua.marketdata.persistence.MarketApprovalStore.StoredApproval;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Decides on a market's next version and stores it, with what the audit log is to have of it, or
 * has it wait for another administrator where one may not decide it alone. A version that is due
 * takes effect in the same transaction, the others when {@link PutInForceHandler} finds them due.
 */
@ApplicationScoped
public class ChangeMarketHandler {
    private final AgroalDataSource database;
    private final CatalogueStore catalogue;
    private final CandleStore candles;
    private final PutInForceHandler inForce;
    private final PriceSources sources;
    private final MarketApprovals approvals;
    private final Eventlog eventlog;
    private final Clock clock;

    ChangeMarketHandler(
            @DataSource("shard") AgroalDataSource database,
            CatalogueStore catalogue,
            CandleStore candles,
            PutInForceHandler inForce,
            PriceSources sources,
            MarketApprovals approvals,
            Eventlog eventlog,
            Clock clock) {
        this.database = database;
        this.catalogue = catalogue;
        this.candles = candles;
        this.inForce = inForce;
        this.sources = sources;
        this.approvals = approvals;
        this.eventlog = eventlog;
        this.clock = clock;
    }

    /** What became of it. */
    public sealed interface Outcome {
        /** The version is decided; a repeated command gets the same. */
        record Decided(StoredVersion version) implements Outcome {}

        /** It takes another administrator. */
        record Asked(MarketApprovals.Asked asked) implements Outcome {}

        /** It is not. */
        record Refused(VersionDecision.Refused why) implements Outcome {}
    }

    /** What became of a version that need not be asked for any more. */
    sealed interface CarriedOut {
        /** It is decided. */
        record Done(StoredVersion version) implements CarriedOut {}

        /** It does not follow those there are. */
        record Refused(VersionDecision.Refused why) implements CarriedOut {}
    }

    /** Decides, or has the version wait for another administrator. */
    public Outcome handle(ChangeMarket command) {
        long now = clock.millis();
        Outcome outcome =
                Transactions.inTransaction(
                        database, transaction -> decide(transaction, command, now));
        inForce.published();
        return outcome;
    }

    /** Holds back other changes of the catalogue until the transaction ends. */
    void lock(Connection transaction) throws SQLException {
        catalogue.lock(transaction);
    }

    private Outcome decide(Connection transaction, ChangeMarket command, long now)
            throws SQLException {
        lock(transaction);
        Market wanted = command.definition();
        List<StoredVersion> versions = catalogue.versions(transaction, wanted.symbol());
        StoredVersion same =
                versions.stream()
                        .filter(known -> known.definition().equals(wanted))
                        .filter(known -> known.changedBy().equals(command.by().id()))
                        .findFirst()
                        .orElse(null);
        if (same != null) {
            return new Outcome.Decided(same);
        }
        VersionWanted version =
                new VersionWanted(
                        wanted,
                        command.effectiveAt() == null ? 0 : effectiveMillis(command.effectiveAt()));
        MarketChangeWanted change = MarketChangeWanted.of(version);
        Optional<StoredApproval> live =
                approvals.live(transaction, wanted, change, command.by(), now);
        if (live.isPresent()) {
            return new Outcome.Asked(new MarketApprovals.Asked.Taken(live.get()));
        }
        return switch (judge(transaction, versions, version, now)) {
            case VersionDecision.Refused refused -> new Outcome.Refused(refused);
            case VersionDecision.Accepted accepted -> {
                List<BoundExceeded> exceeded = exceeded(versions, wanted);
                Mandate mandate = new Mandate(command.by(), command.reason(), null);
                yield exceeded.isEmpty()
                        ? new Outcome.Decided(store(transaction, versions, accepted, mandate, now))
                        : new Outcome.Asked(
                                approvals.ask(
                                        transaction,
                                        wanted,
                                        change,
                                        exceeded,
                                        command.by(),
                                        command.reason(),
                                        now));
            }
        };
    }

    /** Not 0, which says at once: 1970 is past like any other year. */
    private static long effectiveMillis(Instant at) {
        return Math.max(1, at.toEpochMilli());
    }

    /** Decides a version by a mandate, in a transaction that holds the catalogue. */
    CarriedOut carryOut(Connection transaction, VersionWanted wanted, Mandate mandate, long now)
            throws SQLException {
        List<StoredVersion> versions =
                catalogue.versions(transaction, wanted.definition().symbol());
        return switch (judge(transaction, versions, wanted, now)) {
            case VersionDecision.Refused refused -> new CarriedOut.Refused(refused);
            case VersionDecision.Accepted accepted ->
                    new CarriedOut.Done(store(transaction, versions, accepted, mandate, now));
        };
    }

    private VersionDecision judge(
            Connection transaction, List<StoredVersion> versions, VersionWanted wanted, long now)
            throws SQLException {
        Market definition = wanted.definition();
        long effective = wanted.effectiveMillis() == 0 ? now : wanted.effectiveMillis();
        return versions.isEmpty()
                ? VersionDecision.list(definition, catalogue.nextId(transaction), effective, now)
                : VersionDecision.change(
                        listed(transaction, versions, definition), definition, effective, now);
    }

    /** A market's first version takes nothing, so one administrator may list it. */
    private List<BoundExceeded> exceeded(List<StoredVersion> versions, Market wanted) {
        if (versions.isEmpty()) {
            return List.of();
        }
        StoredVersion agreed =
                versions.stream()
                        .filter(version -> version.approval() != null)
                        .findFirst()
                        .orElse(versions.getLast());
        return SoloRule.exceeded(
                agreed.definition(), versions.getFirst().definition(), wanted, approvals.bounds());
    }

    private StoredVersion store(
            Connection transaction,
            List<StoredVersion> before,
            VersionDecision.Accepted accepted,
            Mandate mandate,
            long now)
            throws SQLException {
        boolean due = accepted.effectiveMillis() <= now;
        StoredVersion stored =
                new StoredVersion(
                        accepted.version(),
                        now,
                        accepted.effectiveMillis(),
                        mandate.by().id(),
                        mandate.reason(),
                        due,
                        mandate.approval());
        catalogue.add(transaction, stored);
        eventlog.emit(
                transaction, PutInForceHandler.SOURCE, List.of(decided(mandate, stored, before)));
        if (due) {
            inForce.put(transaction, List.of(accepted.version()), now);
        }
        return stored;
    }

    private static Outgoing decided(
            Mandate mandate, StoredVersion stored, List<StoredVersion> before) {
        return MarketDecisions.record(
                new MarketVersionDecided(
                        stored.definition(),
                        before.isEmpty() ? null : before.getFirst().definition(),
                        stored.effectiveMillis(),
                        mandate.by().administrator(),
                        stored.reason(),
                        mandate.by().clientAddress(),
                        mandate.by().userAgent(),
                        stored.atMillis(),
                        mandate.askedFor()));
    }

    private VersionDecision.Listed listed(
            Connection transaction, List<StoredVersion> versions, Market wanted)
            throws SQLException {
        StoredVersion newest = versions.getFirst();
        boolean arePositionsOpen =
                candles.totals(transaction).stream()
                        .filter(total -> total.market().equals(newest.definition().id()))
                        .map(MarketTotal::openInterest)
                        .anyMatch(interest -> !Objects.equals(interest, Quantity.ZERO));
        return new VersionDecision.Listed(
                newest.definition(),
                newest.effectiveMillis(),
                (int) versions.stream().filter(version -> !version.inForce()).count(),
                arePositionsOpen,
                !sources.of(wanted).areNone());
    }
}
