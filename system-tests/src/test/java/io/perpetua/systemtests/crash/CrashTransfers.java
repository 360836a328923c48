package io.perpetua.systemtests.crash;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client's transfers between the subaccount it trades on and one that never trades, while parts
 * are killed; some are sent again, and some at once with themselves. What the second subaccount has
 * in the end tells whether each transfer that was acknowledged moved once, and no other moved.
 */
final class CrashTransfers {
    private static final long LONGEST_PAUSE_MILLIS = 400;
    private static final Duration SETTLING = Duration.ofMinutes(2);
    private static final long MOST_DOLLARS = 300;

    private final String name;
    private final Session session;
    private final String second;
    private final SplittableRandom random;
    private final List<Transfer> transfers = new ArrayList<>();
    private final List<String> contradictions = new ArrayList<>();

    /** A transfer that was asked for, and what it was when it was first acknowledged. */
    private static final class Transfer {
        final String clientId;
        final boolean toSecond;
        final Usd amount;
        @Nullable String id;

        Transfer(String clientId, boolean toSecond, Usd amount) {
            this.clientId = clientId;
            this.toSecond = toSecond;
            this.amount = amount;
        }
    }

    /** Opens the second subaccount, by a client that gives up an answer late. */
    CrashTransfers(String name, Api patient, Session session, SplittableRandom random) {
        this.name = name;
        this.session = session;
        this.random = random;
        session.renew();
        second =
                patient.send(
                                "POST",
                                "/v1/subaccounts",
                                session.token(),
                                Api.body("name", "Savings"))
                        .orThrow()
                        .path("id")
                        .asText();
    }

    /** Transfers until it is told to stop. */
    void run(BooleanSupplier open) throws InterruptedException {
        while (open.getAsBoolean()) {
            boolean again = !transfers.isEmpty() && random.nextInt(4) == 0;
            Transfer transfer = again ? transfers.get(random.nextInt(transfers.size())) : fresh();
            if (random.nextInt(6) == 0) {
                Thread beside = Thread.ofVirtual().start(() -> send(transfer));
                send(transfer);
                beside.join();
            } else {
                send(transfer);
            }
            Thread.sleep(random.nextLong(LONGEST_PAUSE_MILLIS));
        }
    }

    private Transfer fresh() {
        Transfer fresh =
                new Transfer(
                        name + "-" + transfers.size(),
                        random.nextInt(5) < 3,
                        new Usd(random.nextLong(1, MOST_DOLLARS * 1_000_000)));
        transfers.add(fresh);
        return fresh;
    }

    private void send(Transfer transfer) {
        take(transfer, session.send("POST", "/v1/transfers", body(transfer, transfer.amount)));
    }

    private Object body(Transfer transfer, Usd amount) {
        String first = session.subaccount();
        return Api.body(
                "fromSubaccountId",
                transfer.toSecond ? first : second,
                "toSubaccountId",
                transfer.toSecond ? second : first,
                "amount",
                amount.toString(),
                "clientTransferId",
                transfer.clientId);
    }

    private synchronized void take(Transfer transfer, Answer answer) {
        if (answer.status() == 200) {
            String id = answer.body().path("transferId").asText();
            if (transfer.id != null && !transfer.id.equals(id)) {
                contradictions.add(transfer.clientId + " is " + transfer.id + " and " + id);
            }
            transfer.id = id;
        } else if (transfer.id != null && answer.status() >= 400 && answer.status() < 500) {
            contradictions.add(transfer.clientId + " moved, and then was answered " + answer);
        } else if (answer.status() == 500) {
            contradictions.add(transfer.clientId + " was answered " + answer);
        }
    }

    /** When all is well: asks for each again, then tells what is wrong. */
    List<String> violations() throws InterruptedException {
        List<String> violations = new ArrayList<>();
        Usd expected = Usd.ZERO;
        List<String> moved = new ArrayList<>();
        for (Transfer transfer : transfers) {
            take(transfer, sendUntilDecided(body(transfer, transfer.amount)));
            Usd other = transfer.amount.plus(new Usd(1));
            if (transfer.id != null) {
                expected =
                        transfer.toSecond
                                ? expected.plus(transfer.amount)
                                : expected.minus(transfer.amount);
                moved.add(transfer.id);
                Answer refused = sendUntilDecided(body(transfer, other));
                if (!refused.code().equals("TRANSFER_ID_REUSED")) {
                    violations.add(transfer.clientId + " with other content: " + refused);
                }
            }
        }
        violations.addAll(contradictions);
        compare(expected, moved, violations);
        return violations;
    }

    /** A transfer that is journalled and not decided yet is repeated to learn the outcome. */
    private Answer sendUntilDecided(Object body) throws InterruptedException {
        long deadline = System.nanoTime() + SETTLING.toNanos();
        Answer answer = session.persist("POST", "/v1/transfers", body);
        while (answer.status() == 202 && System.nanoTime() < deadline) {
            Thread.sleep(100);
            answer = session.persist("POST", "/v1/transfers", body);
        }
        return answer;
    }

    private void compare(Usd expected, List<String> moved, List<String> violations) {
        JsonNode margin = session.get("/v1/accounts/" + second);
        if (!margin.path("collateral").asText().equals(expected.toString())) {
            violations.add(
                    "%s: the second subaccount has %s, not %s"
                            .formatted(name, margin.path("collateral").asText(), expected));
        }
        for (String subaccount : List.of(second, session.subaccount())) {
            List<String> settled =
                    session.list("/v1/settlements?subaccountId=" + subaccount).stream()
                            .filter(item -> item.path("kind").asText().equals("TRANSFER"))
                            .map(item -> item.path("transferId").asText())
                            .sorted()
                            .toList();
            if (!settled.equals(moved.stream().sorted().toList())) {
                violations.add(
                        "%s: %s settled %s, but moved were %s"
                                .formatted(name, subaccount, settled, moved));
            }
        }
    }

    /** Whether the ledger has the second subaccount as risk has it. */
    boolean isPosted() {
        JsonNode margin = session.get("/v1/accounts/" + second);
        JsonNode balance = session.get("/v1/balances?subaccountId=" + second).path("items").path(0);
        return margin.path("settlementSequence").asLong()
                        == balance.path("settlementSequence").asLong()
                && margin.path("collateral").asText().equals(balance.path("balance").asText());
    }

    int count() {
        return transfers.size();
    }
}
