package io.perpetua.marketdata.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.marketdata.FundingOverrideDecided;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.marketdata.domain.funding.FundingDecision;
import io.perpetua.marketdata.domain.funding.FundingOverride;
import io.perpetua.marketdata.persistence.FundingOverrideStore;
import io.perpetua.marketdata.persistence.FundingOverrideStore.StoredOverride;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides on a rate that an administrator wants, or takes it back, and stores it; the market's
 * shard reads it within a second.
 */
@ApplicationScoped
public class OverrideFundingHandler {
    private final AgroalDataSource database;
    private final FundingOverrideStore overrides;
    private final Eventlog eventlog;
    private final Clock clock;

    OverrideFundingHandler(
            @DataSource("shard") AgroalDataSource database,
            FundingOverrideStore overrides,
            Eventlog eventlog,
            Clock clock) {
        this.database = database;
        this.overrides = overrides;
        this.eventlog = eventlog;
        this.clock = clock;
    }

    /** What became of it. */
    public sealed interface Outcome {
        /** It stands; a repeated command gets the same. */
        record Decided(StoredOverride override) implements Outcome {}

        /** It does not. */
        record Refused(FundingDecision.Refused why) implements Outcome {}
    }

    /** Decides. */
    public Outcome handle(OverrideFunding command) {
        long now = clock.millis();
        Outcome outcome =
                Transactions.inTransaction(
                        database, transaction -> decide(transaction, command, now));
        eventlog.committed(PutInForceHandler.SOURCE);
        return outcome;
    }

    private Outcome decide(Connection transaction, OverrideFunding command, long now)
            throws SQLException {
        overrides.lock(transaction, command.market().id());
        StoredOverride newest = newest(transaction, command.market());
        if (newest != null && isSame(newest, command) && command.untilMillis() > now) {
            return new Outcome.Decided(newest);
        }
        FundingDecision decision =
                FundingOverride.decide(
                        command.market(),
                        newest == null ? 1 : newest.number() + 1,
                        command.kind(),
                        command.rate(),
                        command.untilMillis(),
                        now);
        return switch (decision) {
            case FundingDecision.Refused refused -> new Outcome.Refused(refused);
            case FundingDecision.Accepted accepted -> {
                FundingOverride override = accepted.override();
                StoredOverride stored =
                        new StoredOverride(
                                override.market(),
                                override.number(),
                                override,
                                now,
                                command.by().id(),
                                command.reason());
                add(transaction, command.market(), stored, command.by());
                yield new Outcome.Decided(stored);
            }
        };
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
                new StoredOverride(market.id(), standing.number() + 1, null, now, by.id(), reason);
        add(transaction, market, stored, by);
        return Optional.of(stored);
    }

    /** Stores it, with what the audit log is to have of it. */
    private void add(Connection transaction, Market market, StoredOverride stored, Decider by)
            throws SQLException {
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
                        stored.atMillis());
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
