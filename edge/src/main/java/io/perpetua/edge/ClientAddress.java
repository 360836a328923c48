package io.perpetua.edge;

import io.vertx.core.http.HttpServerRequest;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a request came from. The front door, which nobody gets around, says who its peer was as the
 * last word of {@code X-Forwarded-For}; what stands before it the client wrote.
 */
public final class ClientAddress {
    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:]{2,45}");

    /** Multicast, and so nobody's prefix: IPv4 addresses stand below it. */
    private static final long IPV4 = 0xFFFF_FFFF_0000_0000L;

    private static final long UNKNOWN = 0;

    private ClientAddress() {}

    /** The address as text, or null when the connection is gone. */
    public static @Nullable String of(HttpServerRequest request) {
        String forwarded = request.getHeader("X-Forwarded-For");
        if (forwarded != null) {
            String last = forwarded.substring(forwarded.lastIndexOf(',') + 1).strip();
            if (ADDRESS.matcher(last).matches()) {
                return last;
            }
        }
        return request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
    }

    /**
     * The network that shares a budget: an IPv4 address, or the first 64 bits of an IPv6 address,
     * for whoever has one has all the others of these.
     */
    public static long network(@Nullable String address) {
        if (address == null) {
            return UNKNOWN;
        }
        try {
            InetAddress parsed = InetAddress.ofLiteral(address);
            ByteBuffer bytes = ByteBuffer.wrap(parsed.getAddress());
            return parsed instanceof Inet4Address
                    ? IPV4 | Integer.toUnsignedLong(bytes.getInt())
                    : bytes.getLong();
        } catch (IllegalArgumentException none) {
            return UNKNOWN;
        }
    }
}
