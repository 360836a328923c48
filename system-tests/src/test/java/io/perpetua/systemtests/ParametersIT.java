package io.perpetua.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.Session;
import io.perpetua.demo.client.Wallet;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The query parameters that a service describes are those that it takes, and no others; and no
 * parameter takes a text that can't be stored.
 */
class ParametersIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String NUL = "a%00b";

    /** Of clients that were written for another platform. */
    private static final String TAKES_ANY = "/api/";

    private final Stack stack = Stack.shared();

    @BeforeAll
    static void begin() throws Exception {
        Stack.shared().awaitReady();
    }

    @ParameterizedTest
    @ValueSource(ints = {8081, 8082, 8083, 8084})
    void shouldTakeWhatIsDescribedAndRefuseAllElse(int port) throws Exception {
        URI service = stack.service(port);
        List<String> wrong = new ArrayList<>();
        int operations = 0;
        try (HttpClient http = HttpClient.newHttpClient()) {
            JsonNode document =
                    answer(http, service.resolve("/q/openapi?format=json"), "GET").body();
            for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
                for (Map.Entry<String, JsonNode> verb : path.getValue().properties()) {
                    operations++;
                    check(
                            http,
                            service.resolve(path.getKey().replaceAll("\\{[^}]*}", "1")),
                            verb.getKey().toUpperCase(Locale.ROOT),
                            described(verb.getValue()),
                            wrong);
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(operations).isPositive();
    }

    /** PostgreSQL refuses the character U+0000 in a text: a service has to do so before. */
    @ParameterizedTest
    @ValueSource(ints = {8081, 8082, 8083, 8084})
    void shouldNotFailOfTextThatCannotBeStored(int port) throws Exception {
        URI service = stack.service(port);
        List<String> wrong = new ArrayList<>();
        int tried = 0;
        try (HttpClient http = HttpClient.newHttpClient();
                Api api = new Api(stack.frontDoor())) {
            List<String> callers =
                    List.of(
                            Session.signIn(api, Wallet.create()).token(),
                            Administrator.first(stack, api).token());
            JsonNode document =
                    answer(http, service.resolve("/q/openapi?format=json"), "GET").body();
            for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
                for (Map.Entry<String, JsonNode> verb : path.getValue().properties()) {
                    for (String target : withNul(path.getKey(), verb.getValue())) {
                        for (String token : callers) {
                            tried++;
                            String method = verb.getKey().toUpperCase(Locale.ROOT);
                            Answer answer = answer(http, service.resolve(target), method, token);
                            if (answer.status() < 400 || answer.status() >= 500) {
                                wrong.add(method + " " + target + " answers " + answer);
                            }
                        }
                    }
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(tried).isPositive();
    }

    /** The operation once with the text in its path, and once in each of its query parameters. */
    private static List<String> withNul(String path, JsonNode operation) {
        List<String> targets = new ArrayList<>();
        if (path.contains("{")) {
            targets.add(path.replaceAll("\\{[^}]*}", NUL));
        }
        for (String parameter : described(operation)) {
            targets.add(path.replaceAll("\\{[^}]*}", "1") + "?" + parameter + "=" + NUL);
        }
        return targets;
    }

    private static void check(
            HttpClient http, URI address, String verb, List<String> described, List<String> wrong)
            throws Exception {
        String name = verb + " " + address;
        Answer unknown = answer(http, URI.create(address + "?surprise=1"), verb);
        boolean isRefused = unknown.code().equals("UNKNOWN_PARAMETER");
        if (address.getPath().startsWith(TAKES_ANY)) {
            if (isRefused) {
                wrong.add(name + " does not take any");
            }
            return;
        }
        List<String> allowed =
                unknown.body().path("allowed").valueStream().map(JsonNode::asText).toList();
        if (unknown.status() != 400 || !isRefused || !allowed.equals(described)) {
            wrong.add(name + " describes " + described + " and answers " + unknown);
        }
        for (String parameter : described) {
            Answer known = answer(http, URI.create(address + "?" + parameter + "=1"), verb);
            if (known.code().equals("UNKNOWN_PARAMETER")) {
                wrong.add(name + " describes " + parameter + " and does not know it");
            }
        }
    }

    private static List<String> described(JsonNode operation) {
        TreeSet<String> names = new TreeSet<>();
        for (JsonNode parameter : operation.path("parameters")) {
            if (parameter.path("in").asText().equals("query")) {
                names.add(parameter.path("name").asText());
            }
        }
        return List.copyOf(names);
    }

    private record Answer(int status, JsonNode body) {
        String code() {
            return body.path("code").asText();
        }
    }

    private static Answer answer(HttpClient http, URI address, String verb) throws Exception {
        return answer(http, address, verb, null);
    }

    private static Answer answer(HttpClient http, URI address, String verb, @Nullable String token)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).method(verb, HttpRequest.BodyPublishers.noBody());
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> response =
                http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        boolean isJson =
                response.headers().firstValue("content-type").orElse("").contains("json")
                        && !response.body().isBlank();
        return new Answer(
                response.statusCode(),
                isJson ? JSON.readTree(response.body()) : JSON.createObjectNode());
    }
}
