package io.perpetua.systemtests;

import static org.awaitility.Awaitility.await;

import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.client.Account;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.OrderRequest;
import io.perpetua.demo.client.Session;
import io.perpetua.demo.client.Tally;
import io.perpetua.demo.client.Wallet;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/** Users whose money risk-service knows of, and orders that are sent until they are taken. */
public final class Traders {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Set<String> NOT_TAKEN = Set.of("PENDING", "REJECTED");

    private Traders() {}

    /** A new user with so much collateral. */
    static Account funded(Api api, String name, Usd amount) {
        Session session = Session.signIn(api, Wallet.create());
        fund(session, amount, name);
        return new Account(name, session, new Tally());
    }

    /**
     * Deposits what is all of the collateral, and waits for it: a deposit is answered by the
     * ledger, risk-service hears of it, and of a new subaccount, a little later.
     */
    public static void fund(Session session, Usd amount, String reference) {
        session.deposit(amount, reference);
        String path = "/v1/accounts/" + session.subaccount();
        await("the collateral of " + session)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .until(
                        () -> session.persist("GET", path, null).body().path("collateral").asText(),
                        amount.toString()::equals);
    }

    /**
     * Places what is wished for at the moment until it is taken: what a refusal is for may pass,
     * and the next attempt is an order of its own, as a repeat would get the same refusal again.
     */
    public static Answer place(Account account, Supplier<OrderRequest> wish) {
        return await("an order of " + account.name())
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .until(
                        () -> decided(account.session(), account.place(wish.get())),
                        answer ->
                                answer.isOk()
                                        && !NOT_TAKEN.contains(
                                                answer.body().path("status").asText()));
    }

    /** What became of an order that was journalled and not decided yet. */
    private static Answer decided(Session session, Answer answer) {
        if (answer.status() != 202) {
            return answer;
        }
        String path = "/v1/orders/" + answer.body().path("orderId").asText();
        return await("the outcome of " + path)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .until(
                        () -> session.persist("GET", path, null),
                        order ->
                                order.isOk()
                                        && !order.body().path("status").asText().equals("PENDING"));
    }
}
