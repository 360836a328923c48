package io.perpetua.risk.messaging;

import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.accounts.Agent;
import io.perpetua.contracts.accounts.SignInRevoked;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.edge.AccessTokens;
import io.perpetua.edge.Agents;
import io.perpetua.edge.LogProblems;
import io.perpetua.edge.system.SystemEvents;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.EventlogSettings;
import io.perpetua.eventlog.Gateway;
import io.perpetua.eventlog.ReplyTail;
import io.perpetua.eventlog.ShardRunner;
import io.perpetua.risk.app.MarketDirectory;
import io.perpetua.risk.app.NewestMarks;
import io.perpetua.risk.app.RiskConfig;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * This process's part in the log, from its start to its end: follows revocations, agents, marks and
 * the catalogue, runs the user shards that fall to it, takes commands and waits for their outcomes.
 */
@ApplicationScoped
public class RiskLog implements LogProblems {
    private final RiskConfig config;
    private final String bootstrapServers;
    private final AgroalDataSource shardDatabase;
    private final NewestMarks marks;
    private final MarketDirectory directory;
    private final AccessTokens tokens;
    private final Agents agents;
    private final SystemEvents events;
    private final MeterRegistry metrics;
    private volatile @Nullable Running running;

    private record Running(
            Eventlog eventlog, ShardRunner shards, Gateway gateway, ReplyTail replies) {}

    RiskLog(
            RiskConfig config,
            @ConfigProperty(name = "perpetua.kafka.bootstrap-servers") String bootstrapServers,
            @DataSource("shard") AgroalDataSource shardDatabase,
            NewestMarks marks,
            MarketDirectory directory,
            AccessTokens tokens,
            Agents agents,
            SystemEvents events,
            MeterRegistry metrics) {
        this.config = config;
        this.bootstrapServers = bootstrapServers;
        this.shardDatabase = shardDatabase;
        this.marks = marks;
        this.directory = directory;
        this.tokens = tokens;
        this.agents = agents;
        this.events = events;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        if (config.logEnabled()) {
            running = join();
        }
    }

    /** Marks come first, so that a shard that has loaded can decide. */
    private Running join() {
        Eventlog eventlog =
                Eventlog.open(
                        new EventlogSettings(
                                "risk",
                                config.instance(),
                                bootstrapServers,
                                config.shardWorkers(),
                                Topics.deadLetters("risk"),
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
                Topics.MARK_PRICES.name(),
                Topics.MARK_PRICES.partitions(),
                (key, value) -> marks.put(EventCodec.decode(MarkPrice.class, value)));
        eventlog.followNewest(
                Topics.MARKETS.name(),
                Topics.MARKETS.partitions(),
                (key, value) -> directory.put(EventCodec.decode(Market.class, value)));
        ShardRunner shards = eventlog.run(new RiskShardGroup(marks, metrics), shardDatabase);
        events.watch("risk", shards::owned);
        Gateway gateway = eventlog.gateway(shardDatabase);
        ReplyTail replies =
                eventlog.tailReplies(
                        gateway,
                        Topics.POSITION_EVENTS.name(),
                        Topics.POSITION_EVENTS.partitions());
        return new Running(eventlog, shards, gateway, replies);
    }

    void stop(@Observes ShutdownEvent event) {
        Running ending = running;
        running = null;
        if (ending != null) {
            ending.eventlog().close();
        }
    }

    private Running joined() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("this process has not joined the log");
        }
        return now;
    }

    Eventlog eventlog() {
        return joined().eventlog();
    }

    Gateway gateway() {
        return joined().gateway();
    }

    ReplyTail replies() {
        return joined().replies();
    }

    @Override
    public List<String> problems() {
        Running now = running;
        return now == null ? List.of() : now.eventlog().problems();
    }
}
