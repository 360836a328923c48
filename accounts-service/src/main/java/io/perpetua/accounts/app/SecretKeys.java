package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.token.SigningSchedule;
import io.perpetua.accounts.domain.vault.KeyEncryptionKey;
import io.perpetua.accounts.domain.vault.KeyRing;
import io.perpetua.accounts.domain.vault.SealedSecret;
import io.perpetua.accounts.domain.vault.Secret;
import io.perpetua.accounts.domain.vault.SecretPlace;
import io.perpetua.accounts.domain.vault.UnopenableSecretException;
import io.perpetua.accounts.persistence.SigningKeyStore;
import io.perpetua.accounts.persistence.SigningKeyStore.StoredKey;
import io.perpetua.edge.Pause;
import io.perpetua.edge.TokenKeys;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the service: the key-encryption keys from their file, and the key pairs that sign
 * access tokens from the database, where they stand sealed. The first instance ever to start makes
 * both; all instances share them. Key pairs change by age, see {@link SigningSchedule}: whichever
 * instance notices first that one is due makes it for all, and removes the one that is retired. The
 * file is read again while the service runs, so that a key can be added to it or taken away.
 */
@ApplicationScoped
public class SecretKeys implements TokenKeys {
    private static final Logger LOG = Logger.getLogger(SecretKeys.class);
    private static final Pause RELOADING = new Pause(Duration.ofSeconds(2));

    private final KeyFile file;
    private final SigningKeyStore store;
    private final UserTransactions transactions;
    private final Clock clock;
    private final SigningSchedule schedule;
    private final Pause looking;
    private volatile @Nullable Loaded loaded;
    private volatile Instant ringReadAt = Instant.MIN;

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
        this.schedule =
                new SigningSchedule(
                        Duration.ofSeconds(config.signingKeySeconds()),
                        Duration.ofSeconds(config.signingKeyAnnouncedSeconds()),
                        Duration.ofSeconds(config.accessTokenSeconds()));
        this.looking = new Pause(schedule.announcement().dividedBy(2));
    }

    private record Loaded(KeyRing ring, List<SigningKey> signing, Instant at) {
        List<Instant> signFrom() {
            return signing.stream().map(SigningKey::signsFrom).toList();
        }
    }

    /** When keys sign. */
    SigningSchedule schedule() {
        return schedule;
    }

    /**
     * Reads the keys, or makes them at the first start ever.
     *
     * @throws IllegalStateException when the database has keys and the key file is gone
     */
    public void load() {
        loaded();
    }

    /** Reads the keys anew, makes the next one if it is due and removes those that are retired. */
    public synchronized void tend() {
        read();
    }

    /** What seals secrets in the database, as the key file has it or had it a moment ago. */
    KeyRing keyRing() {
        Loaded known = loaded();
        return RELOADING.isOver(ringReadAt, clock.instant()) ? readRing() : known.ring;
    }

    /**
     * Reads the key file now. What can't be read changes nothing: the keys that are known go on
     * serving.
     */
    public synchronized KeyRing readRing() {
        Loaded known = loaded();
        ringReadAt = clock.instant();
        try {
            KeyRing fresh = file.read();
            if (!ids(fresh).equals(ids(known.ring))) {
                LOG.infof("the key file has the keys %s now; the last one wraps", ids(fresh));
            }
            loaded = new Loaded(fresh, known.signing, known.at);
            return fresh;
        } catch (IllegalStateException | UncheckedIOException unusable) {
            LOG.errorf("the keys read before stay in use: %s", unusable.getMessage());
            return known.ring;
        }
    }

    private static List<String> ids(KeyRing ring) {
        return ring.all().stream().map(KeyEncryptionKey::id).toList();
    }

    /** What signs a token now; whoever checks it has had time to learn the key. */
    SigningKey signing(Instant now) {
        Loaded known = loaded();
        if (looking.isOver(known.at, now)) {
            known = reload();
        }
        return known.signing.get(schedule.signing(known.signFrom(), now));
    }

    /** All that valid tokens are signed with, and the one to come once it is announced. */
    public List<SigningKey> all() {
        Loaded known = loaded();
        List<Instant> signFrom = known.signFrom();
        Instant now = clock.instant();
        return IntStream.range(0, known.signing.size())
                .filter(key -> !schedule.isRetired(signFrom, key, now))
                .mapToObj(known.signing::get)
                .toList();
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
        if (key == null && RELOADING.isOver(known.at, clock.instant())) {
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
        if (known != null && !RELOADING.isOver(known.at, clock.instant())) {
            return known;
        }
        return read();
    }

    private synchronized Loaded read() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Loaded fresh = transactions.callPublic(connection -> read(connection, now));
        loaded = fresh;
        return fresh;
    }

    private Loaded read(Connection connection, Instant now) throws SQLException {
        List<StoredKey> stored = store.all(connection);
        boolean isChanging = isChanging(stored, now);
        if (isChanging) {
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
        KeyRing ring = file.read();
        ringReadAt = clock.instant();
        if (isChanging && isChanging(stored, now)) {
            change(connection, ring, stored, now);
            stored = store.all(connection);
        }
        return new Loaded(ring, stored.stream().map(key -> open(ring, key)).toList(), now);
    }

    private static List<Instant> signFrom(List<StoredKey> keys) {
        return keys.stream().map(StoredKey::signsFrom).toList();
    }

    private boolean isChanging(List<StoredKey> keys, Instant now) {
        List<Instant> signFrom = signFrom(keys);
        return schedule.isNewOneDue(signFrom, now) || schedule.isRetired(signFrom, 0, now);
    }

    private void change(Connection connection, KeyRing ring, List<StoredKey> keys, Instant now)
            throws SQLException {
        List<Instant> signFrom = signFrom(keys);
        if (schedule.isNewOneDue(signFrom, now)) {
            StoredKey next = newKey(ring, now, schedule.beginOfNewOne(signFrom, now));
            store.add(connection, next);
            LOG.infof("made signing key %s, which signs from %s", next.id(), next.signsFrom());
        }
        for (int key = 0; schedule.isRetired(signFrom, key, now); key++) {
            store.remove(connection, keys.get(key).id());
            LOG.infof("retired signing key %s", keys.get(key).id());
        }
    }

    private static StoredKey newKey(KeyRing ring, Instant now, Instant signsFrom) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            String id = UUID.randomUUID().toString();
            return new StoredKey(
                    id,
                    pair.getPublic().getEncoded(),
                    ring.seal(pair.getPrivate().getEncoded(), place(id)).bytes(),
                    now,
                    signsFrom);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has P-256", missing);
        }
    }

    private static SigningKey open(KeyRing ring, StoredKey stored) {
        SealedSecret sealed =
                SealedSecret.parse(stored.sealedPrivateKey())
                        .orElseThrow(() -> new UnopenableSecretException(place(stored.id())));
        try (Secret secret = ring.open(sealed, place(stored.id()))) {
            KeyFactory factory = KeyFactory.getInstance("EC");
            PrivateKey privateKey =
                    factory.generatePrivate(new PKCS8EncodedKeySpec(secret.bytes()));
            ECPublicKey publicKey =
                    (ECPublicKey)
                            factory.generatePublic(new X509EncodedKeySpec(stored.publicKey()));
            requireOneKey(stored.id(), publicKey, privateKey);
            return new SigningKey(stored.id(), publicKey, privateKey, stored.signsFrom());
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("signing key " + stored.id() + " is damaged", damaged);
        }
    }

    /** Only the private half is sealed: a public one of somebody else's would let them sign. */
    private static void requireOneKey(String id, ECPublicKey publicKey, PrivateKey privateKey)
            throws GeneralSecurityException {
        byte[] probe = id.getBytes(StandardCharsets.UTF_8);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(privateKey);
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(probe);
        if (!signature.verify(signed)) {
            throw new SignatureException("its public half belongs to another key");
        }
    }

    /** Where the private half of a signing key stands. */
    static SecretPlace place(String id) {
        return SecretPlace.ofPlatform("signing-key", id);
    }
}
