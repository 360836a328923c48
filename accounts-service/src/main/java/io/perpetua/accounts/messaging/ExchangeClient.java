package io.perpetua.accounts.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.accounts.app.AccountsConfig;
import io.perpetua.accounts.app.ExchangeBalances;
import io.perpetua.accounts.app.ExchangesConfig;
import io.perpetua.accounts.app.OidcSettings;
import io.perpetua.accounts.domain.exchange.ExchangeApi;
import io.perpetua.accounts.domain.exchange.ExchangeRequest;
import io.perpetua.accounts.domain.exchange.Fund;
import io.perpetua.accounts.domain.exchange.SignedParts.Part;
import io.perpetua.accounts.messaging.BalanceAnswers.KeyRefusedException;
import io.perpetua.accounts.messaging.BalanceAnswers.PatienceAskedException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends signed requests to other exchanges, at addresses of the configuration alone; it follows no
 * redirection and reads no more than such answers have. What is logged names the exchange and what
 * went wrong, never what was sent or answered.
 */
@ApplicationScoped
public class ExchangeClient implements ExchangeBalances {
    private static final Logger LOG = Logger.getLogger(ExchangeClient.class);
    private static final int MAX_BYTES = 1 << 20;

    private final Map<ExchangeApi, URI> locations = new EnumMap<>(ExchangeApi.class);
    private final Duration patience;
    private final Semaphore calls;
    private @Nullable HttpClient client;

    /** To the configured addresses, which nobody on the way can be in the place of. */
    public ExchangeClient(AccountsConfig config) {
        ExchangesConfig exchanges = config.exchanges();
        locations.put(ExchangeApi.BINANCE, exchanges.binanceUrl());
        locations.put(ExchangeApi.COINBASE_ADVANCED, exchanges.coinbaseUrl());
        locations.put(ExchangeApi.COINBASE_EXCHANGE, exchanges.coinbaseExchangeUrl());
        locations.put(ExchangeApi.KRAKEN, exchanges.krakenUrl());
        locations.put(ExchangeApi.KITE_CONNECT, exchanges.zerodhaUrl());
        locations.values().forEach(OidcSettings::requireSafe);
        this.patience = Duration.ofMillis(exchanges.answerMillis());
        this.calls = new Semaphore(exchanges.callsMax());
    }

    private URI location(ExchangeApi api) {
        URI location = locations.get(api);
        if (location == null) {
            throw new IllegalArgumentException("nobody knows how to ask it");
        }
        return location;
    }

    @Override
    public String authority(ExchangeApi api) {
        return location(api).getAuthority();
    }

    @Override
    public Answer ask(ExchangeApi api, List<ExchangeRequest> pages) {
        if (!calls.tryAcquire()) {
            return new Answer.Failed(Failure.OVERLOADED);
        }
        try {
            return new Answer.Balances(askAll(api, pages));
        } catch (KeyRefusedException refused) {
            return new Answer.Failed(Failure.EXCHANGE_REFUSED_KEY);
        } catch (PatienceAskedException overloaded) {
            return failed(api, Failure.EXCHANGE_UNREACHABLE, "it asks for patience");
        } catch (JsonProcessingException | IllegalArgumentException invalid) {
            // Their messages quote the answer.
            return failed(api, Failure.EXCHANGE_ANSWER_INVALID, invalid.getClass().getSimpleName());
        } catch (IOException | TimeoutException failed) {
            return failed(api, Failure.EXCHANGE_UNREACHABLE, failed.getClass().getSimpleName());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return failed(api, Failure.EXCHANGE_UNREACHABLE, "interrupted");
        } finally {
            calls.release();
        }
    }

    private static Answer failed(ExchangeApi api, Failure failure, String why) {
        LOG.warnf("no balances from %s: %s (%s)", api, failure, why);
        return new Answer.Failed(failure);
    }

    private List<Fund> askAll(ExchangeApi api, List<ExchangeRequest> pages)
            throws IOException, InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + patience.toNanos();
        List<Fund> funds = new ArrayList<>();
        String cursor = "";
        for (ExchangeRequest page : pages) {
            JsonNode answer = send(api, page, cursor, deadline);
            funds.addAll(BalanceAnswers.funds(api, answer));
            cursor = BalanceAnswers.cursor(api, answer);
            if (cursor.isEmpty()) {
                return BalanceAnswers.together(funds);
            }
        }
        throw new IllegalArgumentException("more pages than anybody would read");
    }

    /** The whole answer has to be there in time, and no larger than such answers are. */
    private JsonNode send(ExchangeApi api, ExchangeRequest request, String cursor, long deadline)
            throws IOException, InterruptedException, TimeoutException {
        CompletableFuture<HttpResponse<byte[]>> asked =
                client().sendAsync(
                                message(location(api), request, cursor),
                                HttpResponse.BodyHandlers.limiting(
                                        HttpResponse.BodyHandlers.ofByteArray(), MAX_BYTES));
        try {
            HttpResponse<byte[]> answer =
                    asked.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            return BalanceAnswers.read(api, answer.statusCode(), answer.body());
        } catch (ExecutionException failed) {
            throw new IOException("no answer", failed.getCause());
        } finally {
            asked.cancel(true);
        }
    }

    private static HttpRequest message(URI location, ExchangeRequest request, String cursor) {
        String query = request.query();
        if (!cursor.isEmpty()) {
            query += "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
        }
        String base = location.toString().replaceAll("/+$", "");
        URI uri = URI.create(base + request.path() + (query.isEmpty() ? "" : "?" + query));
        HttpRequest.Builder message =
                HttpRequest.newBuilder(uri)
                        .header("Accept", "application/json")
                        .header("User-Agent", "perpetua");
        for (Part header : request.headers()) {
            message.header(header.name(), header.value());
        }
        if (request.body().isEmpty()) {
            return message.method(request.method(), HttpRequest.BodyPublishers.noBody()).build();
        }
        return message.header("Content-Type", "application/x-www-form-urlencoded")
                .method(request.method(), HttpRequest.BodyPublishers.ofString(request.body()))
                .build();
    }

    private synchronized HttpClient client() {
        HttpClient known = client;
        if (known == null) {
            known =
                    HttpClient.newBuilder()
                            .connectTimeout(patience)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .build();
            client = known;
        }
        return known;
    }
}
