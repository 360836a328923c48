package io.perpetua.edge.system;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.edge.LogProblems;
import io.perpetua.edge.Pause;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Records what happens to the service. To record costs its caller nothing but memory that is
 * bounded by the number of types: a thread of its own writes, the first of a type at once and then
 * at most one a minute, with how many there were. What a process that is killed had not written is
 * lost; it is in the service's log.
 */
@ApplicationScoped
public class SystemEvents {
    private static final Logger LOG = Logger.getLogger(SystemEvents.class);
    private static final long TURN_MILLIS = 1_000;
    private static final Pause BETWEEN = new Pause(Duration.ofMinutes(1));
    private static final Pause FORGETTING = new Pause(Duration.ofHours(1));
    private static final int LONGEST_DATA = 4_096;

    private final SystemEventStore store;
    private final SystemEventsConfig config;
    private final Clock clock;
    private final Instance<LogProblems> log;
    private final String instance;
    private final ObjectMapper json = new ObjectMapper();
    private final Map<SystemEventType, Pending> pending = new EnumMap<>(SystemEventType.class);
    private final Map<SystemEventType, Instant> written = new EnumMap<>(SystemEventType.class);
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("system-events").factory());
    private boolean ready;
    private volatile boolean isFailing;
    private Instant forgottenAt = Instant.MIN;

    /** With where it writes. */
    public SystemEvents(
            SystemEventStore store,
            SystemEventsConfig config,
            Clock clock,
            Instance<LogProblems> log,
            @ConfigProperty(name = "quarkus.application.name") String service,
            @ConfigProperty(name = "quarkus.http.port") int port) {
        if (config.days() < 1) {
            throw new IllegalStateException("system events are kept for a day at least");
        }
        this.store = store;
        this.config = config;
        this.clock = clock;
        this.log = log;
        this.instance = service + ":" + port + "/" + ProcessHandle.current().pid();
    }

    /** What has not been written yet of a type. */
    record Pending(long count, String data, Instant at) {}

    /** The shards of a group that this instance runs, and those it ran at the last look. */
    private record Watched(Supplier<Set<Integer>> owned, Set<Integer> before) {}

    /**
     * Records that something happened.
     *
     * @param data texts, numbers and truth values, none of them secret or a user's own; left out
     *     when they are too long
     */
    public void record(SystemEventType type, Map<String, ?> data) {
        if (config.enabled()) {
            Pending one = new Pending(1, text(data), now());
            synchronized (pending) {
                pending.merge(type, one, SystemEvents::together);
            }
        }
    }

    /** Records from now on which shards of a group this instance takes and loses. */
    public void watch(String group, Supplier<Set<Integer>> owned) {
        watched.put(group, new Watched(owned, new TreeSet<>()));
    }

    private static Pending together(Pending earlier, Pending later) {
        return new Pending(earlier.count() + later.count(), later.data(), later.at());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private String text(Map<String, ?> data) {
        Map<String, Object> all = new TreeMap<>(data);
        all.put("instance", instance);
        try {
            String text = json.writeValueAsString(all);
            return text.getBytes(StandardCharsets.UTF_8).length <= LONGEST_DATA
                    ? text
                    : json.writeValueAsString(Map.of("instance", instance, "tooLong", true));
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException("data that JSON can't say", impossible);
        }
    }

    void start(@Observes StartupEvent started) {
        if (config.enabled()) {
            record(SystemEventType.SERVICE_STARTED, Map.of());
            var _ = timer.scheduleWithFixedDelay(this::turn, 0, TURN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    void stop(@Observes ShutdownEvent stopping) {
        if (config.enabled()) {
            timer.shutdown();
            record(SystemEventType.SERVICE_STOPPED, Map.of());
            safely(() -> write(true));
        }
    }

    private void turn() {
        safely(
                () -> {
                    look();
                    write(false);
                    forget();
                });
    }

    private interface Step {
        void run() throws SQLException;
    }

    /** What was broken off goes on in the next turn. That it fails is said once, until it works. */
    private void safely(Step step) {
        try {
            step.run();
            isFailing = false;
        } catch (SQLException | RuntimeException failed) {
            if (!isFailing) {
                LOG.warnf("system events can't be kept until further notice: %s", failed);
            }
            isFailing = true;
        }
    }

    private void look() {
        if (!ready && log.isResolvable() && log.get().problems().isEmpty()) {
            ready = true;
            record(SystemEventType.SERVICE_READY, Map.of());
        }
        Map<String, Set<Integer>> taken = new TreeMap<>();
        Map<String, Set<Integer>> lost = new TreeMap<>();
        watched.forEach(
                (group, shards) -> {
                    Set<Integer> now = new TreeSet<>(shards.owned().get());
                    put(taken, group, without(now, shards.before()));
                    put(lost, group, without(shards.before(), now));
                    watched.put(group, new Watched(shards.owned(), now));
                });
        recordShards(SystemEventType.SHARDS_TAKEN, taken);
        recordShards(SystemEventType.SHARDS_LOST, lost);
    }

    private static void put(Map<String, Set<Integer>> changes, String group, Set<Integer> shards) {
        if (!shards.isEmpty()) {
            changes.put(group, shards);
        }
    }

    private void recordShards(SystemEventType type, Map<String, Set<Integer>> shards) {
        if (!shards.isEmpty()) {
            record(type, Map.of("shards", shards));
        }
    }

    private static Set<Integer> without(Set<Integer> these, Set<Integer> those) {
        Set<Integer> left = new TreeSet<>(these);
        left.removeAll(those);
        return left;
    }

    /** Writes what is due; all of it at the end. */
    private void write(boolean isAll) throws SQLException {
        for (SystemEventType type : SystemEventType.values()) {
            Pending due = take(type, isAll);
            if (due != null) {
                try {
                    store.add(type, due);
                } catch (SQLException failed) {
                    putBack(type, due);
                    throw failed;
                }
            }
        }
    }

    private @Nullable Pending take(SystemEventType type, boolean isAll) {
        Instant now = clock.instant();
        synchronized (pending) {
            Instant last = written.get(type);
            boolean isDue = isAll || last == null || BETWEEN.isOver(last, now);
            if (!isDue || !pending.containsKey(type)) {
                return null;
            }
            written.put(type, now);
            return pending.remove(type);
        }
    }

    private void putBack(SystemEventType type, Pending failed) {
        synchronized (pending) {
            pending.merge(type, failed, (later, earlier) -> together(earlier, later));
            written.remove(type);
        }
    }

    private void forget() throws SQLException {
        Instant now = clock.instant();
        if (FORGETTING.isOver(forgottenAt, now)) {
            forgottenAt = now;
            store.forget(now.minus(Duration.ofDays(config.days())));
        }
    }
}
