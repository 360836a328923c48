package io.perpetua.edge.stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.perpetua.edge.JsonProblems;
import io.perpetua.edge.Problem;
import io.perpetua.edge.ProblemException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's stream. What it is sent of a topic is a chain without a gap: each change names the
 * one sent before it. While the client reads slower than things change, only the newest change of
 * each key waits for it; when it does not read at all for too long, it is dropped with a reason.
 * What a client makes this process keep is bounded, whatever it sends and whether or not it reads.
 */
final class StreamConnection {
    /** How long a client may take to read why it is closed. */
    private static final long GOODBYE_MILLIS = 2_000;

    private static final long NEVER = Long.MIN_VALUE;

    private final StreamLoop loop;
    private final StreamOutlet outlet;
    private final StreamConfig config;
    private final StreamChannels channels;
    private final ObjectMapper json;
    private final StreamMetrics metrics;
    private final TimeMeter time;
    private final Bucket frames;
    private final Map<StreamTopic, Subscription> subscriptions = new LinkedHashMap<>();
    private long heardMillis;
    private long pingedMillis;
    private long fullSinceMillis = NEVER;
    private long closedMillis = NEVER;

    /**
     * @param time is steady: a wall clock that is set would end streams, or keep dead ones
     */
    StreamConnection(
            StreamLoop loop,
            StreamOutlet outlet,
            StreamConfig config,
            StreamChannels channels,
            ObjectMapper json,
            StreamMetrics metrics,
            TimeMeter time) {
        if (time.isWallClockBased()) {
            throw new IllegalArgumentException("streams go by steady time");
        }
        this.loop = loop;
        this.outlet = outlet;
        this.config = config;
        this.channels = channels;
        this.json = json;
        this.metrics = metrics;
        this.time = time;
        this.heardMillis = nowMillis();
        this.pingedMillis = heardMillis;
        this.frames =
                Bucket.builder()
                        .withCustomTimePrecision(time)
                        .addLimit(
                                limit ->
                                        limit.capacity(config.framesBurst())
                                                .refillGreedy(
                                                        config.framesPerSecond(),
                                                        Duration.ofSeconds(1)))
                        .build();
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Refused(
            String type,
            @Nullable String id,
            String code,
            @Nullable String field,
            @Nullable String detail,
            @Nullable List<String> allowed) {}

    /** Takes note of a frame of any kind. */
    void frame() {
        heardMillis = nowMillis();
        if (!frames.tryConsume(1)) {
            close(StreamClose.RATE_LIMITED);
        }
    }

    /** Answers a request. */
    void text(String text) {
        if (isClosed()) {
            return;
        }
        String id = null;
        try {
            StreamRequest request =
                    JsonProblems.required(json.readValue(text, StreamRequest.class));
            id = id(request);
            answer(request, id);
        } catch (JsonProcessingException malformed) {
            refuse(id, JsonProblems.of(malformed));
        } catch (ProblemException refused) {
            refuse(id, refused.problem());
        }
        noteFullness();
    }

    private static @Nullable String id(StreamRequest request) {
        String id = request.id();
        if (id != null && id.length() > StreamRequest.LONGEST_ID) {
            throw Problem.fieldInvalid(
                            "id", "'id' has at most " + StreamRequest.LONGEST_ID + " characters")
                    .exception();
        }
        return id;
    }

    private void answer(StreamRequest request, @Nullable String id) {
        switch (request.op()) {
            case StreamRequest.SUBSCRIBE -> subscribe(channels.topic(request), id);
            case StreamRequest.UNSUBSCRIBE -> unsubscribe(channels.topic(request), id);
            case StreamRequest.PING -> write("{\"type\":\"pong\"" + idField(id) + "}");
            default ->
                    throw Problem.fieldInvalid("op", "'op' is none of the allowed words")
                            .allowing(
                                    List.of(
                                            StreamRequest.SUBSCRIBE,
                                            StreamRequest.UNSUBSCRIBE,
                                            StreamRequest.PING))
                            .exception();
        }
    }

    private void subscribe(StreamTopic topic, @Nullable String id) {
        if (subscriptions.containsKey(topic)) {
            throw Problem.conflict("ALREADY_SUBSCRIBED", "this stream has the topic already")
                    .at("channel")
                    .exception();
        }
        if (subscriptions.size() >= config.subscriptionsMax()) {
            throw Problem.of(
                            422,
                            "SUBSCRIPTIONS_EXHAUSTED",
                            "a stream has at most " + config.subscriptionsMax() + " topics")
                    .at("channel")
                    .exception();
        }
        StreamMessage newest = loop.newest(topic);
        long seq = newest == null ? 0 : newest.seq();
        Subscription subscription = new Subscription(this, seq);
        subscriptions.put(topic, subscription);
        loop.subscribe(topic, subscription);
        write(
                "{\"type\":\"subscribed\""
                        + idField(id)
                        + ","
                        + topic.json()
                        + ",\"seq\":"
                        + seq
                        + ",\"snapshot\":"
                        + (newest == null ? "null" : newest.data())
                        + "}");
    }

    private void unsubscribe(StreamTopic topic, @Nullable String id) {
        Subscription subscription = subscriptions.remove(topic);
        if (subscription == null) {
            throw Problem.conflict("NOT_SUBSCRIBED", "this stream does not have the topic")
                    .at("channel")
                    .exception();
        }
        loop.unsubscribe(topic, subscription);
        write("{\"type\":\"unsubscribed\"" + idField(id) + "," + topic.json() + "}");
    }

    private void refuse(@Nullable String id, Problem problem) {
        write(
                asJson(
                        new Refused(
                                "error",
                                id,
                                problem.code(),
                                problem.field(),
                                problem.detail(),
                                problem.allowed())));
    }

    private String idField(@Nullable String id) {
        return id == null ? "" : ",\"id\":" + asJson(id);
    }

    private String asJson(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Sends a change of a topic, or keeps it until the client has read what it was sent. */
    void deliver(Subscription subscription, StreamMessage message) {
        if (isClosed()) {
            return;
        }
        if (!subscription.isWaiting() && !outlet.isFull()) {
            write(subscription.send(message));
            metrics.sent();
        } else if (subscription.await(message)) {
            metrics.conflated();
        } else if (subscription.waiting() > config.waitingPerTopicMax()) {
            close(StreamClose.SLOW_CONSUMER);
        }
        noteFullness();
    }

    /** Goes on with what waits, because the client has read. */
    void drained() {
        fullSinceMillis = NEVER;
        if (isClosed()) {
            return;
        }
        for (Subscription subscription : subscriptions.values()) {
            while (subscription.isWaiting() && !outlet.isFull()) {
                write(subscription.sendWaiting());
                metrics.sent();
            }
        }
        outlet.resume();
        noteFullness();
    }

    /** Pings, and ends what was silent, slow, or closed for too long. */
    void check() {
        long nowMillis = nowMillis();
        if (isClosed()) {
            if (nowMillis - closedMillis >= GOODBYE_MILLIS) {
                outlet.abort();
            }
            return;
        }
        noteFullness();
        if (fullSinceMillis != NEVER && nowMillis - fullSinceMillis >= config.slowMillisMax()) {
            close(StreamClose.SLOW_CONSUMER);
        } else if (nowMillis - heardMillis >= config.idleMillisMax()) {
            close(StreamClose.IDLE);
        } else if (nowMillis - pingedMillis >= config.pingMillis()) {
            pingedMillis = nowMillis;
            outlet.ping();
        }
    }

    /** Says why and ends the stream; nothing is sent after it. */
    void close(StreamClose why) {
        if (isClosed()) {
            return;
        }
        closedMillis = nowMillis();
        metrics.closed(why);
        outlet.close(why);
        leave();
    }

    /** Gives up its subscriptions. */
    void leave() {
        subscriptions.forEach(loop::unsubscribe);
        subscriptions.clear();
    }

    private void write(String text) {
        outlet.write(text);
    }

    /** Who does not read is not read: its requests and pings would pile answers up. */
    private void noteFullness() {
        if (fullSinceMillis == NEVER && outlet.isFull()) {
            fullSinceMillis = nowMillis();
            outlet.pause();
        }
    }

    private long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(time.currentTimeNanos());
    }

    private boolean isClosed() {
        return closedMillis != NEVER;
    }
}
