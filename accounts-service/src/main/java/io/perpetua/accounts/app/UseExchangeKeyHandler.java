package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.exchange.ExchangeApi;
import io.perpetua.accounts.domain.exchange.ExchangeCredentials;
import io.perpetua.accounts.domain.exchange.ExchangeKeyRefusal;
import io.perpetua.accounts.domain.exchange.ExchangeKeyScope;
import io.perpetua.accounts.domain.exchange.ExchangeKeyUse;
import io.perpetua.accounts.domain.exchange.ExchangeSigning;
import io.perpetua.accounts.domain.exchange.ExchangeSigning.Message;
import io.perpetua.accounts.domain.exchange.SignableRequests;
import io.perpetua.accounts.domain.exchange.SignedParts;
import io.perpetua.accounts.persistence.ExchangeKeyStore;
import io.perpetua.accounts.persistence.ExchangeKeyStore.ExchangeKeyRow;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Uses a key of another exchange without giving it away: signs a request with its secret, for a
 * purpose that its owner allows and, where what is signed shows that, no request beyond it, and no
 * sooner than the audit log has it.
 */
@ApplicationScoped
public class UseExchangeKeyHandler {
    private final ExchangeKeyStore store;
    private final ExchangeKeyOpening keys;
    private final UserTransactions transactions;
    private final Clock clock;

    /** With what it reads and writes. */
    public UseExchangeKeyHandler(
            ExchangeKeyStore store,
            ExchangeKeyOpening keys,
            UserTransactions transactions,
            Clock clock) {
        this.store = store;
        this.keys = keys;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A payload to be signed. */
    public record UseExchangeKey(
            UserId user, long id, ExchangeKeyScope purpose, Message message, AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface UseOutcome {
        /** The signature, as the exchange writes it, and where it goes. */
        record Signed(ExchangeSigning signing, SignedParts parts, Instant at)
                implements UseOutcome {}

        /** The exchange signs path and nonce too, and they are missing; or it doesn't. */
        record MessageMisfit(boolean needsPathAndNonce) implements UseOutcome {}

        /** The payload is not of the form that is signed so. */
        record PayloadMisfit(ExchangeSigning signing) implements UseOutcome {}

        /** The request does more than is signed for the purpose, as its path or method shows. */
        record BeyondPurpose(boolean byPath, List<String> allowed) implements UseOutcome {}

        /** A rule stands against it. */
        record UseRefused(ExchangeKeyRefusal refusal) implements UseOutcome {}

        /** The user has no key of this id. */
        record KeyUnknown() implements UseOutcome {}
    }

    /** Signs the payload. */
    public UseOutcome handle(UseExchangeKey command) {
        return transactions.call(command.user(), connection -> use(connection, command));
    }

    private UseOutcome use(Connection connection, UseExchangeKey command) throws SQLException {
        Optional<ExchangeKeyRow> found = store.lock(connection, command.id());
        if (found.isEmpty()) {
            return new UseOutcome.KeyUnknown();
        }
        ExchangeKeyRow key = found.get();
        Optional<ExchangeKeyRefusal> refusal =
                ExchangeKeyUse.decide(key.isActive(), key.scopes(), command.purpose());
        if (refusal.isPresent()) {
            return new UseOutcome.UseRefused(refusal.get());
        }
        try (ExchangeCredentials with = keys.open(connection, command.user(), key)) {
            return sign(connection, command, key, with);
        }
    }

    private UseOutcome sign(
            Connection connection,
            UseExchangeKey command,
            ExchangeKeyRow key,
            ExchangeCredentials with)
            throws SQLException {
        ExchangeApi api = ExchangeApi.of(key.exchange(), with.secret());
        ExchangeSigning signing = api.signing();
        if (api.sendsASecret()) {
            return new UseOutcome.UseRefused(ExchangeKeyRefusal.SECRET_IN_HEADER);
        }
        if (api.signsSessions() && command.purpose() != ExchangeKeyScope.TRADE) {
            return new UseOutcome.UseRefused(ExchangeKeyRefusal.SESSION_NEEDS_TRADE);
        }
        if (!api.signsWhatItDoes() && command.purpose() != ExchangeKeyScope.TRADE) {
            return new UseOutcome.UseRefused(ExchangeKeyRefusal.SIGNATURE_NEEDS_TRADE);
        }
        Message message = command.message();
        if (signing.signsPathAndNonce() != (message.path() != null && message.nonce() != null)
                || (message.path() == null) != (message.nonce() == null)) {
            return new UseOutcome.MessageMisfit(signing.signsPathAndNonce());
        }
        if (!signing.signs(message.payload())) {
            return new UseOutcome.PayloadMisfit(signing);
        }
        if (!SignableRequests.allow(api, command.purpose(), message)) {
            return new UseOutcome.BeyondPurpose(
                    signing.signsPathAndNonce(), SignableRequests.of(api, command.purpose()));
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Optional<SignedParts> parts = SignedParts.of(api, with, message, now, keys.unique());
        if (parts.isEmpty()) {
            return new UseOutcome.UseRefused(ExchangeKeyRefusal.SECRET_MALFORMED);
        }
        keys.used(connection, command.user(), key, state(command), command.origin(), now);
        return new UseOutcome.Signed(signing, parts.get(), now);
    }

    private static Map<String, @Nullable Object> state(UseExchangeKey command) {
        Map<String, @Nullable Object> state = new LinkedHashMap<>();
        state.put("purpose", command.purpose());
        state.put("payloadSha256", sha256(command.message().payload()));
        if (command.message().path() != null) {
            state.put("path", command.message().path());
        }
        return state;
    }

    private static String sha256(String payload) {
        try {
            byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }
}
