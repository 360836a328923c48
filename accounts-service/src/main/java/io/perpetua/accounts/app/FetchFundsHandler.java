package io.perpetua.accounts.app;

import io.perpetua.accounts.app.ExchangeBalances.Answer;
import io.perpetua.accounts.app.ExchangeBalances.Failure;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.exchange.BalanceRequests;
import io.perpetua.accounts.domain.exchange.ExchangeApi;
import io.perpetua.accounts.domain.exchange.ExchangeCredentials;
import io.perpetua.accounts.domain.exchange.ExchangeKeyRefusal;
import io.perpetua.accounts.domain.exchange.ExchangeKeyScope;
import io.perpetua.accounts.domain.exchange.ExchangeKeyUse;
import io.perpetua.accounts.domain.exchange.ExchangeRequest;
import io.perpetua.accounts.persistence.ExchangeKeyStore;
import io.perpetua.accounts.persistence.ExchangeKeyStore.ExchangeKeyRow;
import io.perpetua.accounts.persistence.FundStore;
import io.perpetua.accounts.persistence.FundStore.FundRow;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks another exchange, with its user's key, what the user has there, and keeps the answer in the
 * place of the last one. The request is signed and recorded in one transaction, sent after its
 * commit and outside any other, and the answer kept in a second: whoever dies in between has asked
 * and learnt nothing, and asks again.
 */
@ApplicationScoped
public class FetchFundsHandler {
    private final ExchangeKeyStore keys;
    private final ExchangeKeyOpening opening;
    private final FundStore funds;
    private final ExchangeBalances exchanges;
    private final UserTransactions transactions;
    private final Clock clock;

    /** With what it reads, asks and writes. */
    public FetchFundsHandler(
            ExchangeKeyStore keys,
            ExchangeKeyOpening opening,
            FundStore funds,
            ExchangeBalances exchanges,
            UserTransactions transactions,
            Clock clock) {
        this.keys = keys;
        this.opening = opening;
        this.funds = funds;
        this.exchanges = exchanges;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A wish to know what there is by a key. */
    public record FetchFunds(UserId user, long id, AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface FetchOutcome {
        /**
         * What is kept now; that of a request that was sent later, when its answer was kept first.
         */
        record Fetched(String exchange, List<FundRow> funds, Instant asOf)
                implements FetchOutcome {}

        /** A rule stands against it. */
        record FetchRefused(ExchangeKeyRefusal refusal) implements FetchOutcome {}

        /** The exchange gave none; what was kept before still is. */
        record FetchFailed(Failure failure) implements FetchOutcome {}

        /** The user has no key of this id. */
        record KeyUnknown() implements FetchOutcome {}
    }

    /** A request that is recorded, or why there is none. */
    private record Prepared(
            @Nullable FetchOutcome outcome,
            ExchangeApi api,
            List<ExchangeRequest> pages,
            Instant at) {
        static Prepared none(FetchOutcome outcome) {
            return new Prepared(outcome, ExchangeApi.OTHER, List.of(), Instant.EPOCH);
        }
    }

    /** Asks and keeps. */
    public FetchOutcome handle(FetchFunds command) {
        Prepared prepared =
                transactions.call(command.user(), connection -> prepare(connection, command));
        if (prepared.outcome() != null) {
            return prepared.outcome();
        }
        return switch (exchanges.ask(prepared.api(), prepared.pages())) {
            case Answer.Failed failed -> new FetchOutcome.FetchFailed(failed.failure());
            case Answer.Balances balances ->
                    transactions.call(
                            command.user(),
                            connection -> keep(connection, command, balances, prepared.at()));
        };
    }

    private Prepared prepare(Connection connection, FetchFunds command) throws SQLException {
        Optional<ExchangeKeyRow> found = keys.lock(connection, command.id());
        if (found.isEmpty()) {
            return Prepared.none(new FetchOutcome.KeyUnknown());
        }
        ExchangeKeyRow key = found.get();
        Optional<ExchangeKeyRefusal> refusal =
                ExchangeKeyUse.decide(key.isActive(), key.scopes(), ExchangeKeyScope.READ);
        if (refusal.isPresent()) {
            return refused(refusal.get());
        }
        try (ExchangeCredentials with = opening.open(connection, command.user(), key)) {
            return prepare(connection, command, key, with);
        }
    }

    private Prepared prepare(
            Connection connection, FetchFunds command, ExchangeKeyRow key, ExchangeCredentials with)
            throws SQLException {
        ExchangeApi api = ExchangeApi.of(key.exchange(), with.secret());
        if (api == ExchangeApi.OTHER) {
            return refused(ExchangeKeyRefusal.EXCHANGE_UNSUPPORTED);
        }
        if (api.needsPassphrase() && with.passphrase() == null) {
            return refused(ExchangeKeyRefusal.PASSPHRASE_MISSING);
        }
        Instant now = now(key);
        Optional<List<ExchangeRequest>> pages =
                BalanceRequests.of(
                        api,
                        with,
                        exchanges.authority(api),
                        now,
                        now.toEpochMilli(),
                        opening::unique);
        if (pages.isEmpty()) {
            return refused(ExchangeKeyRefusal.SECRET_MALFORMED);
        }
        Map<String, @Nullable Object> state = new LinkedHashMap<>();
        state.put("purpose", ExchangeKeyScope.READ);
        state.put("request", pages.get().getFirst().toString());
        opening.used(connection, command.user(), key, state, command.origin(), now);
        return new Prepared(null, api, pages.get(), now);
    }

    /** Later than the key's last use, so that no nonce comes twice. */
    private Instant now(ExchangeKeyRow key) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant last = key.lastUsedAt();
        return last == null || now.isAfter(last) ? now : last.plusMillis(1);
    }

    private static Prepared refused(ExchangeKeyRefusal refusal) {
        return Prepared.none(new FetchOutcome.FetchRefused(refusal));
    }

    private FetchOutcome keep(
            Connection connection, FetchFunds command, Answer.Balances balances, Instant at)
            throws SQLException {
        Optional<ExchangeKeyRow> found = keys.lock(connection, command.id());
        if (found.isEmpty()) {
            return new FetchOutcome.KeyUnknown();
        }
        ExchangeKeyRow key = found.get();
        Instant asOf = funds.asOf(connection, key.id()).filter(at::isBefore).orElse(at);
        if (asOf.equals(at)) {
            funds.replace(connection, command.user(), key, balances.funds(), at);
        }
        return new FetchOutcome.Fetched(key.exchange(), funds.listOf(connection, key.id()), asOf);
    }
}
