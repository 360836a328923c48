package io.perpetua.risk.messaging;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.risk.MarketValuation;
import io.perpetua.contracts.risk.UserValuation;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.risk.app.ValuationJournal;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Two Kafka topics, compacted; their records are not numbered, as each replaces the one before. */
@ApplicationScoped
class KafkaValuationJournal implements ValuationJournal {
    /** Less than the database lets a transaction idle. */
    private static final long PATIENCE_MILLIS = 2_000;

    private final RiskLog log;

    KafkaValuationJournal(RiskLog log) {
        this.log = log;
    }

    @Override
    public void publishMarkets(Collection<MarketValuation> valuations) {
        send(
                valuations,
                valuation ->
                        new Outgoing(
                                Topics.MARKET_VALUATIONS.name(),
                                Partitions.of(valuation.market()),
                                valuation.market().toString(),
                                EventCodec.encode(MarketValuation.class, valuation),
                                null));
    }

    @Override
    public void publishUsers(Collection<UserValuation> valuations) {
        send(
                valuations,
                valuation ->
                        new Outgoing(
                                Topics.USER_VALUATIONS.name(),
                                Partitions.of(valuation.user()),
                                valuation.user().toString(),
                                EventCodec.encode(UserValuation.class, valuation),
                                null));
    }

    private <T> void send(Collection<T> valuations, Function<T, Outgoing> record) {
        CompletableFuture<?>[] sent =
                valuations.stream()
                        .map(one -> log.eventlog().send(record.apply(one)).toCompletableFuture())
                        .toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(sent).get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException unknown) {
            throw new IllegalStateException("the log did not take valuations", unknown);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while publishing valuations", interrupted);
        }
    }
}
