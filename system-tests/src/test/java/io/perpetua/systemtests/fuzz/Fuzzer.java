package io.perpetua.systemtests.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.demo.client.Account;
import io.perpetua.demo.client.Api;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sends hostile requests to a running system and collects what was wrong with the answers. */
public final class Fuzzer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long RETRY_AFTER_MILLIS = 1_000;
    private static final int PROGRESS = 1_000;
    private static final int SHOWN = 1_500;

    private final URI frontDoor;
    private final Map<String, URI> services;
    private final Api api;
    private final Names names;
    private final Judge judge;
    private final Map<String, List<Operation>> operations = new TreeMap<>();
    private final Map<URI, RawHttp> connections = new HashMap<>();
    private final Map<String, Integer> answers = new TreeMap<>();
    private final Map<String, String> failures = new TreeMap<>();

    private Fuzzer(URI frontDoor, Map<String, URI> services, Api api, Names names) {
        this.frontDoor = frontDoor;
        this.services = new TreeMap<>(services);
        this.api = api;
        this.names = names;
        this.judge = new Judge(names);
    }

    /** Of a system that is up: its front door, and its services by their names. */
    public static Fuzzer of(URI frontDoor, Map<String, URI> services) throws Exception {
        Api api = new Api(frontDoor);
        Fuzzer fuzzer = new Fuzzer(frontDoor, services, api, Names.create(api));
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (Map.Entry<String, URI> service : services.entrySet()) {
                HttpResponse<String> document =
                        http.send(
                                HttpRequest.newBuilder(
                                                service.getValue()
                                                        .resolve("/q/openapi?format=json"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                fuzzer.operations.put(
                        service.getKey(),
                        Operation.of(
                                service.getKey(),
                                service.getValue(),
                                JSON.readTree(document.body())));
            }
        }
        return fuzzer;
    }

    /** Both users, for the checks of the whole. */
    public List<Account> accounts() {
        return names.accounts();
    }

    /** Where the sums over the whole platform are read. */
    public Api api() {
        return api;
    }

    /**
     * Sends every operation a valid request.
     *
     * @param except how operations begin that no request of a user can succeed with
     */
    public void sendValid(long seed, List<String> except) throws Exception {
        for (List<Operation> ofService : operations.values()) {
            for (Operation operation : ofService) {
                CaseMaker maker = new CaseMaker(new SplittableRandom(seed), names);
                if (except.stream().noneMatch(operation.toString()::startsWith)) {
                    prepare(operation);
                    sendUntilTaken(operation, maker.valid(operation));
                }
            }
        }
    }

    /** What is to be sent again is, as a client would. */
    private void sendUntilTaken(Operation operation, FuzzCase request) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        RawHttp.Answer answer = send(request);
        while (answer != null && Judge.isPassing(request, answer)) {
            if (System.nanoTime() > deadline) {
                fail(request, "it is never taken", answer.text());
                return;
            }
            Thread.sleep(RETRY_AFTER_MILLIS);
            prepare(operation);
            answer = send(request);
        }
    }

    /** What a valid request refers to is there. */
    private void prepare(Operation operation) {
        names.tend();
        if (operation.path().contains("{orderId}")) {
            names.placeOrder();
        }
        if (operation.path().contains("{exchangeKeyId}")) {
            names.keepExchangeKey();
        }
        if (operation.path().contains("/hypercore/")) {
            names.keepHypercoreSubaccount();
        }
    }

    /** Sends every service so many requests, the same ones for the same seed. */
    public void run(long seed, int requests) throws Exception {
        for (Map.Entry<String, List<Operation>> service : operations.entrySet()) {
            SplittableRandom random = new SplittableRandom(seed + service.getKey().hashCode());
            CaseMaker maker = new CaseMaker(random, names);
            for (int i = 1; i <= requests; i++) {
                List<Operation> choice = service.getValue();
                names.tend();
                send(maker.next(choice.get(random.nextInt(choice.size()))));
                if (i % PROGRESS == 0) {
                    System.out.printf(
                            "%s: %d of %d requests, %d kinds of failure so far%n",
                            service.getKey(), i, requests, failures.size());
                }
            }
        }
    }

    /** Sends a request that was kept. */
    public void sendCase(String line) throws Exception {
        FuzzCase request = FuzzCase.parse(line);
        prepare(request);
        send(request);
    }

    private void prepare(FuzzCase request) {
        names.tend();
        if (request.target().contains("${order}")) {
            names.placeOrder();
        }
    }

    /** Sends one request, and keeps it if its answer is wrong; null when there is none. */
    private RawHttp.@Nullable Answer send(FuzzCase request) throws Exception {
        byte[] target = names.expand(request.target());
        byte[] body = request.body() == null ? new byte[0] : names.expand(request.body());
        List<byte[]> headers = new ArrayList<>();
        StringBuilder sent = new StringBuilder(new String(target, StandardCharsets.UTF_8));
        for (String header : request.headers()) {
            byte[] expanded = names.expand(header);
            headers.add(expanded);
            sent.append('\n').append(new String(expanded, StandardCharsets.UTF_8));
        }
        sent.append('\n').append(new String(body, StandardCharsets.UTF_8));
        if (request.body() != null || !List.of("GET", "HEAD").contains(request.method())) {
            headers.add(("Content-Length: " + body.length).getBytes(StandardCharsets.US_ASCII));
        }
        URI to = request.direct() ? services.get(request.service()) : frontDoor;
        Operation operation = operation(request);
        try {
            RawHttp.Answer answer =
                    connections
                            .computeIfAbsent(to, RawHttp::new)
                            .send(
                                    request.method()
                                            + " "
                                            + new String(target, StandardCharsets.UTF_8),
                                    headers,
                                    body,
                                    request.method().equals("HEAD"));
            answers.merge(request.operation() + " " + answer.status(), 1, Integer::sum);
            learn(request, answer);
            for (String complaint : judge.complaints(request, operation, sent.toString(), answer)) {
                fail(
                        request,
                        complaint,
                        answer.status() + " " + answer.headers() + " " + answer.text());
            }
            return answer;
        } catch (IOException unanswered) {
            fail(request, "no answer: " + unanswered.getMessage(), "");
            return null;
        }
    }

    private Operation operation(FuzzCase request) {
        for (Operation operation : operations.get(request.service())) {
            boolean isMeant =
                    operation.path().equals(request.operation().split(" ", 2)[1])
                            && operation.method().equals(request.method());
            if (isMeant) {
                return operation;
            }
        }
        return null;
    }

    private void learn(FuzzCase request, RawHttp.Answer answer) {
        if (answer.status() < 300 && !request.method().equals("HEAD")) {
            try {
                JsonNode body = JSON.readTree(answer.text());
                names.learn(request.method() + " " + path(request), body);
            } catch (JsonProcessingException judgedElsewhere) {
                // the judge complains of it
            }
        }
    }

    private static String path(FuzzCase request) {
        return request.operation().split(" ", 2)[1];
    }

    /** One example of each kind is kept: the shortest. */
    private void fail(FuzzCase request, String complaint, String answer) {
        String kind = request.operation() + ": " + complaint;
        String shown = answer.length() > SHOWN ? answer.substring(0, SHOWN) + " .." : answer;
        String example = request + "\n    " + shown;
        String known = failures.get(kind);
        if (known == null || example.length() < known.length()) {
            failures.put(kind, example);
        }
    }

    /** What was wrong, by its kind: a request and its answer. */
    public Map<String, String> failures() {
        return Map.copyOf(failures);
    }

    /** How often each operation was answered with each status. */
    public Map<String, Integer> answers() {
        return new TreeMap<>(answers);
    }

    @Override
    public void close() {
        connections.values().forEach(RawHttp::close);
        names.close();
        api.close();
    }
}
