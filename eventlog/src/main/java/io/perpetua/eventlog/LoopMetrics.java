package io.perpetua.eventlog;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What one worker of a group, or a relay, counts. */
final class LoopMetrics {
    final Counter records;
    final Counter repeats;
    final Counter gaps;
    final Counter resends;
    final Counter refused;
    final Counter failures;
    final DistributionSummary batchRecords;
    final Timer commit;
    final AtomicLong lag;
    final AtomicInteger unconfirmed;
    final AtomicInteger owned;
    final AtomicInteger stopped;
    final AtomicLong gapMillis;

    LoopMetrics(MeterRegistry registry, String group, int worker) {
        Tags tags = Tags.of("group", group, "worker", Integer.toString(worker));
        records = registry.counter("perpetua_eventlog_records", tags);
        repeats = registry.counter("perpetua_eventlog_repeats", tags);
        gaps = registry.counter("perpetua_eventlog_gaps", tags);
        resends = registry.counter("perpetua_eventlog_resends", tags);
        refused = registry.counter("perpetua_eventlog_dead_letters", tags);
        failures = registry.counter("perpetua_eventlog_failed_batches", tags);
        batchRecords =
                DistributionSummary.builder("perpetua_eventlog_batch_records")
                        .description("records processed by a commit")
                        .tags(tags)
                        .register(registry);
        commit =
                Timer.builder("perpetua_eventlog_commit")
                        .description("from a batch's first statement to the end of its commit")
                        .tags(tags)
                        .register(registry);
        lag = registry.gauge("perpetua_eventlog_lag_records", tags, new AtomicLong());
        unconfirmed =
                registry.gauge("perpetua_eventlog_unconfirmed_batches", tags, new AtomicInteger());
        owned = registry.gauge("perpetua_eventlog_owned_shards", tags, new AtomicInteger());
        stopped = registry.gauge("perpetua_eventlog_stopped_shards", tags, new AtomicInteger());
        gapMillis = registry.gauge("perpetua_eventlog_gap_millis", tags, new AtomicLong());
    }
}
