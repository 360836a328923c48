package io.perpetua.risk.app;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.edge.UserTransactions;
import io.perpetua.risk.app.TotalsView.MarketTotals;
import io.perpetua.risk.persistence.StateReader;
import io.perpetua.risk.persistence.TotalsReader;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the sums over all accounts, in one snapshot. */
@ApplicationScoped
public class TotalsQuery {
    private final UserTransactions reads;

    TotalsQuery(UserTransactions reads) {
        this.reads = reads;
    }

    /** As they are. */
    public TotalsView read() {
        return reads.callPublic(TotalsQuery::read);
    }

    private static TotalsView read(Connection transaction) throws SQLException {
        try (Statement statement = transaction.createStatement()) {
            statement.execute("set transaction isolation level repeatable read");
        }
        Map<MarketId, String> symbols = new HashMap<>();
        for (Market market : new StateReader(transaction).marketsOf(0)) {
            symbols.put(market.id(), market.symbol());
        }
        List<MarketTotals> markets =
                TotalsReader.markets(transaction).stream().map(row -> view(row, symbols)).toList();
        TotalsReader.AccountsRow accounts = TotalsReader.accounts(transaction);
        return new TotalsView(
                markets,
                accounts.accounts(),
                plain(accounts.collateral()),
                accounts.settlements(),
                accounts.credits());
    }

    private static MarketTotals view(TotalsReader.MarketRow row, Map<MarketId, String> symbols) {
        return new MarketTotals(
                symbols.getOrDefault(row.market(), row.market().toString()),
                row.longSize(),
                row.shortSize(),
                row.cost(),
                row.fills(),
                plain(row.volume()),
                row.realised(),
                row.fees());
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
