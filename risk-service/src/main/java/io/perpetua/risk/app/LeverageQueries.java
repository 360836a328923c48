package io.perpetua.risk.app;

import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.Holding;
import io.perpetua.risk.domain.margin.MarketRules;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** Lists the leverages of a subaccount. */
@ApplicationScoped
public class LeverageQueries {
    private final UserTransactions reads;

    LeverageQueries(UserTransactions reads) {
        this.reads = reads;
    }

    /** One for each market; nothing when the subaccount is not the user's. */
    public Optional<List<LeverageView>> of(UserId user, SubaccountId subaccount) {
        Snapshot snapshot = reads.call(user, transaction -> Snapshot.of(transaction, user));
        return snapshot.accounts().stream()
                .filter(account -> account.id().equals(subaccount))
                .findAny()
                .map(
                        account ->
                                snapshot.markets().stream()
                                        .map(rules -> view(account, rules))
                                        .toList());
    }

    private static LeverageView view(Account account, MarketRules rules) {
        Holding holding = account.holding(rules.definition().id());
        int chosen = holding == null ? 0 : holding.chosenLeverage();
        return new LeverageView(
                account.id(),
                rules.definition().symbol(),
                rules.leverage(chosen),
                rules.definition().maxLeverage(),
                chosen != 0);
    }
}
