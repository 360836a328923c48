package io.perpetua.accounts.domain.exchange;

import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.vault.Secret;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The token that a request to Coinbase Advanced bears: a JWT signed by ES256 with a key of the
 * Coinbase Developer Platform, for one method and path, for two minutes. Its secret is an EC key on
 * P-256 in PEM (SEC 1), its line ends as they are or written as {@code \n}.
 */
final class CoinbaseToken {
    /** What the platform lets such a token live. */
    static final int LIFE_SECONDS = 120;

    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] BEGIN =
            "-----BEGIN EC PRIVATE KEY-----".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END =
            "-----END EC PRIVATE KEY-----".getBytes(StandardCharsets.US_ASCII);

    /** Of SEC 1: version 1, then 32 bytes of key, then the curve P-256. */
    private static final byte[] VERSION_AND_KEY = HEX.parseHex("0201010420");

    private static final byte[] CURVE = HEX.parseHex("a00a06082a8648ce3d030107");
    private static final int HEAD = 2;
    private static final int KEY = HEAD + VERSION_AND_KEY.length;
    private static final int KEY_BYTES = 32;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private CoinbaseToken() {}

    /** Whether a secret of Coinbase is one of these, and no older HMAC secret. */
    static boolean isSignedWith(Secret secret) {
        return startsWith(secret.bytes(), 0, "-----BEGIN ".getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * The token; nothing when the secret is no such key.
     *
     * @param name the key's, which Coinbase gave with it
     * @param uri method, host and path of the request, as in {@code GET api.coinbase.com/api/v3}
     * @param unique never used before
     */
    static Optional<String> sign(
            Secret name, Secret secret, String uri, Instant now, byte[] unique) {
        String keyName = new String(name.bytes(), StandardCharsets.US_ASCII);
        String head =
                CanonicalJson.of(
                        Map.of(
                                "alg",
                                "ES256",
                                "kid",
                                keyName,
                                "nonce",
                                HEX.formatHex(unique),
                                "typ",
                                "JWT"));
        String claims =
                CanonicalJson.of(
                        Map.of(
                                "iss",
                                "cdp",
                                "sub",
                                keyName,
                                "nbf",
                                now.getEpochSecond(),
                                "exp",
                                now.getEpochSecond() + LIFE_SECONDS,
                                "uri",
                                uri));
        String signed = encoded(head) + "." + encoded(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(key(secret));
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return Optional.of(signed + "." + BASE64.encodeToString(signature.sign()));
        } catch (InvalidKeyException | IllegalArgumentException noKey) {
            return Optional.empty();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has ECDSA on P-256", missing);
        }
    }

    private static String encoded(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.US_ASCII));
    }

    private static PrivateKey key(Secret secret) throws GeneralSecurityException {
        byte[] der = der(secret.bytes());
        try {
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(new ECGenParameterSpec("secp256r1"));
            ECParameterSpec parameters = curve.getParameterSpec(ECParameterSpec.class);
            BigInteger value = new BigInteger(1, Arrays.copyOfRange(der, KEY, KEY + KEY_BYTES));
            if (value.signum() == 0 || value.compareTo(parameters.getOrder()) >= 0) {
                throw new IllegalArgumentException("no key on P-256");
            }
            return KeyFactory.getInstance("EC")
                    .generatePrivate(new ECPrivateKeySpec(value, parameters));
        } finally {
            Arrays.fill(der, (byte) 0);
        }
    }

    /** What stands between the lines of the PEM, if that is a key on P-256. */
    private static byte[] der(byte[] pem) {
        int end = indexOf(pem, END);
        if (!startsWith(pem, 0, BEGIN) || end < 0) {
            throw new IllegalArgumentException("not in PEM");
        }
        byte[] base64 = new byte[end - BEGIN.length];
        int length = 0;
        for (int i = BEGIN.length; i < end; i++) {
            if (pem[i] == '\\' && i + 1 < end && pem[i + 1] == 'n') {
                i++;
            } else if (pem[i] != '\n' && pem[i] != '\r') {
                base64[length++] = pem[i];
            }
        }
        byte[] text = Arrays.copyOf(base64, length);
        byte[] der = Base64.getDecoder().decode(text);
        Arrays.fill(base64, (byte) 0);
        Arrays.fill(text, (byte) 0);
        boolean isKey =
                der.length >= KEY + KEY_BYTES + CURVE.length
                        && der[0] == 0x30
                        && der[1] == der.length - HEAD
                        && startsWith(der, HEAD, VERSION_AND_KEY)
                        && startsWith(der, KEY + KEY_BYTES, CURVE);
        if (!isKey) {
            Arrays.fill(der, (byte) 0);
            throw new IllegalArgumentException("no EC key on P-256");
        }
        return der;
    }

    private static int indexOf(byte[] text, byte[] part) {
        for (int i = 0; i <= text.length - part.length; i++) {
            if (startsWith(text, i, part)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean startsWith(byte[] text, int from, byte[] part) {
        return text.length >= from + part.length
                && Arrays.equals(text, from, from + part.length, part, 0, part.length);
    }
}
