package io.perpetua.accounts.messaging;

import io.agroal.api.AgroalDataSource;
import io.perpetua.accounts.app.AccountsConfig;
import io.perpetua.accounts.app.SecretKeys;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.accounts.Agent;
import io.perpetua.contracts.accounts.SignInRevoked;
import io.perpetua.edge.AccessTokens;
import io.perpetua.edge.Agents;
import io.perpetua.edge.system.SystemEvents;
import io.perpetua.eventlog.Eventlog;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Starts what runs without being asked: the shards of settlements, of market decisions and of
 * valuations, the relay of events, and the reading of revocations and agents, by which an instance
 * knows what another one did, also before it started.
 */
@ApplicationScoped
public class ServiceStart {
    private final Eventlog log;
    private final SettlementShards settlements;
    private final MarketDecisionShards marketDecisions;
    private final ValuationShards valuations;
    private final SecretKeys keys;
    private final AccessTokens tokens;
    private final Agents agents;
    private final AccountsConfig config;
    private final SystemEvents events;
    private final AgroalDataSource shardDatabase;

    /** With what it starts. */
    public ServiceStart(
            Eventlog log,
            SettlementShards settlements,
            MarketDecisionShards marketDecisions,
            ValuationShards valuations,
            SecretKeys keys,
            AccessTokens tokens,
            Agents agents,
            AccountsConfig config,
            SystemEvents events,
            @DataSource("shard") AgroalDataSource shardDatabase) {
        this.log = log;
        this.settlements = settlements;
        this.marketDecisions = marketDecisions;
        this.valuations = valuations;
        this.keys = keys;
        this.tokens = tokens;
        this.agents = agents;
        this.config = config;
        this.events = events;
        this.shardDatabase = shardDatabase;
    }

    void start(@Observes StartupEvent started) {
        if (config.shardsEnabled()) {
            keys.load();
            log.followNewest(
                    Topics.TOKEN_REVOCATIONS.name(),
                    Topics.TOKEN_REVOCATIONS.partitions(),
                    (key, value) -> tokens.revoke(EventCodec.decode(SignInRevoked.class, value)));
            log.followNewest(
                    Topics.AGENTS.name(),
                    Topics.AGENTS.partitions(),
                    (key, value) -> agents.put(EventCodec.decode(Agent.class, value)));
            log.relay(UserEventOutbox.SOURCE, shardDatabase);
            events.watch(settlements.name(), log.run(settlements, shardDatabase)::owned);
            events.watch(marketDecisions.name(), log.run(marketDecisions, shardDatabase)::owned);
            events.watch(valuations.name(), log.run(valuations, shardDatabase)::owned);
        }
    }
}
