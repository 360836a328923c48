package io.perpetua.accounts.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.edge.LogProblems;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.EventlogSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The service's door to the log. */
@ApplicationScoped
public class AccountsLog {
    private static final String SERVICE = "accounts";

    @Produces
    @Singleton
    Eventlog open(
            @ConfigProperty(name = "perpetua.kafka.bootstrap-servers") String bootstrapServers,
            @ConfigProperty(name = "perpetua.instance") Optional<String> instance,
            @ConfigProperty(name = "quarkus.http.port") int port,
            MeterRegistry metrics) {
        return Eventlog.open(
                EventlogSettings.of(
                        SERVICE,
                        instance.orElseGet(() -> hostName() + ":" + port),
                        bootstrapServers,
                        metrics));
    }

    @Produces
    @Singleton
    LogProblems problems(Eventlog log) {
        return log::problems;
    }

    void close(@Disposes Eventlog log) {
        log.close();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return "localhost";
        }
    }
}
