package io.perpetua.marketdata.app;

import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketChanged;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.marketdata.persistence.CatalogueStore;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts versions in force that are due. What {@code market} says, the version's {@code
 * MarketChanged} for the market's stream and its record on the compacted catalogue are one
 * transaction, so each version is published exactly once, and versions of a market in order, never
 * before their time.
 */
@ApplicationScoped
public class PutInForceHandler {
    /** The relay that publishes the catalogue. */
    public static final String SOURCE = "market-data-catalogue";

    private final AgroalDataSource database;
    private final CatalogueStore catalogue;
    private final Eventlog eventlog;

    PutInForceHandler(
            @DataSource("shard") AgroalDataSource database,
            CatalogueStore catalogue,
            Eventlog eventlog) {
        this.database = database;
        this.catalogue = catalogue;
        this.eventlog = eventlog;
    }

    /** Puts all that are due in force and tells how many there were. */
    public int handle(long nowMillis) {
        int put =
                Transactions.inTransaction(
                        database,
                        transaction -> {
                            if (catalogue.due(transaction, nowMillis).isEmpty()) {
                                return 0;
                            }
                            // Another process may have put them in force meanwhile.
                            catalogue.lock(transaction);
                            List<Market> due = catalogue.due(transaction, nowMillis);
                            put(transaction, due, nowMillis);
                            return due.size();
                        });
        if (put > 0) {
            published();
        }
        return put;
    }

    /** Puts stored versions in force; ascending by version within a market. */
    void put(Connection transaction, List<Market> due, long nowMillis) throws SQLException {
        List<Outgoing> published = new ArrayList<>();
        for (Market market : due) {
            published.add(change(market, nowMillis));
            published.add(inForce(market));
        }
        if (!published.isEmpty()) {
            catalogue.putInForce(transaction, due);
            eventlog.emit(transaction, SOURCE, published);
        }
    }

    /** To be called after the commit. */
    void published() {
        eventlog.committed(SOURCE);
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
