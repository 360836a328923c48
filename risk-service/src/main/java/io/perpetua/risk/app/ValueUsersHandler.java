package io.perpetua.risk.app;

import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.risk.UserValuation;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.risk.domain.valuation.Held;
import io.perpetua.risk.domain.valuation.ValuationTimes;
import io.perpetua.risk.persistence.ValuationStore;
import io.perpetua.risk.persistence.ValuationStore.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Values the next users of a sweep over all who hold something, if one is due and no other process
 * is at it; who has closed everything is valued once more, at nothing. A sweep that is broken off
 * goes on where it was: a batch whose transaction did not end is published again, and later, and
 * the newest counts.
 */
@ApplicationScoped
public class ValueUsersHandler {
    private final ShardTransactions transactions;
    private final NewestMarks marks;
    private final ValuationJournal journal;
    private final RiskConfig config;

    ValueUsersHandler(
            ShardTransactions transactions,
            NewestMarks marks,
            ValuationJournal journal,
            RiskConfig config) {
        this.transactions = transactions;
        this.marks = marks;
        this.journal = journal;
        this.config = config;
    }

    /** Whether more are due now. */
    public boolean handle() {
        int interval = config.userValuationMillis();
        return transactions.call(
                transaction -> {
                    OptionalLong after = ValuationStore.take(transaction, Kind.USERS, interval);
                    return after.isPresent() && value(transaction, after.getAsLong(), interval);
                });
    }

    private boolean value(Connection transaction, long afterUserId, int interval)
            throws SQLException {
        int most = config.usersPerValuation();
        ValuationStore.Users held = ValuationStore.users(transaction, afterUserId, most);
        List<UserValuation> valuations = new ArrayList<>();
        List<UserId> holding = new ArrayList<>();
        List<UserId> holdingNothing = new ArrayList<>();
        for (Map.Entry<UserId, Map<MarketId, Held>> one : held.users().entrySet()) {
            Usd unrealised = unrealised(one.getValue());
            if (unrealised != null) {
                valuations.add(new UserValuation(one.getKey(), unrealised, held.atMillis()));
                (one.getValue().isEmpty() ? holdingNothing : holding).add(one.getKey());
            }
        }
        journal.publishUsers(valuations);
        ValuationStore.remember(transaction, holding, holdingNothing);
        boolean more = held.users().size() == most;
        long now = ValuationStore.nowMillis(transaction);
        ValuationStore.put(
                transaction,
                Kind.USERS,
                more ? now : ValuationTimes.next(now, interval),
                more ? held.users().lastKey().value() : 0);
        return more;
    }

    /** Null when a market has no mark yet: then the one before goes on to count. */
    private @Nullable Usd unrealised(Map<MarketId, Held> positions) {
        Usd sum = Usd.ZERO;
        for (Map.Entry<MarketId, Held> position : positions.entrySet()) {
            MarkPrice mark = marks.newest(position.getKey());
            if (mark == null) {
                return null;
            }
            sum = sum.plus(position.getValue().unrealised(mark.mark()));
        }
        return sum;
    }
}
