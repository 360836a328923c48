package io.perpetua.devstack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One of the four services, from the jar its module's build makes. */
final class ServicePart implements Part {
    private final Service service;
    private final Path root;
    private final int port;
    private final Map<String, String> environment;

    ServicePart(Service service, Path root, int port, Map<String, String> environment) {
        this.service = service;
        this.root = root;
        this.port = port;
        this.environment = environment;
    }

    @Override
    public String name() {
        return service.label();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public int rank() {
        return 1;
    }

    @Override
    public void prepare() {
        if (!Files.exists(jar())) {
            throw new StackException(jar() + " is missing: the build did not make it.");
        }
    }

    @Override
    public List<String> command() {
        return List.of(
                Java.program(),
                "-Xms128m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                jar().toString());
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public boolean isReady() {
        return Health.isOk(port, "/q/health/ready");
    }

    private Path jar() {
        return root.resolve(service.module()).resolve("target/quarkus-app/quarkus-run.jar");
    }
}
