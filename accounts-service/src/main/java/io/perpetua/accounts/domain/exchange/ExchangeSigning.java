package io.perpetua.accounts.domain.exchange;

import io.perpetua.accounts.domain.vault.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How an exchange wants its requests signed. */
public enum ExchangeSigning {
    /** {@code hex(HMAC-SHA-256(secret, payload))}: Binance and most others. */
    HMAC_SHA256,
    /**
     * {@code base64(HMAC-SHA-256(base64-decoded secret, payload))}, where the payload is time,
     * method, path and body: Coinbase Exchange.
     */
    HMAC_SHA256_BASE64,
    /**
     * {@code base64(HMAC-SHA-512(base64-decoded secret, path + SHA-256(nonce + payload)))}: Kraken.
     */
    HMAC_SHA512,
    /**
     * A JWT over method, host and path, which is the payload: Coinbase Advanced with a key of the
     * Coinbase Developer Platform. See {@link CoinbaseToken}.
     */
    ES256,
    /**
     * {@code hex(SHA-256(key + payload + secret))}, where the payload is a request token: the
     * checksum by which Zerodha's Kite Connect opens a session.
     */
    SHA256;

    private static final Pattern REQUEST =
            Pattern.compile("(GET|POST|PUT|PATCH|DELETE) [a-z0-9.-]{1,128}(:[0-9]{1,5})?/[!-~]*");
    private static final int LONGEST_REQUEST = 512;
    private static final Pattern REQUEST_TOKEN = Pattern.compile("[A-Za-z0-9]{1,64}");

    /**
     * What is to be signed.
     *
     * @param payload the query or body, as it is sent; of {@link #ES256} the request's method, host
     *     and path, of {@link #SHA256} the request token
     * @param path of the URI, where the exchange signs it
     * @param nonce of the payload, where the exchange signs it apart
     */
    public record Message(String payload, @Nullable String path, @Nullable String nonce) {}

    /** Whether it is a payload of the form that is signed. */
    public boolean signs(String payload) {
        return switch (this) {
            case ES256 -> payload.length() <= LONGEST_REQUEST && REQUEST.matcher(payload).matches();
            case SHA256 -> REQUEST_TOKEN.matcher(payload).matches();
            case HMAC_SHA256, HMAC_SHA256_BASE64, HMAC_SHA512 -> true;
        };
    }

    /** Whether path and nonce are signed too. */
    public boolean signsPathAndNonce() {
        return this == HMAC_SHA512;
    }

    /**
     * The signature; nothing when the secret is not written as the exchange's are.
     *
     * @param unique never used before
     */
    public Optional<String> sign(
            ExchangeCredentials credentials, Message message, Instant now, byte[] unique) {
        Secret secret = credentials.secret();
        byte[] payload = bytes(message.payload());
        return switch (this) {
            case HMAC_SHA256 ->
                    Optional.of(HexFormat.of().formatHex(secret.hmac("HmacSHA256", payload)));
            case HMAC_SHA256_BASE64 -> inBase64(secret, "HmacSHA256", payload);
            case HMAC_SHA512 -> {
                byte[] path = bytes(required(message.path()));
                byte[] digest = sha256(bytes(required(message.nonce())), payload);
                byte[] signed = new byte[path.length + digest.length];
                System.arraycopy(path, 0, signed, 0, path.length);
                System.arraycopy(digest, 0, signed, path.length, digest.length);
                yield inBase64(secret, "HmacSHA512", signed);
            }
            case ES256 ->
                    CoinbaseToken.sign(credentials.key(), secret, message.payload(), now, unique);
            case SHA256 ->
                    Optional.of(
                            HexFormat.of()
                                    .formatHex(
                                            sha256(
                                                    credentials.key().bytes(),
                                                    payload,
                                                    secret.bytes())));
        };
    }

    private static Optional<String> inBase64(Secret secret, String algorithm, byte[] signed) {
        Optional<Secret> decoded = secret.decoded();
        if (decoded.isEmpty()) {
            return Optional.empty();
        }
        try (Secret key = decoded.get()) {
            return Optional.of(Base64.getEncoder().encodeToString(key.hmac(algorithm, signed)));
        }
    }

    private static String required(@Nullable String text) {
        if (text == null) {
            throw new IllegalArgumentException("path and nonce are signed too");
        }
        return text;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }
}
