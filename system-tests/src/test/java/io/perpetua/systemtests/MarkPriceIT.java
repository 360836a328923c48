package io.perpetua.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.client.Account;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.OrderRequest;
import io.perpetua.testkit.StreamClient;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A mark made of a real book, through the front door: one user quotes both sides above the index,
 * and takes one away.
 */
class MarkPriceIT {
    /** Of its own: nobody else has an order in its book. */
    private static final String MARKET = "MARK-PERP";

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Stack stack = Stack.shared();

    @Test
    @Tag("MARK")
    void shouldFollowTheBookAndKeepItsBasisWhenOneSideIsGone() throws Exception {
        URI uri =
                URI.create(stack.frontDoor().toString().replaceFirst("http", "ws") + "/v1/stream");
        try (Api api = new Api(stack.frontDoor());
                StreamClient stream = StreamClient.connect(HttpClient.newHttpClient(), uri, null)) {
            OwnMarket.open(stack, api, "MARK");
            OwnMarket.holdIndex(api, MARKET);
            Account maker = Traders.funded(api, "mark", Usd.ofDollars(100_000));
            double tick = api.get("/v1/markets/" + MARKET).path("tick").asDouble();
            OwnMarket.subscribe(stream, "marks", MARKET);
            Mark before = next(stream);
            assertThat(before.basis()).as("no book: %s", before).isCloseTo(0, within(tick));

            double bid = before.oracle() * 1.03;
            place(maker, Side.BUY, bid);
            String ask = place(maker, Side.SELL, bid * 1.002);
            Mark first = next(stream);
            Mark followed =
                    nextUntil(
                            stream,
                            mark -> {
                                assertThat(mark.mark())
                                        .as("no book decides at once")
                                        .isLessThan(bid);
                                return mark.share() >= 0.01;
                            });

            // EMA30s is the one in the middle: 1 % of 3 % takes some ten seconds
            assertThat(followed.at()).isAfter(first.at().plusSeconds(5));
            JsonNode asked = api.get("/v1/prices/" + MARKET);
            assertThat(asked.path("mark").asDouble() / asked.path("oracle").asDouble() - 1)
                    .as("%s", asked)
                    .isBetween(0.009, 0.032);
            assertThat(asked.path("fault").isNull()).isTrue();

            Answer cancelled = maker.cancel(ask);
            assertThat(cancelled.isOk()).as("%s", cancelled).isTrue();
            // oracle + EMA150s: after the same ten seconds or so a third of a percent
            Mark kept = nextUntil(stream, mark -> mark.share() < 0.007);
            assertThat(kept.basis()).isGreaterThan(10 * tick);
            nextUntil(
                    stream,
                    later -> {
                        double seconds = Duration.between(kept.at(), later.at()).toMillis() / 1e3;
                        assertThat(later.basis())
                                .as("%s, %.1f s after %s", later, seconds, kept)
                                .isCloseTo(
                                        kept.basis() * Math.exp(-seconds / 150), within(3 * tick));
                        return seconds >= 15;
                    });
            assertThat(stream.firstGap()).isNull();
            asked = api.get("/v1/prices/" + MARKET);
            assertThat(asked.path("mark").asDouble())
                    .isGreaterThan(asked.path("oracle").asDouble());
        }
    }

    /** A mark as it was streamed. */
    private record Mark(double mark, double oracle, Instant at) {
        double basis() {
            return mark - oracle;
        }

        double share() {
            return basis() / oracle;
        }
    }

    /** The first mark from here on that is so. */
    private static Mark nextUntil(StreamClient stream, Predicate<Mark> wanted) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Mark mark = next(stream);
        while (!wanted.test(mark)) {
            assertThat(System.nanoTime()).as("%s", mark).isLessThan(deadline);
            mark = next(stream);
        }
        return mark;
    }

    private static Mark next(StreamClient stream) throws Exception {
        String text = stream.await(message -> message.contains("\"type\":\"delta\""));
        try {
            JsonNode data = JSON.readTree(text).path("data");
            return new Mark(
                    data.path("mark").asDouble(),
                    data.path("oracle").asDouble(),
                    Instant.parse(data.path("at").asText()));
        } catch (JsonProcessingException noJson) {
            throw new AssertionError(text, noJson);
        }
    }

    private static String place(Account maker, Side side, double price) {
        Price rounded =
                Price.parse(
                        BigDecimal.valueOf(price)
                                .setScale(2, RoundingMode.HALF_EVEN)
                                .toPlainString());
        return Traders.place(
                        maker,
                        () ->
                                OrderRequest.limit(
                                        MARKET,
                                        side,
                                        TimeInForce.POST_ONLY,
                                        rounded,
                                        Quantity.parse("10")))
                .body()
                .path("orderId")
                .asText();
    }
}
