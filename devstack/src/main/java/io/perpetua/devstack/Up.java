package io.perpetua.devstack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The whole exchange, until it is told to stop: what {@code ./perpetua up} runs. */
public final class Up {
    private final Options options;
    private final StateFolder state;
    private final Ports ports;

    private Up(Options options) {
        this.options = options;
        this.state = StateFolder.open(options.data());
        this.ports = Ports.shifted(options.portShift());
    }

    /** What can be chosen on the command line. */
    private record Options(
            Path root,
            Path data,
            String feed,
            int portShift,
            int replicas,
            boolean makesAotCaches,
            List<String> nativeServices) {
        static Options parse(String[] arguments) {
            Map<String, String> given = new HashMap<>();
            for (int i = 0; i + 1 < arguments.length; i += 2) {
                given.put(arguments[i], arguments[i + 1]);
            }
            return new Options(
                    Path.of(given.getOrDefault("--root", ".")).toAbsolutePath().normalize(),
                    Path.of(given.getOrDefault("--data", ".perpetua")),
                    given.getOrDefault("--feed", "simulated"),
                    Integer.parseInt(given.getOrDefault("--port-shift", "0")),
                    Integer.parseInt(given.getOrDefault("--replicas", "1")),
                    given.getOrDefault("--prepare", "yes").equals("yes"),
                    List.of(given.getOrDefault("--native", "").split(",", -1)));
        }
    }

    /**
     * Options: {@code --root}, {@code --data}, {@code --feed}, {@code --port-shift}, {@code
     * --replicas}, {@code --prepare yes|no}, {@code --native} with the services that run as native
     * executables.
     */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            new Up(Options.parse(arguments)).run();
        } catch (StackException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private void run() throws InterruptedException {
        long beganNanos = System.nanoTime();
        Supervisor supervisor =
                new Supervisor(
                        state, line -> System.out.println("  " + line), options.makesAotCaches());
        supervisor.own();
        PostgresPart postgres = new PostgresPart(state, ports.postgres());
        List<Part> backends =
                List.of(new BrokerPart(state, ports.broker(), ports.controller()), postgres);
        List<Part> services = new ArrayList<>();
        for (Service service : Service.values()) {
            for (int replica = 1; replica <= replicasOf(service); replica++) {
                services.add(service(service, replica));
            }
        }
        services.add(new FrontDoorPart(ports, this::replicasOf));
        supervisor.clear(Stream.of(backends, services).flatMap(List::stream).toList(), postgres);
        Runtime.getRuntime().addShutdownHook(new Thread(supervisor::stop));
        try {
            supervisor.start(backends);
            supervisor.start(services);
        } catch (StackException e) {
            supervisor.abandon();
            throw e;
        }
        if (!supervisor.isStopAsked()) {
            System.out.printf(
                    "Perpetua is up after %.1f s: http://127.0.0.1:%d%n",
                    (System.nanoTime() - beganNanos) / 1e9, ports.frontDoor());
        }
        supervisor.tend();
    }

    private int replicasOf(Service service) {
        return service.isReplicated() ? options.replicas() : 1;
    }

    private Part service(Service service, int replica) {
        Map<String, String> environment = new HashMap<>();
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(ports.of(service, replica)));
        if (replica > 1) {
            environment.put(
                    "PERPETUA_" + service.schema().toUpperCase(Locale.ROOT) + "_INSTANCE",
                    service.label() + "-" + replica);
        }
        environment.put(
                "PERPETUA_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:%d/%s"
                        .formatted(ports.postgres(), DatabaseBootstrap.DATABASE));
        environment.put("PERPETUA_DATABASE_PASSWORD", state.databasePassword());
        environment.put("PERPETUA_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + ports.broker());
        environment.put("PERPETUA_ACCOUNTS_URL", "http://127.0.0.1:" + ports.of(Service.ACCOUNTS));
        environment.put("PERPETUA_ACCOUNTS_RISK_URL", "http://127.0.0.1:" + ports.of(Service.RISK));
        environment.put("PERPETUA_ACCOUNTS_FAUCET_ENABLED", "true");
        environment.put("PERPETUA_AGENTS_DOMAIN", "127.0.0.1:" + ports.frontDoor());
        // All of this machine's clients, the tests among them, share one address and few users.
        environment.put(
                "PERPETUA_BUDGETS_PERCENT",
                System.getenv().getOrDefault("PERPETUA_BUDGETS_PERCENT", "10000"));
        environment.put(
                "PERPETUA_STREAMS_CONNECTIONS_PER_ADDRESS_MAX",
                System.getenv()
                        .getOrDefault("PERPETUA_STREAMS_CONNECTIONS_PER_ADDRESS_MAX", "2500"));
        if (service == Service.ACCOUNTS) {
            environment.put("PERPETUA_ACCOUNTS_CUSTODIAN_SECRET", state.custodianSecret());
            environment.put("PERPETUA_ACCOUNTS_SIMULATED_CUSTODY_ENABLED", "true");
            environment.put(
                    "PERPETUA_ACCOUNTS_ASSETS",
                    System.getenv().getOrDefault("PERPETUA_ACCOUNTS_ASSETS", "USDT=1"));
            environment.put("PERPETUA_ACCOUNTS_WITHDRAWALS_ADDRESS_DELAY_SECONDS", "1");
            environment.put("PERPETUA_ACCOUNTS_WITHDRAWALS_UNVERIFIED_DAY_DOLLARS", "5000000");
            environment.put(
                    "PERPETUA_ACCOUNTS_ADMIN_BOOTSTRAP_FILE", state.adminBootstrap().toString());
        }
        environment.put(
                "PERPETUA_ACCOUNTS_KEY_FILE", state.root().resolve("accounts-key").toString());
        environment.put("PERPETUA_ACCOUNTS_SIGN_IN_DOMAIN", "127.0.0.1:" + ports.frontDoor());
        environment.put("PERPETUA_ACCOUNTS_SIGN_IN_URI", "http://127.0.0.1:" + ports.frontDoor());
        environment.put("PERPETUA_MARKET_DATA_FEED", options.feed());
        environment.put("PERPETUA_MARKET_DATA_REPLAY_ENABLED", "true");
        return new ServicePart(
                service,
                replica,
                options.root(),
                ports.of(service, replica),
                options.nativeServices().contains(service.label()),
                environment);
    }
}
