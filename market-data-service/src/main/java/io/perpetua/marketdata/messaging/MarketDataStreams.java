package io.perpetua.marketdata.messaging;

import io.agroal.api.AgroalDataSource;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Topic;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.accounts.SignInRevoked;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.orders.BookTop;
import io.perpetua.edge.AccessTokens;
import io.perpetua.edge.system.SystemEvents;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.Shard;
import io.perpetua.eventlog.ShardGroup;
import io.perpetua.marketdata.app.BookTops;
import io.perpetua.marketdata.app.ConfiguredFeed;
import io.perpetua.marketdata.app.ListedMarkets;
import io.perpetua.marketdata.app.MarketDataConfig;
import io.perpetua.marketdata.app.NewestPrices;
import io.perpetua.marketdata.app.PriceHistoryShards;
import io.perpetua.marketdata.app.PriceShards;
import io.perpetua.marketdata.app.PriceStreams;
import io.perpetua.marketdata.app.PutInForceHandler;
import io.perpetua.marketdata.app.SeedCatalogueHandler;
import io.perpetua.marketdata.app.TradeShards;
import io.perpetua.marketdata.app.ValuationShards;
import io.perpetua.marketdata.messaging.source.SourceLinks;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.time.Clock;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Starts what this process does with the log: lists the demo markets, relays the catalogue, listens
 * to price sources, follows revocations, books and prices, and runs the shards that make prices,
 * keep them, fold trades, and keep what risk-service values.
 */
@ApplicationScoped
public class MarketDataStreams {
    private static final Logger LOG = Logger.getLogger(MarketDataStreams.class);

    private static final long PRICES_MILLIS = 5;

    private final MarketDataConfig config;
    private final Eventlog eventlog;
    private final AgroalDataSource shardDatabase;
    private final SeedCatalogueHandler seedCatalogue;
    private final ConfiguredFeed feed;
    private final SourceLinks sources;
    private final PriceShards priceShards;
    private final TradeShards tradeShards;
    private final PriceHistoryShards priceHistoryShards;
    private final ValuationShards valuationShards;
    private final BookTops tops;
    private final NewestPrices prices;
    private final ListedMarkets markets;
    private final PriceStreams priceStreams;
    private final AccessTokens tokens;
    private final SystemEvents events;
    private final Clock clock;

    MarketDataStreams(
            MarketDataConfig config,
            Eventlog eventlog,
            @DataSource("shard") AgroalDataSource shardDatabase,
            SeedCatalogueHandler seedCatalogue,
            ConfiguredFeed feed,
            SourceLinks sources,
            PriceShards priceShards,
            TradeShards tradeShards,
            PriceHistoryShards priceHistoryShards,
            ValuationShards valuationShards,
            BookTops tops,
            NewestPrices prices,
            ListedMarkets markets,
            PriceStreams priceStreams,
            AccessTokens tokens,
            SystemEvents events,
            Clock clock) {
        this.config = config;
        this.eventlog = eventlog;
        this.shardDatabase = shardDatabase;
        this.seedCatalogue = seedCatalogue;
        this.feed = feed;
        this.sources = sources;
        this.priceShards = priceShards;
        this.tradeShards = tradeShards;
        this.priceHistoryShards = priceHistoryShards;
        this.valuationShards = valuationShards;
        this.tops = tops;
        this.prices = prices;
        this.markets = markets;
        this.priceStreams = priceStreams;
        this.tokens = tokens;
        this.events = events;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        if (!config.logEnabled()) {
            return;
        }
        follow(Topics.TOKEN_REVOCATIONS, SignInRevoked.class, tokens::revoke);
        int listed = seedCatalogue.handle(clock.millis());
        if (listed > 0) {
            LOG.infof("listed %d markets", listed);
        }
        eventlog.relay(PutInForceHandler.SOURCE, shardDatabase);
        feed.prepare();
        sources.open();
        follow(Topics.BOOK_TOPS, BookTop.class, tops::put);
        follow(Topics.MARKETS, Market.class, markets::put);
        followPrices(
                Topics.ORACLE_PRICES,
                OraclePrice.class,
                price -> {
                    prices.put(price);
                    priceStreams.put(price);
                });
        followPrices(
                Topics.MARK_PRICES,
                MarkPrice.class,
                price -> {
                    prices.put(price);
                    priceStreams.put(price);
                });
        run(priceShards);
        run(tradeShards);
        run(priceHistoryShards);
        run(valuationShards);
    }

    private <S extends Shard> void run(ShardGroup<S, Connection> group) {
        events.watch(group.name(), eventlog.run(group, shardDatabase)::owned);
    }

    /** Streams have prices about as soon as they are published. */
    private <T> void followPrices(Topic topic, Class<T> records, Consumer<T> newest) {
        eventlog.followNewest(
                topic.name(),
                topic.partitions(),
                PRICES_MILLIS,
                (key, value) -> newest.accept(EventCodec.decode(records, value)));
    }

    private <T> void follow(Topic topic, Class<T> records, Consumer<T> newest) {
        eventlog.followNewest(
                topic.name(),
                topic.partitions(),
                (key, value) -> newest.accept(EventCodec.decode(records, value)));
    }
}
