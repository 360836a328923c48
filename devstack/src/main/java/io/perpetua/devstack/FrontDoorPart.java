package io.perpetua.devstack;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The front door, a process of its own that runs {@link FrontDoor}. */
final class FrontDoorPart implements Part {
    private final Ports ports;
    private final ToIntFunction<Service> replicas;

    /**
     * @param replicas how many processes of a service run
     */
    FrontDoorPart(Ports ports, ToIntFunction<Service> replicas) {
        this.ports = ports;
        this.replicas = replicas;
    }

    @Override
    public String name() {
        return "front-door";
    }

    @Override
    public int port() {
        return ports.frontDoor();
    }

    @Override
    public int rank() {
        return 2;
    }

    @Override
    public List<String> command(boolean recordsAotCache) {
        List<String> what = new ArrayList<>();
        what.add("-cp");
        what.add(System.getProperty("java.class.path"));
        what.add(FrontDoor.class.getName());
        what.add(Integer.toString(ports.frontDoor()));
        for (Service service : Service.values()) {
            what.add(
                    IntStream.rangeClosed(1, replicas.applyAsInt(service))
                            .mapToObj(replica -> Integer.toString(ports.of(service, replica)))
                            .collect(Collectors.joining(",")));
        }
        return Java.command(List.of("-Xms32m", "-Xmx128m"), what);
    }

    @Override
    public boolean isReady() {
        return Health.isOk(ports.frontDoor(), "/swagger-initializer.js");
    }
}
