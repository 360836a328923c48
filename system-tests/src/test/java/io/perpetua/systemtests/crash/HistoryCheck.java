package io.perpetua.systemtests.crash;

import io.perpetua.systemtests.crash.Operation.Content;
import io.perpetua.systemtests.crash.Operation.Kind;
import io.perpetua.systemtests.crash.Operation.Meaning;
import io.perpetua.systemtests.crash.Operation.Seen;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether what clients were answered can all be true. It knows only the requests, the answers, the
 * times of both, and how the orders stand in the end; it knows nothing of the platform.
 *
 * <p>A request takes effect at one moment between its sending and its answer, or, when its answer
 * is unknown, at any later one, or never. What was answered before another request was sent must
 * therefore be as old as, or older than, what that one is answered.
 */
final class HistoryCheck {
    private final List<Operation> history;
    private final Map<String, List<Seen>> lastByClientId = new TreeMap<>();
    private final Map<String, Seen> lastById = new LinkedHashMap<>();
    private final List<String> violations = new ArrayList<>();

    private HistoryCheck(Collection<Operation> history, Collection<Seen> last) {
        this.history = List.copyOf(history);
        for (Seen order : last) {
            if (order.clientOrderId() != null) {
                lastByClientId
                        .computeIfAbsent(order.clientOrderId(), id -> new ArrayList<>())
                        .add(order);
            }
            if (lastById.put(order.orderId(), order) != null) {
                violations.add("order " + order.orderId() + " is listed twice");
            }
        }
    }

    /**
     * What contradicts, one sentence each; nothing when all can be true. Client order ids and order
     * ids are unique over all clients.
     *
     * @param last all orders of all clients, when nothing was under way any more
     */
    static List<String> violations(Collection<Operation> history, Collection<Seen> last) {
        HistoryCheck check = new HistoryCheck(history, last);
        check.failures();
        check.placements();
        check.orders();
        check.cancelsOfAll();
        return check.violations;
    }

    private void violated(String rule, Object... about) {
        violations.add(rule + ": " + List.of(about));
    }

    private void failures() {
        for (Operation operation : history) {
            if (operation.meaning() == Meaning.BROKEN) {
                violated("the platform failed on it", operation);
            }
        }
    }

    private void placements() {
        Map<String, List<Operation>> byClientId = new TreeMap<>();
        for (Operation operation : history) {
            if (operation.kind() == Kind.PLACE) {
                byClientId
                        .computeIfAbsent(operation.clientOrderId(), id -> new ArrayList<>())
                        .add(operation);
            }
        }
        byClientId.forEach(
                (id, placements) -> placed(placements, lastByClientId.getOrDefault(id, List.of())));
        for (String id : lastByClientId.keySet()) {
            if (!byClientId.containsKey(id)) {
                violated("nobody placed this order", lastByClientId.get(id));
            }
        }
    }

    private void placed(List<Operation> placements, List<Seen> last) {
        if (last.size() > 1) {
            violated("one client order id made several orders", last);
            return;
        }
        Seen order = last.isEmpty() ? null : last.getFirst();
        Operation first = null;
        for (Operation placement : placements) {
            boolean reused = placement.reply().code().equals("CLIENT_ORDER_ID_REUSED");
            boolean decided =
                    placement.meaning() == Meaning.DONE
                            || (placement.meaning() == Meaning.REFUSED && !reused);
            if (order == null) {
                if (decided || reused || placement.reply().status() == 202) {
                    violated("an acknowledged placement left no order", placement);
                }
                continue;
            }
            if (decided) {
                answered(placement, order);
                if (first != null) {
                    repeated(first, placement);
                }
                first = first == null ? placement : first;
            }
        }
        if (order != null) {
            origin(placements, order);
            if (first != null) {
                reused(placements, first.content());
            }
        }
    }

    private void answered(Operation placement, Seen order) {
        if (placement.meaning() == Meaning.DONE) {
            if (!placement.reply().order().orderId().equals(order.orderId())) {
                violated("two order ids for one client order id", placement, order);
            }
            if (order.status().equals("REJECTED")) {
                violated("a taken order is rejected", placement, order);
            }
        } else if (!order.status().equals("REJECTED")
                || !placement.reply().code().equals(order.reason())) {
            violated("a refused order stands otherwise", placement, order);
        }
        if (!placement.content().couldBe(order)) {
            violated("the order is not what was placed", placement, order);
        }
    }

    private void repeated(Operation first, Operation again) {
        if (!first.content().equals(again.content())) {
            violated("other content under one client order id was taken", first, again);
        } else if (first.meaning() != again.meaning()
                || !first.reply().code().equals(again.reply().code())
                || !Objects.equals(first.reply().order(), again.reply().order())) {
            violated(
                    "a repeat was not answered as the first time",
                    first,
                    again,
                    String.valueOf(first.reply().order()),
                    String.valueOf(again.reply().order()));
        }
    }

    private void origin(List<Operation> placements, Seen order) {
        boolean explained = false;
        for (Operation placement : placements) {
            boolean possible =
                    placement.mayHaveTakenEffect()
                            || (placement.meaning() == Meaning.REFUSED
                                    && order.status().equals("REJECTED"));
            explained |= possible && placement.content().couldBe(order);
        }
        if (!explained) {
            violated("an order exists that no placement can have made", placements, order);
        }
    }

    /** Only content that differs from the order's is refused as reused. */
    private void reused(List<Operation> placements, Content taken) {
        for (Operation placement : placements) {
            if (placement.reply().code().equals("CLIENT_ORDER_ID_REUSED")
                    && placement.content().equals(taken)) {
                violated("a repeat was refused as another order", placement);
            }
        }
    }

    private void orders() {
        Map<String, List<Operation>> byOrder = new TreeMap<>();
        for (Operation operation : history) {
            Set<String> about = new HashSet<>();
            if (operation.orderId() != null) {
                about.add(operation.orderId());
            }
            if (operation.reply().order() != null) {
                about.add(operation.reply().order().orderId());
            }
            about.forEach(
                    id -> byOrder.computeIfAbsent(id, key -> new ArrayList<>()).add(operation));
        }
        byOrder.forEach(
                (id, operations) -> {
                    known(id, operations);
                    states(id, operations);
                    ended(id, operations);
                });
        for (Seen order : lastById.values()) {
            List<Operation> operations = byOrder.getOrDefault(order.orderId(), List.of());
            prices(order, operations);
            cancelled(order, operations);
        }
    }

    /** What was known once is never unknown again. */
    private void known(String id, List<Operation> operations) {
        for (Operation earlier : operations) {
            boolean shown =
                    earlier.reply().order() != null
                            && earlier.reply().order().orderId().equals(id)
                            && earlier.reply().status() < 300;
            if (!shown) {
                continue;
            }
            for (Operation later : operations) {
                if (later.reply().code().equals("ORDER_UNKNOWN") && earlier.isBefore(later)) {
                    violated("a known order is unknown", earlier, later);
                }
            }
        }
    }

    /** An order's states follow each other in the order in which they were shown. */
    private void states(String id, List<Operation> operations) {
        Seen last = lastById.get(id);
        for (Operation earlier : operations) {
            Seen before = shown(earlier, id);
            if (before == null) {
                continue;
            }
            if (last == null) {
                violated("an order that was shown is not there in the end", earlier);
                continue;
            }
            follows(earlier, before, last);
            for (Operation later : operations) {
                // A placement is answered with the order's first state, however late.
                if (later.kind() != Kind.PLACE && earlier.isBefore(later)) {
                    Seen after = shown(later, id);
                    if (after != null) {
                        follows(earlier, before, after);
                    } else if (isPendingRead(later, id)) {
                        violated("a decided order is pending", earlier, later);
                    }
                }
            }
        }
    }

    private static Seen shown(Operation operation, String id) {
        Seen order = operation.reply().order();
        return operation.meaning() == Meaning.DONE
                        && order != null
                        && order.orderId().equals(id)
                        && !order.isPending()
                ? order
                : null;
    }

    private static boolean isPendingRead(Operation operation, String id) {
        Seen order = operation.reply().order();
        return operation.kind() == Kind.READ
                && order != null
                && order.orderId().equals(id)
                && order.isPending();
    }

    private void follows(Operation shownBy, Seen before, Seen after) {
        if (before.hasEnded() && !before.equals(after)) {
            violated("an order that had ended changed", shownBy, before, after);
        } else if (number(after.filled()).compareTo(number(before.filled())) < 0
                || number(after.quote()).abs().compareTo(number(before.quote()).abs()) < 0) {
            violated("what had filled shrank", shownBy, before, after);
        } else if (after.isPending()) {
            violated("a decided order is pending", shownBy, before, after);
        }
    }

    private static BigDecimal number(String decimal) {
        return new BigDecimal(decimal);
    }

    /** A cancel that is done, or refused because the order has ended, leaves it ended. */
    private void ended(String id, List<Operation> operations) {
        for (Operation operation : operations) {
            boolean cancelled =
                    operation.kind() == Kind.CANCEL && operation.meaning() == Meaning.DONE;
            boolean closed =
                    operation.kind() != Kind.PLACE
                            && operation.reply().code().equals("ORDER_CLOSED");
            if (cancelled && !operation.reply().order().status().equals("CANCELLED")) {
                violated("a cancel that was done did not cancel", operation);
            }
            if (!closed) {
                continue;
            }
            Seen last = lastById.get(id);
            if (last == null || !last.hasEnded()) {
                violated("an order was called closed and is not", operation, String.valueOf(last));
            }
            for (Operation later : operations) {
                Seen after = later.kind() == Kind.PLACE ? null : shown(later, id);
                if (after != null && operation.isBefore(later) && !after.hasEnded()) {
                    violated("an order was called closed and is open", operation, later);
                }
            }
        }
    }

    /** The price of an order is one that was asked for, and the last one that surely was. */
    private void prices(Seen order, List<Operation> operations) {
        if (order.price() == null) {
            return;
        }
        Set<BigDecimal> possible = new HashSet<>();
        for (Operation operation : history) {
            if (operation.kind() == Kind.PLACE
                    && operation.clientOrderId().equals(order.clientOrderId())
                    && operation.content().price() != null) {
                possible.add(number(operation.content().price()).stripTrailingZeros());
            }
        }
        List<Operation> amendments =
                operations.stream()
                        .filter(operation -> operation.kind() == Kind.AMEND)
                        .filter(operation -> operation.price() != null)
                        .filter(Operation::mayHaveTakenEffect)
                        .toList();
        amendments.forEach(
                amendment -> possible.add(number(amendment.price()).stripTrailingZeros()));
        if (order.clientOrderId() != null
                && !possible.contains(number(order.price()).stripTrailingZeros())) {
            violated("nobody asked for this price", order, amendments);
        }
        for (Operation amendment : amendments) {
            boolean isLast =
                    amendment.meaning() == Meaning.DONE
                            && amendments.stream()
                                    .filter(other -> !other.equals(amendment))
                                    .allMatch(
                                            other ->
                                                    other.meaning() == Meaning.DONE
                                                            && other.isBefore(amendment));
            if (isLast && number(order.price()).compareTo(number(amendment.price())) != 0) {
                violated("an amendment that was done is lost", amendment, order);
            }
        }
    }

    /** Nobody's order is cancelled by its owner unless its owner asked. */
    private void cancelled(Seen order, List<Operation> operations) {
        boolean asked = "CANCELLED_BY_USER".equals(order.reason());
        if (!asked) {
            return;
        }
        String owner = null;
        for (Operation operation : history) {
            if (operation.kind() == Kind.PLACE
                    && operation.clientOrderId().equals(order.clientOrderId())) {
                owner = operation.client();
            }
        }
        for (Operation operation : operations) {
            if (operation.kind() == Kind.CANCEL && operation.mayHaveTakenEffect()) {
                return;
            }
        }
        for (Operation operation : history) {
            boolean byClientId =
                    operation.kind() == Kind.CANCEL_BY_CLIENT_ID
                            && operation.clientOrderId().equals(order.clientOrderId());
            boolean withAll =
                    operation.kind() == Kind.CANCEL_ALL
                            && operation.client().equals(owner)
                            && (operation.market() == null
                                    || operation.market().equals(order.market()));
            if ((byClientId || withAll) && operation.mayHaveTakenEffect()) {
                return;
            }
        }
        violated("an order was cancelled and nobody asked", order);
    }

    /** What was acknowledged before a cancel of all orders that is done has ended. */
    private void cancelsOfAll() {
        for (Operation cancel : history) {
            boolean ofAll = cancel.kind() == Kind.CANCEL_ALL;
            boolean ofOne = cancel.kind() == Kind.CANCEL_BY_CLIENT_ID;
            if ((!ofAll && !ofOne) || cancel.meaning() == Meaning.UNKNOWN) {
                continue;
            }
            for (Operation placement : history) {
                if (placement.kind() != Kind.PLACE
                        || placement.meaning() != Meaning.DONE
                        || !placement.client().equals(cancel.client())
                        || !placement.isBefore(cancel)) {
                    continue;
                }
                boolean meant =
                        (ofAll || cancel.clientOrderId().equals(placement.clientOrderId()))
                                && (cancel.market() == null
                                        || cancel.market().equals(placement.content().market()));
                Seen last = lastById.get(placement.reply().order().orderId());
                if (!meant || last == null) {
                    continue;
                }
                if (cancel.meaning() == Meaning.DONE && !last.hasEnded()) {
                    violated("a cancel that was done left an order open", cancel, last);
                } else if (cancel.reply().code().equals("ORDER_UNKNOWN")) {
                    violated("a known order is unknown", placement, cancel);
                } else if (cancel.reply().code().equals("ORDER_CLOSED") && !last.hasEnded()) {
                    violated("an order was called closed and is not", cancel, last);
                }
            }
        }
    }
}
