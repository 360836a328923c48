package io.perpetua.accounts.app;

import io.perpetua.accounts.app.Vault.Purpose;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.exchange.ExchangeCredentials;
import io.perpetua.accounts.domain.vault.Secret;
import io.perpetua.accounts.persistence.ExchangeKeyStore;
import io.perpetua.accounts.persistence.ExchangeKeyStore.ExchangeKeyRow;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens a key of another exchange where it is used, and records that it was. */
@ApplicationScoped
class ExchangeKeyOpening {
    private static final int UNIQUE_BYTES = 16;

    private final ExchangeKeyStore store;
    private final Vault vault;
    private final AuditTrail audit;
    private final SecureRandom random = new SecureRandom();

    ExchangeKeyOpening(ExchangeKeyStore store, Vault vault, AuditTrail audit) {
        this.store = store;
        this.vault = vault;
        this.audit = audit;
    }

    /** The key in the clear, to be closed by the caller. */
    ExchangeCredentials open(Connection connection, UserId user, ExchangeKeyRow key)
            throws SQLException {
        // Each is zeroed if a later one does not open.
        try (Secret name = vault.open(connection, Purpose.EXCHANGE_KEY, user, key.id());
                Secret secret = vault.open(connection, Purpose.EXCHANGE_SECRET, user, key.id());
                Secret passphrase = passphrase(connection, user, key)) {
            return new ExchangeCredentials(
                    name.copy(), secret.copy(), passphrase == null ? null : passphrase.copy());
        }
    }

    private @Nullable Secret passphrase(Connection connection, UserId user, ExchangeKeyRow key)
            throws SQLException {
        return key.hasPassphrase()
                ? vault.open(connection, Purpose.EXCHANGE_PASSPHRASE, user, key.id())
                : null;
    }

    /** Bytes that were never used before. */
    byte[] unique() {
        byte[] unique = new byte[UNIQUE_BYTES];
        random.nextBytes(unique);
        return unique;
    }

    /** Notes the use, last in its transaction; {@code state} is what it was used for. */
    void used(
            Connection connection,
            UserId user,
            ExchangeKeyRow key,
            Map<String, @Nullable Object> state,
            AuditOrigin origin,
            Instant at)
            throws SQLException {
        store.used(connection, key.id(), at);
        audit.append(
                connection,
                new AuditEntry(
                        AuditActor.user(user),
                        AuditAction.EXCHANGE_KEY_USED,
                        AddExchangeKeyHandler.subject(key.id()),
                        null,
                        CanonicalJson.of(state),
                        origin));
    }
}
