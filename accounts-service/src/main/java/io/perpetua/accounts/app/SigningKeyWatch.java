package io.perpetua.accounts.app;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Has the signing keys looked at while the service runs, so that they change by age. */
@ApplicationScoped
public class SigningKeyWatch {
    private static final Logger LOG = Logger.getLogger(SigningKeyWatch.class);

    private final SecretKeys keys;
    private final AccountsConfig config;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("signing-key-watch").factory());

    /** With the keys. */
    public SigningKeyWatch(SecretKeys keys, AccountsConfig config) {
        this.keys = keys;
        this.config = config;
    }

    void start(@Observes StartupEvent started) {
        if (config.shardsEnabled()) {
            long millis = keys.schedule().lookEvery().toMillis();
            var _ =
                    timer.scheduleWithFixedDelay(
                            this::lookSafely, millis, millis, TimeUnit.MILLISECONDS);
        }
    }

    void stop(@Observes ShutdownEvent stopping) {
        timer.shutdownNow();
    }

    /** The next turn tries again: a key is announced long enough for some to be missed. */
    private void lookSafely() {
        try {
            keys.tend();
        } catch (RuntimeException failed) {
            LOG.warnf("the signing keys can't be looked at now: %s", failed);
        }
    }
}
