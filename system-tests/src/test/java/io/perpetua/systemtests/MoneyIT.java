package io.perpetua.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.Session;
import io.perpetua.demo.client.Wallet;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Random transfers, deposits, withdrawals and adjustments of many users at once, in USDC, which
 * risk decides on, and in USDT, which it knows nothing of; most of them sent again and some
 * withdrawals called off, while the processes that move money are killed and the custodian fails.
 * In the end every unit of either is where the answers say it is. {@code
 * -Dperpetua.money.operations} sets how many; {@code -Dperpetua.money.seed} repeats the same ones.
 */
class MoneyIT {
    private static final Duration SETTLING = Duration.ofMinutes(4);
    private static final List<String> VICTIMS =
            List.of("accounts", "risk", "risk-2", "accounts", "kafka", "postgres");
    private static final int USERS = 8;
    private static final List<String> ASSETS = List.of("USDC", "USDT");
    private static final Set<String> ENDS = Set.of("REFUSED", "CONFIRMED", "RETURNED");

    private final long seed = Long.getLong("perpetua.money.seed", System.nanoTime() & 0xffffff);
    private final int operations = Integer.getInteger("perpetua.money.operations", 1_200);
    private final Stack stack = Stack.shared();

    /** Two administrators who adjust users' balances, each request and approval sent twice. */
    private static final class Adjusters {
        private final Administrator maker;
        private final Administrator checker;
        private final SplittableRandom random;
        private final Map<String, Owner> asked = new TreeMap<>();

        Adjusters(Stack stack, Api api, SplittableRandom random)
                throws IOException, InterruptedException {
            this.random = random;
            maker = Administrator.make(stack, api, "maker", "ADMIN");
            checker = Administrator.make(stack, api, "checker", "RISK_MANAGER");
        }

        void adjust(Owner owner) throws InterruptedException {
            Map<String, Object> request =
                    Api.body(
                            "subaccountId",
                            random.nextBoolean() ? owner.first : owner.second,
                            "direction",
                            random.nextBoolean() ? "CREDIT" : "DEBIT",
                            "amount",
                            new Usd(random.nextLong(1, 30_000_000)).toString(),
                            "reason",
                            "a correction",
                            "reference",
                            "a" + asked.size());
            Answer answer = maker.persist("POST", "/v1/admin/adjustments", request);
            String id = answer.orThrow().path("id").asText();
            asked.put(id, owner);
            String decision = random.nextInt(4) == 0 ? "/reject" : "/approve";
            for (int i = 0; i < 2; i++) {
                checker.persist("POST", "/v1/admin/approvals/" + id + decision, null).orThrow();
            }
        }

        private JsonNode approval(String id) {
            try {
                return checker.persist("GET", "/v1/admin/approvals/" + id, null).orThrow();
            } catch (InterruptedException stopped) {
                throw new AssertionError(stopped);
            }
        }

        boolean isSettled() {
            return asked.keySet().stream()
                    .noneMatch(id -> approval(id).path("state").asText().equals("APPROVED"));
        }

        /** What the user's subaccounts were credited, less what they were debited. */
        Usd adjusted(Owner owner) {
            Usd sum = Usd.ZERO;
            for (Map.Entry<String, Owner> one : asked.entrySet()) {
                if (one.getValue() == owner) {
                    JsonNode approval = approval(one.getKey());
                    Usd amount = Usd.parse(approval.path("content").path("amount").asText());
                    String state = approval.path("state").asText();
                    assertThat(state).isIn("EXECUTED", "REFUSED", "REJECTED");
                    if (state.equals("EXECUTED")) {
                        boolean isCredit =
                                approval.path("content")
                                        .path("direction")
                                        .asText()
                                        .equals("CREDIT");
                        sum = isCredit ? sum.plus(amount) : sum.minus(amount);
                    }
                }
            }
            return sum;
        }
    }

    /** A user with two subaccounts; one thread acts for it. */
    private static final class Owner {
        private final Session session;
        private final String first;
        private final String second;
        private final Wallet wallet = Wallet.create();
        private final SplittableRandom random;
        private final Map<String, Usd> deposited = new HashMap<>();
        private int transferred;
        private final Map<String, String> withdrawals = new TreeMap<>();
        private final Set<String> cancelled = new TreeSet<>();
        private int count;

        Owner(Api api, SplittableRandom random) {
            this.random = random;
            session = Session.signIn(api, Wallet.create());
            first = session.subaccount();
            second =
                    session.persist("POST", "/v1/subaccounts", Api.body("name", "Savings"))
                            .orThrow()
                            .path("id")
                            .asText();
            session.persist(
                            "POST",
                            "/v1/withdrawal-addresses",
                            Api.body("label", "Mine", "address", wallet.address()))
                    .orThrow();
        }

        /** Whether the address has stood in the address book for long enough. */
        boolean canWithdraw() {
            return !session.persist("POST", "/v1/withdrawals", withdrawal("early", "USDC", "0.5"))
                    .code()
                    .equals("WITHDRAWAL_ADDRESS_NOT_YET_USABLE");
        }

        private Map<String, Object> withdrawal(String clientId, String asset, String amount) {
            return Api.body(
                    "subaccountId",
                    any(),
                    "asset",
                    asset,
                    "amount",
                    amount,
                    "address",
                    wallet.address(),
                    "clientWithdrawalId",
                    clientId);
        }

        private String any() {
            return random.nextBoolean() ? first : second;
        }

        private Usd amount(int mostDollars) {
            return new Usd(random.nextLong(1_000_000, mostDollars * 1_000_000L));
        }

        void act() {
            count++;
            String asset = ASSETS.get(random.nextInt(ASSETS.size()));
            switch (random.nextInt(4)) {
                case 0 -> deposit(asset);
                case 1 -> transfer(asset);
                default -> withdraw(asset);
            }
        }

        /** Sends a request until it is answered, and most of them once more. */
        private Answer send(String path, Map<String, Object> body) {
            Answer answer = session.persist("POST", path, body);
            if (random.nextInt(3) > 0) {
                Answer again = session.persist("POST", path, body);
                assertThat(again.isOk()).as("%s, then %s", answer, again).isEqualTo(answer.isOk());
                assertThat(again.body().path("id")).isEqualTo(answer.body().path("id"));
            }
            return answer;
        }

        private void deposit(String asset) {
            Usd amount = amount(50);
            String reference = "d" + count;
            Answer answer =
                    send(
                            "/v1/faucet",
                            Api.body(
                                    "subaccountId",
                                    any(),
                                    "asset",
                                    asset,
                                    "amount",
                                    amount.toString(),
                                    "reference",
                                    reference));
            answer.orThrow();
            deposited.merge(asset, amount, Usd::plus);
        }

        private void transfer(String asset) {
            boolean there = random.nextBoolean();
            Map<String, Object> body =
                    new HashMap<>(
                            Api.body(
                                    "fromSubaccountId",
                                    there ? first : second,
                                    "toSubaccountId",
                                    there ? second : first,
                                    "amount",
                                    amount(60).toString(),
                                    "clientTransferId",
                                    "t" + count));
            if (asset.equals("USDC")) {
                session.persist("POST", "/v1/transfers", body);
                return;
            }
            body.put("asset", asset);
            Answer answer = session.persist("POST", "/v1/asset-transfers", body);
            if (answer.isOk()) {
                transferred++;
                assertThat(session.persist("POST", "/v1/asset-transfers", body).body())
                        .isEqualTo(answer.body());
            } else {
                assertThat(answer.code()).isEqualTo("WITHDRAWABLE_EXCEEDED");
            }
        }

        private void withdraw(String asset) {
            String clientId = "w" + count;
            Answer answer =
                    send("/v1/withdrawals", withdrawal(clientId, asset, amount(40).toString()));
            String id = answer.orThrow().path("id").asText();
            withdrawals.put(id, clientId);
            if (random.nextInt(3) == 0) {
                cancel(id);
            }
        }

        /** A repeat says the same unless the first was too early to tell the end. */
        private void cancel(String id) {
            Answer answer = session.persist("DELETE", "/v1/withdrawals/" + id, null);
            if (answer.isOk()) {
                cancelled.add(id);
                assertThat(session.persist("DELETE", "/v1/withdrawals/" + id, null).isOk())
                        .as("%s, then another", answer)
                        .isTrue();
            } else {
                assertThat(answer.code()).isEqualTo("WITHDRAWAL_NOT_CANCELLABLE");
            }
        }

        /** Whether nothing of this user is under way, between services or to the custodian. */
        boolean isSettled() {
            List<JsonNode> all = session.list("/v1/withdrawals");
            return all.stream().allMatch(one -> ENDS.contains(one.path("state").asText()))
                    && isInStep(first)
                    && isInStep(second);
        }

        private boolean isInStep(String subaccount) {
            JsonNode risk = session.get("/v1/accounts/" + subaccount);
            JsonNode ledger = account(subaccount);
            return risk.path("settlementSequence").equals(ledger.path("settlementSequence"))
                    && risk.path("creditSequence").equals(ledger.path("creditSequence"));
        }

        /** The ledger's balances are what was paid in and not paid out, and nothing twice. */
        void check(Usd adjusted) {
            Map<String, Usd> expected = new TreeMap<>();
            ASSETS.forEach(asset -> expected.put(asset, deposited.getOrDefault(asset, Usd.ZERO)));
            expected.merge("USDC", adjusted, Usd::plus);
            Map<String, String> told = new TreeMap<>();
            Map<String, String> ended = new TreeMap<>();
            for (JsonNode one : session.list("/v1/withdrawals")) {
                String id = one.path("id").asText();
                told.put(id, one.path("clientWithdrawalId").asText());
                String state = one.path("state").asText();
                if (state.equals("CONFIRMED")) {
                    expected.merge(
                            one.path("asset").asText(),
                            Usd.parse(one.path("amount").asText()).negated(),
                            Usd::plus);
                }
                if (!state.equals("REFUSED")) {
                    ended.put(id, "WITHDRAWAL_" + state);
                }
                assertThat(one.path("cancelRequestedAt").isTextual())
                        .as("whether withdrawal %s was called off", id)
                        .isEqualTo(cancelled.contains(id));
                if (cancelled.contains(id)) {
                    assertThat(state).isIn("REFUSED", "RETURNED");
                }
            }
            assertThat(told).containsExactlyInAnyOrderEntriesOf(withdrawals);
            Map<String, Usd> balances = new TreeMap<>();
            Map<String, Integer> transferSides = new TreeMap<>();
            List<String> taken = new ArrayList<>();
            Map<String, String> posted = new TreeMap<>();
            for (String subaccount : List.of(first, second)) {
                for (String asset : ASSETS) {
                    Usd balance = balanceOf(subaccount, asset);
                    assertThat(balance.signum()).isNotNegative();
                    balances.merge(asset, balance, Usd::plus);
                    Usd sum = Usd.ZERO;
                    for (JsonNode line :
                            session.list(
                                    "/v1/ledger/statement?subaccountId=%s&asset=%s"
                                            .formatted(subaccount, asset))) {
                        assertThat(Usd.parse(line.path("balance").asText()).signum())
                                .as("the balance after %s", line)
                                .isNotNegative();
                        sum = sum.plus(Usd.parse(line.path("amount").asText()));
                        String kind = line.path("kind").asText();
                        String withdrawal = line.path("withdrawalId").asText("");
                        if (kind.equals("TRANSFER")) {
                            transferSides.merge(asset, 1, Integer::sum);
                        } else if (kind.equals("WITHDRAWAL")) {
                            taken.add(withdrawal);
                        } else if (!withdrawal.isEmpty()) {
                            assertThat(posted.put(withdrawal, kind)).isNull();
                        }
                    }
                    assertThat(sum).as("%s of %s", asset, subaccount).isEqualTo(balance);
                }
            }
            assertThat(balances).isEqualTo(expected);
            assertThat(taken).containsExactlyInAnyOrderElementsOf(ended.keySet());
            assertThat(posted).isEqualTo(ended);
            assertThat(transferSides.getOrDefault("USDT", 0)).isEqualTo(2 * transferred);
        }

        private Usd balanceOf(String subaccount, String asset) {
            for (JsonNode one : accounts(subaccount)) {
                if (one.path("asset").asText().equals(asset)) {
                    return Usd.parse(one.path("balance").asText());
                }
            }
            return Usd.ZERO;
        }

        private JsonNode account(String subaccount) {
            return accounts(subaccount).path(0);
        }

        private JsonNode accounts(String subaccount) {
            return session.get("/v1/balances?subaccountId=" + subaccount).path("items");
        }
    }

    @Test
    void shouldLoseAndMakeNoMoneyWhateverIsKilled() throws Exception {
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        AtomicInteger left = new AtomicInteger(operations);
        List<Owner> owners = new ArrayList<>();
        try (Api api = new Api(stack.frontDoor());
                ExecutorService threads = Executors.newFixedThreadPool(USERS + 1)) {
            for (int i = 0; i < USERS; i++) {
                owners.add(new Owner(api, random.split()));
            }
            await("usable addresses")
                    .atMost(SETTLING)
                    .until(() -> owners.stream().allMatch(Owner::canWithdraw));
            Adjusters adjusters = new Adjusters(stack, api, random.split());
            List<Future<?>> running = new ArrayList<>();
            List<Future<?>> adjusting = new ArrayList<>();
            for (Owner owner : owners) {
                running.add(
                        threads.submit(
                                () -> {
                                    while (left.getAndDecrement() > 0) {
                                        owner.act();
                                    }
                                }));
            }
            for (int i = 0; i < VICTIMS.size(); i++) {
                int until = operations - (i + 1) * operations / (VICTIMS.size() + 1);
                await("operations")
                        .atMost(SETTLING)
                        .until(() -> left.get() <= until || isOver(running));
                adjusting.add(
                        threads.submit(
                                () -> {
                                    for (Owner owner : owners) {
                                        adjusters.adjust(owner);
                                    }
                                    return null;
                                }));
                String victim = VICTIMS.get(i);
                long before = stack.pid(victim);
                stack.kill(victim);
                stack.awaitRestart(victim, before);
                adjusting.getLast().get();
            }
            for (Future<?> one : running) {
                one.get();
            }

            await("that nothing is under way")
                    .atMost(SETTLING)
                    .until(() -> owners.stream().allMatch(Owner::isSettled));
            await("that every adjustment has ended").atMost(SETTLING).until(adjusters::isSettled);
            owners.forEach(owner -> owner.check(adjusters.adjusted(owner)));
            Session reader = owners.getFirst().session;
            await("nothing in flight").atMost(SETTLING).until(() -> isNothingInFlight(reader));
            assertThat(reader.get("/v1/ledger/trial-balance").path("balanced").asBoolean())
                    .isTrue();
            riskAgrees();
        }
    }

    private static boolean isOver(List<Future<?>> running) {
        return running.stream().allMatch(Future::isDone);
    }

    private static boolean isNothingInFlight(Session reader) {
        for (JsonNode asset : reader.get("/v1/ledger/trial-balance").path("assets")) {
            for (JsonNode account : asset.path("accounts")) {
                String name = account.path("account").asText();
                if (Set.of("withdrawals-in-flight", "transfers").contains(name)
                        && !account.path("balance").asText().equals("0")) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The comparison that is made every night finds every account and no difference. */
    private void riskAgrees() throws Exception {
        long run =
                number(
                        "insert into reconciliation_run (kind, started_at)"
                                + " values ('ON_DEMAND', now()) returning run_id");
        await("the comparison with risk")
                .atMost(SETTLING)
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(
                        () ->
                                number(
                                                "select count(*) from reconciliation_run"
                                                        + " where asked_at is not null"
                                                        + " and compared = asked and run_id = "
                                                        + run)
                                        == 1);
        assertThat(number("select asked from reconciliation_run where run_id = " + run))
                .isGreaterThanOrEqualTo(2 * USERS);
        assertThat(number("select differing from reconciliation_run where run_id = " + run))
                .isZero();
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = stack.database("accounts");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
