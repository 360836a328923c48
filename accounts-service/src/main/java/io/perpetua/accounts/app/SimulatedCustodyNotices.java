package io.perpetua.accounts.app;

import io.perpetua.accounts.persistence.SimulatedCustodyStore;
import io.perpetua.accounts.persistence.SimulatedCustodyStore.Outcome;
import io.perpetua.accounts.persistence.SimulatedCustodyStore.TransferRow;
import io.perpetua.edge.system.SystemEvents;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The simulated custodian's notices: signed, over HTTP to this service, as often as its behaviour
 * says, and again until they are taken.
 */
@ApplicationScoped
public class SimulatedCustodyNotices {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int SUCCESS = 2;

    private final SimulatedCustodyStore store;
    private final ShardTransactions transactions;
    private final Clock clock;
    private final AccountsConfig config;
    private final SystemEvents events;
    private final Turns turns = new Turns("simulated-custody", 1);
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /** With the custodian's books. */
    public SimulatedCustodyNotices(
            SimulatedCustodyStore store,
            ShardTransactions transactions,
            Clock clock,
            AccountsConfig config,
            SystemEvents events) {
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
        this.config = config;
        this.events = events;
    }

    void start(@Observes StartupEvent started) {
        if (config.shardsEnabled()
                && config.simulatedCustody().enabled()
                && config.custodianSecret().isPresent()) {
            turns.start(events, 1, config.withdrawals().pollMillis(), this::giveOne);
        }
    }

    void stop(@Observes ShutdownEvent stopping) {
        turns.close();
        http.shutdownNow();
    }

    private boolean giveOne() {
        Instant now = clock.instant();
        Optional<TransferRow> due =
                transactions.call(
                        tx -> store.takeNotice(tx, now, now.plus(PATIENCE.multipliedBy(2))));
        due.filter(this::give)
                .ifPresent(
                        given ->
                                transactions.call(
                                        tx -> {
                                            store.noticeGiven(tx, given.key(), now);
                                            return given;
                                        }));
        return due.isPresent();
    }

    private boolean give(TransferRow transfer) {
        String body =
                "{\"withdrawalId\":\"%s\",\"outcome\":\"%s\",\"reference\":\"%s\"}"
                        .formatted(
                                transfer.key(),
                                transfer.outcome() == Outcome.CONFIRMED ? "CONFIRMED" : "FAILED",
                                SimulatedCustody.referenceOf(transfer.key()));
        String secret = config.custodianSecret().orElse("");
        HttpRequest notice =
                HttpRequest.newBuilder(url())
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/json")
                        .header(
                                "Custodian-Signature",
                                SimulatedCustodian.sign(secret, clock.millis(), body))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try {
            return http.send(notice, HttpResponse.BodyHandlers.discarding()).statusCode() / 100
                    == SUCCESS;
        } catch (IOException unreached) {
            return false; // it is given again
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Where this process listens, which is known only once it does. */
    private static URI url() {
        int port = ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class);
        return URI.create("http://127.0.0.1:" + port + "/v1/withdrawal-notices");
    }
}
