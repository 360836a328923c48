package io.perpetua.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Sends requests over a fixed number of HTTP connections, on one event loop, and times the answers.
 *
 * <p>Closed loop: every connection sends its next request when it has its answer. Open loop:
 * requests begin by the clock whatever the answers do, and are timed from when they should have
 * begun, so that a stall counts for all who would have met it.
 */
final class Load implements AutoCloseable {
    private static final int MAX_WAITING = 20_000;
    private static final long GREATEST_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long PACE_MILLIS = 1;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final HttpClient client;
    private final URI target;
    private final List<OrderFlow> flows;

    /** What was seen between the end of the warm-up and the end. */
    static final class Seen {
        final Histogram nanos = new Histogram(GREATEST_NANOS, 3);
        final Map<String, Long> outcomes = new TreeMap<>();
        long placements;
        long cancels;
        double seconds;

        double placementsPerSecond() {
            return placements / seconds;
        }
    }

    Load(URI target, List<OrderFlow> flows) {
        this.target = target;
        this.flows = flows;
        this.client =
                vertx.createHttpClient(
                        new HttpClientOptions(),
                        new PoolOptions().setHttp1MaxSize(flows.size()).setMaxWaitQueueSize(-1));
    }

    /** A run on the event loop; all its state belongs to that thread. */
    private final class Run {
        final Seen seen = new Seen();
        final CountDownLatch done = new CountDownLatch(1);
        boolean measuring;
        boolean ended;
        int waiting;

        void send(OrderFlow flow, long beganNanos, Runnable then) {
            OrderFlow.Request next = flow.next();
            waiting++;
            exchange(flow, next)
                    .onComplete(
                            answer -> {
                                waiting--;
                                note(flow, next, answer.succeeded() ? answer.result() : null);
                                if (measuring) {
                                    long nanos = System.nanoTime() - beganNanos;
                                    seen.nanos.recordValue(Math.min(nanos, GREATEST_NANOS));
                                }
                                if (ended && waiting == 0) {
                                    done.countDown();
                                }
                                then.run();
                            });
        }

        private void note(
                OrderFlow flow,
                OrderFlow.Request request,
                @org.jspecify.annotations.Nullable Answer answer) {
            if (answer == null) {
                count(request, "no answer");
            } else if (answer.status() >= 400 || request.commands() == 1) {
                note(flow, request, answer.status(), answer.body());
            } else {
                for (String part : OrderFlow.parts(request, answer.body())) {
                    int from = part.indexOf(':') + 1;
                    note(flow, request, Integer.parseInt(part, from, part.indexOf(','), 10), part);
                }
            }
        }

        private void note(OrderFlow flow, OrderFlow.Request request, int status, String body) {
            String outcome = Integer.toString(status);
            if (status >= 400) {
                outcome += " " + OrderFlow.text(body, "\"code\":\"");
            } else if (request.isPlacement()) {
                flow.placed(body);
            }
            count(request, outcome);
        }

        private void count(OrderFlow.Request request, String outcome) {
            if (!measuring) {
                return;
            }
            seen.outcomes.merge(
                    (request.isPlacement() ? "place " : "cancel ") + outcome, 1L, Long::sum);
            if (request.isPlacement() && outcome.equals("201")) {
                seen.placements++;
            } else if (!request.isPlacement()) {
                seen.cancels++;
            }
        }
    }

    private record Answer(int status, String body) {}

    private Future<Answer> exchange(OrderFlow flow, OrderFlow.Request request) {
        RequestOptions options =
                new RequestOptions()
                        .setHost(target.getHost())
                        .setPort(target.getPort())
                        .setMethod(HttpMethod.valueOf(request.method()))
                        .setURI(request.path());
        return client.request(options)
                .compose(
                        http -> {
                            http.putHeader("Authorization", flow.authorization());
                            if (request.body() == null) {
                                return http.send();
                            }
                            http.putHeader("Content-Type", "application/json");
                            return http.send(Buffer.buffer(request.body()));
                        })
                .compose(Load::read);
    }

    private static Future<Answer> read(HttpClientResponse response) {
        return response.body().map(body -> new Answer(response.statusCode(), body.toString()));
    }

    /** Every connection as fast as it is answered. */
    Seen closed(int warmUpSeconds, int seconds, Runnable onMeasuring) throws InterruptedException {
        Run run = new Run();
        vertx.runOnContext(
                start -> {
                    for (OrderFlow flow : flows) {
                        again(run, flow);
                    }
                });
        return measured(run, warmUpSeconds, seconds, onMeasuring);
    }

    private void again(Run run, OrderFlow flow) {
        if (!run.ended) {
            run.send(flow, System.nanoTime(), () -> again(run, flow));
        }
    }

    /** So many requests a second, by the clock. */
    Seen open(double perSecond, int warmUpSeconds, int seconds, Runnable onMeasuring)
            throws InterruptedException {
        Run run = new Run();
        long beganNanos = System.nanoTime();
        double nanosBetween = 1e9 / perSecond;
        long[] sent = new long[1];
        vertx.setPeriodic(
                PACE_MILLIS,
                timer -> {
                    if (run.ended) {
                        vertx.cancelTimer(timer);
                        return;
                    }
                    long now = System.nanoTime();
                    while (run.waiting < MAX_WAITING) {
                        long due = beganNanos + (long) (sent[0] * nanosBetween);
                        if (due > now) {
                            return;
                        }
                        OrderFlow flow = flows.get((int) (sent[0]++ % flows.size()));
                        run.send(flow, due, () -> {});
                    }
                });
        return measured(run, warmUpSeconds, seconds, onMeasuring);
    }

    private Seen measured(Run run, int warmUpSeconds, int seconds, Runnable onMeasuring)
            throws InterruptedException {
        TimeUnit.SECONDS.sleep(warmUpSeconds);
        onMeasuring.run();
        long from = System.nanoTime();
        vertx.runOnContext(start -> run.measuring = true);
        TimeUnit.SECONDS.sleep(seconds);
        run.seen.seconds = (System.nanoTime() - from) / 1e9;
        vertx.runOnContext(
                end -> {
                    run.measuring = false;
                    run.ended = true;
                    if (run.waiting == 0) {
                        run.done.countDown();
                    }
                });
        if (!run.done.await(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException(run.waiting + " requests were never answered");
        }
        return run.seen;
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
