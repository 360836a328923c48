package io.perpetua.accounts.app;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A custodian that shares a secret with the exchange and signs its notices as most do: {@code
 * t=<milliseconds since 1970>,v1=<hex of HMAC-SHA-256 over "t.body">}.
 */
@ApplicationScoped
public class SimulatedCustodian implements Custodian {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final Pattern SIGNATURE = Pattern.compile("t=([0-9]{1,15}),v1=([0-9a-f]{64})");

    private final Optional<String> secret;
    private final Clock clock;

    /** With the secret of the configuration; without one nothing is genuine. */
    public SimulatedCustodian(AccountsConfig config, Clock clock) {
        this.secret = config.custodianSecret().filter(text -> !text.isBlank());
        this.clock = clock;
    }

    @Override
    public Verdict judge(Optional<String> signature, String body) {
        Matcher parts = SIGNATURE.matcher(signature.orElse(""));
        if (secret.isEmpty() || !parts.matches()) {
            return Verdict.FORGED;
        }
        byte[] given = HexFormat.of().parseHex(parts.group(2));
        if (!MessageDigest.isEqual(given, proof(secret.get(), parts.group(1), body))) {
            return Verdict.FORGED;
        }
        long age = Math.abs(clock.millis() - Long.parseLong(parts.group(1)));
        return age > TOLERANCE.toMillis() ? Verdict.STALE : Verdict.GENUINE;
    }

    /** What the custodian puts with a notice sent at {@code millis}. */
    public static String sign(String secret, long millis, String body) {
        String time = Long.toString(millis);
        return "t=" + time + ",v1=" + HexFormat.of().formatHex(proof(secret, time, body));
    }

    private static byte[] proof(String secret, String time, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal((time + "." + body).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has HmacSHA256", missing);
        }
    }
}
