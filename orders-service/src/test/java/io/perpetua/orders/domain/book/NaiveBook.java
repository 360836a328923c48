package io.perpetua.orders.domain.book;

import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.TimeInForce;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The slow obvious book: one list of orders, sorted anew for every look, copied for every
 * fill-or-kill.
 */
final class NaiveBook {
    private final BookJournal journal;
    private final List<Resting> orders = new ArrayList<>();
    private long lastPriority;

    NaiveBook(BookJournal journal) {
        this.journal = journal;
    }

    static final class Resting {
        long id;
        long account;
        long group;
        boolean buy;
        long price;
        long remaining;
        boolean reduceOnly;
        boolean postOnly;
        long priority;

        Resting copy() {
            Resting copy = new Resting();
            copy.id = id;
            copy.account = account;
            copy.group = group;
            copy.buy = buy;
            copy.price = price;
            copy.remaining = remaining;
            copy.reduceOnly = reduceOnly;
            copy.postOnly = postOnly;
            copy.priority = priority;
            return copy;
        }
    }

    void place(Placement in) {
        if (find(in.orderId) != null) {
            journal.refused(in.orderId, BookRefusal.DUPLICATE_ORDER_ID);
            return;
        }
        BookRefusal refusal = refusalOf(in);
        if (refusal != null) {
            journal.refused(in.orderId, refusal);
            return;
        }
        work(incoming(in), in.timeInForce, in.selfTrade);
    }

    /** Why it would refuse an order that is new to it. */
    BookRefusal refusalOf(Placement in) {
        return refusal(incoming(in), in);
    }

    private static Resting incoming(Placement in) {
        Resting order = new Resting();
        order.id = in.orderId;
        order.account = in.account;
        order.group = in.group;
        order.buy = in.buy;
        order.price = in.price;
        order.remaining = in.size;
        order.reduceOnly = in.reduceOnly;
        order.postOnly = in.postOnly();
        return order;
    }

    /** Whether an order of this side at this price would meet another. */
    boolean wouldTrade(boolean buy, long price) {
        Resting order = new Resting();
        order.buy = buy;
        order.price = price;
        List<Resting> others = queue(!buy);
        return !others.isEmpty() && crosses(order, others.getFirst());
    }

    void cancel(long id, long account) {
        Resting order = own(id, account);
        if (order != null) {
            cut(order, order.remaining, CutCause.REQUESTED);
        }
    }

    void reduceBy(long id, long account, long by) {
        Resting order = own(id, account);
        if (order == null) {
            return;
        }
        if (by <= 0) {
            journal.refused(id, BookRefusal.SIZE_NOT_POSITIVE);
        } else {
            cut(order, Math.min(by, order.remaining), CutCause.REQUESTED);
        }
    }

    void amend(long id, long account, long price, long remaining, SelfTrade selfTrade) {
        Resting order = own(id, account);
        if (order == null) {
            return;
        }
        if (remaining <= 0) {
            journal.refused(id, BookRefusal.SIZE_NOT_POSITIVE);
        } else if (price == order.price && remaining <= order.remaining) {
            order.remaining = remaining;
            journal.amended(id, price, remaining);
        } else {
            Resting changed = order.copy();
            changed.price = price;
            changed.remaining = remaining;
            Placement asked = new Placement().buy(id, price, remaining);
            BookRefusal refusal = refusal(changed, asked);
            if (refusal != null) {
                journal.refused(id, refusal);
                return;
            }
            orders.remove(order);
            journal.amended(id, price, remaining);
            work(changed, TimeInForce.GTC, selfTrade);
        }
    }

    /** Side by side, best price first, then the longest waiting. */
    List<Resting> queue(boolean buy) {
        Comparator<Resting> byPrice = Comparator.comparingLong(order -> order.price);
        return orders.stream()
                .filter(order -> order.buy == buy)
                .sorted(
                        (buy ? byPrice.reversed() : byPrice)
                                .thenComparingLong(order -> order.priority))
                .toList();
    }

    private BookRefusal refusal(Resting order, Placement in) {
        if (order.remaining <= 0) {
            return BookRefusal.SIZE_NOT_POSITIVE;
        }
        if (order.reduceOnly && reducible(order) == 0) {
            return BookRefusal.REDUCE_ONLY_WOULD_INCREASE;
        }
        List<Resting> others = queue(!order.buy);
        if (order.postOnly && !others.isEmpty() && crosses(order, others.getFirst())) {
            return BookRefusal.POST_ONLY_WOULD_CROSS;
        }
        if (in.timeInForce == TimeInForce.FOK && !fillsInFull(order, in)) {
            return BookRefusal.FOK_NOT_FILLABLE;
        }
        return null;
    }

    private boolean fillsInFull(Resting order, Placement in) {
        BookJournal trial = journal.continued();
        NaiveBook copy = new NaiveBook(trial);
        orders.forEach(resting -> copy.orders.add(resting.copy()));
        copy.work(order.copy(), TimeInForce.IOC, in.selfTrade);
        long filled = trial.fills.stream().mapToLong(BookJournal.Fill::size).sum();
        long quote = trial.fills.stream().mapToLong(fill -> fill.price() * fill.size()).sum();
        boolean affordable = !in.budgeted || (in.buy ? quote <= in.budget : quote >= in.budget);
        return filled == in.size && affordable;
    }

    private void work(Resting order, TimeInForce timeInForce, SelfTrade selfTrade) {
        if (order.reduceOnly && order.remaining > reducible(order)) {
            cut(order, order.remaining - reducible(order), CutCause.REDUCE_ONLY);
        }
        while (order.remaining > 0) {
            List<Resting> others = queue(!order.buy);
            if (others.isEmpty() || !crosses(order, others.getFirst())) {
                break;
            }
            Resting maker = others.getFirst();
            long size = Math.min(order.remaining, maker.remaining);
            if (order.group != 0 && order.group == maker.group) {
                boolean both = selfTrade == SelfTrade.CANCEL_BOTH;
                if (selfTrade == SelfTrade.DECREMENT) {
                    cut(maker, size, CutCause.SELF_TRADE);
                    cut(order, size, CutCause.SELF_TRADE);
                }
                if (both || selfTrade == SelfTrade.CANCEL_MAKER) {
                    cut(maker, maker.remaining, CutCause.SELF_TRADE);
                }
                if (both || selfTrade == SelfTrade.CANCEL_TAKER) {
                    cut(order, order.remaining, CutCause.SELF_TRADE);
                }
            } else {
                fill(order, maker, size);
            }
        }
        if (order.remaining > 0 && timeInForce == TimeInForce.IOC) {
            cut(order, order.remaining, CutCause.NO_MORE_LIQUIDITY);
        }
        if (order.remaining > 0 && order.reduceOnly) {
            long resting =
                    orders.stream()
                            .filter(other -> other.account == order.account)
                            .filter(other -> other.reduceOnly && other.buy == order.buy)
                            .mapToLong(other -> other.remaining)
                            .sum();
            long excess = Math.min(order.remaining, order.remaining + resting - reducible(order));
            if (excess > 0) {
                cut(order, excess, CutCause.REDUCE_ONLY);
            }
        }
        if (order.remaining > 0) {
            order.priority = ++lastPriority;
            orders.add(order);
            journal.rested(order.id, order.price, order.remaining, order.priority);
        }
    }

    private void fill(Resting order, Resting maker, long size) {
        order.remaining -= size;
        maker.remaining -= size;
        if (maker.remaining == 0) {
            orders.remove(maker);
        }
        journal.filled(order.id, maker.id, maker.price, size, order.remaining, maker.remaining);
        trim(maker.account);
        trim(order.account);
    }

    void trim(long account) {
        long size = journal.sizeOf(account);
        List<Resting> newestFirst =
                orders.stream()
                        .filter(order -> order.account == account && order.reduceOnly)
                        .sorted(Comparator.comparingLong(order -> -order.priority))
                        .toList();
        for (Resting order : newestFirst) {
            boolean reduces = order.buy ? size < 0 : size > 0;
            long total =
                    newestFirst.stream()
                            .filter(other -> other.buy == order.buy)
                            .mapToLong(other -> other.remaining)
                            .sum();
            long excess = reduces ? total - Math.abs(size) : order.remaining;
            if (excess > 0) {
                cut(order, Math.min(excess, order.remaining), CutCause.REDUCE_ONLY);
            }
        }
    }

    private void cut(Resting order, long by, CutCause cause) {
        order.remaining -= by;
        if (order.remaining == 0) {
            orders.remove(order);
            journal.cancelled(order.id, by, cause);
        } else {
            journal.reduced(order.id, by, order.remaining, cause);
        }
    }

    private long reducible(Resting order) {
        long size = journal.sizeOf(order.account);
        return Math.max(0, order.buy ? -size : size);
    }

    private static boolean crosses(Resting order, Resting other) {
        return order.buy ? other.price <= order.price : other.price >= order.price;
    }

    private Resting find(long id) {
        return orders.stream().filter(order -> order.id == id).findFirst().orElse(null);
    }

    private Resting own(long id, long account) {
        Resting order = find(id);
        if (order == null) {
            journal.refused(id, BookRefusal.ORDER_UNKNOWN);
        } else if (order.account != account) {
            journal.refused(id, BookRefusal.ORDER_OF_ANOTHER);
            order = null;
        }
        return order;
    }
}
