package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.vault.KeyEncryptionKey;
import io.perpetua.accounts.persistence.SigningKeyStore;
import io.perpetua.accounts.persistence.SigningKeyStore.StoredKey;
import io.perpetua.edge.TokenKeys;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the service: the key-encryption key from its file, and the key pairs that sign access
 * tokens from the database, where they stand sealed. The first instance ever to start makes both;
 * all instances share them. The newest pair signs, all are published.
 */
@ApplicationScoped
public class SecretKeys implements TokenKeys {
    private static final long RELOAD_PAUSE_MILLIS = 2_000;

    private final KeyFile file;
    private final SigningKeyStore store;
    private final UserTransactions transactions;
    private final Clock clock;
    private volatile @Nullable Loaded loaded;

    /** With where the keys are. */
    public SecretKeys(
            AccountsConfig config,
            SigningKeyStore store,
            UserTransactions transactions,
            Clock clock) {
        this.file = new KeyFile(config.keyFile(), new SecureRandom());
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
    }

    private record Loaded(KeyEncryptionKey encryption, List<SigningKey> signing, long atMillis) {}

    /**
     * Reads the keys, or makes them at the first start ever.
     *
     * @throws IllegalStateException when the database has keys and the key file is gone
     */
    public void load() {
        loaded();
    }

    /** What seals secrets in the database. */
    KeyEncryptionKey keyEncryptionKey() {
        return loaded().encryption;
    }

    /** What signs a new token. */
    SigningKey newest() {
        return loaded().signing.getLast();
    }

    /** All that valid tokens can be signed with. */
    public List<SigningKey> all() {
        return loaded().signing;
    }

    @Override
    public boolean knows(String keyId) {
        Loaded known = loaded;
        return known != null && find(known, keyId) != null;
    }

    @Override
    public @Nullable ECPublicKey key(String keyId) {
        Loaded known = loaded();
        ECPublicKey key = find(known, keyId);
        if (key == null && clock.millis() - known.atMillis >= RELOAD_PAUSE_MILLIS) {
            key = find(reload(), keyId);
        }
        return key;
    }

    private static @Nullable ECPublicKey find(Loaded known, String keyId) {
        for (SigningKey key : known.signing) {
            if (key.id().equals(keyId)) {
                return key.publicKey();
            }
        }
        return null;
    }

    private Loaded loaded() {
        Loaded known = loaded;
        return known != null ? known : reload();
    }

    private synchronized Loaded reload() {
        Loaded known = loaded;
        long now = clock.millis();
        if (known != null && now - known.atMillis < RELOAD_PAUSE_MILLIS) {
            return known;
        }
        Loaded fresh = transactions.callPublic(connection -> read(connection, now));
        loaded = fresh;
        return fresh;
    }

    private Loaded read(Connection connection, long now) throws SQLException {
        List<StoredKey> stored = store.all(connection);
        if (stored.isEmpty()) {
            store.lock(connection);
            stored = store.all(connection);
        }
        if (!file.exists()) {
            if (!stored.isEmpty()) {
                throw new IllegalStateException(
                        "the key file is missing, and without it the keys in the database can't be"
                                + " opened: put it back where perpetua.accounts.key-file says");
            }
            file.create();
        }
        KeyEncryptionKey encryption = file.read();
        if (stored.isEmpty()) {
            store.add(connection, newKey(encryption));
            stored = store.all(connection);
        }
        return new Loaded(
                encryption, stored.stream().map(key -> open(encryption, key)).toList(), now);
    }

    private StoredKey newKey(KeyEncryptionKey encryption) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            String id = UUID.randomUUID().toString();
            return new StoredKey(
                    id,
                    pair.getPublic().getEncoded(),
                    encryption.seal(pair.getPrivate().getEncoded(), purpose(id)),
                    clock.instant());
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has P-256", missing);
        }
    }

    private static SigningKey open(KeyEncryptionKey encryption, StoredKey stored) {
        byte[] secret = encryption.open(stored.sealedPrivateKey(), purpose(stored.id()));
        try {
            KeyFactory factory = KeyFactory.getInstance("EC");
            PrivateKey privateKey = factory.generatePrivate(new PKCS8EncodedKeySpec(secret));
            ECPublicKey publicKey =
                    (ECPublicKey)
                            factory.generatePublic(new X509EncodedKeySpec(stored.publicKey()));
            return new SigningKey(stored.id(), publicKey, privateKey);
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("signing key " + stored.id() + " is damaged", damaged);
        }
    }

    private static String purpose(String id) {
        return "signing-key:" + id;
    }
}
