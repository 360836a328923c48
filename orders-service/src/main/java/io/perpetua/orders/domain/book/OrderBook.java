package io.perpetua.orders.domain.book;

import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.TimeInForce;
import org.jspecify.annotations.Nullable;

/**
 * One market's book: price, then time, then nothing decides who trades with whom.
 *
 * <p>Always true between commands: the best bid is below the best ask; every level holds at least
 * one order and every order something that remains; an account's resting reduce-only orders
 * together are no larger than the position they reduce.
 */
public final class OrderBook {
    private static final int NONE = OrderPool.NONE;

    private final PositionSizes positions;
    private final BookListener listener;
    private final OrderPool orders = new OrderPool();
    private final LongIntMap slots = new LongIntMap();
    private final PriceLevels levels = new PriceLevels();
    private final PriceLadder bids = new PriceLadder();
    private final PriceLadder asks = new PriceLadder();
    private final ReduceOnlyOrders reducing = new ReduceOnlyOrders(orders);
    private final Placement amendment = new Placement();

    private long lastPriority;

    /** What the incoming order still wants; 0 once it has ended. */
    private long wanted;

    /** An empty book. */
    public OrderBook(PositionSizes positions, BookListener listener) {
        this.positions = positions;
        this.listener = listener;
    }

    /** Takes in an order: it trades, rests, both or neither. */
    public void place(Placement order) {
        if (accepted(order, refusalOf(order)) && work(order)) {
            rest(order);
            listener.rested(order.orderId, order.price, wanted, lastPriority);
        }
    }

    /** Why {@link #place} would refuse the order as the book stands; null when it would not. */
    public @Nullable BookRefusal refusalOf(Placement order) {
        return slots.get(order.orderId) == NONE
                ? brokenRule(order)
                : BookRefusal.DUPLICATE_ORDER_ID;
    }

    /** Cancels an order of the account. */
    public void cancel(long orderId, long account) {
        int slot = own(orderId, account);
        if (slot != NONE) {
            long remaining = orders.remaining(slot);
            remove(slot);
            listener.cancelled(orderId, remaining, CutCause.REQUESTED);
        }
    }

    /** Takes size off an order, which keeps its place; it ends when nothing is left. */
    public void reduceBy(long orderId, long account, long by) {
        int slot = own(orderId, account);
        if (slot == NONE) {
            return;
        }
        if (by <= 0) {
            listener.refused(orderId, BookRefusal.SIZE_NOT_POSITIVE);
            return;
        }
        cut(slot, Math.min(by, orders.remaining(slot)), CutCause.REQUESTED);
    }

    /**
     * Gives an order another price, another size that remains, or both. It keeps its place when
     * only its size changes and not upwards; else it enters anew, and may trade on its way.
     */
    public void amend(long orderId, long account, long price, long remaining, SelfTrade selfTrade) {
        int slot = own(orderId, account);
        if (slot != NONE) {
            amend(slot, price, remaining, selfTrade);
        }
    }

    /** Gives an order another price; {@link #amend} with the size that remains. */
    public void reprice(long orderId, long account, long price, SelfTrade selfTrade) {
        int slot = own(orderId, account);
        if (slot != NONE) {
            amend(slot, price, orders.remaining(slot), selfTrade);
        }
    }

    /**
     * Cuts the account's resting reduce-only orders, newest first, to the size they may reduce. The
     * book does so itself after each fill; whoever changes a position in another way calls it.
     */
    public void trim(long account) {
        int newest = reducing.newest(account);
        if (newest == NONE) {
            return;
        }
        long size = positions.sizeOf(account);
        long excess = reducing.total(account, size < 0) - Math.absExact(size);
        int slot = newest;
        while (slot != NONE) {
            int older = orders.older(slot);
            boolean reduces = size != 0 && orders.buy(slot) == (size < 0);
            if (!reduces) {
                cut(slot, orders.remaining(slot), CutCause.REDUCE_ONLY);
            } else if (excess > 0) {
                long by = Math.min(excess, orders.remaining(slot));
                excess -= by;
                cut(slot, by, CutCause.REDUCE_ONLY);
            }
            slot = older;
        }
    }

    /**
     * Puts back an order that rested, without matching or telling anyone. Orders are restored in
     * ascending priority.
     */
    public void restore(Placement order, long priority) {
        if (priority <= lastPriority || slots.get(order.orderId) != NONE) {
            throw new IllegalStateException(
                    "order " + order.orderId + " can't be restored at priority " + priority);
        }
        lastPriority = priority;
        wanted = order.size;
        rest(order);
    }

    /** Gives out only higher priorities than this one from now on. */
    public void continueAfter(long priority) {
        lastPriority = Math.max(lastPriority, priority);
    }

    /** The highest priority that was given out. */
    public long lastPriority() {
        return lastPriority;
    }

    /** Whether an order of this side at this price would meet one of the other side. */
    public boolean wouldTrade(boolean buy, long price) {
        return side(!buy).bestKey() >= key(!buy, price);
    }

    /** How many orders rest. */
    public int size() {
        return slots.size();
    }

    /** Whether the order rests. */
    public boolean contains(long orderId) {
        return slots.get(orderId) != NONE;
    }

    /** What remains of an order, 0 when it does not rest. */
    public long remainingOf(long orderId) {
        int slot = slots.get(orderId);
        return slot == NONE ? 0 : orders.remaining(slot);
    }

    /** Whether a side has no orders. */
    public boolean isEmpty(boolean buy) {
        return side(buy).best() == NONE;
    }

    /** The best price of a side that is not empty. */
    public long bestPrice(boolean buy) {
        return levels.price(side(buy).best());
    }

    /** Shows a side's levels, best first, for as long as the visitor wants more. */
    public void forEachLevel(boolean buy, LevelVisitor visitor) {
        PriceLadder ladder = side(buy);
        int level = ladder.best();
        while (level != NONE
                && visitor.visit(levels.price(level), levels.total(level), levels.count(level))) {
            level = ladder.next(key(buy, levels.price(level)));
        }
    }

    /** Shows every resting order, bids first, best price first, then in the order of the queue. */
    public void forEachOrder(OrderVisitor visitor) {
        forEachOrder(true, visitor);
        forEachOrder(false, visitor);
    }

    /**
     * A hash of all that decides what this book will do: equal for books whose orders, queues and
     * kinds of order are equal, however they came about.
     */
    public long stateHash() {
        StateHash hash = new StateHash();
        forEachOrder(hash);
        return hash.value();
    }

    /** Is shown one level; answers whether it wants the next. */
    @FunctionalInterface
    public interface LevelVisitor {
        /** A price, what rests there in all, and in how many orders. */
        boolean visit(long price, long size, int orders);
    }

    /** Is shown one resting order. */
    @FunctionalInterface
    public interface OrderVisitor {
        /** The order as it stands. */
        void visit(
                long orderId,
                long account,
                long group,
                boolean buy,
                long price,
                long remaining,
                boolean reduceOnly,
                boolean postOnly,
                long priority);
    }

    private void forEachOrder(boolean buy, OrderVisitor visitor) {
        PriceLadder ladder = side(buy);
        int level = ladder.best();
        while (level != NONE) {
            long price = levels.price(level);
            for (int slot = levels.head(level); slot != NONE; slot = orders.behind(slot)) {
                visitor.visit(
                        orders.id(slot),
                        orders.account(slot),
                        orders.group(slot),
                        buy,
                        price,
                        orders.remaining(slot),
                        orders.reduceOnly(slot),
                        orders.postOnly(slot),
                        orders.priority(slot));
            }
            level = ladder.next(key(buy, price));
        }
    }

    private int own(long orderId, long account) {
        int slot = slots.get(orderId);
        if (slot == NONE) {
            listener.refused(orderId, BookRefusal.ORDER_UNKNOWN);
        } else if (orders.account(slot) != account) {
            listener.refused(orderId, BookRefusal.ORDER_OF_ANOTHER);
            slot = NONE;
        }
        return slot;
    }

    private boolean accepted(Placement order, @Nullable BookRefusal refusal) {
        if (refusal != null) {
            listener.refused(order.orderId, refusal);
        }
        return refusal == null;
    }

    private @Nullable BookRefusal brokenRule(Placement order) {
        if (order.size <= 0) {
            return BookRefusal.SIZE_NOT_POSITIVE;
        }
        if (order.reduceOnly && reducible(order) == 0) {
            return BookRefusal.REDUCE_ONLY_WOULD_INCREASE;
        }
        if (order.postOnly() && wouldTrade(order.buy, order.price)) {
            return BookRefusal.POST_ONLY_WOULD_CROSS;
        }
        if (order.timeInForce == TimeInForce.FOK && !fillsAtOnce(order)) {
            return BookRefusal.FOK_NOT_FILLABLE;
        }
        return null;
    }

    private void amend(int slot, long price, long remaining, SelfTrade selfTrade) {
        long orderId = orders.id(slot);
        if (remaining <= 0) {
            listener.refused(orderId, BookRefusal.SIZE_NOT_POSITIVE);
            return;
        }
        int level = orders.level(slot);
        long change = remaining - orders.remaining(slot);
        if (price == levels.price(level) && change <= 0) {
            orders.setRemaining(slot, remaining);
            levels.addToTotal(level, change);
            listener.amended(orderId, price, remaining);
            return;
        }
        Placement order =
                orders.buy(slot)
                        ? amendment.buy(orderId, price, remaining)
                        : amendment.sell(orderId, price, remaining);
        order.of(orders.account(slot), orders.group(slot))
                .timeInForce(orders.postOnly(slot) ? TimeInForce.POST_ONLY : TimeInForce.GTC)
                .selfTrade(selfTrade)
                .reduceOnly(orders.reduceOnly(slot));
        if (accepted(order, brokenRule(order))) {
            unlink(slot);
            listener.amended(orderId, price, remaining);
            if (work(order)) {
                link(order, slot);
                listener.rested(orderId, price, wanted, lastPriority);
            } else {
                forget(slot);
            }
        }
    }

    /** Lets an order trade what it can; true when what is left of it is to rest. */
    private boolean work(Placement order) {
        wanted = order.size;
        if (order.reduceOnly) {
            cutIncoming(order, wanted - reducible(order));
        }
        match(order);
        if (wanted == 0) {
            return false;
        }
        if (order.timeInForce == TimeInForce.IOC) {
            listener.cancelled(order.orderId, wanted, CutCause.NO_MORE_LIQUIDITY);
            return false;
        }
        if (order.reduceOnly) {
            long others = reducing.total(order.account, order.buy);
            cutIncoming(order, wanted - (reducible(order) - others));
        }
        if (wanted == 0) {
            return false;
        }
        lastPriority++;
        return true;
    }

    private void match(Placement order) {
        PriceLadder opposite = side(!order.buy);
        long worst = worstKey(order);
        while (wanted > 0 && opposite.bestKey() >= worst) {
            int level = opposite.best();
            int maker = levels.head(level);
            if (order.group != 0 && order.group == orders.group(maker)) {
                meetOwn(order, maker);
            } else {
                trade(order, level, maker);
            }
        }
    }

    private void trade(Placement order, int level, int maker) {
        long price = levels.price(level);
        long makerId = orders.id(maker);
        long makerAccount = orders.account(maker);
        long makerRemaining = orders.remaining(maker);
        long size = Math.min(wanted, makerRemaining);
        wanted -= size;
        makerRemaining -= size;
        if (makerRemaining == 0) {
            remove(maker);
        } else {
            orders.setRemaining(maker, makerRemaining);
            levels.addToTotal(level, -size);
        }
        listener.filled(order.orderId, makerId, price, size, wanted, makerRemaining);
        if (!reducing.isEmpty()) {
            trim(makerAccount);
            trim(order.account);
        }
    }

    private void meetOwn(Placement order, int maker) {
        switch (order.selfTrade) {
            case CANCEL_MAKER -> cut(maker, orders.remaining(maker), CutCause.SELF_TRADE);
            case CANCEL_TAKER -> cutIncoming(order, wanted, CutCause.SELF_TRADE);
            case CANCEL_BOTH -> {
                cut(maker, orders.remaining(maker), CutCause.SELF_TRADE);
                cutIncoming(order, wanted, CutCause.SELF_TRADE);
            }
            case DECREMENT -> {
                long shared = Math.min(wanted, orders.remaining(maker));
                cut(maker, shared, CutCause.SELF_TRADE);
                cutIncoming(order, shared, CutCause.SELF_TRADE);
            }
        }
    }

    /** Whether the walk that {@link #match} would do fills all of the order, within its budget. */
    private boolean fillsAtOnce(Placement order) {
        if (order.reduceOnly && reducible(order) < order.size) {
            return false;
        }
        DryRun run = new DryRun(order, orders, reducing, positions);
        PriceLadder opposite = side(!order.buy);
        long worst = worstKey(order);
        int level = opposite.best();
        while (level != NONE && !run.isOver()) {
            long price = levels.price(level);
            if (key(!order.buy, price) < worst) {
                break;
            }
            int slot = levels.head(level);
            while (slot != NONE && !run.isOver()) {
                run.meet(slot, price);
                slot = orders.behind(slot);
            }
            level = opposite.next(key(!order.buy, price));
        }
        return run.fills();
    }

    private long reducible(Placement order) {
        long size = positions.sizeOf(order.account);
        return Math.max(0, order.buy ? Math.negateExact(size) : size);
    }

    private void cutIncoming(Placement order, long excess) {
        if (excess > 0) {
            cutIncoming(order, Math.min(excess, wanted), CutCause.REDUCE_ONLY);
        }
    }

    private void cutIncoming(Placement order, long by, CutCause cause) {
        wanted -= by;
        tellCut(order.orderId, by, wanted, cause);
    }

    private void cut(int slot, long by, CutCause cause) {
        long orderId = orders.id(slot);
        long remaining = orders.remaining(slot) - by;
        if (remaining == 0) {
            remove(slot);
        } else {
            orders.setRemaining(slot, remaining);
            levels.addToTotal(orders.level(slot), -by);
        }
        tellCut(orderId, by, remaining, cause);
    }

    private void tellCut(long orderId, long by, long remaining, CutCause cause) {
        if (remaining == 0) {
            listener.cancelled(orderId, by, cause);
        } else {
            listener.reduced(orderId, by, remaining, cause);
        }
    }

    /** Rests what is wanted of an order that is not known yet. */
    private void rest(Placement order) {
        int slot = orders.take();
        slots.put(order.orderId, slot);
        link(order, slot);
    }

    private void link(Placement order, int slot) {
        int level = side(order.buy).obtain(key(order.buy, order.price), order.price, levels);
        orders.set(slot, order, wanted, lastPriority, level);
        levels.append(level, orders, slot);
        if (order.reduceOnly) {
            reducing.add(slot);
        }
    }

    private void unlink(int slot) {
        int level = orders.level(slot);
        if (levels.unlink(level, orders, slot)) {
            boolean buy = orders.buy(slot);
            side(buy).remove(key(buy, levels.price(level)));
            levels.release(level);
        }
        if (orders.reduceOnly(slot)) {
            reducing.remove(slot);
        }
    }

    private void forget(int slot) {
        slots.remove(orders.id(slot));
        orders.release(slot);
    }

    private void remove(int slot) {
        unlink(slot);
        forget(slot);
    }

    private PriceLadder side(boolean buy) {
        return buy ? bids : asks;
    }

    private static long key(boolean buy, long price) {
        return buy ? price : -price;
    }

    /** The key of the worst level of the other side that the order may trade with. */
    private static long worstKey(Placement order) {
        return key(!order.buy, order.price);
    }
}
