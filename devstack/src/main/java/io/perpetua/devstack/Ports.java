package io.perpetua.devstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The loopback ports of a stack.
 *
 * @param shift by how much the front door and the services are moved up from their documented ports
 */
record Ports(int shift, int postgres, int broker, int controller) {
    private static final int REPLICA_STEP = 10;
    private static final int FREE_FROM = 20_000;
    private static final int FREE_TO = 32_000;

    /** The documented ports, all moved up by the same number. */
    static Ports shifted(int shift) {
        return new Ports(shift, 15432 + shift, 19092 + shift, 19093 + shift);
    }

    /**
     * Three free ports for the backends. They lie below the range from which the kernel picks the
     * local end of outgoing connections, so that none is taken between this look and its use.
     */
    static Ports free() {
        Set<Integer> found = new HashSet<>();
        while (found.size() < 3) {
            int port = ThreadLocalRandom.current().nextInt(FREE_FROM, FREE_TO);
            if (isFree(port)) {
                found.add(port);
            }
        }
        Integer[] ports = found.toArray(Integer[]::new);
        return new Ports(0, ports[0], ports[1], ports[2]);
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    int frontDoor() {
        return 8080 + shift;
    }

    int of(Service service) {
        return of(service, 1);
    }

    /** Of one of a service's replicas, which count from 1. */
    int of(Service service, int replica) {
        return service.port() + (replica - 1) * REPLICA_STEP + shift;
    }
}
