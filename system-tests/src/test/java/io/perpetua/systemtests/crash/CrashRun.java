package io.perpetua.systemtests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.demo.Story;
import io.perpetua.demo.check.Invariants;
import io.perpetua.demo.check.Verdict;
import io.perpetua.demo.client.Account;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.Session;
import io.perpetua.demo.client.Tally;
import io.perpetua.demo.client.Wallet;
import io.perpetua.demo.trader.Listing;
import io.perpetua.systemtests.Stack;
import io.perpetua.systemtests.Traders;
import io.perpetua.systemtests.crash.Operation.Seen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** One seed on one stack: traffic and faults, quiet, and then every check. */
final class CrashRun {
    private static final int CLIENTS = 8;
    private static final int AGENTS = 2;
    private static final int DEMO_TAKERS = 3;
    private static final List<String> MARKETS = List.of("BTC-PERP", "ETH-PERP");
    private static final Usd FUNDS = Usd.ofDollars(100_000);
    private static final Duration ANSWER = Duration.ofSeconds(4);
    private static final Duration SETTLING = Duration.ofMinutes(2);
    private static final int SHOWN = 20;

    private final Stack stack;
    private final CrashCase given;
    private final History history = new History();
    private final List<CrashClient> clients = new ArrayList<>();
    private final List<CrashTransfers> transfers = new ArrayList<>();
    private final List<CrashAgent> agents = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final long beganNanos = System.nanoTime();
    private volatile boolean open = true;

    CrashRun(Stack stack, CrashCase given) {
        this.stack = stack;
        this.given = given;
    }

    void run() throws InterruptedException {
        say("begins, " + given.seconds() + " s");
        try (Api api = new Api(stack.frontDoor());
                Api hurried = new Api(stack.frontDoor(), ANSWER);
                Story demo = new Story(api, given.seed(), DEMO_TAKERS)) {
            demo.begin();
            List<Listing> listings =
                    MARKETS.stream()
                            .map(symbol -> Listing.of(api.get("/v1/markets/" + symbol)))
                            .toList();
            SplittableRandom random = new SplittableRandom(given.seed());
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(client(hurried, "c%d-%d".formatted(given.seed(), i), listings, random));
            }
            clients.forEach(
                    client ->
                            transfers.add(
                                    new CrashTransfers(
                                            client.name(), api, client.session(), random.split())));
            String domain = stack.frontDoor().getAuthority();
            for (int i = 0; i < AGENTS; i++) {
                Session session = funded(hurried, "a%d-%d".formatted(given.seed(), i));
                agents.add(new CrashAgent(hurried, domain, session, listings, random.split()));
            }
            Saboteur saboteur = sabotage();
            demo.end();
            say("is quiet; answers: " + history.summary());
            check(api, demo, saboteur);
        }
    }

    /** Keeps what tells how it came about. */
    void keep(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.write(
                    folder.resolve("history.txt"),
                    history.operations().stream()
                            .map(operation -> operation.invokedNanos() + " " + operation)
                            .toList());
            Path logs = stack.data().resolve("logs");
            try (Stream<Path> files = Files.list(logs)) {
                for (Path log : files.toList()) {
                    Files.copy(
                            log,
                            folder.resolve(logs.relativize(log)),
                            StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CrashClient client(
            Api api, String name, List<Listing> listings, SplittableRandom random) {
        Session session = funded(api, name);
        return new CrashClient(name, api, session, history, listings, random.split());
    }

    private static Session funded(Api api, String name) {
        Session session = Session.signIn(api, Wallet.create());
        Traders.fund(session, FUNDS, "crash-" + name);
        return session;
    }

    private Saboteur sabotage() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (CrashClient client : clients) {
            threads.add(
                    Thread.ofVirtual()
                            .name(client.name())
                            .start(
                                    () ->
                                            guard(
                                                    client.name(),
                                                    whileOpen -> {
                                                        client.run(whileOpen);
                                                        client.repeat();
                                                    })));
        }
        for (CrashTransfers moving : transfers) {
            threads.add(Thread.ofVirtual().start(() -> guard("transfers", moving::run)));
        }
        for (CrashAgent agent : agents) {
            threads.add(Thread.ofVirtual().start(() -> guard("agents", agent::run)));
        }
        Saboteur saboteur = new Saboteur(stack, busyShards(), this::say);
        CrashPlan plan = new CrashPlan(given.seed());
        long until = System.nanoTime() + given.seconds() * 1_000_000_000L;
        try {
            for (int i = 0; i < CrashPlan.roundLength() || System.nanoTime() < until; i++) {
                saboteur.carryOut(plan.next());
            }
            saboteur.awaitAll();
        } finally {
            open = false;
            for (Thread thread : threads) {
                thread.join();
            }
        }
        return saboteur;
    }

    private Map<String, List<String>> busyShards() {
        Session reader = clients.getFirst().session();
        return Map.of(
                "orders",
                MARKETS.stream()
                        .map(symbol -> reader.get("/v1/markets/" + symbol).path("id").asText())
                        .map(id -> "orders-markets-" + Partitions.of(MarketId.parse(id)))
                        .toList(),
                "risk",
                clients.stream()
                        .map(client -> UserId.parse(client.session().user()))
                        .map(user -> "risk-users-" + Partitions.of(user))
                        .toList());
    }

    private interface Traffic {
        void run(BooleanSupplier open) throws InterruptedException;
    }

    private void guard(String who, Traffic traffic) {
        try {
            traffic.run(() -> open);
        } catch (RuntimeException failed) {
            failures.add(who + ": " + failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void check(Api api, Story demo, Saboteur saboteur) throws InterruptedException {
        assertThat(failures).as("clients").isEmpty();
        assertThat(demo.failures()).as("the demo's traders").isEmpty();
        assertThat(saboteur.killed())
                .contains(
                        "accounts",
                        "orders",
                        "risk",
                        "market-data",
                        "front-door",
                        "kafka",
                        "postgres");
        assertThat(saboteur.overlaps())
                .extracting(Saboteur.Overlap::service)
                .contains("orders", "risk");

        List<Session> sessions = clients.stream().map(CrashClient::session).toList();
        for (CrashTransfers moving : transfers) {
            assertNone("transfers", moving.violations());
        }
        for (CrashAgent agent : agents) {
            assertNone("agents", agent.violations());
        }
        List<Account> accounts = new ArrayList<>(demo.accounts());
        clients.forEach(
                client -> accounts.add(new Account(client.name(), client.session(), new Tally())));
        agents.forEach(agent -> accounts.add(new Account("agent", agent.session(), new Tally())));
        Verdict verdict = new Invariants(api, sessions.getFirst(), accounts).await(SETTLING);
        System.out.println(verdict);
        assertThat(verdict.checks())
                .allSatisfy(check -> assertThat(check.holds()).as(check.toString()).isTrue());

        List<Session> traders = new ArrayList<>(sessions);
        agents.forEach(agent -> traders.add(agent.session()));
        Aftermath.Comparison comparison = compared(api, traders);
        say(
                ("compared %d commands, %d orders, %d trades and %d candles with the obvious"
                                + " market: %d differ")
                        .formatted(
                                comparison.commands(),
                                comparison.orders(),
                                comparison.trades(),
                                comparison.candles(),
                                comparison.differences().size()));
        assertNone("the obvious market", comparison.differences());
        assertThat(comparison.trades()).isPositive();
        assertThat(comparison.candles()).isPositive();
        assertNone("lookups", Aftermath.lookups(sessions));
        List<Seen> last = Aftermath.allOrders(sessions);
        assertNone("history", HistoryCheck.violations(history.operations(), last));
        assertThat(transfers).as("the ledger").allMatch(CrashTransfers::isPosted);
        assertThat(sessions.getFirst().get("/v1/ledger/trial-balance").findParents("account"))
                .filteredOn(account -> account.path("account").asText().equals("transfers"))
                .allMatch(account -> account.path("balance").asText().equals("0"));
        say(
                "holds: %d requests, %d orders, %d transfers, %d nonces"
                        .formatted(
                                history.operations().size(),
                                last.size(),
                                transfers.stream().mapToInt(CrashTransfers::count).sum(),
                                agents.stream().mapToInt(CrashAgent::count).sum()));
    }

    private Aftermath.Comparison compared(Api api, List<Session> sessions)
            throws InterruptedException {
        long deadline = System.nanoTime() + SETTLING.toNanos();
        Aftermath.Comparison comparison = Aftermath.compare(stack.broker(), api, sessions);
        while (!comparison.differences().isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(1_000);
            comparison = Aftermath.compare(stack.broker(), api, sessions);
        }
        return comparison;
    }

    private static void assertNone(String what, List<String> differences) {
        assertThat(differences.stream().limit(SHOWN).toList())
                .as("%s, %d in all", what, differences.size())
                .isEmpty();
    }

    private void say(String what) {
        System.out.printf(
                "seed %d, %6.1f s: %s%n",
                given.seed(), (System.nanoTime() - beganNanos) / 1e9, what);
    }
}
