package io.perpetua.marketdata.app;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.edge.UserTransactions;
import io.perpetua.marketdata.persistence.CatalogueStore;
import io.perpetua.marketdata.persistence.CatalogueStore.StoredVersion;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** The catalogue as it is in force. */
@ApplicationScoped
public class MarketQueries {
    private final UserTransactions transactions;
    private final CatalogueStore catalogue;

    MarketQueries(UserTransactions transactions, CatalogueStore catalogue) {
        this.transactions = transactions;
        this.catalogue = catalogue;
    }

    /** All markets, by id. */
    public List<Market> all() {
        return transactions.callPublic(catalogue::all);
    }

    /** The market of that symbol. */
    public Optional<Market> bySymbol(String symbol) {
        return transactions.callPublic(connection -> catalogue.bySymbol(connection, symbol));
    }

    /** The versions of the market of that symbol, newest first; none when there is no such one. */
    public List<StoredVersion> versions(String symbol) {
        return transactions.callPublic(connection -> catalogue.versions(connection, symbol));
    }
}
