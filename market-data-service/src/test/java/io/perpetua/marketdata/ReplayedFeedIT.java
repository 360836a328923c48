package io.perpetua.marketdata;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Recorded bars as the feed, a corner of a bar each update: what the service says of the day is
 * what three lines say of the file. {@code -Dperpetua.replay.bars=1440} plays a day, in ten
 * minutes, instead of two hours of that day in which the price fell by a twentieth.
 */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@TestProfile(ReplayedFeedIT.Recorded.class)
class ReplayedFeedIT {
    private static final int BARS = Integer.getInteger("perpetua.replay.bars", 120);

    /** The bars after which the price stands still, while the test looks. */
    private static final int STILL = 400;

    private static final Duration PATIENCE = Duration.ofMinutes(2).plusMillis(600L * BARS);
    private static final BigDecimal ZERO = BigDecimal.ZERO;
    private static final BinaryOperator<BigDecimal> MAX = BigDecimal::max;
    private static final BinaryOperator<BigDecimal> MIN = BigDecimal::min;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final String HEADER = "timestamp,open,high,low,close,volume";

    /** Every corner of every bar, as fast as prices are updated. */
    public static class Recorded implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "perpetua.market-data.feed", "replay:" + file(),
                    "perpetua.market-data.replay-enabled", "true",
                    "perpetua.market-data.update-interval-millis", "100",
                    "perpetua.market-data.replay-bars-per-second", "2.5");
        }
    }

    @Test
    void shouldHaveTheStatisticsOfTheRecordedBarsWhenTheyAreTheFeed() {
        List<String[]> rows = recorded();
        BigDecimal high = rows.stream().map(row -> new BigDecimal(row[2])).reduce(ZERO, MAX);
        BigDecimal low = rows.stream().map(row -> new BigDecimal(row[3])).reduce(high, MIN);
        String ofTheFile = told(rows.getFirst()[1], high, low, rows.getLast()[4]);

        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> queued() > 0 && queued() < STILL);

        for (String answer :
                List.of(
                        "/v1/statistics/BTC-PERP/daily?series=ORACLE",
                        "/v1/candles?market=BTC-PERP&series=ORACLE&frame=1d",
                        "/v1/candles?market=BTC-PERP&series=ORACLE&frame=1m")) {
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(folded(answer)).isEqualTo(ofTheFile));
        }
        JsonPath prices = given().get("/v1/prices/BTC-PERP").jsonPath();
        assertThat(new BigDecimal(prices.getString("oracle"))).isEqualByComparingTo(last(rows));
        assertThat(prices.getString("source")).isEqualTo("replay");
        assertThat(queued()).as("bars still to come").isPositive();
    }

    private static String last(List<String[]> rows) {
        return new BigDecimal(rows.getLast()[4]).toPlainString();
    }

    private static int queued() {
        List<Integer> queued = given().get("/v1/prices/replay").jsonPath().getList("items.queued");
        return queued == null || queued.isEmpty() ? 0 : queued.getFirst();
    }

    /** What the frames of an answer come to, newest first; there are two days around midnight. */
    private static String folded(String answer) {
        List<Map<String, Object>> frames =
                given().get(answer + "&limit=100").jsonPath().<Map<String, Object>>getList("items");
        assertThat(frames).isNotEmpty();
        BigDecimal high = frames.stream().map(frame -> price(frame, "high")).reduce(ZERO, MAX);
        return told(
                frames.getLast().get("open").toString(),
                high,
                frames.stream().map(frame -> price(frame, "low")).reduce(high, MIN),
                frames.getFirst().get("close").toString());
    }

    private static BigDecimal price(Map<String, Object> frame, String name) {
        return new BigDecimal(frame.get(name).toString());
    }

    private static String told(String open, BigDecimal high, BigDecimal low, String close) {
        return Stream.of(new BigDecimal(open), high, low, new BigDecimal(close))
                .map(price -> price.stripTrailingZeros().toPlainString())
                .collect(Collectors.joining(" "));
    }

    /** The bars, and those in which nothing moves. */
    private static Path file() {
        List<String> lines = new ArrayList<>();
        lines.add(HEADER);
        List<String[]> rows = recorded();
        rows.forEach(row -> lines.add(String.join(",", row)));
        String close = rows.getLast()[4];
        LocalDateTime last = LocalDateTime.parse(rows.getLast()[0].substring(0, 19), TIME);
        for (int i = 1; i <= STILL; i++) {
            lines.add(
                    String.join(
                            ",",
                            TIME.format(last.plusMinutes(i)),
                            close,
                            close,
                            close,
                            close,
                            "0"));
        }
        try {
            Path file = Path.of("target", "replayed-feed.csv").toAbsolutePath();
            Files.createDirectories(file.getParent());
            return Files.write(file, lines);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private static List<String[]> recorded() {
        String from = BARS > 300 ? "2022-01-05 00:00" : "2022-01-05 19:00";
        try (InputStream file =
                        ReplayedFeedIT.class.getResourceAsStream(
                                "/history/btc-perp-1m-2022-01-04.csv.gz");
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        new GZIPInputStream(file), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .skip(1)
                    .filter(line -> line.compareTo(from) >= 0)
                    .limit(BARS)
                    .map(line -> line.split(",", -1))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
