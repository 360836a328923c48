package io.perpetua.risk.app;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.AccountMargin;
import io.perpetua.risk.domain.margin.Holding;
import io.perpetua.risk.domain.margin.HoldingMargin;
import io.perpetua.risk.domain.margin.LiquidationPrice;
import io.perpetua.risk.domain.margin.MarketRules;
import io.perpetua.risk.domain.margin.Marks;
import io.perpetua.risk.domain.margin.Position;
import io.perpetua.risk.persistence.PositionReader;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists a user's positions; open ones are valued with the arithmetic that admission uses. */
@ApplicationScoped
public class PositionQueries {
    private final UserTransactions reads;
    private final NewestMarks marks;

    PositionQueries(UserTransactions reads, NewestMarks marks) {
        this.reads = reads;
        this.marks = marks;
    }

    /** The user's positions that pass the filter, the last opened first. */
    public List<PositionView> list(UserId user, PositionReader.Filter filter, int limit) {
        Marks pinned = new PinnedMarks(marks);
        return reads.call(
                user,
                transaction -> {
                    Snapshot snapshot = Snapshot.of(transaction, user);
                    Map<SubaccountId, Account> accounts = new HashMap<>();
                    snapshot.accounts().forEach(account -> accounts.put(account.id(), account));
                    List<PositionView> views = new ArrayList<>();
                    for (Position position :
                            PositionReader.list(transaction, user, filter, limit)) {
                        Account account = accounts.get(position.subaccount());
                        views.add(
                                account == null || !position.isOpen()
                                        ? view(position, snapshot, null)
                                        : open(position, account, snapshot, pinned));
                    }
                    return views;
                });
    }

    private record Valued(
            Price mark, HoldingMargin margin, int leverage, @Nullable Price liquidation) {}

    private static PositionView open(
            Position position, Account account, Snapshot snapshot, Marks marks) {
        Holding holding = account.holding(position.market());
        MarketRules rules = snapshot.rules(position.market());
        MarkPrice mark = marks.newest(position.market());
        if (holding == null || rules == null || mark == null) {
            return view(position, snapshot, null);
        }
        HoldingMargin margin = HoldingMargin.of(holding, rules, mark.mark());
        AccountMargin whole = AccountMargin.of(account, snapshot, marks);
        Price liquidation =
                whole == null
                        ? null
                        : LiquidationPrice.cross(
                                position.size(),
                                mark.mark(),
                                whole.equity(),
                                whole.maintenance().minus(margin.maintenance()),
                                rules.tiers(),
                                RoundingMode.UP);
        return view(
                position,
                snapshot,
                new Valued(mark.mark(), margin, holding.leverage(rules), liquidation));
    }

    private static PositionView view(
            Position position, Snapshot snapshot, @Nullable Valued valued) {
        Long closedAt = position.closedAtMillis();
        return new PositionView(
                position.subaccount(),
                snapshot.symbolOf(position.market()),
                position.openedBy(),
                position.isOpen() ? PositionView.Status.OPEN : PositionView.Status.CLOSED,
                position.wasLong() ? PositionView.Direction.LONG : PositionView.Direction.SHORT,
                position.size().abs(),
                position.cost(),
                position.entry(),
                valued == null ? null : valued.mark(),
                valued == null ? null : valued.margin().notional(),
                valued == null ? null : valued.margin().initial(),
                valued == null ? null : valued.margin().maintenance(),
                valued == null ? null : valued.leverage(),
                valued == null ? null : valued.margin().unrealised(),
                position.realised(),
                position.fees(),
                valued == null ? null : valued.liquidation(),
                position.largestSize(),
                Instant.ofEpochMilli(position.openedAtMillis()),
                closedAt == null ? null : Instant.ofEpochMilli(closedAt));
    }
}
