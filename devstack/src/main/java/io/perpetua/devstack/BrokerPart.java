package io.perpetua.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;

/** The Kafka broker, a process of its own that runs {@link Broker}. */
final class BrokerPart implements Part {
    private final StateFolder state;
    private final int port;
    private final int controllerPort;

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
    public List<String> command() {
        return Java.command(
                List.of("-Xms64m", "-Xmx320m", "-XX:TieredStopAtLevel=1"),
                Broker.class,
                state.root().toString(),
                Integer.toString(port),
                Integer.toString(controllerPort));
    }

    @Override
    public boolean isReady() {
        return Files.exists(state.brokerReady());
    }
}
