package io.perpetua.devstack;

import java.util.ArrayList;
import java.util.List;

/** The front door, a process of its own that runs {@link FrontDoor}. */
final class FrontDoorPart implements Part {
    private final Ports ports;

    FrontDoorPart(Ports ports) {
        this.ports = ports;
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
            what.add(Integer.toString(ports.of(service)));
        }
        return Java.command(List.of("-Xms32m", "-Xmx128m"), what);
    }

    @Override
    public boolean isReady() {
        return Health.isOk(ports.frontDoor(), "/swagger-initializer.js");
    }
}
