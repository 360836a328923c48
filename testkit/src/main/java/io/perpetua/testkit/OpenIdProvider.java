package io.perpetua.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * An OpenID provider on this machine: it publishes its discovery document and its keys, one of RSA
 * and one on P-256, and signs ID tokens of any content.
 */
public final class OpenIdProvider implements AutoCloseable {
    /** What the platform is to it. */
    public static final String CLIENT_ID = "perpetua-administration";

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final HttpServer server;
    private final URI issuer;
    private volatile Mood mood = Mood.WELL;
    private volatile Keys keys = Keys.generate(1);

    private record Keys(int number, KeyPair rsa, KeyPair ec) {
        static Keys generate(int number) {
            try {
                KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
                rsa.initialize(2048);
                KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
                ec.initialize(new ECGenParameterSpec("secp256r1"));
                return new Keys(number, rsa.generateKeyPair(), ec.generateKeyPair());
            } catch (GeneralSecurityException missing) {
                throw new IllegalStateException(missing);
            }
        }
    }

    /** How it answers. */
    public enum Mood {
        /** As it should. */
        WELL,
        /** With 503. */
        BROKEN,
        /** Not at all. */
        SILENT,
        /** A byte now and then. */
        SLOW,
        /** What is no JSON. */
        GARBAGE,
        /** More than anybody would read. */
        ENDLESS,
        /** As another one than it is. */
        IMPOSTOR
    }

    private OpenIdProvider(HttpServer server) {
        this.server = server;
        this.issuer = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/realm");
    }

    /** Starts one; port 0 is any free one. */
    public static OpenIdProvider start(int port) {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            OpenIdProvider provider = new OpenIdProvider(server);
            provider.serve("/realm/.well-known/openid-configuration", provider::discovery);
            provider.serve("/realm/keys", provider::keySet);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return provider;
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
    }

    @FunctionalInterface
    private interface Document {
        String text();
    }

    private void serve(String path, Document document) {
        server.createContext(
                path,
                exchange -> {
                    try (exchange) {
                        answer(exchange, document.text());
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private void answer(HttpExchange exchange, String text)
            throws IOException, InterruptedException {
        Mood now = mood;
        String answer =
                switch (now) {
                    case WELL, SLOW, SILENT, BROKEN -> text;
                    case GARBAGE -> "<html>" + text;
                    case ENDLESS -> text + " ".repeat(1_000_000);
                    case IMPOSTOR -> text.replace("/realm", "/other");
                };
        AnswerPace pace =
                switch (now) {
                    case SILENT -> AnswerPace.SILENT;
                    case SLOW -> AnswerPace.SLOW;
                    case WELL, BROKEN, GARBAGE, ENDLESS, IMPOSTOR -> AnswerPace.AT_ONCE;
                };
        pace.write(
                exchange, now == Mood.BROKEN ? 503 : 200, answer.getBytes(StandardCharsets.UTF_8));
    }

    /** From now on it answers so. */
    public void be(Mood next) {
        mood = next;
    }

    private String discovery() {
        return "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(issuer, issuer);
    }

    private String keySet() {
        Keys current = keys;
        RSAPublicKey rsa = (RSAPublicKey) current.rsa.getPublic();
        ECPublicKey ec = (ECPublicKey) current.ec.getPublic();
        return """
               {"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"%s","n":"%s","e":"%s"},\
               {"kty":"EC","use":"sig","alg":"ES256","crv":"P-256","kid":"%s","x":"%s","y":"%s"}]}"""
                .formatted(
                        keyId("RS256"),
                        number(rsa.getModulus(), rsa.getModulus().bitLength() / 8),
                        number(rsa.getPublicExponent(), 3),
                        keyId("ES256"),
                        number(ec.getW().getAffineX(), 32),
                        number(ec.getW().getAffineY(), 32));
    }

    private static String number(BigInteger value, int length) {
        byte[] bytes = value.toByteArray();
        byte[] padded = new byte[length];
        int kept = Math.min(bytes.length, length);
        System.arraycopy(bytes, bytes.length - kept, padded, length - kept, kept);
        return BASE64.encodeToString(padded);
    }

    /** As it names itself. */
    public URI issuer() {
        return issuer;
    }

    /** The id of the key it signs with by RS256 or ES256. */
    public String keyId(String algorithm) {
        return algorithm + "-" + keys.number;
    }

    /** Takes new keys, and publishes the old ones no longer. */
    public void rotate() {
        keys = Keys.generate(keys.number + 1);
    }

    /** A token of now for this platform, signed by RS256. */
    public String token(String subject, String nonce) {
        return token("RS256", Map.of("sub", quoted(subject), "nonce", quoted(nonce)));
    }

    /**
     * A token of now for this platform whose claims are added or replaced, each in JSON; an empty
     * one is left out.
     */
    public String token(String algorithm, Map<String, String> changes) {
        return signed(
                algorithm,
                "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%s\"}"
                        .formatted(algorithm, keyId(algorithm)),
                claims(changes));
    }

    /** Such claims as they are signed. */
    public String claims(Map<String, String> changes) {
        long now = Instant.now().getEpochSecond();
        Map<String, String> claims = new LinkedHashMap<>();
        claims.put("iss", quoted(issuer.toString()));
        claims.put("aud", quoted(CLIENT_ID));
        claims.put("iat", Long.toString(now));
        claims.put("exp", Long.toString(now + 300));
        claims.putAll(changes);
        return claims.entrySet().stream()
                .filter(claim -> !claim.getValue().isEmpty())
                .map(claim -> quoted(claim.getKey()) + ":" + claim.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** A text in JSON; it has nothing to escape. */
    public static String quoted(String text) {
        return "\"" + text + "\"";
    }

    /** A token of this head and these claims, signed by RS256 or ES256. */
    public String signed(String algorithm, String head, String claims) {
        String signed = encoded(head) + "." + encoded(claims);
        boolean isRsa = algorithm.equals("RS256");
        PrivateKey key = (isRsa ? keys.rsa : keys.ec).getPrivate();
        try {
            Signature signer =
                    Signature.getInstance(isRsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            signer.initSign(key);
            signer.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + BASE64.encodeToString(signer.sign());
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** The encoded bytes of its RSA key, which everybody knows. */
    public byte[] publicKey() {
        return keys.rsa.getPublic().getEncoded();
    }

    private static String encoded(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
