package io.perpetua.systemtests.crash;

import io.perpetua.systemtests.Stack;
import io.perpetua.testkit.Repository;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every part is killed, and owners of shards sleep while others take over, while clients trade;
 * then no answer contradicts another, and the books are what an obvious market makes of the log.
 */
class CrashIT {
    @TestFactory
    Stream<DynamicTest> shouldContradictNothingWhenEverythingIsKilled() {
        return CrashCase.chosen().stream()
                .map(given -> DynamicTest.dynamicTest("seed " + given.seed(), () -> run(given)));
    }

    /** On a stack of its own: the obvious market knows all that the real one was told. */
    private static void run(CrashCase given) throws InterruptedException {
        System.out.printf("seed %d runs %d s%n", given.seed(), given.seconds());
        try (Stack stack = Stack.alone()) {
            run(given, stack);
        }
    }

    private static void run(CrashCase given, Stack stack) throws InterruptedException {
        CrashRun run = new CrashRun(stack, given);
        try {
            run.run();
        } catch (AssertionError | RuntimeException failed) {
            Path kept = Repository.root().resolve("system-tests/target/crash-" + given.seed());
            run.keep(kept);
            // On one line, and said at once: of a long run, summaries keep little more.
            String what =
                    "seed %d: %s; logs and history are in %s"
                            .formatted(
                                    given.seed(),
                                    failed.toString().strip().replaceAll("\\s+", " "),
                                    kept);
            System.out.println("FAILED " + what);
            throw new AssertionError(what, failed);
        }
    }
}
