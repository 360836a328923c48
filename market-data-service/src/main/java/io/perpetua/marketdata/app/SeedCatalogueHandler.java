package io.perpetua.marketdata.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketChanged;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.marketdata.domain.catalogue.DemoMarkets;
import io.perpetua.marketdata.persistence.CatalogueStore;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lists the demo markets that are not listed yet. A version's row, its {@code MarketChanged} for
 * the market's stream and its record on the compacted catalogue are one transaction, so each
 * version is published exactly once, and versions of a market in order.
 */
@ApplicationScoped
public class SeedCatalogueHandler {
    /** The relay that publishes the catalogue. */
    public static final String SOURCE = "market-data-catalogue";

    private final AgroalDataSource database;
    private final CatalogueStore catalogue;
    private final Eventlog eventlog;

    SeedCatalogueHandler(
            @DataSource("shard") AgroalDataSource database,
            CatalogueStore catalogue,
            Eventlog eventlog) {
        this.database = database;
        this.catalogue = catalogue;
        this.eventlog = eventlog;
    }

    /** Returns how many markets were listed by this call. */
    public int handle(long nowMillis) {
        int listed =
                Transactions.inTransaction(database, transaction -> list(transaction, nowMillis));
        eventlog.committed(SOURCE);
        return listed;
    }

    private int list(Connection transaction, long nowMillis) throws SQLException {
        catalogue.lock(transaction);
        Set<MarketId> known = new HashSet<>();
        for (Market market : catalogue.all(transaction)) {
            known.add(market.id());
        }
        List<Outgoing> published = new ArrayList<>();
        for (Market market : DemoMarkets.all()) {
            if (!known.contains(market.id())) {
                catalogue.put(transaction, market, nowMillis);
                published.add(change(market, nowMillis));
                published.add(inForce(market));
            }
        }
        if (!published.isEmpty()) {
            eventlog.emit(transaction, SOURCE, published);
        }
        return published.size() / 2;
    }

    private static Outgoing change(Market market, long nowMillis) {
        return new Outgoing(
                Topics.MARKET_CHANGES.name(),
                Partitions.of(market.id()),
                market.id().toString(),
                EventCodec.encode(MarketChanged.class, new MarketChanged(market, nowMillis)),
                null);
    }

    private static Outgoing inForce(Market market) {
        return new Outgoing(
                Topics.MARKETS.name(),
                Partitions.of(market.id()),
                market.id().toString(),
                EventCodec.encode(Market.class, market),
                null);
    }
}
