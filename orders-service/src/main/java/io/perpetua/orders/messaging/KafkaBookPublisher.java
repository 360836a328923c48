package io.perpetua.orders.messaging;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topic;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.orders.BookDepth;
import io.perpetua.contracts.orders.BookTop;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.orders.app.BookPublisher;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Publishes books to their compacted topics, keyed by market, on a thread of its own: the market's
 * thread never waits for the log. Of several pictures that wait, the newest is sent.
 */
final class KafkaBookPublisher implements BookPublisher, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(KafkaBookPublisher.class);

    private final Eventlog log;
    private final Map<MarketId, Picture> waiting = new ConcurrentHashMap<>();
    private final ExecutorService sender =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("book-publisher").factory());

    private record Picture(BookTop top, BookDepth depth) {}

    KafkaBookPublisher(Eventlog log) {
        this.log = log;
    }

    @Override
    public void publish(BookTop top, BookDepth depth) {
        if (waiting.put(top.market(), new Picture(top, depth)) == null) {
            sender.execute(() -> send(top.market()));
        }
    }

    private void send(MarketId market) {
        Picture newest = waiting.remove(market);
        if (newest != null) {
            send(Topics.BOOK_TOPS, market, EventCodec.encode(BookTop.class, newest.top()));
            send(Topics.BOOKS, market, EventCodec.encode(BookDepth.class, newest.depth()));
        }
    }

    private void send(Topic topic, MarketId market, byte[] value) {
        var _ =
                log.send(
                                new Outgoing(
                                        topic.name(),
                                        Partitions.of(market),
                                        market.toString(),
                                        value,
                                        null))
                        .whenComplete((sent, failure) -> report(topic, market, failure));
    }

    private static void report(Topic topic, MarketId market, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.warnf(
                    "%s of market %s was not published: %s",
                    topic.name(), market, failure.getMessage());
        }
    }

    @Override
    public void close() {
        sender.shutdownNow();
    }
}
