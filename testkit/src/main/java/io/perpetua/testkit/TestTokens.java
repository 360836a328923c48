package io.perpetua.testkit;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;

/**
 * Makes access tokens as accounts-service does, with a key of this JVM that {@link
 * AccessTokensResource} publishes. The key lives in system properties because a test and the
 * service it starts load this class twice.
 */
public final class TestTokens {
    private static final String KEY_ID = "test-key";
    private static final String PRIVATE = "perpetua.test.token-key";
    private static final String PUBLIC = "perpetua.test.token-key.public";

    private TestTokens() {}

    /** A token of the user, good for an hour. */
    public static String of(long user) {
        long now = Instant.now().getEpochSecond();
        return of(user, now, now + 3600);
    }

    /** A token of the user whose time was over a minute ago. */
    public static String expired(long user) {
        long now = Instant.now().getEpochSecond();
        return of(user, now - 3600, now - 60);
    }

    /** A token of the user with times of choice, in seconds since 1970. */
    public static String of(long user, long issuedAtSeconds, long expiresAtSeconds) {
        return of(user, "sign-in-of-" + user, issuedAtSeconds, expiresAtSeconds);
    }

    /** A token of one of the user's sign-ins, good for an hour. */
    public static String of(long user, String signIn) {
        long now = Instant.now().getEpochSecond();
        return of(user, signIn, now, now + 3600);
    }

    /** A token of one of the user's sign-ins with times of choice, in seconds since 1970. */
    public static String of(long user, String signIn, long issuedAtSeconds, long expiresAtSeconds) {
        return signed(
                "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"" + KEY_ID + "\"}",
                "{\"iss\":\"perpetua\",\"sub\":\"%d\",\"sid\":\"%s\",\"iat\":%d,\"exp\":%d}"
                        .formatted(user, signIn, issuedAtSeconds, expiresAtSeconds));
    }

    /** A token with a header and claims of choice, rightly signed. */
    public static String signed(String header, String claims) {
        try {
            String content = encode(utf8(header)) + "." + encode(utf8(claims));
            Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format");
            signer.initSign(
                    KeyFactory.getInstance("EC")
                            .generatePrivate(new PKCS8EncodedKeySpec(key(PRIVATE))));
            signer.update(utf8(content));
            return content + "." + encode(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key set as accounts-service would publish it. */
    public static String keySet() {
        try {
            ECPublicKey key =
                    (ECPublicKey)
                            KeyFactory.getInstance("EC")
                                    .generatePublic(new X509EncodedKeySpec(key(PUBLIC)));
            return """
                   {"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":"%s",\
                   "x":"%s","y":"%s"}]}"""
                    .formatted(
                            KEY_ID,
                            coordinate(key.getW().getAffineX()),
                            coordinate(key.getW().getAffineY()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static synchronized byte[] key(String property) throws GeneralSecurityException {
        if (System.getProperty(PRIVATE) == null) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            Base64.Encoder encoder = Base64.getEncoder();
            System.setProperty(PUBLIC, encoder.encodeToString(pair.getPublic().getEncoded()));
            System.setProperty(PRIVATE, encoder.encodeToString(pair.getPrivate().getEncoded()));
        }
        return Base64.getDecoder().decode(System.getProperty(property));
    }

    private static String coordinate(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] padded = new byte[32];
        int kept = Math.min(bytes.length, 32);
        System.arraycopy(bytes, bytes.length - kept, padded, 32 - kept, kept);
        return encode(padded);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
