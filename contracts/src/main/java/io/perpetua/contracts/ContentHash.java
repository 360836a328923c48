package io.perpetua.contracts;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Tells a repeated request from another one under the same client id. */
public final class ContentHash {
    private ContentHash() {}

    /** The first 64 bits of SHA-256 over the fields; none of them holds a {@code |}. */
    public static long of(String... fields) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(String.join("|", fields).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
