package io.perpetua.accounts.messaging;

import io.agroal.api.AgroalDataSource;
import io.perpetua.accounts.app.AccountsConfig;
import io.perpetua.accounts.app.SecretKeys;
import io.perpetua.eventlog.Eventlog;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Starts what runs without being asked: the settlement shards and the relay of user events. */
@ApplicationScoped
public class ServiceStart {
    private final Eventlog log;
    private final SettlementShards settlements;
    private final SecretKeys keys;
    private final AccountsConfig config;
    private final AgroalDataSource shardDatabase;

    /** With what it starts. */
    public ServiceStart(
            Eventlog log,
            SettlementShards settlements,
            SecretKeys keys,
            AccountsConfig config,
            @DataSource("shard") AgroalDataSource shardDatabase) {
        this.log = log;
        this.settlements = settlements;
        this.keys = keys;
        this.config = config;
        this.shardDatabase = shardDatabase;
    }

    void start(@Observes StartupEvent started) {
        if (config.shardsEnabled()) {
            keys.load();
            log.relay(UserEventOutbox.SOURCE, shardDatabase);
            log.run(settlements, shardDatabase);
        }
    }
}
