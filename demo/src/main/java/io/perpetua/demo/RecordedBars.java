package io.perpetua.demo;

import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Bars of a CSV file, to be played by a development stack as a market's index. */
final class RecordedBars {
    /** Bars a second: four hours of the recording in two minutes. */
    static final int PER_SECOND = 2;

    private static final int PAGE = 250;

    private final List<Map<String, Object>> bars;

    private RecordedBars(List<Map<String, Object>> bars) {
        this.bars = bars;
    }

    /** The first bars of the file, as many as are played within the time. */
    static RecordedBars read(Path file, double minutes) throws IOException {
        long wanted = Math.round((minutes + 1) * 60 * PER_SECOND);
        List<Map<String, Object>> bars = new ArrayList<>();
        try (InputStream raw = Files.newInputStream(file);
                InputStream plain =
                        file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine();
                    line != null && bars.size() < wanted;
                    line = lines.readLine()) {
                String[] cells = line.split(",", -1);
                if (cells.length >= 6 && cells[0].startsWith("2")) {
                    bars.add(bar(cells));
                }
            }
        }
        return new RecordedBars(bars);
    }

    private static Map<String, Object> bar(String[] cells) {
        return Api.body(
                "timestamp", instant(cells[0]),
                "open", cells[1],
                "high", cells[2],
                "low", cells[3],
                "close", cells[4],
                "volume", cells[5]);
    }

    /** {@code 2022-01-05 12:00:00+00:00} and its like, as ISO-8601 in UTC. */
    private static String instant(String text) {
        return text.substring(0, 10) + "T" + text.substring(11, 19) + "Z";
    }

    /** Queues them; the answer is the first refusal, or the last acceptance. */
    Answer play(Api api, String market) {
        api.persist("DELETE", "/v1/prices/replay/" + market, null, null);
        Answer answer = new Answer(200, api.get("/v1/prices/" + market));
        for (int from = 0; from < bars.size() && answer.isOk(); from += PAGE) {
            answer =
                    api.persist(
                            "POST",
                            "/v1/prices/replay",
                            null,
                            Api.body(
                                    "market", market,
                                    "barsPerSecond", Integer.toString(PER_SECOND),
                                    "bars",
                                            bars.subList(
                                                    from, Math.min(from + PAGE, bars.size()))));
        }
        return answer;
    }

    int size() {
        return bars.size();
    }

    @Override
    public String toString() {
        return bars.isEmpty()
                ? "no bars"
                : bars.size()
                        + " bars from "
                        + bars.getFirst().get("timestamp")
                        + " to "
                        + bars.getLast().get("timestamp");
    }
}
