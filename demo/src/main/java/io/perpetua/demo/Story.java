package io.perpetua.demo;

import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.check.Invariants;
import io.perpetua.demo.client.Account;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.Session;
import io.perpetua.demo.client.Tally;
import io.perpetua.demo.client.Wallet;
import io.perpetua.demo.trader.Listing;
import io.perpetua.demo.trader.Maker;
import io.perpetua.demo.trader.MarketWatch;
import io.perpetua.demo.trader.Style;
import io.perpetua.demo.trader.Taker;
import io.perpetua.demo.trader.Trader;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/**
 * A trading session: accounts are opened and funded, makers quote every market, takers trade, until
 * it is told to stop; then every order is cancelled. Positions stay.
 */
public final class Story implements AutoCloseable {
    private static final int MAKERS = 3;
    private static final long MAKER_HALF_SPREAD_NANOS = 300_000;
    private static final long WATCH_MILLIS = 200;
    private static final Usd MAKER_FUNDS = Usd.ofDollars(5_000_000);
    private static final Usd TAKER_FUNDS = Usd.ofDollars(100_000);

    private final Api api;
    private final SplittableRandom random;
    private final int takers;
    private final Tally tally = new Tally();
    private final List<Account> accounts = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final MarketWatch watch;
    private volatile boolean open = true;

    /** Of the exchange behind {@code api}. */
    public Story(Api api, long seed, int takers) {
        this.api = api;
        this.random = new SplittableRandom(seed);
        this.takers = takers;
        this.watch = new MarketWatch(api);
    }

    /** Signs everybody in, funds them, and lets them trade. */
    public void begin() {
        startThread("watch", this::watchPrices);
        awaitPrices();
        for (int i = 0; i < MAKERS; i++) {
            Account maker = opened("maker" + i, MAKER_FUNDS);
            for (Listing listing : watch.listings()) {
                long halfSpread = MAKER_HALF_SPREAD_NANOS + i * 150_000L;
                start(
                        maker.name() + "-" + listing.symbol(),
                        seed -> new Maker(maker, watch, listing, seed, halfSpread));
            }
        }
        Style[] styles = Style.values();
        for (int i = 0; i < takers; i++) {
            Style style = styles[i % styles.length];
            Account taker = opened(style.name().charAt(0) + Integer.toString(i), TAKER_FUNDS);
            start(taker.name(), seed -> new Taker(taker, watch, style, seed));
        }
    }

    private Account opened(String name, Usd funds) {
        Session session = Session.signIn(api, Wallet.create());
        session.deposit(funds, "demo-" + session.user());
        Account account = new Account(name, session, tally);
        accounts.add(account);
        return account;
    }

    private void start(String name, Function<SplittableRandom, Trader> make) {
        Trader trader = make.apply(random.split());
        startThread(name, () -> trade(trader, name));
    }

    private void startThread(String name, Runnable work) {
        threads.add(Thread.ofVirtual().name(name).start(work));
    }

    private void trade(Trader trader, String name) {
        while (open) {
            try {
                sleep(trader.act());
            } catch (RuntimeException failed) {
                failures.add(name + ": " + failed);
                sleep(1_000);
            }
        }
    }

    private void watchPrices() {
        while (open) {
            watch.refresh();
            sleep(WATCH_MILLIS);
        }
    }

    private void awaitPrices() {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!watch.isComplete()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not every market has a price");
            }
            sleep(100);
        }
    }

    /** Ends it: everybody stops and cancels what is open. */
    public void end() {
        open = false;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        for (Account account : accounts) {
            account.cancelAll();
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was done so far. */
    public Tally tally() {
        return tally;
    }

    /** The index prices as they come in. */
    public MarketWatch watch() {
        return watch;
    }

    /** Everybody, makers first. */
    public List<Account> accounts() {
        return List.copyOf(accounts);
    }

    /** What went wrong on the way, one sentence each; the traders went on. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** What must hold now that it has ended. */
    public Invariants invariants() {
        return new Invariants(api, accounts.getFirst().session(), accounts);
    }

    @Override
    public void close() {
        if (open) {
            end();
        }
    }
}
