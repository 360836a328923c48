package io.perpetua.orders.messaging;

import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.accounts.Agent;
import io.perpetua.contracts.accounts.SignInRevoked;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.BookDepth;
import io.perpetua.edge.AccessTokens;
import io.perpetua.edge.Agents;
import io.perpetua.edge.LogProblems;
import io.perpetua.edge.system.SystemEvents;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.EventlogSettings;
import io.perpetua.eventlog.Gateway;
import io.perpetua.eventlog.ReplyTail;
import io.perpetua.eventlog.ShardRunner;
import io.perpetua.orders.app.Books;
import io.perpetua.orders.app.MarketDirectory;
import io.perpetua.orders.app.MarketShards;
import io.perpetua.orders.app.OrdersConfig;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * This process's part in the log, from its start to its end: follows revocations, agents, the
 * catalogue and the books, runs the market shards that fall to it, takes commands and waits for
 * their outcomes.
 */
@Singleton
public class OrdersLog implements LogProblems {
    private static final String SERVICE = "orders";

    private final OrdersConfig config;
    private final String bootstrapServers;
    private final AgroalDataSource shardDatabase;
    private final MarketDirectory markets;
    private final Books books;
    private final AccessTokens tokens;
    private final Agents agents;
    private final SystemEvents events;
    private final MeterRegistry metrics;
    private volatile @Nullable Joined joined;

    /** The parts that run while this process is joined to the log. */
    record Joined(
            Eventlog eventlog,
            KafkaBookPublisher publisher,
            ShardRunner shards,
            Gateway gateway,
            ReplyTail replies,
            JournalSearch search) {}

    OrdersLog(
            OrdersConfig config,
            @ConfigProperty(name = "perpetua.kafka.bootstrap-servers") String bootstrapServers,
            @DataSource("shard") AgroalDataSource shardDatabase,
            MarketDirectory markets,
            Books books,
            AccessTokens tokens,
            Agents agents,
            SystemEvents events,
            MeterRegistry metrics) {
        this.config = config;
        this.bootstrapServers = bootstrapServers;
        this.shardDatabase = shardDatabase;
        this.markets = markets;
        this.books = books;
        this.tokens = tokens;
        this.agents = agents;
        this.events = events;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        if (config.logEnabled()) {
            joined = join();
        }
    }

    private Joined join() {
        Eventlog eventlog =
                Eventlog.open(
                        new EventlogSettings(
                                SERVICE,
                                config.instance(),
                                bootstrapServers,
                                config.shardWorkers(),
                                Topics.deadLetters(SERVICE),
                                metrics));
        eventlog.followNewest(
                Topics.TOKEN_REVOCATIONS.name(),
                Topics.TOKEN_REVOCATIONS.partitions(),
                (key, value) -> tokens.revoke(EventCodec.decode(SignInRevoked.class, value)));
        eventlog.followNewest(
                Topics.AGENTS.name(),
                Topics.AGENTS.partitions(),
                (key, value) -> agents.put(EventCodec.decode(Agent.class, value)));
        eventlog.followNewest(
                Topics.MARKETS.name(),
                Topics.MARKETS.partitions(),
                (key, value) -> markets.put(EventCodec.decode(Market.class, value)));
        eventlog.followNewest(
                Topics.BOOKS.name(),
                Topics.BOOKS.partitions(),
                (key, value) -> books.put(EventCodec.decode(BookDepth.class, value)));
        KafkaBookPublisher publisher = new KafkaBookPublisher(eventlog);
        ShardRunner shards = eventlog.run(new MarketShards(publisher), shardDatabase);
        events.watch("matching", shards::owned);
        Gateway gateway = eventlog.gateway(shardDatabase);
        ReplyTail replies =
                eventlog.tailReplies(
                        gateway, Topics.ORDER_EVENTS.name(), Topics.ORDER_EVENTS.partitions());
        return new Joined(
                eventlog,
                publisher,
                shards,
                gateway,
                replies,
                JournalSearch.over(bootstrapServers, SERVICE + "-" + config.instance()));
    }

    void stop(@Observes ShutdownEvent event) {
        Joined leaving = joined;
        joined = null;
        if (leaving != null) {
            leaving.eventlog().close();
            leaving.publisher().close();
            leaving.search().close();
        }
    }

    Joined joined() {
        Joined now = joined;
        if (now == null) {
            throw new IllegalStateException("this process has not joined the log");
        }
        return now;
    }

    @Override
    public List<String> problems() {
        Joined now = joined;
        return now == null ? List.of() : now.eventlog().problems();
    }
}
