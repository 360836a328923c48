package io.perpetua.accounts.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.accounts.HandClock;
import io.perpetua.accounts.domain.vault.KeyEncryptionKey;
import io.perpetua.accounts.persistence.SigningKeyStore;
import io.perpetua.edge.UserTransactions;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replica learns of keys that others make, once its clock was set back. */
class SecretKeysTest {
    private static final Duration SET_BACK = Duration.ofHours(1).negated();

    @TempDir Path folder;

    private final HandClock clock = new HandClock();
    private final StoredInMemory store = new StoredInMemory();
    private SecretKeys replica;

    private static final class StoredInMemory extends SigningKeyStore {
        private final List<StoredKey> keys = new ArrayList<>();

        @Override
        public List<StoredKey> all(Connection connection) {
            return List.copyOf(keys);
        }

        @Override
        public void lock(Connection connection) {}

        @Override
        public void add(Connection connection, StoredKey key) {
            keys.add(key);
        }
    }

    private static final class Uncommitted extends UserTransactions {
        private static final Connection NONE =
                (Connection)
                        Proxy.newProxyInstance(
                                Connection.class.getClassLoader(),
                                new Class<?>[] {Connection.class},
                                (proxy, method, arguments) -> {
                                    throw new UnsupportedOperationException(method.getName());
                                });

        private Uncommitted() {
            super(null);
        }

        @Override
        public <T> T callPublic(Work<T> work) {
            try {
                return work.apply(NONE);
            } catch (SQLException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    @BeforeEach
    void loadAndSetTheClockBack() {
        replica = newReplica();
        replica.load();
        clock.move(SET_BACK);
    }

    private SecretKeys newReplica() {
        AccountsConfig config =
                (AccountsConfig)
                        Proxy.newProxyInstance(
                                AccountsConfig.class.getClassLoader(),
                                new Class<?>[] {AccountsConfig.class},
                                (proxy, method, arguments) ->
                                        switch (method.getName()) {
                                            case "keyFile" -> folder.resolve("key");
                                            case "signingKeySeconds" -> 2_592_000;
                                            case "signingKeyAnnouncedSeconds" -> 600;
                                            case "accessTokenSeconds" -> 900;
                                            default ->
                                                    throw new UnsupportedOperationException(
                                                            method.getName());
                                        });
        return new SecretKeys(config, store, new Uncommitted(), clock);
    }

    private SigningKey madeByAnother() {
        store.keys.clear();
        SecretKeys another = newReplica();
        another.load();
        return another.all().getFirst();
    }

    @Test
    void shouldLookUpAKeyItDoesNotKnowWhenTheClockWasSetBack() {
        SigningKey made = madeByAnother();

        assertThat(replica.key(made.id())).isEqualTo(made.publicKey());
    }

    @Test
    void shouldSignWithTheKeyOfAllWhenTheClockWasSetBack() {
        SigningKey made = madeByAnother();

        assertThat(replica.signing(clock.instant()).id()).isEqualTo(made.id());
    }

    @Test
    void shouldReadTheKeyFileAgainWhenTheClockWasSetBack() throws Exception {
        Files.writeString(
                folder.resolve("key"),
                "next:" + "ab".repeat(KeyEncryptionKey.BYTES) + "\n",
                StandardOpenOption.APPEND);

        assertThat(replica.keyRing().all())
                .extracting(KeyEncryptionKey::id)
                .containsExactly("first", "next");
    }
}
