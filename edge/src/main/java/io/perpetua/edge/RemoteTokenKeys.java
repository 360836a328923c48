package io.perpetua.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The keys that accounts-service publishes, fetched when first needed and again when a token names
 * a key not seen yet, at most once in two seconds: forged key names can't make it a storm.
 */
@DefaultBean
@ApplicationScoped
class RemoteTokenKeys implements TokenKeys {
    private static final Logger LOG = Logger.getLogger(RemoteTokenKeys.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Pause PAUSE = new Pause(Duration.ofSeconds(2));
    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_KEYS = 16;

    private final URI location;
    private final Clock clock;
    private final ObjectMapper json = new ObjectMapper();
    private volatile Map<String, ECPublicKey> keys = Map.of();
    private @Nullable HttpClient client;
    private Instant fetchedAt = Instant.MIN;
    private boolean reachable = true;

    RemoteTokenKeys(@ConfigProperty(name = "perpetua.accounts.url") String accounts, Clock clock) {
        this.location = URI.create(accounts.replaceAll("/+$", "") + "/v1/jwks.json");
        this.clock = clock;
    }

    @Override
    public boolean knows(String keyId) {
        return keys.containsKey(keyId);
    }

    @Override
    public @Nullable ECPublicKey key(String keyId) {
        ECPublicKey key = keys.get(keyId);
        return key != null ? key : fetched(keyId);
    }

    private synchronized @Nullable ECPublicKey fetched(String keyId) {
        ECPublicKey key = keys.get(keyId);
        if (key != null) {
            return key;
        }
        Instant now = clock.instant();
        if (PAUSE.isOver(fetchedAt, now)) {
            fetchedAt = now;
            fetch();
        }
        if (!reachable) {
            throw Problem.of(503, "KEYS_UNAVAILABLE", "access tokens can't be checked now; retry")
                    .exception();
        }
        return keys.get(keyId);
    }

    private void fetch() {
        try {
            HttpClient http = client;
            if (http == null) {
                http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
                client = http;
            }
            HttpResponse<InputStream> response =
                    http.send(
                            HttpRequest.newBuilder(location).timeout(TIMEOUT).build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() != 200) {
                    throw new IOException("status " + response.statusCode());
                }
                keys = parse(body.readNBytes(MAX_BYTES));
            }
            reachable = true;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException failed) {
            reachable = false;
            LOG.warnf("can't read the token keys at %s: %s", location, failed);
        } catch (InterruptedException interrupted) {
            reachable = false;
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, ECPublicKey> parse(byte[] document)
            throws JsonProcessingException, IOException, GeneralSecurityException {
        Map<String, ECPublicKey> found = new HashMap<>();
        for (JsonNode key : json.readTree(document).path("keys")) {
            boolean usable =
                    key.path("kty").asText().equals("EC")
                            && key.path("crv").asText().equals("P-256")
                            && !key.path("kid").asText().isEmpty();
            if (usable && found.size() < MAX_KEYS) {
                found.put(
                        key.path("kid").asText(),
                        publicKey(coordinate(key.path("x")), coordinate(key.path("y"))));
            }
        }
        return Map.copyOf(found);
    }

    private static BigInteger coordinate(JsonNode value) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(value.asText()));
    }

    private static ECPublicKey publicKey(BigInteger x, BigInteger y)
            throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECPublicKeySpec spec =
                new ECPublicKeySpec(
                        new ECPoint(x, y), curve.getParameterSpec(ECParameterSpec.class));
        return (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(spec);
    }
}
