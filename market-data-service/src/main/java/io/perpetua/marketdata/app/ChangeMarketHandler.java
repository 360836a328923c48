package io.perpetua.marketdata.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketVersionDecided;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.marketdata.domain.candle.MarketTotal;
import io.perpetua.marketdata.domain.catalogue.VersionDecision;
import io.perpetua.marketdata.persistence.CandleStore;
import io.perpetua.marketdata.persistence.CatalogueStore;
import io.perpetua.marketdata.persistence.CatalogueStore.StoredVersion;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

/**
 * Decides on a market's next version and stores it, with what the audit log is to have of it. One
 * that is due takes effect in the same transaction, the others when {@link PutInForceHandler} finds
 * them due.
 */
@ApplicationScoped
public class ChangeMarketHandler {
    private final AgroalDataSource database;
    private final CatalogueStore catalogue;
    private final CandleStore candles;
    private final PutInForceHandler inForce;
    private final PriceSources sources;
    private final Eventlog eventlog;
    private final Clock clock;

    ChangeMarketHandler(
            @DataSource("shard") AgroalDataSource database,
            CatalogueStore catalogue,
            CandleStore candles,
            PutInForceHandler inForce,
            PriceSources sources,
            Eventlog eventlog,
            Clock clock) {
        this.database = database;
        this.catalogue = catalogue;
        this.candles = candles;
        this.inForce = inForce;
        this.sources = sources;
        this.eventlog = eventlog;
        this.clock = clock;
    }

    /** What became of it. */
    public sealed interface Outcome {
        /** The version is decided; a repeated command gets the same. */
        record Decided(StoredVersion version) implements Outcome {}

        /** It is not. */
        record Refused(VersionDecision.Refused why) implements Outcome {}
    }

    /** Decides. */
    public Outcome handle(ChangeMarket command) {
        long now = clock.millis();
        Outcome outcome =
                Transactions.inTransaction(
                        database, transaction -> decide(transaction, command, now));
        inForce.published();
        return outcome;
    }

    private Outcome decide(Connection transaction, ChangeMarket command, long now)
            throws SQLException {
        catalogue.lock(transaction);
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
        long effective = command.effectiveAt() == null ? now : command.effectiveAt().toEpochMilli();
        VersionDecision decision =
                versions.isEmpty()
                        ? VersionDecision.list(
                                wanted, catalogue.nextId(transaction), effective, now)
                        : VersionDecision.change(
                                listed(transaction, versions, wanted), wanted, effective, now);
        return switch (decision) {
            case VersionDecision.Refused refused -> new Outcome.Refused(refused);
            case VersionDecision.Accepted accepted -> {
                boolean due = accepted.effectiveMillis() <= now;
                StoredVersion stored =
                        new StoredVersion(
                                accepted.version(),
                                now,
                                accepted.effectiveMillis(),
                                command.by().id(),
                                command.reason(),
                                due);
                catalogue.add(transaction, stored);
                eventlog.emit(
                        transaction,
                        PutInForceHandler.SOURCE,
                        List.of(decided(command, stored, versions)));
                if (due) {
                    inForce.put(transaction, List.of(accepted.version()), now);
                }
                yield new Outcome.Decided(stored);
            }
        };
    }

    private static Outgoing decided(
            ChangeMarket command, StoredVersion stored, List<StoredVersion> before) {
        return MarketDecisions.record(
                new MarketVersionDecided(
                        stored.definition(),
                        before.isEmpty() ? null : before.getFirst().definition(),
                        stored.effectiveMillis(),
                        command.by().administrator(),
                        stored.reason(),
                        command.by().clientAddress(),
                        command.by().userAgent(),
                        stored.atMillis()));
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
