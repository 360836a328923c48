package io.perpetua.devstack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds out which process listens on a port. */
final class PortHolder {
    private static final int LOCAL_ADDRESS = 1;
    private static final int SOCKET_STATE = 3;
    private static final int INODE = 9;
    private static final String LISTENING = "0A";

    private PortHolder() {}

    static String describe(int port) {
        return listenerInode(port)
                .flatMap(PortHolder::owner)
                .or(() -> lsof(port))
                .map(PortHolder::name)
                .orElse("another process");
    }

    private static String name(ProcessHandle process) {
        return process.info()
                .commandLine()
                .map(line -> line.length() > 120 ? line.substring(0, 120) + ".." : line)
                .map(line -> "process %d (%s)".formatted(process.pid(), line))
                .orElse("process " + process.pid());
    }

    private static Optional<String> listenerInode(int port) {
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .flatMap(PortHolder::lines)
                .map(line -> List.of(line.strip().split("\\s+")))
                .filter(columns -> columns.size() > INODE)
                .filter(columns -> columns.get(LOCAL_ADDRESS).endsWith(suffix))
                .filter(columns -> columns.get(SOCKET_STATE).equals(LISTENING))
                .map(columns -> columns.get(INODE))
                .findFirst();
    }

    private static Stream<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file)).stream();
        } catch (IOException notHere) {
            return Stream.empty();
        }
    }

    private static Optional<ProcessHandle> owner(String inode) {
        Path target = Path.of("socket:[" + inode + "]");
        return ProcessHandle.allProcesses().filter(process -> holds(process, target)).findFirst();
    }

    private static boolean holds(ProcessHandle process, Path target) {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            return open.anyMatch(link -> target.equals(targetOf(link)));
        } catch (IOException notOurs) {
            return false;
        }
    }

    private static Path targetOf(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException closedMeanwhile) {
            return link;
        }
    }

    private static Optional<ProcessHandle> lsof(int port) {
        try {
            Process lsof =
                    new ProcessBuilder("lsof", "-t", "-sTCP:LISTEN", "-iTCP:" + port)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String out = new String(lsof.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return out.lines().findFirst().map(Long::parseLong).flatMap(ProcessHandle::of);
        } catch (IOException | NumberFormatException unknown) {
            return Optional.empty();
        }
    }
}
