package io.perpetua.accounts;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.accounts.app.AccountsConfig;
import io.perpetua.accounts.app.SecretKeys;
import io.perpetua.accounts.app.SigningKey;
import io.perpetua.accounts.persistence.SigningKeyStore;
import io.perpetua.accounts.persistence.SigningKeyStore.StoredKey;
import io.perpetua.edge.UserTransactions;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Signing keys over months, on several replicas. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class KeyRotationIT {
    private static final Duration ANNOUNCED = Duration.ofMinutes(10);

    @Inject TestClock clock;
    @Inject SecretKeys keys;
    @Inject AccountsConfig config;
    @Inject SigningKeyStore store;
    @Inject UserTransactions transactions;

    @BeforeEach
    @AfterEach
    void beginWithANewKey() {
        clock.reset();
        transactions.callPublic(
                connection -> {
                    for (StoredKey key : store.all(connection)) {
                        store.remove(connection, key.id());
                    }
                    return true;
                });
        keys.tend();
    }

    @Test
    void shouldChangeKeysWithoutRefusingAnyTokenWhenTheyGetOld() {
        TestWallet wallet = TestWallet.generate();
        keys.tend();
        String first = keyOf(wallet.signIn());
        assertThat(published()).contains(first);

        clock.advance(Duration.ofDays(30));
        keys.tend();
        List<String> announced = published();
        assertThat(announced).contains(first);
        String second = announced.getLast();
        assertThat(second).isNotEqualTo(first);
        TestUser early = wallet.signIn();
        assertThat(keyOf(early)).isEqualTo(first);

        clock.advance(ANNOUNCED);
        TestUser late = wallet.signIn();
        assertThat(keyOf(late)).isEqualTo(second);
        isSignedIn(early);
        isSignedIn(late);

        clock.advance(Duration.ofMinutes(14).minus(ANNOUNCED));
        keys.tend();
        assertThat(published()).contains(first, second);
        isSignedIn(early);

        clock.advance(Duration.ofMinutes(30));
        keys.tend();
        assertThat(published()).contains(second).doesNotContain(first);
        isSignedIn(TestWallet.userOf(TestWallet.refresh(late.refreshToken())));
    }

    @Test
    void shouldMakeOneKeyWhenManyReplicasFindItDueAtOnce() throws Exception {
        keys.tend();
        List<SecretKeys> replicas =
                IntStream.range(0, 6)
                        .mapToObj(i -> new SecretKeys(config, store, transactions, clock))
                        .toList();
        replicas.forEach(SecretKeys::load);
        List<String> before = ids(replicas.getFirst());

        clock.advance(Duration.ofDays(60));
        try (ExecutorService threads = Executors.newFixedThreadPool(replicas.size())) {
            List<Future<?>> tending = new ArrayList<>();
            replicas.forEach(replica -> tending.add(threads.submit(replica::tend)));
            for (Future<?> done : tending) {
                done.get();
            }
        }
        replicas.forEach(SecretKeys::tend);

        assertThat(ids(replicas.getFirst())).hasSize(before.size() + 1).containsAll(before);
        assertThat(replicas.stream().map(KeyRotationIT::ids).distinct()).hasSize(1);
    }

    @Test
    void shouldRefuseKeysWhenTheirPublicHalvesAreSwapped() {
        // Given
        clock.advance(Duration.ofDays(30));
        keys.tend();
        List<StoredKey> stored = transactions.callPublic(store::all);
        assertThat(stored).hasSize(2);
        transactions.callPublic(
                connection -> {
                    for (int i = 0; i < 2; i++) {
                        StoredKey key = stored.get(i);
                        store.remove(connection, key.id());
                        store.add(
                                connection,
                                new StoredKey(
                                        key.id(),
                                        stored.get(1 - i).publicKey(),
                                        key.sealedPrivateKey(),
                                        key.createdAt(),
                                        key.signsFrom()));
                    }
                    return true;
                });

        // When
        SecretKeys replica = new SecretKeys(config, store, transactions, clock);

        // Then
        assertThatThrownBy(replica::load)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("signing key " + stored.getFirst().id() + " is damaged");
    }

    private static List<String> ids(SecretKeys replica) {
        return replica.all().stream().map(SigningKey::id).toList();
    }

    private static List<String> published() {
        return given().get("/v1/jwks.json").then().statusCode(200).extract().path("keys.kid");
    }

    private static String keyOf(TestUser user) {
        String head = user.token().substring(0, user.token().indexOf('.'));
        String json = new String(Base64.getUrlDecoder().decode(head), StandardCharsets.UTF_8);
        return json.replaceAll(".*\"kid\":\"([^\"]+)\".*", "$1");
    }

    private static void isSignedIn(TestUser user) {
        user.request().get("/v1/users/me").then().statusCode(200);
    }
}
