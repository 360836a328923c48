package io.perpetua.accounts.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.accounts.app.RewrapSecretsHandler.Rewrapped;
import io.perpetua.edge.system.SystemEventType;
import io.perpetua.edge.system.SystemEvents;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Looks every now and then whether the key file has a new wrapping key, and has everything wrapped
 * by it. The gauge {@code perpetua_vault_secrets_of_older_keys} is zero when the older keys can be
 * thrown away; {@code perpetua_vault_secrets_unopenable} is zero unless somebody tampered.
 */
@ApplicationScoped
public class RewrapWatch {
    private static final Logger LOG = Logger.getLogger(RewrapWatch.class);

    private final RewrapSecretsHandler rewrapping;
    private final SecretKeys keys;
    private final AccountsConfig config;
    private final SystemEvents events;
    private final AtomicLong left = new AtomicLong();
    private final AtomicLong unopenable = new AtomicLong();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("rewrap-watch").factory());

    /** With what it starts and where it counts. */
    public RewrapWatch(
            RewrapSecretsHandler rewrapping,
            SecretKeys keys,
            AccountsConfig config,
            SystemEvents events,
            MeterRegistry metrics) {
        this.rewrapping = rewrapping;
        this.keys = keys;
        this.config = config;
        this.events = events;
        metrics.gauge("perpetua.vault.secrets.of.older.keys", left);
        metrics.gauge("perpetua.vault.secrets.unopenable", unopenable);
    }

    void start(@Observes StartupEvent started) {
        if (config.shardsEnabled()) {
            int seconds = config.rewrapSeconds();
            var _ =
                    timer.scheduleWithFixedDelay(
                            this::lookSafely, seconds, seconds, TimeUnit.SECONDS);
        }
    }

    void stop(@Observes ShutdownEvent stopping) {
        timer.shutdownNow();
    }

    /** The next turn goes on where this one was broken off. */
    private void lookSafely() {
        try {
            look();
        } catch (SQLException | RuntimeException failed) {
            LOG.warnf("secrets can't be wrapped anew now: %s", failed);
            events.record(
                    SystemEventType.JOB_FAILED,
                    Map.of("job", "rewrap-watch", "failure", failed.getClass().getSimpleName()));
        }
    }

    private void look() throws SQLException {
        Rewrapped done = rewrapping.handle();
        left.set(done.left());
        if (unopenable.getAndSet(done.unopenable()) < done.unopenable()) {
            events.record(SystemEventType.SECRET_UNOPENABLE, Map.of("secrets", done.unopenable()));
        }
        if (done.rewrapped() > 0 && done.left() == 0) {
            LOG.infof(
                    "the key %s wraps every secret: of the %d keys in the file it is the only one"
                            + " in use",
                    done.newest(), keys.keyRing().all().size());
            events.record(
                    SystemEventType.SECRETS_REWRAPPED,
                    Map.of("key", done.newest(), "secrets", done.rewrapped()));
        }
    }
}
