package io.perpetua.devstack;

import io.vertx.core.net.SocketAddress;
import java.util.List;

/**
 * The processes of one service, and which of them are ready. They take turns; when none is ready,
 * all do, so that the one that comes back is found. Used by one event loop.
 */
final class Replicas {
    private final List<Replica> all;
    private int turn;

    /** On these loopback ports. */
    Replicas(List<Integer> ports) {
        all = ports.stream().map(Replica::new).toList();
    }

    /** One process. */
    static final class Replica {
        private final SocketAddress address;
        private boolean live = true;

        private Replica(int port) {
            address = SocketAddress.inetSocketAddress(port, "127.0.0.1");
        }

        SocketAddress address() {
            return address;
        }

        void isLive(boolean nowLive) {
            live = nowLive;
        }
    }

    List<Replica> all() {
        return all;
    }

    int count() {
        return all.size();
    }

    /** Whose turn it is. */
    Replica next() {
        for (int i = 0; i < all.size(); i++) {
            Replica candidate = step();
            if (candidate.live) {
                return candidate;
            }
        }
        return step();
    }

    private Replica step() {
        turn = (turn + 1) % all.size();
        return all.get(turn);
    }
}
