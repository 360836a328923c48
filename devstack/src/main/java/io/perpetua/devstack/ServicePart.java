package io.perpetua.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One of the four services, from what its module's build makes: jars, or a native executable.
 *
 * <p>The jars of the fast-jar layout go on an ordinary class path, rewritten classes first, because
 * an ahead-of-time cache can't hold what the layout's own class loader loads.
 */
final class ServicePart implements Part {
    private final Service service;
    private final int replica;
    private final Path folder;
    private final int port;
    private final boolean isNative;
    private final Map<String, String> environment;

    /**
     * @param replica which process of the service it is, counted from 1
     */
    ServicePart(
            Service service,
            int replica,
            Path root,
            int port,
            boolean isNative,
            Map<String, String> environment) {
        this.service = service;
        this.replica = replica;
        this.folder = root.resolve(service.module()).resolve("target/quarkus-app");
        this.isNative = isNative;
        this.port = port;
        this.environment = environment;
    }

    @Override
    public String name() {
        return replica == 1 ? service.label() : service.label() + "-" + replica;
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
        if (isNative && !Files.isExecutable(nativeExecutable())) {
            throw new StackException(
                    "%s has no native executable in %s. Make it, with GRAALVM_HOME set: ./mvnw package -Dnative -DskipTests -pl %s -am"
                            .formatted(service.label(), folder.getParent(), service.module()));
        }
        if (!isNative && !Files.exists(runnable())) {
            throw new StackException(folder + " is missing: the build did not make it.");
        }
    }

    /** Without a cache, the layout's own loader is the faster one. */
    @Override
    public List<String> command(boolean recordsAotCache) {
        if (isNative) {
            return List.of(nativeExecutable().toString(), "-Xmx512m");
        }
        AotCache cache = cache();
        List<String> options =
                new ArrayList<>(
                        List.of(
                                "-Xms128m",
                                "-Xmx512m",
                                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
        if (!recordsAotCache && !cache.isFresh()) {
            return Java.command(options, List.of("-jar", runnable().toString()));
        }
        options.addAll(recordsAotCache ? cache.record() : cache.use());
        return Java.command(
                options, List.of("-cp", cache.classPath(), "io.quarkus.runner.GeneratedMain"));
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public boolean isReady() {
        return Health.isOk(port, "/q/health/ready");
    }

    /** Replicas share one cache, which the first of them makes. */
    @Override
    public Optional<AotCache> aotCache() {
        return isNative || replica > 1 ? Optional.empty() : Optional.of(cache());
    }

    private Path nativeExecutable() {
        try (Stream<Path> files = Files.list(Objects.requireNonNull(folder.getParent()))) {
            return files.filter(file -> file.toString().endsWith("-runner"))
                    .findFirst()
                    .orElse(folder.resolveSibling(service.module() + "-runner"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path runnable() {
        return folder.resolve("quarkus-run.jar");
    }

    private AotCache cache() {
        List<Path> jars =
                Stream.of("quarkus", "app", "lib/boot", "lib/main")
                        .flatMap(name -> jarsIn(name).stream())
                        .toList();
        return AotCache.in(Objects.requireNonNull(folder.getParent()), service.label(), jars);
    }

    /** In reverse order of their names, which puts the rewritten classes before the generated. */
    private List<Path> jarsIn(String name) {
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
