package io.perpetua.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The Kafka broker, a process of its own that runs {@link Broker}. */
final class BrokerPart implements Part {
    private final StateFolder state;
    private final int port;
    private final int controllerPort;
    private final AotCache cache = AotCache.ofThisClassPath(Broker.class);

    BrokerPart(StateFolder state, int port, int controllerPort) {
        this.state = state;
        this.port = port;
        this.controllerPort = controllerPort;
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public List<Integer> otherPorts() {
        return List.of(controllerPort);
    }

    @Override
    public void prepare() {
        try {
            Files.deleteIfExists(state.brokerReady());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> command(boolean recordsAotCache) {
        List<String> options = new ArrayList<>(recordsAotCache ? cache.record() : cache.use());
        options.addAll(List.of("-Xms192m", "-Xmn96m", "-Xmx320m"));
        return Java.command(
                options,
                List.of(
                        "-cp",
                        cache.classPath(),
                        Broker.class.getName(),
                        state.root().toString(),
                        Integer.toString(port),
                        Integer.toString(controllerPort)));
    }

    @Override
    public Optional<AotCache> aotCache() {
        return Optional.of(cache);
    }

    @Override
    public boolean isReady() {
        return Files.exists(state.brokerReady());
    }
}
