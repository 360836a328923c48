package io.perpetua.accounts.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.accounts.domain.vault.KeyRing;
import io.perpetua.accounts.domain.vault.SealedSecret;
import io.perpetua.accounts.domain.vault.SecretPlace;
import io.perpetua.accounts.domain.vault.UnopenableSecretException;
import io.perpetua.accounts.persistence.SigningKeyStore;
import io.perpetua.accounts.persistence.SigningKeyStore.StoredKey;
import io.perpetua.accounts.persistence.VaultStore;
import io.perpetua.accounts.persistence.VaultStore.AdminSecret;
import io.perpetua.accounts.persistence.VaultStore.WrappedKey;
import io.perpetua.edge.UserTransactions;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Wraps by the newest key what older ones wrap, while the service runs: data keys alone, so that no
 * secret is opened for it. What is done stands in the rows, a commit a batch, so it may be broken
 * off, begun anew and done by several instances at once.
 */
@ApplicationScoped
public class RewrapSecretsHandler {
    private static final Logger LOG = Logger.getLogger(RewrapSecretsHandler.class);
    private static final int BATCH = 500;

    private final VaultStore vault;
    private final SigningKeyStore signingKeys;
    private final SecretKeys keys;
    private final UserTransactions transactions;
    private final AgroalDataSource shard;

    /** With what it reads and writes. */
    public RewrapSecretsHandler(
            VaultStore vault,
            SigningKeyStore signingKeys,
            SecretKeys keys,
            UserTransactions transactions,
            @DataSource("shard") AgroalDataSource shard) {
        this.vault = vault;
        this.signingKeys = signingKeys;
        this.keys = keys;
        this.transactions = transactions;
        this.shard = shard;
    }

    /**
     * What became of it.
     *
     * @param newest the id of the key that wraps now
     * @param rewrapped how many secrets were wrapped anew
     * @param unopenable how many no key opened: tampered with, or their key is not in the file
     * @param left how many are wrapped by other keys still
     */
    public record Rewrapped(String newest, long rewrapped, long unopenable, long left) {}

    /** Wraps all of them, in batches. */
    public Rewrapped handle() throws SQLException {
        KeyRing ring = keys.readRing();
        String newest = ring.newest().id();
        Tally tally = new Tally();
        transactions.callPublic(
                connection -> {
                    rewrapSigningKeys(connection, ring, tally);
                    return newest;
                });
        try (Connection connection = shard.getConnection()) {
            Map<String, Long> counts = vault.countByKey(connection);
            long all = counts.values().stream().mapToLong(Long::longValue).sum();
            for (String keyId : counts.keySet()) {
                if (!keyId.equals(newest)) {
                    rewrapUserSecrets(connection, ring, keyId, all, tally);
                }
            }
            rewrapAdminSecrets(connection, ring, tally);
            counts = vault.countByKey(connection);
            counts.remove(newest);
            long left = counts.values().stream().mapToLong(Long::longValue).sum();
            return new Rewrapped(newest, tally.rewrapped, tally.unopenable, left);
        }
    }

    private static final class Tally {
        private long rewrapped;
        private long unopenable;
    }

    private void rewrapSigningKeys(Connection connection, KeyRing ring, Tally tally)
            throws SQLException {
        for (StoredKey stored : signingKeys.all(connection)) {
            byte[] before = stored.sealedPrivateKey();
            Optional<byte[]> after = rewrapped(ring, before, SecretKeys.place(stored.id()), tally);
            if (after.isPresent()) {
                signingKeys.rewrap(connection, stored.id(), before, after.get());
                tally.rewrapped++;
            }
        }
    }

    private void rewrapAdminSecrets(Connection connection, KeyRing ring, Tally tally)
            throws SQLException {
        for (AdminSecret secret : vault.adminSecrets(connection)) {
            SecretPlace place = AdminCredentials.place(secret.admin());
            Optional<byte[]> after = rewrapped(ring, secret.sealed(), place, tally);
            if (after.isPresent()) {
                tally.rewrapped += vault.rewrap(connection, secret, after.get()) ? 1 : 0;
            }
        }
    }

    /** A whole sealed secret as the newest key wraps it; nothing if it does so already. */
    private static Optional<byte[]> rewrapped(
            KeyRing ring, byte[] before, SecretPlace place, Tally tally) {
        Optional<SealedSecret> sealed = SealedSecret.parse(before);
        String newest = ring.newest().id();
        if (sealed.isEmpty() || sealed.get().keyId().equals(newest)) {
            return Optional.empty();
        }
        byte[] ciphertext = sealed.get().ciphertext();
        return rewrapped(ring, sealed.get().keyId(), sealed.get().wrappedKey(), place, tally)
                .map(wrapped -> new SealedSecret(newest, wrapped, ciphertext).bytes());
    }

    private void rewrapUserSecrets(
            Connection connection, KeyRing ring, String keyId, long all, Tally tally)
            throws SQLException {
        String newest = ring.newest().id();
        List<WrappedKey> batch = vault.wrappedBy(connection, keyId, "", 0, BATCH);
        while (!batch.isEmpty()) {
            List<WrappedKey> before = new ArrayList<>();
            List<byte[]> after = new ArrayList<>();
            for (WrappedKey key : batch) {
                SecretPlace place = SecretPlace.ofUser(key.purpose(), key.user(), key.record());
                rewrapped(ring, keyId, key.wrapped(), place, tally)
                        .ifPresent(
                                wrapped -> {
                                    before.add(key);
                                    after.add(wrapped);
                                });
            }
            tally.rewrapped += vault.rewrap(connection, before, after, newest);
            LOG.infof(
                    "the key %s wraps %d secrets more, of %d in all", newest, tally.rewrapped, all);
            WrappedKey last = batch.getLast();
            batch = vault.wrappedBy(connection, keyId, last.purpose(), last.record(), BATCH);
        }
    }

    private static Optional<byte[]> rewrapped(
            KeyRing ring, String keyId, byte[] wrapped, SecretPlace place, Tally tally) {
        try {
            return Optional.of(ring.rewrap(keyId, wrapped, place));
        } catch (UnopenableSecretException damaged) {
            LOG.errorf("wrapped by the key '%s': %s", keyId, damaged.getMessage());
            tally.unopenable++;
            return Optional.empty();
        }
    }
}
