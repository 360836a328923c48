package io.perpetua.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./perpetua bench}: one subcommand a thing that is measured. */
@Command(
        name = "./perpetua bench",
        description = "Measures the exchange.",
        mixinStandardHelpOptions = true,
        subcommands = {
            CoreBench.class,
            EventsBench.class,
            OrdersBench.class,
            PricesBench.class,
            MarksBench.class,
            RiskBench.class,
            RecoveryBench.class,
            HistoryBench.class,
            StreamsBench.class
        })
public final class Bench {
    private Bench() {}

    /** Runs the subcommand. */
    public static void main(String[] arguments) {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }
}
