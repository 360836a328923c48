package io.perpetua.accounts.app;

import io.perpetua.accounts.app.Vault.Purpose;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.exchange.ExchangeKeyRefusal;
import io.perpetua.accounts.domain.exchange.ExchangeKeyScope;
import io.perpetua.accounts.domain.exchange.ExchangeKeyUse;
import io.perpetua.accounts.domain.exchange.ExchangeSigning;
import io.perpetua.accounts.domain.exchange.ExchangeSigning.Credentials;
import io.perpetua.accounts.domain.exchange.ExchangeSigning.Message;
import io.perpetua.accounts.domain.vault.Secret;
import io.perpetua.accounts.persistence.ExchangeKeyStore;
import io.perpetua.accounts.persistence.ExchangeKeyStore.ExchangeKeyRow;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Uses a key of another exchange without giving it away: signs a request with its secret, for a
 * purpose that its owner allows, and no sooner than the audit log has it.
 */
@ApplicationScoped
public class UseExchangeKeyHandler {
    private static final int UNIQUE_BYTES = 16;

    private final ExchangeKeyStore store;
    private final Vault vault;
    private final AuditTrail audit;
    private final UserTransactions transactions;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** With what it reads and writes. */
    public UseExchangeKeyHandler(
            ExchangeKeyStore store,
            Vault vault,
            AuditTrail audit,
            UserTransactions transactions,
            Clock clock) {
        this.store = store;
        this.vault = vault;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** A payload to be signed. */
    public record UseExchangeKey(
            UserId user, long id, ExchangeKeyScope purpose, Message message, AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface UseOutcome {
        /** The signature, as the exchange writes it. */
        record Signed(ExchangeSigning signing, String signature, Instant at)
                implements UseOutcome {}

        /** The exchange signs path and nonce too, and they are missing; or it doesn't. */
        record MessageMisfit(boolean needsPathAndNonce) implements UseOutcome {}

        /** The exchange signs method, host and path, and the payload is none. */
        record PayloadMisfit() implements UseOutcome {}

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
        UserId user = command.user();
        try (Secret secret = vault.open(connection, Purpose.EXCHANGE_SECRET, user, key.id());
                Secret name = vault.open(connection, Purpose.EXCHANGE_KEY, user, key.id())) {
            return sign(connection, command, key, new Credentials(name, secret));
        }
    }

    private UseOutcome sign(
            Connection connection, UseExchangeKey command, ExchangeKeyRow key, Credentials with)
            throws SQLException {
        ExchangeSigning signing = ExchangeSigning.of(key.exchange(), with.secret());
        Message message = command.message();
        if (signing.signsPathAndNonce() != (message.path() != null && message.nonce() != null)
                || (message.path() == null) != (message.nonce() == null)) {
            return new UseOutcome.MessageMisfit(signing.signsPathAndNonce());
        }
        if (!signing.signs(message.payload())) {
            return new UseOutcome.PayloadMisfit();
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        byte[] unique = new byte[UNIQUE_BYTES];
        random.nextBytes(unique);
        Optional<String> signature = signing.sign(with, message, now, unique);
        if (signature.isEmpty()) {
            return new UseOutcome.UseRefused(ExchangeKeyRefusal.SECRET_MALFORMED);
        }
        store.used(connection, key.id(), now);
        audit.append(
                connection,
                new AuditEntry(
                        AuditActor.user(command.user()),
                        AuditAction.EXCHANGE_KEY_USED,
                        AddExchangeKeyHandler.subject(key.id()),
                        null,
                        state(command),
                        command.origin()));
        return new UseOutcome.Signed(signing, signature.get(), now);
    }

    private static String state(UseExchangeKey command) {
        Map<String, @Nullable Object> state = new LinkedHashMap<>();
        state.put("purpose", command.purpose());
        state.put("payloadSha256", sha256(command.message().payload()));
        if (command.message().path() != null) {
            state.put("path", command.message().path());
        }
        return CanonicalJson.of(state);
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
