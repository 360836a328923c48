package io.perpetua.accounts.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.accounts.app.AccessTokenIssuer;
import io.perpetua.accounts.app.AccountsConfig;
import io.perpetua.accounts.app.RiskAccounts;
import io.perpetua.accounts.domain.availability.RiskAccount;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks risk-service over HTTP, in the user's name: with an access token of this service's own
 * making that is good for that user and some seconds. So many ask at once and no more; who finds no
 * turn, and who waits too long, goes without an answer.
 */
@ApplicationScoped
public class HttpRiskAccounts implements RiskAccounts {
    private static final Logger LOG = Logger.getLogger(HttpRiskAccounts.class);
    private static final int MAX_BYTES = 256 * 1024;
    private static final int LEAST_MILLIS = 50;
    private static final int MOST_MILLIS = 5_000;
    private static final int MOST_CALLS = 1_000;

    private final URI location;
    private final Duration patience;
    private final Semaphore turns;
    private final AccessTokenIssuer tokens;
    private final MeterRegistry metrics;
    private final Clock clock;
    private final ObjectMapper json = new ObjectMapper();
    private @Nullable HttpClient client;

    /** With whom it asks, and how long it waits. */
    public HttpRiskAccounts(
            AccountsConfig config, AccessTokenIssuer tokens, MeterRegistry metrics, Clock clock) {
        if (config.riskMillis() < LEAST_MILLIS || config.riskMillis() > MOST_MILLIS) {
            throw new IllegalArgumentException(
                    "perpetua.accounts.risk-millis is %d to %d"
                            .formatted(LEAST_MILLIS, MOST_MILLIS));
        }
        if (config.riskCallsMax() < 1 || config.riskCallsMax() > MOST_CALLS) {
            throw new IllegalArgumentException(
                    "perpetua.accounts.risk-calls-max is 1 to " + MOST_CALLS);
        }
        this.location =
                URI.create(config.riskUrl().toString().replaceAll("/+$", "") + "/v1/accounts");
        this.patience = Duration.ofMillis(config.riskMillis());
        this.turns = new Semaphore(config.riskCallsMax());
        this.tokens = tokens;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public Optional<Map<SubaccountId, RiskAccount>> of(UserId user) {
        if (!turns.tryAcquire()) {
            return outcome("NO_TURN", Optional.empty());
        }
        try {
            return outcome("ANSWERED", Optional.of(ask(user)));
        } catch (IOException | IllegalArgumentException failed) {
            LOG.warnf("risk-service does not say what a user's accounts are: %s", failed);
            return outcome("FAILED", Optional.empty());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return outcome("FAILED", Optional.empty());
        } finally {
            turns.release();
        }
    }

    private <T> T outcome(String outcome, T answer) {
        metrics.counter("perpetua.accounts.risk.calls", "outcome", outcome).increment();
        return answer;
    }

    /** The whole answer has to be there in time. */
    private Map<SubaccountId, RiskAccount> ask(UserId user)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(location)
                        .header("Authorization", "Bearer " + tokens.brief(user, clock.instant()))
                        .build();
        CompletableFuture<HttpResponse<byte[]>> asked =
                client().sendAsync(
                                request,
                                HttpResponse.BodyHandlers.limiting(
                                        HttpResponse.BodyHandlers.ofByteArray(), MAX_BYTES));
        try {
            HttpResponse<byte[]> answer = asked.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() != 200) {
                throw new IOException("status " + answer.statusCode());
            }
            return parse(json.readTree(answer.body()));
        } catch (ExecutionException failed) {
            throw new IOException("no answer", failed.getCause());
        } catch (TimeoutException slow) {
            throw new IOException("no answer within " + patience, slow);
        } finally {
            asked.cancel(true);
        }
    }

    private synchronized HttpClient client() {
        HttpClient known = client;
        if (known == null) {
            known =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .connectTimeout(patience)
                            .build();
            client = known;
        }
        return known;
    }

    private static Map<SubaccountId, RiskAccount> parse(JsonNode answer) throws IOException {
        JsonNode items = answer.path("items");
        if (!items.isArray()) {
            throw new IOException("an answer without items");
        }
        Map<SubaccountId, RiskAccount> accounts = new HashMap<>();
        for (JsonNode item : items) {
            RiskAccount account =
                    new RiskAccount(
                            SubaccountId.parse(item.path("subaccountId").asText()),
                            usd(item.path("equity")),
                            usd(item.path("unrealisedPnl")),
                            usd(item.path("initialMargin")),
                            usd(item.path("maintenanceMargin")),
                            usd(item.path("withdrawable")),
                            item.path("valuation").asText().equals("LIVE"),
                            item.path("positions").asInt(),
                            item.path("openOrders").asInt(),
                            item.path("creditSequence").asLong());
            accounts.put(account.subaccount(), account);
        }
        return accounts;
    }

    private static @Nullable Usd usd(JsonNode value) {
        return value.isTextual() ? Usd.parse(value.asText()) : null;
    }
}
