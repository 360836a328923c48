package io.perpetua.risk.domain.engine;

import io.perpetua.contracts.orders.OrderFilled;
import io.perpetua.contracts.risk.TradesSettled;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.risk.domain.margin.Account;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The fills of a batch, summed by account and market: one settlement each. */
final class Settlements {
    private record Key(SubaccountId subaccount, MarketId market) {}

    private static final class Sum {
        private final Account account;
        private final MarketId market;
        private final TradeId first;
        private TradeId last;
        private int fills;
        private Usd notional = Usd.ZERO;
        private Usd realised = Usd.ZERO;
        private Usd fee = Usd.ZERO;
        private long atMillis;

        Sum(Account account, OrderFilled fill) {
            this.account = account;
            this.market = fill.market();
            this.first = fill.tradeId();
            this.last = fill.tradeId();
        }

        void add(OrderFilled fill) {
            last = fill.tradeId();
            fills++;
            notional = notional.plus(fill.notional());
            realised = realised.plus(fill.realised());
            fee = fee.plus(fill.fee());
            atMillis = fill.atMillis();
        }

        TradesSettled settled() {
            return new TradesSettled(
                    account.user(),
                    account.id(),
                    market,
                    account.nextSettlement(),
                    first,
                    last,
                    fills,
                    notional,
                    realised,
                    fee,
                    atMillis);
        }
    }

    private final Map<Key, Sum> sums = new LinkedHashMap<>();

    void add(Account account, OrderFilled fill) {
        sums.computeIfAbsent(new Key(account.id(), fill.market()), key -> new Sum(account, fill))
                .add(fill);
    }

    /** Gives a settlement for each sum, numbered, and starts anew. */
    void drain(Consumer<TradesSettled> consumer) {
        for (Sum sum : sums.values()) {
            consumer.accept(sum.settled());
        }
        sums.clear();
    }
}
