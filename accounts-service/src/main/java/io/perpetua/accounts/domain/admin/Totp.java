package io.perpetua.accounts.domain.admin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One-time codes that follow from a secret and the time (RFC 6238): HMAC-SHA-1, 30 seconds, 6
 * digits. Never printed.
 */
public final class Totp {
    private static final int SECRET_BYTES = 20;
    private static final int STEP_SECONDS = 30;
    private static final int CODES = 1_000_000;
    private static final String BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private final byte[] secret;

    /** Of a shared secret. */
    public Totp(byte[] secret) {
        this.secret = secret.clone();
    }

    /** Of a new secret. */
    public static Totp generate(SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new Totp(secret);
    }

    /** The number of the step at a time. */
    public static long step(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), STEP_SECONDS);
    }

    /** The code of a step, 6 digits. */
    public String code(long step) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret, "HmacSHA1"));
            byte[] digest = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
            int offset = digest[digest.length - 1] & 0xf;
            int word = ByteBuffer.wrap(digest).getInt(offset) & Integer.MAX_VALUE;
            return "%06d".formatted(word % CODES);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has HmacSHA1", missing);
        }
    }

    /**
     * Which step the code is of: that of {@code now}, the one before or the one after, but none up
     * to {@code lastUsed}, so that a code is used once.
     */
    public OptionalLong match(String code, Instant now, long lastUsed) {
        OptionalLong found = OptionalLong.empty();
        byte[] given = code.getBytes(StandardCharsets.UTF_8);
        for (long step = step(now) - 1; step <= step(now) + 1; step++) {
            byte[] right = code(step).getBytes(StandardCharsets.UTF_8);
            if (MessageDigest.isEqual(right, given) && step > lastUsed) {
                found = OptionalLong.of(step);
            }
        }
        return found;
    }

    /** The secret's bytes, to be sealed. */
    public byte[] secret() {
        return secret.clone();
    }

    /** What an authenticator app scans; holds the secret. */
    public String uri(AdminName name) {
        return "otpauth://totp/Perpetua:%s?secret=%s&issuer=Perpetua&algorithm=SHA1&digits=6&period=30"
                .formatted(name, base32(secret));
    }

    private static String base32(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte next : bytes) {
            buffer = ((buffer << 8) | (next & 0xff)) & 0xfff;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(BASE_32.charAt((buffer >> bits) & 31));
            }
        }
        if (bits > 0) {
            text.append(BASE_32.charAt((buffer << (5 - bits)) & 31));
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "Totp[]";
    }
}
