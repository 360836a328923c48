package io.perpetua.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class LinkedWalletsIT {
    @Test
    void shouldSignTheSameUserInByEveryWalletThatWasLinked() {
        TestWallet first = TestWallet.generate();
        TestUser user = first.signIn();
        TestSolanaWallet solana = TestSolanaWallet.generate();
        TestWallet evm = TestWallet.generate();

        solana.link(user).then().statusCode(201).body("kind", equalTo("SOLANA"));
        evm.link(user).then().statusCode(201).body("address", equalTo(evm.address()));

        assertThat(solana.signIn().id()).isEqualTo(user.id());
        assertThat(evm.signIn().id()).isEqualTo(user.id());
        user.request()
                .get("/v1/auth/wallets")
                .then()
                .statusCode(200)
                .body("items.address", contains(first.address(), solana.address(), evm.address()));
        solana.link(user).then().statusCode(200).body("address", equalTo(solana.address()));
    }

    @Test
    void shouldRefuseWhenTheWalletIsAnothersOrTheSignatureIsForSomethingElse() {
        TestUser user = TestWallet.generate().signIn();
        TestWallet victims = TestWallet.generate();
        TestUser victim = victims.signIn();
        TestWallet free = TestWallet.generate();

        refused(victims.link(user), 409, "WALLET_TAKEN");
        String signsIn = free.challenge();
        refused(free.link(user, signsIn), 401, "NONCE_UNKNOWN");
        String linksToVictim = free.linkChallenge(victim);
        refused(free.link(user, linksToVictim), 401, "NONCE_UNKNOWN");
        String links = free.linkChallenge(user);
        refused(TestWallet.exchange(links, free.sign(links)), 401, "NONCE_UNKNOWN");
        String hidden = links.replaceAll("Link this wallet[^\n]*", "Sign in to win a prize.");
        refused(free.link(user, hidden), 401, "STATEMENT_MISMATCH");
        Response stolen =
                user.request()
                        .body(java.util.Map.of("message", links, "signature", victims.sign(links)))
                        .post("/v1/auth/wallets");
        refused(stolen, 401, "SIGNATURE_MISMATCH");

        free.link(user, links).then().statusCode(201);
    }

    @Test
    void shouldEndTheSignInsOfAWalletWhenItIsUnlinked() {
        TestWallet first = TestWallet.generate();
        TestUser user = first.signIn();
        TestSolanaWallet second = TestSolanaWallet.generate();
        second.link(user).then().statusCode(201);
        TestUser bySecond = second.signIn();
        TestUser stranger = TestWallet.generate().signIn();

        refused(unlink(stranger, second.address()), 404, "WALLET_UNKNOWN");
        unlink(user, second.address()).then().statusCode(200).body("signInsEnded", equalTo(1));

        refused(bySecond.request().get("/v1/users/me"), 401, "TOKEN_REVOKED");
        refused(TestWallet.refresh(bySecond.refreshToken()), 401, "SIGN_IN_ENDED");
        user.request().get("/v1/users/me").then().statusCode(200).body("wallets", hasSize(1));
        refused(unlink(user, second.address()), 404, "WALLET_UNKNOWN");
        refused(unlink(user, first.address()), 409, "WALLET_LAST");
        assertThat(second.signIn().id()).isNotEqualTo(user.id());
    }

    @Test
    void shouldKeepOneWalletWhenBothAreUnlinkedAtOnce() throws Exception {
        TestWallet first = TestWallet.generate();
        TestUser user = first.signIn();
        TestWallet second = TestWallet.generate();
        second.link(user).then().statusCode(201);
        TestUser bySecond = second.signIn();

        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<Integer>> statuses =
                    Stream.of(first, second)
                            .map(
                                    wallet ->
                                            threads.submit(
                                                    () ->
                                                            unlink(
                                                                            wallet == first
                                                                                    ? bySecond
                                                                                    : user,
                                                                            wallet.address())
                                                                    .statusCode()))
                            .toList();

            assertThat(List.of(statuses.get(0).get(), statuses.get(1).get()))
                    .containsOnlyOnce(200)
                    .anyMatch(status -> status == 409 || status == 401);
        }
    }

    @Test
    void shouldMakeAWalletOneUsersWhenTwoLinkItAtOnce() throws Exception {
        TestUser alice = TestWallet.generate().signIn();
        TestUser bob = TestWallet.generate().signIn();
        TestWallet wanted = TestWallet.generate();
        String toAlice = wanted.linkChallenge(alice);
        String toBob = wanted.linkChallenge(bob);

        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Integer> one = threads.submit(() -> wanted.link(alice, toAlice).statusCode());
            Future<Integer> two = threads.submit(() -> wanted.link(bob, toBob).statusCode());

            assertThat(List.of(one.get(), two.get())).containsExactlyInAnyOrder(201, 409);
        }
    }

    @Test
    void shouldLinkUpToTheLimit() {
        TestUser user = TestWallet.generate().signIn();
        for (int i = 1; i < 10; i++) {
            TestWallet.generate().link(user).then().statusCode(201);
        }

        refused(TestWallet.generate().link(user), 422, "WALLETS_EXHAUSTED");
    }

    private static Response unlink(TestUser user, String address) {
        return user.request().delete("/v1/auth/wallets/" + address);
    }

    private static void refused(Response answer, int status, String code) {
        answer.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("code", equalTo(code));
    }
}
