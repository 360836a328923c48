package io.perpetua.accounts.domain.vault;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret in the clear, for as short a while as it is needed: closing it overwrites it. Never
 * printed, and no two are compared in a time that tells how alike they are.
 */
public final class Secret implements AutoCloseable {
    /** The longest secret taken from a request, in characters. */
    public static final int LONGEST = 4_096;

    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Of these bytes, which are its own from now on. */
    static Secret owning(byte[] bytes) {
        return new Secret(bytes);
    }

    /**
     * Of printable ASCII characters and line ends, which the caller goes on owning.
     *
     * @throws IllegalArgumentException when they are none, too many, or others; says no more
     */
    public static Secret ofText(char[] text, int from, int length) {
        if (length < 1 || length > LONGEST) {
            throw new IllegalArgumentException("a secret has 1 to " + LONGEST + " characters");
        }
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            char character = text[from + i];
            if ((character < ' ' || character > '~') && character != '\n' && character != '\r') {
                Arrays.fill(bytes, (byte) 0);
                throw new IllegalArgumentException(
                        "a secret has printable ASCII characters and line ends");
            }
            bytes[i] = (byte) character;
        }
        return new Secret(bytes);
    }

    /** A copy of the same. */
    public Secret copy() {
        return new Secret(bytes.clone());
    }

    /** How many bytes it has. */
    public int length() {
        return bytes.length;
    }

    /** The secret itself; it is overwritten when this is closed. */
    public byte[] bytes() {
        return bytes;
    }

    /** As characters, of which the caller takes care. */
    public char[] characters() {
        CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
        char[] characters = new char[decoded.remaining()];
        decoded.get(characters);
        if (decoded.hasArray()) {
            Arrays.fill(decoded.array(), '\0');
        }
        return characters;
    }

    /** Enough of it to tell it from others: its last four characters if it has 16 or more. */
    public String hint() {
        int shown = bytes.length >= 16 ? 4 : 0;
        return "****" + new String(bytes, bytes.length - shown, shown, StandardCharsets.US_ASCII);
    }

    /** Whether both are the same. */
    public boolean matches(Secret other) {
        return MessageDigest.isEqual(bytes, other.bytes);
    }

    /** The message's HMAC under this secret; {@code algorithm} is one of javax.crypto's. */
    public byte[] hmac(String algorithm, byte[] message) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(bytes, algorithm));
            return mac.doFinal(message);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has " + algorithm, missing);
        }
    }

    /** What this says in base64; nothing when it is none. */
    public Optional<Secret> decoded() {
        try {
            byte[] decoded = Base64.getDecoder().decode(bytes);
            return decoded.length == 0 ? Optional.empty() : Optional.of(new Secret(decoded));
        } catch (IllegalArgumentException noBase64) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "Secret[****]";
    }
}
