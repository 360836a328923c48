package io.perpetua.eventlog;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what HTTP transactions stored under one source. It holds the source's lease, so its
 * channels have one sender; an old one that wakes up can only repeat. One thread calls {@link
 * #turn}.
 *
 * @param <T> the open transaction
 */
final class Relay<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    static final long LOOK_MILLIS = 100;
    private static final long RENEW_MILLIS = 1_000;
    private static final long RETRY_MILLIS = 1_000;

    private final String source;
    private final String instance;
    private final String cluster;
    private final ShardStore<T> store;
    private final Publisher publisher;
    private final LoopMetrics metrics;
    private final LongSupplier clock;
    private ShardStore.@Nullable Fence fence;
    private long renewAtMillis;
    private long retryAtMillis;
    private long lookAtMillis;
    private volatile boolean woken = true;
    private volatile String trouble = "";

    Relay(
            String source,
            String instance,
            String cluster,
            ShardStore<T> store,
            LogWriter writer,
            LongSupplier clock,
            LoopMetrics metrics) {
        this.source = source;
        this.instance = instance;
        this.cluster = cluster;
        this.store = store;
        this.publisher = new Publisher(writer, metrics);
        this.clock = clock;
        this.metrics = metrics;
    }

    /** There is something new to send; from any thread. */
    void wake() {
        woken = true;
    }

    boolean isWoken() {
        return woken;
    }

    /** Whether rows are on their way, so that the next turn should come soon. */
    boolean isBusy() {
        return publisher.unconfirmed() > 0;
    }

    List<String> problems() {
        return trouble.isEmpty() ? List.of() : List.of("relay " + source + ": " + trouble);
    }

    /** One round. False if there was nothing to do. */
    boolean turn() {
        long now = clock.getAsLong();
        publisher.turn(now);
        if (now < retryAtMillis) {
            return false;
        }
        try {
            boolean did = fence == null ? takeOver(now) : work(fence, now);
            trouble = "";
            return did;
        } catch (ShardStore.FencedException lost) {
            LOG.info("relay {} belongs to another instance now", source);
            drop(now);
        } catch (SQLException | RuntimeException failed) {
            LOG.warn("relay {} can't reach its rows", source, failed);
            trouble = failed.toString();
            metrics.failures.increment();
            drop(now);
        }
        return false;
    }

    private void drop(long now) {
        store.rollback();
        fence = null;
        publisher.forget(source);
        retryAtMillis = now + RETRY_MILLIS;
    }

    private boolean takeOver(long now) throws SQLException {
        ShardStore.Taken taken = store.takeOver(source, instance, cluster);
        if (taken == null) {
            retryAtMillis = now + RETRY_MILLIS;
            return false;
        }
        fence = new ShardStore.Fence(source, taken.epoch());
        renewAtMillis = now + RENEW_MILLIS;
        woken = true;
        metrics.owned.set(1);
        LOG.info("relay {} runs in epoch {}", source, taken.epoch());
        return true;
    }

    private boolean work(ShardStore.Fence mine, long now)
            throws SQLException, ShardStore.FencedException {
        List<OutboxRow> fresh = look(now);
        List<OutboxRow> confirmed = publisher.confirmed(source);
        if (!confirmed.isEmpty() || now >= renewAtMillis) {
            renewAtMillis = now + RENEW_MILLIS;
            store.commit(
                    store.begin(),
                    new Writes(),
                    new ShardStore.Batch(
                            List.of(new ShardStore.Moved(mine, null)), List.of(), confirmed));
            publisher.deleted(source);
            return true;
        }
        return !fresh.isEmpty();
    }

    /** Sends rows not seen before. A row is there when its transaction has committed. */
    private List<OutboxRow> look(long now) throws SQLException {
        if (publisher.full() || (!woken && now < lookAtMillis)) {
            return List.of();
        }
        woken = false;
        lookAtMillis = now + LOOK_MILLIS;
        T transaction = store.beginLoad();
        List<OutboxRow> fresh = fresh(transaction);
        store.endLoad(transaction);
        fresh.forEach(publisher::add);
        metrics.records.increment(fresh.size());
        return fresh;
    }

    private List<OutboxRow> fresh(T transaction) throws SQLException {
        Set<Long> underWay = publisher.underWay(source);
        List<OutboxRow> fresh = new ArrayList<>();
        for (OutboxRow row : store.outbox(transaction, source)) {
            if (!underWay.contains(row.batch())) {
                fresh.add(row);
            }
        }
        return fresh;
    }

    /** Hands the lease back and closes the ports. */
    void close() {
        ShardStore.Fence mine = fence;
        if (mine != null) {
            try {
                store.release(mine);
            } catch (SQLException unreachable) {
                LOG.warn("relay {} could not be handed back, its lease will run out", source);
            }
        }
        publisher.close();
        store.close();
    }
}
