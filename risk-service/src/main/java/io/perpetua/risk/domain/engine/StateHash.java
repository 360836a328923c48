package io.perpetua.risk.domain.engine;

import io.perpetua.contracts.risk.PositionEvent;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.Holding;
import io.perpetua.risk.domain.margin.OpenOrder;
import io.perpetua.risk.domain.margin.Position;
import io.perpetua.risk.domain.nonce.UsedNonce;

/** A hash of state that does not hang on the order in which maps give their entries. */
final class StateHash {
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private StateHash() {}

    static long of(long... values) {
        long hash = 1;
        for (long value : values) {
            hash = (hash ^ value) * FACTOR;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    static long of(Account account) {
        long hash =
                of(
                        account.id().value(),
                        account.user().value(),
                        account.collateral().micros(),
                        account.creditSequence(),
                        account.settlementSequence(),
                        account.standing().restriction().name().hashCode());
        for (Holding holding : account.holdings()) {
            if (!holding.isEmpty() || holding.chosenLeverage() != 0) {
                hash = of(hash, of(holding));
            }
        }
        return hash;
    }

    static long of(UsedNonce used) {
        PositionEvent answer = used.answer();
        return of(
                used.nonce().agent().hashCode(),
                used.nonce().value(),
                used.nonce().contentHash(),
                used.user().value(),
                used.market(),
                used.command().value(),
                answer == null ? 0 : answer.toString().hashCode());
    }

    private static long of(Holding holding) {
        long hash = of(holding.market().value(), holding.chosenLeverage());
        Position position = holding.position();
        if (position != null) {
            hash =
                    of(
                            hash,
                            position.openedBy().value(),
                            position.size().units(),
                            position.cost().micros(),
                            position.entry().units(),
                            position.largestSize().units(),
                            position.realised().micros(),
                            position.fees().micros(),
                            position.openedAtMillis());
        }
        for (OpenOrder order : holding.orders()) {
            hash = of(hash, of(order));
        }
        return hash;
    }

    private static long of(OpenOrder order) {
        long hash =
                of(
                        order.id().value(),
                        order.buys() ? 1 : 0,
                        order.version().limit().units(),
                        order.version().remaining().units(),
                        order.size().units(),
                        order.filled().units(),
                        order.reduceOnly() ? 1 : 0,
                        order.postOnly() ? 1 : 0,
                        order.worstFee().nanos());
        for (OpenOrder.Amendment amendment : order.amendments()) {
            hash =
                    of(
                            hash,
                            amendment.commandId().value(),
                            amendment.limit().units(),
                            amendment.size().units());
        }
        return hash;
    }
}
