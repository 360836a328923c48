package io.perpetua.orders.app;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The commands of this gateway whose outcomes are awaited, in budgets of their kinds: a flood of
 * new orders never takes the place of a cancel, nor of an order that only reduces.
 *
 * <p>New orders are judged by the age of the oldest wait too, because a wait ends with the client's
 * patience and the work behind it does not: without that, whatever is beyond the platform's
 * capacity would pile up in the journal, unseen by any count.
 */
@Singleton
class CommandsUnderWay {
    /** What a command does to the load and to risk. */
    enum Kind {
        /** A new order. */
        PLACEMENT,
        /** A new order that only reduces. */
        REDUCTION,
        /** A cancel or an amendment, bounded by the log alone. */
        OTHER
    }

    private record Wait(long sinceNanos, CompletableFuture<?> outcome) {}

    private final int placementsMax;
    private final int reductionsMax;
    private final int judgedByAgeMin;
    private final long oldestNanosMax;
    private final LongSupplier nanos;
    private final AtomicInteger placements = new AtomicInteger();
    private final AtomicInteger reductions = new AtomicInteger();
    private final AtomicInteger all = new AtomicInteger();

    /** In the order of their beginning; those that ended leave when they are the oldest. */
    private final ConcurrentLinkedQueue<Wait> waits = new ConcurrentLinkedQueue<>();

    @Inject
    CommandsUnderWay(OrdersConfig config, MeterRegistry metrics) {
        this(config, System::nanoTime);
        metrics.gauge("perpetua.orders.waiting", all);
    }

    CommandsUnderWay(OrdersConfig config, LongSupplier nanos) {
        this.placementsMax = config.placementsWaitingMax();
        this.reductionsMax = config.reductionsWaitingMax();
        this.judgedByAgeMin = config.ageJudgedWaitingMin();
        this.oldestNanosMax = TimeUnit.MILLISECONDS.toNanos(config.oldestWaitMillisMax());
        this.nanos = nanos;
    }

    /** Takes a place in the budget of {@code kind}; whoever gets one gives it back. */
    boolean enter(Kind kind) {
        boolean entered =
                switch (kind) {
                    case PLACEMENT -> !isSlow() && enter(placements, placementsMax);
                    case REDUCTION -> enter(reductions, reductionsMax);
                    case OTHER -> true;
                };
        if (entered) {
            all.incrementAndGet();
        }
        return entered;
    }

    private static boolean enter(AtomicInteger taken, int max) {
        if (taken.incrementAndGet() <= max) {
            return true;
        }
        taken.decrementAndGet();
        return false;
    }

    /** Gives a place back that led to no wait. */
    void leave(Kind kind) {
        all.decrementAndGet();
        switch (kind) {
            case PLACEMENT -> placements.decrementAndGet();
            case REDUCTION -> reductions.decrementAndGet();
            case OTHER -> {}
        }
    }

    /** The place is given back when {@code outcome} is there, or the wait for it ends. */
    void await(Kind kind, CompletableFuture<?> outcome) {
        waits.add(new Wait(nanos.getAsLong(), outcome));
        forgetEnded();
        CompletableFuture<?> _ = outcome.whenComplete((event, failure) -> leave(kind));
    }

    /** A few waits alone are no overload, however old: their shard may be changing its owner. */
    private boolean isSlow() {
        if (all.get() < judgedByAgeMin) {
            return false;
        }
        Wait oldest = forgetEnded();
        return oldest != null && nanos.getAsLong() - oldest.sinceNanos > oldestNanosMax;
    }

    private @Nullable Wait forgetEnded() {
        Wait oldest = waits.peek();
        while (oldest != null && oldest.outcome.isDone()) {
            waits.remove(oldest);
            oldest = waits.peek();
        }
        return oldest;
    }

    /** How many commands are under way. */
    int count() {
        return all.get();
    }
}
