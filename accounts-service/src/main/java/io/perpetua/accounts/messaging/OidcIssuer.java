package io.perpetua.accounts.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.accounts.app.AccountsConfig;
import io.perpetua.accounts.app.IssuerKeys;
import io.perpetua.accounts.app.OidcSettings;
import io.perpetua.edge.Pause;
import io.perpetua.edge.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The OpenID provider's published keys, found by its discovery document and asked for again when
 * they are old, or a token names one not seen yet, at most once in some seconds. Keys that it does
 * not publish any more are taken no longer.
 */
@ApplicationScoped
public class OidcIssuer implements IssuerKeys {
    private static final Logger LOG = Logger.getLogger(OidcIssuer.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Pause ASKING = new Pause(Duration.ofSeconds(5));
    private static final int MAX_BYTES = 128 * 1024;
    private static final int MAX_KEYS = 32;
    private static final int LEAST_RSA_BITS = 2_048;
    private static final int MOST_RSA_BITS = 8_192;

    private final OidcSettings settings;
    private final Clock clock;
    private final Pause keeping;
    private final ObjectMapper json = new ObjectMapper();
    private @Nullable HttpClient client;
    private Map<Name, PublicKey> keys = Map.of();
    private Instant askedAt = Instant.MIN;
    private Instant heardAt = Instant.MIN;

    /** Of the configured provider, if there is one. */
    public OidcIssuer(OidcSettings settings, AccountsConfig config, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.keeping = new Pause(Duration.ofSeconds(config.oidc().keysSeconds()));
    }

    /** A key, and the algorithm it signs by. */
    private record Name(String keyId, String algorithm) {}

    @Override
    public synchronized @Nullable PublicKey key(String keyId, String algorithm) {
        Name name = new Name(keyId, algorithm);
        Instant now = clock.instant();
        boolean isOld = keeping.isOver(heardAt, now);
        boolean mayAsk = ASKING.isOver(askedAt, now);
        if ((isOld || !keys.containsKey(name)) && mayAsk) {
            isOld = !ask(now) && isOld;
            askedAt = clock.instant(); // whoever waited meanwhile does not ask again
        }
        if (isOld) {
            throw Problem.of(
                            503,
                            "OIDC_UNAVAILABLE",
                            "the OpenID provider can't be asked now; retry")
                    .exception();
        }
        return keys.get(name);
    }

    private boolean ask(Instant now) {
        String issuer = settings.provider().orElseThrow().issuer().toString();
        try {
            JsonNode document =
                    get(
                            URI.create(
                                    issuer.replaceAll("/+$", "")
                                            + "/.well-known/openid-configuration"));
            if (!document.path("issuer").asText().equals(issuer)) {
                throw new IOException("it calls itself " + document.path("issuer").asText());
            }
            URI location = URI.create(document.path("jwks_uri").asText());
            OidcSettings.requireSafe(location);
            keys = parse(get(location).path("keys"));
            heardAt = now;
            return true;
        } catch (IOException | IllegalArgumentException | IllegalStateException failed) {
            LOG.warnf("can't read the keys of %s: %s", issuer, failed);
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The whole answer has to be there in time, and no larger than such documents are. */
    private JsonNode get(URI location) throws IOException, InterruptedException {
        HttpClient http = client;
        if (http == null) {
            http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
            client = http;
        }
        CompletableFuture<HttpResponse<byte[]>> asked =
                http.sendAsync(
                        HttpRequest.newBuilder(location).build(),
                        HttpResponse.BodyHandlers.limiting(
                                HttpResponse.BodyHandlers.ofByteArray(), MAX_BYTES));
        try {
            HttpResponse<byte[]> answer = asked.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() != 200) {
                throw new IOException("status " + answer.statusCode() + " of " + location);
            }
            return json.readTree(answer.body());
        } catch (ExecutionException failed) {
            throw new IOException("no answer of " + location, failed.getCause());
        } catch (TimeoutException slow) {
            throw new IOException(location + " takes too long", slow);
        } finally {
            asked.cancel(true);
        }
    }

    /** Those that sign; one that can't be read is as good as none. */
    private static Map<Name, PublicKey> parse(JsonNode published) {
        Map<Name, PublicKey> found = new HashMap<>();
        for (JsonNode key : published) {
            String algorithm = key.path("kty").asText().equals("EC") ? "ES256" : "RS256";
            boolean signs =
                    key.path("use").asText("sig").equals("sig")
                            && key.path("alg").asText(algorithm).equals(algorithm)
                            && !key.path("kid").asText().isEmpty();
            if (signs && found.size() < MAX_KEYS) {
                try {
                    found.put(
                            new Name(key.path("kid").asText(), algorithm),
                            algorithm.equals("ES256") ? onP256(key) : rsa(key));
                } catch (GeneralSecurityException | IllegalArgumentException unusable) {
                    LOG.warnf("a key of the OpenID provider is unusable: %s", unusable);
                }
            }
        }
        return Map.copyOf(found);
    }

    private static PublicKey onP256(JsonNode key) throws GeneralSecurityException {
        if (!key.path("crv").asText().equals("P-256")) {
            throw new IllegalArgumentException("not on P-256");
        }
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        return KeyFactory.getInstance("EC")
                .generatePublic(
                        new ECPublicKeySpec(
                                new ECPoint(number(key, "x"), number(key, "y")),
                                curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static PublicKey rsa(JsonNode key) throws GeneralSecurityException {
        if (!key.path("kty").asText().equals("RSA")) {
            throw new IllegalArgumentException("neither EC nor RSA");
        }
        RSAPublicKey rsa =
                (RSAPublicKey)
                        KeyFactory.getInstance("RSA")
                                .generatePublic(
                                        new RSAPublicKeySpec(number(key, "n"), number(key, "e")));
        int bits = rsa.getModulus().bitLength();
        if (bits < LEAST_RSA_BITS || bits > MOST_RSA_BITS) {
            throw new IllegalArgumentException("an RSA key of " + bits + " bits");
        }
        return rsa;
    }

    private static BigInteger number(JsonNode key, String name) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(key.path(name).asText()));
    }
}
