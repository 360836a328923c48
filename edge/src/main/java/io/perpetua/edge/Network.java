package io.perpetua.edge;

import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A network of IPv4 or IPv6 addresses, in CIDR form: {@code 192.0.2.0/24}. An address alone is a
 * network of one. Addresses that differ behind the prefix are the same network.
 */
public final class Network {
    /** An IPv6 address whose end is written as an IPv4 one. */
    private static final int LONGEST = 45;

    private final byte[] bytes;
    private final int prefix;

    private Network(byte[] bytes, int prefix) {
        this.bytes = masked(bytes, prefix);
        this.prefix = prefix;
    }

    /** From its text. @throws IllegalArgumentException if it is no network */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        byte[] bytes = address(slash < 0 ? text : text.substring(0, slash));
        int bits = bytes.length * Byte.SIZE;
        return new Network(bytes, slash < 0 ? bits : prefix(text.substring(slash + 1), bits));
    }

    private static byte[] address(String text) {
        // A zone, or digits that only some read as IPv4, are no part of an address here.
        if (text.length() > LONGEST
                || !text.matches("[0-9A-Fa-f:]*:[0-9A-Fa-f.:]+|[0-9]{1,3}([.][0-9]{1,3}){3}")) {
            throw new IllegalArgumentException("expected an IP address");
        }
        return InetAddress.ofLiteral(text).getAddress();
    }

    private static int prefix(String text, int bits) {
        if (!text.matches("[0-9]{1,3}") || Integer.parseInt(text) > bits) {
            throw new IllegalArgumentException("expected a prefix of 0 to " + bits + " bits");
        }
        return Integer.parseInt(text);
    }

    private static byte[] masked(byte[] bytes, int prefix) {
        byte[] masked = bytes.clone();
        for (int bit = prefix; bit < bytes.length * Byte.SIZE; bit++) {
            masked[bit / Byte.SIZE] &= (byte) ~(0x80 >>> bit % Byte.SIZE);
        }
        return masked;
    }

    /** Whether {@code address} is one of it; one that is not known is not. */
    boolean contains(@Nullable String address) {
        if (address == null) {
            return false;
        }
        try {
            byte[] of = address(address);
            return of.length == bytes.length && Arrays.equals(masked(of, prefix), bytes);
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    /** In CIDR form, by which equal networks have equal texts. */
    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(bytes).getHostAddress() + "/" + prefix;
        } catch (java.net.UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
