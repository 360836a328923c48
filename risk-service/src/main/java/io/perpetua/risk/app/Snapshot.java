package io.perpetua.risk.app;

import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.MarketRules;
import io.perpetua.risk.domain.margin.Markets;
import io.perpetua.risk.persistence.StateReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A user's accounts as their shard last committed them, with the markets as the shard has them. */
record Snapshot(List<Account> accounts, Map<MarketId, MarketRules> byId) implements Markets {
    static Snapshot of(Connection transaction, UserId user) throws SQLException {
        StateReader reader = new StateReader(transaction);
        Map<MarketId, MarketRules> markets = new TreeMap<>();
        for (Market market : reader.marketsOf(Partitions.of(user))) {
            markets.put(market.id(), MarketRules.of(market));
        }
        return new Snapshot(reader.accountsOf(user), markets);
    }

    @Override
    public @Nullable MarketRules rules(MarketId market) {
        return byId.get(market);
    }

    Collection<MarketRules> markets() {
        return byId.values();
    }

    /** The symbol of a market; its id where the shard doesn't know it. */
    String symbolOf(MarketId market) {
        MarketRules rules = byId.get(market);
        return rules == null ? market.toString() : rules.definition().symbol();
    }
}
