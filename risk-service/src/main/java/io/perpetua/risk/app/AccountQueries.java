package io.perpetua.risk.app;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.AccountMargin;
import io.perpetua.risk.domain.margin.Holding;
import io.perpetua.risk.domain.margin.MarketRules;
import io.perpetua.risk.domain.margin.Marks;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Values a user's accounts from their rows, with the arithmetic that admission uses. */
@ApplicationScoped
public class AccountQueries {
    private final UserTransactions reads;
    private final NewestMarks marks;
    private final Clock clock;

    AccountQueries(UserTransactions reads, NewestMarks marks, Clock clock) {
        this.reads = reads;
        this.marks = marks;
        this.clock = clock;
    }

    /** All of the user's accounts, by subaccount id. */
    public List<AccountView> all(UserId user) {
        Snapshot snapshot = reads.call(user, transaction -> Snapshot.of(transaction, user));
        return snapshot.accounts().stream().map(account -> view(account, snapshot)).toList();
    }

    /** The account of {@code subaccount}, if it is the user's. */
    public Optional<AccountView> find(UserId user, SubaccountId subaccount) {
        return all(user).stream().filter(view -> view.subaccountId().equals(subaccount)).findAny();
    }

    private AccountView view(Account account, Snapshot snapshot) {
        Marks pinned = new PinnedMarks(marks);
        AccountMargin margin = AccountMargin.of(account, snapshot, pinned);
        int positions = 0;
        int openOrders = 0;
        for (Holding holding : account.holdings()) {
            positions += holding.position() == null ? 0 : 1;
            openOrders += holding.orderCount();
        }
        return new AccountView(
                account.id(),
                account.collateral(),
                margin == null ? null : margin.equity(),
                margin == null ? null : margin.unrealised(),
                margin == null ? null : margin.notional(),
                margin == null ? null : margin.initial(),
                margin == null ? null : margin.maintenance(),
                margin == null ? null : margin.holds(),
                margin == null ? null : margin.available(),
                margin == null ? null : margin.withdrawable(),
                margin == null ? null : AccountView.plain(margin.health()),
                margin == null ? null : AccountView.plain(margin.marginRatio()),
                margin == null ? null : AccountView.plain(margin.leverage()),
                valuation(account, snapshot, pinned),
                positions,
                openOrders,
                account.settlementSequence(),
                account.creditSequence());
    }

    private Valuation valuation(Account account, Snapshot snapshot, Marks pinned) {
        Valuation worst = Valuation.LIVE;
        for (Holding holding : account.holdings()) {
            if (holding.isEmpty()) {
                continue;
            }
            MarketRules rules = snapshot.rules(holding.market());
            MarkPrice mark = pinned.newest(holding.market());
            if (rules == null || mark == null) {
                return Valuation.UNAVAILABLE;
            }
            if (!rules.isFresh(mark, clock.millis())) {
                worst = Valuation.STALE;
            }
        }
        return worst;
    }
}
