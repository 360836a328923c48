package io.perpetua.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How long services take from their start until they are ready and have caught up, on a PostgreSQL
 * and a Kafka of their own. Every figure is that of one fresh process, the JVM's own start and
 * warm-up included.
 */
@Command(
        name = "recovery",
        description = "Restart to ready, and backlogs worked off, on backends of its own.",
        mixinStandardHelpOptions = true)
final class RecoveryBench implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--resting",
            defaultValue = "1000000",
            description = "orders on the books at a restart (default ${DEFAULT-VALUE})")
    private int resting;

    @Option(
            names = "--events",
            defaultValue = "1000000",
            description = "events that come once more (default ${DEFAULT-VALUE})")
    private int events;

    @Option(
            names = "--commands",
            defaultValue = "200000",
            description = "placements waiting at a restart (default ${DEFAULT-VALUE})")
    private int commands;

    @Option(
            names = "--starts",
            defaultValue = "3",
            description =
                    "starts on an empty database; the median counts (default ${DEFAULT-VALUE})")
    private int starts;

    @Option(
            names = "--workers",
            defaultValue = "1",
            description = "threads that share a service's shards (default ${DEFAULT-VALUE})")
    private int workers;

    @Option(
            names = "--heap",
            defaultValue = "1536m",
            description = "the services' largest heap (default ${DEFAULT-VALUE})")
    private String heap;

    @Option(
            names = "--jvm-option",
            description =
                    "one more option of the services' JVM, as for profiling, can be repeated;"
                            + " {start} in it becomes a name of the start")
    private List<String> jvmOptions = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        new RecoveryRun(
                        new RecoveryRun.Options(
                                resting, events, commands, starts, workers, heap, jvmOptions),
                        spec.commandLine().getOut())
                .run();
        return 0;
    }
}
