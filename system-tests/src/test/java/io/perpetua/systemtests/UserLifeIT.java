package io.perpetua.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.client.Account;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.OrderRequest;
import io.perpetua.demo.client.Session;
import io.perpetua.demo.client.Tally;
import io.perpetua.demo.client.Wallet;
import io.perpetua.demo.trader.Listing;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A user's way out of the running system, with the processes that decide it killed on the way. */
class UserLifeIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String ME = "/v1/users/me";

    private final Stack stack = Stack.shared();

    @Test
    void shouldDeleteAUserOnlyWhenNothingIsLeftAndThenForgetThem() throws Exception {
        try (Api api = new Api(stack.frontDoor())) {
            Wallet wallet = Wallet.create();
            Session session = Session.signIn(api, wallet);
            Traders.fund(session, Usd.ofDollars(1_000), "start");
            session.persist(
                            "POST",
                            "/v1/withdrawal-addresses",
                            Api.body("label", "Mine", "address", wallet.address()))
                    .orThrow();
            String order = order(session);

            assertThat(obstacles(session, wallet)).containsExactly("OPEN_ORDERS 1", "BALANCES 1");
            session.persist("DELETE", "/v1/orders/" + order, null).orThrow();
            await("the end of the order").atMost(PATIENCE).until(() -> isClosed(session, order));
            assertThat(obstacles(session, wallet)).last().isEqualTo("BALANCES 1");
            withdrawAll(session, wallet);

            String message = challenge(session, wallet);
            Map<String, Object> confirmation =
                    Api.body("message", message, "signature", wallet.sign(message));
            String token = Session.signIn(api, wallet).token();
            long risk = stack.pid("risk");
            long otherRisk = stack.pid("risk-2");
            stack.kill("risk");
            stack.kill("risk-2");
            Answer asked = api.persist("DELETE", ME, token, confirmation);
            assertThat(asked.status()).as("%s", asked).isIn(200, 202);
            long accounts = stack.pid("accounts");
            stack.kill("accounts");
            stack.awaitRestart("accounts", accounts);
            stack.awaitRestart("risk", risk);
            stack.awaitRestart("risk-2", otherRisk);
            await("the end of the deletion")
                    .atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .until(() -> isDeleted(session.user()));
            for (String path : List.of(ME, "/v1/orders", "/v1/positions")) {
                await("no service takes their token: " + path)
                        .atMost(PATIENCE)
                        .until(() -> api.persist("GET", path, token, null).status() == 401);
            }

            Session anew = Session.signIn(api, wallet);
            assertThat(anew.user()).isNotEqualTo(session.user());
            Traders.fund(anew, Usd.ofDollars(1_000), "start");
            order(anew);
        }
    }

    /** An order that rests: its price is a little below the mark. */
    private static String order(Session session) {
        Listing listing = Listing.of(session.get("/v1/markets").path("items").path(0));
        String prices = "/v1/prices/" + listing.symbol();
        return Traders.place(
                        new Account("life", session, new Tally()),
                        () ->
                                OrderRequest.limit(
                                        listing.symbol(),
                                        Side.BUY,
                                        TimeInForce.POST_ONLY,
                                        listing.moved(
                                                Price.parse(
                                                        session.get(prices).path("mark").asText()),
                                                Rate.ofBasisPoints(-300)),
                                        listing.minOrderSize()))
                .body()
                .path("orderId")
                .asText();
    }

    private static boolean isClosed(Session session, String order) {
        return session.get("/v1/orders/" + order).path("status").asText().equals("CANCELLED");
    }

    private static String challenge(Session session, Wallet wallet) {
        return session.persist(
                        "POST", ME + "/deletion-challenge", Api.body("address", wallet.address()))
                .orThrow()
                .path("message")
                .asText();
    }

    private boolean isDeleted(String user) throws SQLException {
        try (Connection connection = stack.database("accounts");
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select count(*) from user_closing where kind = 'DELETION'"
                                        + " and state = 'DONE' and user_id = "
                                        + user)) {
            row.next();
            return row.getInt(1) == 1;
        }
    }

    /** Asks to be deleted; what is in the way, once that is decided. */
    private static List<String> obstacles(Session session, Wallet wallet) {
        String message = challenge(session, wallet);
        Answer answer =
                session.persist(
                        "DELETE",
                        ME,
                        Api.body("message", message, "signature", wallet.sign(message)));
        assertThat(answer.code()).as("%s", answer).isIn("USER_NOT_FLAT", "202");
        await("a decision")
                .atMost(PATIENCE)
                .until(() -> !closing(session).path("state").asText().equals("ASKED"));
        assertThat(closing(session).path("state").asText()).isEqualTo("REFUSED");
        return closing(session)
                .path("obstacles")
                .valueStream()
                .map(one -> one.path("kind").asText() + " " + one.path("count").asText())
                .toList();
    }

    private static JsonNode closing(Session session) {
        return session.get(ME + "/closing");
    }

    /** Again and again, since the simulated custodian fails now and then. */
    private static void withdrawAll(Session session, Wallet wallet) {
        int[] attempts = {0};
        await("that all is withdrawn")
                .atMost(PATIENCE)
                .until(
                        () -> {
                            // In this order: what is in flight may come back in between.
                            boolean pending =
                                    session.list("/v1/withdrawals").stream()
                                            .anyMatch(
                                                    one ->
                                                            List.of("REQUESTED", "RESERVED", "SENT")
                                                                    .contains(
                                                                            one.path("state")
                                                                                    .asText()));
                            String balance =
                                    session.get("/v1/balances?subaccountId=" + session.subaccount())
                                            .path("items")
                                            .path(0)
                                            .path("balance")
                                            .asText();
                            if (!pending && !balance.equals("0")) {
                                session.persist(
                                        "POST",
                                        "/v1/withdrawals",
                                        Api.body(
                                                "subaccountId",
                                                session.subaccount(),
                                                "asset",
                                                "USDC",
                                                "amount",
                                                balance,
                                                "address",
                                                wallet.address(),
                                                "clientWithdrawalId",
                                                "w" + attempts[0]++));
                            }
                            return !pending && balance.equals("0");
                        });
    }
}
