package io.perpetua.systemtests;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An authenticator app (RFC 6238) that gives no code twice. */
final class Authenticator {
    private static final int STEP_SECONDS = 30;

    private final byte[] secret;
    private long lastStep;

    /** Of what an enrolment shows, {@code otpauth://totp/..}. */
    Authenticator(String uri) {
        this.secret = base32(uri.replaceAll(".*secret=([A-Z2-7]+).*", "$1"));
    }

    /** The code of a step that was not used: the next one is taken up to a step early. */
    String nextCode() throws InterruptedException {
        long now = System.currentTimeMillis() / 1000 / STEP_SECONDS;
        long step = Math.max(now, lastStep + 1);
        while (step > now + 1) {
            Thread.sleep(500);
            now = System.currentTimeMillis() / 1000 / STEP_SECONDS;
        }
        lastStep = step;
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret, "HmacSHA1"));
            byte[] digest = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
            int word =
                    ByteBuffer.wrap(digest).getInt(digest[digest.length - 1] & 0xf)
                            & Integer.MAX_VALUE;
            return "%06d".formatted(word % 1_000_000);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static byte[] base32(String text) {
        BigInteger value = BigInteger.ONE;
        for (int i = 0; i < text.length(); i++) {
            int bits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(text.charAt(i));
            value = value.shiftLeft(5).or(BigInteger.valueOf(bits));
        }
        byte[] bytes = value.toByteArray();
        return Arrays.copyOfRange(bytes, 1, bytes.length);
    }
}
