package io.perpetua.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The program behind {@code ./perpetua import}: sends a CSV of one-minute bars, in as many parts as
 * a body's limit asks for, and reports the rows that were not taken. The environment has the token
 * of an administrator, whom the exchange lets import. Exit code 0: all rows are imported; 1: some
 * are not, or nothing answers; 2: misused.
 */
public final class ImportHistory {
    private static final String FRONT_DOOR = "http://127.0.0.1:8080";
    private static final String TOKEN = "PERPETUA_ADMIN_TOKEN";
    private static final int PART_CHARACTERS = 60_000;

    private final Api api;
    private final String token;
    private final String market;
    private final PrintStream out;
    private long imported;
    private long unchanged;
    private long rejected;

    /** Into a market of the exchange that {@code api} reaches, with an administrator's token. */
    public ImportHistory(Api api, String token, String market, PrintStream out) {
        this.api = api;
        this.token = token;
        this.market = market;
        this.out = out;
    }

    /** Imports a file. */
    public static void main(String[] arguments) {
        List<String> words = List.of(arguments);
        boolean isElsewhere = words.size() == 4 && words.get(2).equals("--url");
        if (words.size() != 2 && !isElsewhere) {
            System.out.println("./perpetua import MARKET FILE [--url URL]");
            System.exit(2);
        }
        String token = System.getenv(TOKEN);
        if (token == null || token.isEmpty()) {
            System.out.println(TOKEN + " is not set: the token of an administrator is needed");
            System.exit(2);
            return;
        }
        int code;
        try (Api api = new Api(URI.create(isElsewhere ? words.get(3) : FRONT_DOOR))) {
            ImportHistory run = new ImportHistory(api, token, words.get(0), System.out);
            code = run.send(Path.of(words.get(1))) == 0 ? 0 : 1;
        } catch (IllegalStateException | IOException failed) {
            System.out.println("The import can't go on: " + failed.getMessage());
            code = 1;
        }
        System.exit(code);
    }

    /** Sends all rows; how many were not taken. */
    public long send(Path file) throws IOException {
        try (InputStream raw = Files.newInputStream(file);
                InputStream plain =
                        file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            String header = lines.readLine();
            if (header == null) {
                throw new IllegalStateException(file + " is empty");
            }
            sendRows(header, lines);
        }
        out.printf(
                "%s: %,d minutes imported, %,d were there before, %,d rows not taken%n",
                market, imported, unchanged, rejected);
        return rejected;
    }

    private void sendRows(String header, BufferedReader lines) throws IOException {
        StringBuilder part = new StringBuilder(header);
        int firstRow = 2;
        int row = firstRow;
        for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (part.length() + line.length() > PART_CHARACTERS && row > firstRow) {
                sendPart(part.toString(), firstRow);
                part = new StringBuilder(header);
                firstRow = row;
            }
            part.append('\n').append(line);
            row++;
        }
        if (row > firstRow) {
            sendPart(part.toString(), firstRow);
        }
    }

    private void sendPart(String rows, int firstRow) {
        String path = "/v1/candles/imports?market=" + market + "&firstRow=" + firstRow;
        Answer answer =
                api.send("POST", path, token, rows.getBytes(StandardCharsets.UTF_8), "text/csv");
        JsonNode report = answer.orThrow();
        imported += report.path("imported").asLong();
        unchanged += report.path("unchanged").asLong();
        rejected += report.path("rejected").asLong();
        for (JsonNode row : report.path("rejections")) {
            out.printf(
                    "row %d, %s: %s %s%n",
                    row.path("row").asInt(),
                    row.path("column").asText("whole"),
                    row.path("code").asText(),
                    row.path("detail").asText());
        }
    }
}
