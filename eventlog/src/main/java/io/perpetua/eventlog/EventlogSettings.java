package io.perpetua.eventlog;

import io.micrometer.core.instrument.MeterRegistry;

/**
 * What an {@link Eventlog} needs to know about its process.
 *
 * @param service names the service in dead letters, metrics and client ids, for example {@code
 *     risk}
 * @param instance names this process among those of its service; the same name after a restart
 *     takes its shards back at once. Never two living processes with one name
 * @param bootstrapServers the brokers, {@code host:port,host:port}
 * @param workers threads that share the shards of each group
 * @param deadLetterTopic where commands are copied that could not be processed
 * @param metrics where {@code perpetua_eventlog_*} is counted
 */
public record EventlogSettings(
        String service,
        String instance,
        String bootstrapServers,
        int workers,
        String deadLetterTopic,
        MeterRegistry metrics) {
    /** Refuses settings nothing can run with. */
    public EventlogSettings {
        if (service.isBlank() || instance.isBlank() || bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("service, instance and brokers need a name");
        }
        if (workers < 1) {
            throw new IllegalArgumentException("at least one worker");
        }
    }

    /** One worker a group, and dead letters to {@code <service>.dead-letters.v1}. */
    public static EventlogSettings of(
            String service, String instance, String bootstrapServers, MeterRegistry metrics) {
        return new EventlogSettings(
                service, instance, bootstrapServers, 1, service + ".dead-letters.v1", metrics);
    }
}
