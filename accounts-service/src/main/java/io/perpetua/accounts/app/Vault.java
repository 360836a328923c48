package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.vault.KeyRing;
import io.perpetua.accounts.domain.vault.SealedSecret;
import io.perpetua.accounts.domain.vault.Secret;
import io.perpetua.accounts.domain.vault.SecretPlace;
import io.perpetua.accounts.domain.vault.UnopenableSecretException;
import io.perpetua.accounts.persistence.VaultStore;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;

/** The secrets of users: sealed on the way into the database, opened only where they are used. */
@ApplicationScoped
public class Vault {
    private final VaultStore store;
    private final SecretKeys keys;

    /** With where the secrets stand, and the keys to them. */
    public Vault(VaultStore store, SecretKeys keys) {
        this.store = store;
        this.keys = keys;
    }

    /** What a secret is for; a constant once used keeps its word for ever. */
    public enum Purpose {
        /** The private key of a Hypercore subaccount. */
        HYPERCORE_PRIVKEY("hypercore-privkey"),
        /** The public part of an exchange's key. */
        EXCHANGE_KEY("exchange-key"),
        /** The secret that an exchange's requests are signed with. */
        EXCHANGE_SECRET("exchange-secret"),
        /** The third part that some exchanges ask for. */
        EXCHANGE_PASSPHRASE("exchange-passphrase");

        private final String word;

        Purpose(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** Seals a secret of the user's record. The caller goes on owning {@code secret}. */
    public void put(Connection connection, Purpose purpose, UserId user, long record, Secret secret)
            throws SQLException {
        SecretPlace place = SecretPlace.ofUser(purpose.word(), user, record);
        store.add(
                connection,
                purpose.word(),
                user,
                record,
                keys.keyRing().seal(secret.bytes(), place));
    }

    /**
     * A secret of the user's record, to be closed by the caller.
     *
     * @throws UnopenableSecretException when it is gone or was tampered with
     */
    public Secret open(Connection connection, Purpose purpose, UserId user, long record)
            throws SQLException {
        SecretPlace place = SecretPlace.ofUser(purpose.word(), user, record);
        SealedSecret sealed =
                store.find(connection, purpose.word(), record)
                        .orElseThrow(() -> new UnopenableSecretException(place));
        KeyRing ring = keys.keyRing();
        if (!ring.has(sealed.keyId())) {
            ring = keys.readRing();
        }
        return ring.open(sealed, place);
    }

    /** Forgets a secret of the user's record, if there is one. */
    public void remove(Connection connection, Purpose purpose, long record) throws SQLException {
        store.remove(connection, purpose.word(), record);
    }
}
