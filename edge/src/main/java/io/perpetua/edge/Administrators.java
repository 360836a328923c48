package io.perpetua.edge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Who an administrator is, as accounts-service has it now. It is asked each time: administrators
 * act seldom, and one who was disabled, or whose role was taken, passes nowhere from that moment.
 */
@ApplicationScoped
public class Administrators {
    private static final Logger LOG = Logger.getLogger(Administrators.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int MAX_BYTES = 64 * 1024;
    private static final Pattern BEARER = Pattern.compile("(?i)bearer +[!-~]{1,2048}");

    private final URI location;
    private final ObjectMapper json = new ObjectMapper();
    private @Nullable HttpClient client;

    Administrators(@ConfigProperty(name = "perpetua.accounts.url") String accounts) {
        this.location = URI.create(accounts.replaceAll("/+$", "") + "/v1/admin/me");
    }

    /** One who has a permission. */
    public record Administrator(long id) {}

    /**
     * The administrator whose token a header {@code Authorization} carries. It waits for
     * accounts-service.
     *
     * @throws ProblemException 401 when it is no administrator's, 403 when they lack the
     *     permission, 503 when accounts-service can't be asked
     */
    public Administrator require(@Nullable String authorization, String permission) {
        if (authorization == null) {
            throw TokenRefusal.TOKEN_MISSING.problem().exception();
        }
        if (!BEARER.matcher(authorization).matches()) {
            throw TokenRefusal.TOKEN_INVALID.problem().exception();
        }
        JsonNode administrator = ask(authorization);
        for (JsonNode held : administrator.path("permissions")) {
            if (held.asText().equals(permission)) {
                return new Administrator(administrator.path("id").asLong());
            }
        }
        throw Problem.of(403, "PERMISSION_MISSING", "the permission " + permission + " is required")
                .exception();
    }

    private JsonNode ask(String authorization) {
        try {
            HttpResponse<InputStream> answer =
                    client().send(
                                    HttpRequest.newBuilder(location)
                                            .header("Authorization", authorization)
                                            .timeout(TIMEOUT)
                                            .build(),
                                    HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                if (answer.statusCode() == 401) {
                    throw TokenRefusal.TOKEN_INVALID.problem().exception();
                }
                if (answer.statusCode() != 200) {
                    throw new IOException("status " + answer.statusCode());
                }
                return json.readTree(body.readNBytes(MAX_BYTES));
            }
        } catch (IOException failed) {
            LOG.warnf("can't ask %s about an administrator: %s", location, failed);
            throw unavailable();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw unavailable();
        }
    }

    private static ProblemException unavailable() {
        return Problem.of(
                        503,
                        "ADMINISTRATION_UNAVAILABLE",
                        "administrators can't be recognised now; retry")
                .exception();
    }

    private synchronized HttpClient client() {
        HttpClient known = client;
        if (known == null) {
            known = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
            client = known;
        }
        return known;
    }
}
