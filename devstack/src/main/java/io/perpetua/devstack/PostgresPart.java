package io.perpetua.devstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * PostgreSQL as a direct child of the supervisor, durable: fsync and synchronous commit are on.
 *
 * <p>It runs in the foreground, not under {@code pg_ctl}, so it never outlives the stack.
 */
final class PostgresPart implements Part {
    private static final String MAJOR_VERSION = "18";
    private static final int STATUS_LINE = 7;

    private final StateFolder state;
    private final int port;

    PostgresPart(StateFolder state, int port) {
        this.state = state;
        this.port = port;
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void prepare() {
        Path data = state.postgresData();
        try {
            PostgresBinaries.unpacked();
            if (!Files.exists(data)) {
                initialise(data);
            }
            String version = Files.readString(data.resolve("PG_VERSION")).strip();
            if (!version.equals(MAJOR_VERSION)) {
                throw new StackException(
                        "%s was made by PostgreSQL %s, this is %s. Choose another --data folder."
                                .formatted(data, version, MAJOR_VERSION));
            }
        } catch (IOException e) {
            throw new StackException("Can't prepare the database folder " + data + ": " + e);
        }
    }

    /** The data folder appears under its name in one step, when it is whole. */
    private void initialise(Path data) throws IOException {
        Path partial = data.resolveSibling("postgres.partial");
        PostgresBinaries.deleteAll(partial);
        Files.createDirectory(
                partial,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path passwordFile = Files.createTempFile(state.run(), "initdb", "");
        try {
            Files.writeString(passwordFile, state.databasePassword());
            Unprivileged.here().own(partial);
            Unprivileged.here().own(state.run());
            List<String> command =
                    Unprivileged.here()
                            .wrap(
                                    List.of(
                                            program("initdb"),
                                            "--pgdata=" + partial,
                                            "--username=" + DatabaseBootstrap.SUPERUSER,
                                            "--pwfile=" + passwordFile,
                                            "--auth=scram-sha-256",
                                            "--encoding=UTF8",
                                            "--locale-provider=builtin",
                                            "--builtin-locale=C.UTF-8",
                                            "--locale=C",
                                            "--no-instructions"));
            Process initdb =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(state.log(name()).toFile()))
                            .start();
            if (initdb.waitFor() != 0) {
                throw new StackException(
                        "PostgreSQL could not make its data folder; see " + state.log(name()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Interrupted while PostgreSQL made its data folder");
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        Files.move(partial, data, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public List<String> command(boolean recordsAotCache) {
        List<String> command = new ArrayList<>();
        command.add(program("postgres"));
        command.add("-D");
        command.add(state.postgresData().toString());
        Stream.of(
                        "port=" + port,
                        "listen_addresses=127.0.0.1",
                        "unix_socket_directories=",
                        "fsync=on",
                        "synchronous_commit=on",
                        "full_page_writes=on",
                        "max_connections=200",
                        "shared_buffers=256MB",
                        "max_wal_size=2GB",
                        "random_page_cost=1.1",
                        "jit=off",
                        "max_parallel_workers_per_gather=0",
                        "tcp_user_timeout=5000",
                        "timezone=UTC",
                        "log_timezone=UTC",
                        "log_line_prefix=%m [%p] %q%u@%d ")
                .forEach(
                        setting -> {
                            command.add("-c");
                            command.add(setting);
                        });
        return Unprivileged.here().wrap(command);
    }

    /**
     * The eighth line of the server's own pid file says when it accepts connections. A server that
     * was killed leaves its file behind.
     */
    @Override
    public boolean isReady() {
        if (running().isEmpty()) {
            return false;
        }
        try {
            List<String> lines = Files.readAllLines(pidFile());
            return lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void finish() {
        try {
            DatabaseBootstrap.ofStack(port, state.databasePassword())
                    .prepareDatabase(DatabaseBootstrap.DATABASE);
        } catch (SQLException e) {
            throw new StackException("Can't prepare the database: " + e.getMessage());
        }
    }

    /** Fast shutdown: open sessions are ended, a checkpoint is written. */
    @Override
    public String stopSignal() {
        return "INT";
    }

    /** The server that uses this data folder now, by its own pid file; absent if none runs. */
    Optional<ProcessHandle> running() {
        try {
            List<String> lines = Files.readAllLines(pidFile());
            if (lines.isEmpty()) {
                return Optional.empty();
            }
            return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                    .filter(process -> process.info().command().orElse("").endsWith("/postgres"));
        } catch (IOException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    private Path pidFile() {
        return state.postgresData().resolve("postmaster.pid");
    }

    private static String program(String name) {
        return PostgresBinaries.unpacked().resolve("bin").resolve(name).toString();
    }
}
