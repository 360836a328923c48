package io.perpetua.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.Session;
import io.perpetua.demo.client.Wallet;
import io.perpetua.testkit.StreamClient;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A mark made of a real book, through the front door: one user quotes both sides above the index,
 * and takes one away.
 */
class MarkPriceIT {
    /** No other test leaves orders in it. */
    private static final String MARKET = "AVAX-PERP";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Stack stack = Stack.shared();

    @Test
    @Tag("MARK")
    void shouldFollowTheBookAndKeepItsBasisWhenOneSideIsGone() throws Exception {
        URI uri =
                URI.create(stack.frontDoor().toString().replaceFirst("http", "ws") + "/v1/stream");
        try (Api api = new Api(stack.frontDoor());
                StreamClient stream = StreamClient.connect(HttpClient.newHttpClient(), uri, null)) {
            Session maker = Session.signIn(api, Wallet.create());
            maker.deposit(Usd.ofDollars(100_000), "mark-" + maker.user());
            double tick = api.get("/v1/markets/" + MARKET).path("tick").asDouble();
            stream.send(
                    "{\"op\":\"subscribe\",\"channel\":\"marks\",\"market\":\"%s\"}"
                            .formatted(MARKET));
            Mark before = next(stream);
            assertThat(before.share())
                    .as("no book but what others have left: %s", before)
                    .isCloseTo(0, within(0.001));

            double bid = before.oracle() * 1.03;
            place(maker, "BUY", bid);
            String ask = place(maker, "SELL", bid * 1.002);
            Mark first = next(stream);
            Mark followed = first;
            while (followed.share() < 0.01) {
                assertThat(followed.mark()).as("no book decides at once").isLessThan(bid);
                followed = next(stream);
            }

            // EMA30s is the one in the middle: 1 % of 3 % takes some ten seconds
            assertThat(followed.at()).isAfter(first.at().plusSeconds(5));
            JsonNode asked = api.get("/v1/prices/" + MARKET);
            assertThat(asked.path("mark").asDouble() / asked.path("oracle").asDouble() - 1)
                    .as("%s", asked)
                    .isBetween(0.009, 0.032);
            assertThat(asked.path("fault").isNull()).isTrue();

            assertThat(maker.persist("DELETE", "/v1/orders/" + ask, null).isOk()).isTrue();
            // oracle + EMA150s: after the same ten seconds or so a third of a percent
            Mark kept = next(stream);
            while (kept.share() >= 0.007) {
                kept = next(stream);
            }
            assertThat(kept.basis()).isGreaterThan(10 * tick);
            Mark later = kept;
            while (later.at().isBefore(kept.at().plusSeconds(15))) {
                later = next(stream);
                double seconds = Duration.between(kept.at(), later.at()).toMillis() / 1e3;
                assertThat(later.basis())
                        .as("%s, %.1f s after %s", later, seconds, kept)
                        .isCloseTo(kept.basis() * Math.exp(-seconds / 150), within(3 * tick));
            }
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

    /** The deposit may be on its way still. */
    private static String place(Session maker, String side, double price) {
        String rounded =
                BigDecimal.valueOf(price).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
        Answer[] placed = new Answer[1];
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            placed[0] =
                                    maker.send(
                                            "POST",
                                            "/v1/orders",
                                            Api.body(
                                                    "subaccountId",
                                                    maker.subaccount(),
                                                    "market",
                                                    MARKET,
                                                    "side",
                                                    side,
                                                    "type",
                                                    "LIMIT",
                                                    "timeInForce",
                                                    "POST_ONLY",
                                                    "price",
                                                    rounded,
                                                    "size",
                                                    "10"));
                            return placed[0].status() == 201;
                        });
        return placed[0].orThrow().path("orderId").asText();
    }
}
