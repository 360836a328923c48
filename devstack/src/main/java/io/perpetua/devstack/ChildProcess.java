package io.perpetua.devstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Starts and signals processes that must not outlive this one.
 *
 * <p>On Linux a child runs in a session of its own, so that Ctrl-C reaches only its parent, which
 * stops all in order, and the kernel sends it its stop signal when the parent dies in whatever way.
 * The kernel means the parent's <em>thread</em>: children must be started from a thread that lives
 * as long as they may. Elsewhere a watcher process does the same a second later.
 */
final class ChildProcess {
    private static final boolean HAS_SETPRIV =
            Files.isExecutable(Path.of("/usr/bin/setpriv"))
                    && Files.isExecutable(Path.of("/usr/bin/setsid"));

    private ChildProcess() {}

    static Process start(
            List<String> command, Map<String, String> environment, Path log, String stopSignal)
            throws IOException {
        List<String> whole = new ArrayList<>();
        if (HAS_SETPRIV) {
            whole.add("setsid");
            whole.addAll(diesWithParent(command, stopSignal));
        } else {
            whole.addAll(command);
        }
        ProcessBuilder builder = new ProcessBuilder(whole);
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Process process = builder.start();
        if (!HAS_SETPRIV) {
            watchParent(process.pid(), stopSignal);
        }
        return process;
    }

    /** A change of user clears the request, so it goes in after the command's own wrapper. */
    private static List<String> diesWithParent(List<String> command, String stopSignal) {
        List<String> setpriv = List.of("setpriv", "--pdeathsig", stopSignal, "--");
        int at = Unprivileged.wrapperLength(command);
        List<String> whole = new ArrayList<>(command.subList(0, at));
        whole.addAll(setpriv);
        whole.addAll(command.subList(at, command.size()));
        return whole;
    }

    private static void watchParent(long pid, String stopSignal) throws IOException {
        String script =
                """
                trap '' INT TERM HUP
                while kill -0 %1$d; do kill -0 %2$d || exit; sleep 1; done
                kill -%3$s %2$d
                """
                        .formatted(ProcessHandle.current().pid(), pid, stopSignal);
        new ProcessBuilder("/bin/sh", "-c", script)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    static void signal(long pid, String signal) {
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new StackException("Can't signal process " + pid + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
