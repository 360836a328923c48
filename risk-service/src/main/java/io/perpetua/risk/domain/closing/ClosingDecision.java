package io.perpetua.risk.domain.closing;

import io.perpetua.contracts.accounts.ClosingKind;
import io.perpetua.contracts.accounts.UserClosing;
import io.perpetua.contracts.risk.ClosingObstacle;
import io.perpetua.contracts.risk.ClosingObstacle.Kind;
import io.perpetua.contracts.value.Usd;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.Holding;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a user may leave: with no order and no position, and to be deleted also with no balance,
 * of either sign, and no withdrawal. An order is in the way from its admission to its end, so that
 * one that is still on its way to the book counts too.
 */
public sealed interface ClosingDecision {
    /** Nothing is in the way. */
    record Frozen() implements ClosingDecision {}

    /** Something is, and all of it is named. */
    record Refused(List<ClosingObstacle> obstacles) implements ClosingDecision {}

    /** Decides {@code closing}, by all of the user's accounts. */
    static ClosingDecision decide(UserClosing closing, List<Account> accounts) {
        int orders = 0;
        int positions = 0;
        int balances = 0;
        for (Account account : accounts) {
            for (Holding holding : account.holdings()) {
                orders += holding.orderCount();
                positions += holding.position() == null ? 0 : 1;
            }
            balances += account.collateral().equals(Usd.ZERO) ? 0 : 1;
        }
        List<ClosingObstacle> obstacles = new ArrayList<>();
        add(obstacles, Kind.OPEN_ORDERS, orders);
        add(obstacles, Kind.OPEN_POSITIONS, positions);
        if (closing.kind() == ClosingKind.DELETION) {
            add(obstacles, Kind.PENDING_WITHDRAWALS, closing.pendingWithdrawals());
            add(obstacles, Kind.BALANCES, balances);
        }
        return obstacles.isEmpty() ? new Frozen() : new Refused(obstacles);
    }

    private static void add(List<ClosingObstacle> obstacles, Kind kind, int count) {
        if (count > 0) {
            obstacles.add(new ClosingObstacle(kind, count));
        }
    }
}
