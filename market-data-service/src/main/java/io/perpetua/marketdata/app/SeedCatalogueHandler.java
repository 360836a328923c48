package io.perpetua.marketdata.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import io.perpetua.marketdata.persistence.CatalogueStore;
import io.perpetua.marketdata.persistence.CatalogueStore.StoredVersion;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Lists the demo markets that are not listed yet, in force at once. */
@ApplicationScoped
public class SeedCatalogueHandler {
    private static final String INSTALLATION = "installation";

    private final AgroalDataSource database;
    private final CatalogueStore catalogue;
    private final PutInForceHandler inForce;

    SeedCatalogueHandler(
            @DataSource("shard") AgroalDataSource database,
            CatalogueStore catalogue,
            PutInForceHandler inForce) {
        this.database = database;
        this.catalogue = catalogue;
        this.inForce = inForce;
    }

    /** Returns how many markets were listed by this call. */
    public int handle(long nowMillis) {
        int listed =
                Transactions.inTransaction(database, transaction -> list(transaction, nowMillis));
        inForce.published();
        return listed;
    }

    private int list(Connection transaction, long nowMillis) throws SQLException {
        catalogue.lock(transaction);
        Set<MarketId> known = new HashSet<>();
        for (Market market : catalogue.all(transaction)) {
            known.add(market.id());
        }
        List<Market> listed = new ArrayList<>();
        for (Market market : DemoMarkets.all()) {
            if (!known.contains(market.id())) {
                catalogue.add(
                        transaction,
                        new StoredVersion(
                                market,
                                nowMillis,
                                nowMillis,
                                INSTALLATION,
                                "listed with the installation",
                                true,
                                null));
                listed.add(market);
            }
        }
        inForce.put(transaction, listed, nowMillis);
        return listed.size();
    }
}
