package io.perpetua.systemtests.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.systemtests.fuzz.FuzzCase.Expected;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with an answer; nothing when all is in order. */
final class Judge {
    private static final int AROUND = 60;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is refused before an operation is found, or by every one for its head or its body. */
    private static final Set<String> COMMON =
            Set.of(
                    "PATH_UNKNOWN",
                    "PATH_MALFORMED",
                    "UNKNOWN_PARAMETER",
                    "REQUEST_MALFORMED",
                    "METHOD_NOT_ALLOWED",
                    "NOT_ACCEPTABLE",
                    "LENGTH_REQUIRED",
                    "BODY_TOO_LARGE",
                    "PATH_TOO_LONG",
                    "HEADERS_TOO_LARGE",
                    "MEDIA_TYPE_UNSUPPORTED");

    /** Writes a message about whatever address it is asked for. */
    private static final Set<String> ECHOING =
            Set.of("POST /v1/auth/challenge", "POST /v1/auth/wallets/challenge");

    /** The one reason for which a healthy service may refuse what is in order. */
    private static final String OVERLOAD = "OVERLOADED";

    /** What a command may be answered that the log has not confirmed in time. */
    private static final String UNDECIDED = "OUTCOME_UNKNOWN";

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    /** What only our own code, its libraries or its database could have said. */
    private static final Pattern INNARDS =
            Pattern.compile(
                    "[A-Za-z]Exception|[A-Z][a-z]+Error\\b|\\bat [a-z]+(\\.[a-zA-Z$]+)+\\("
                            + "|io\\.(perpetua|quarkus|vertx|netty|smallrye)\\."
                            + "|org\\.\\w+\\.|java\\.\\w+\\.|jakarta\\.|com\\.fasterxml"
                            + "|(?i)\\bselect\\b.+\\bfrom\\b|insert into"
                            + "|PSQL|SQLSTATE|relation \"|violates|kafka|hibernate|jackson");

    private final Names names;

    Judge(Names names) {
        this.names = names;
    }

    /** Complaints about the answer to a request, which was sent as {@code sent}. */
    List<String> complaints(
            FuzzCase request, @Nullable Operation operation, String sent, RawHttp.Answer answer) {
        List<String> complaints = new ArrayList<>();
        int status = answer.status();
        String text = answer.text();
        boolean hasBody = !request.method().equals("HEAD");
        if (status >= 500) {
            if (!isPassing(request, answer)) {
                complaints.add("status " + status);
            }
        } else if (status >= 300 && status < 400) {
            complaints.add("a redirection");
        } else if (status >= 400) {
            if (hasBody) {
                refusal(operation, answer, complaints);
            }
        } else if (hasBody && operation != null) {
            success(operation, answer, complaints);
        }
        if (status != 429 && !isPassing(request, answer)) {
            expected(request, operation, status, complaints);
        }
        Matcher innards = INNARDS.matcher(text);
        while (innards.find()) {
            if (!sent.contains(innards.group())) {
                complaints.add("it shows our innards: " + innards.group());
            }
        }
        leaks(request, sent, status, text, complaints);
        return complaints;
    }

    /** Whether the request was not carried out, or perhaps not, and is to be sent again. */
    static boolean isPassing(FuzzCase request, RawHttp.Answer answer) {
        if (answer.status() != 503 || answer.header("retry-after").isEmpty()) {
            return false;
        }
        String code = problem(answer).path("code").asText();
        return code.equals(OVERLOAD)
                || (code.equals(UNDECIDED) && !READING.contains(request.method()));
    }

    private static JsonNode problem(RawHttp.Answer answer) {
        try {
            return JSON.readTree(answer.text());
        } catch (JsonProcessingException none) {
            return JSON.createObjectNode();
        }
    }

    /**
     * Past the front door, what can't be read as a request, an address that can't be decoded among
     * it, is answered by a status alone: before any code of ours.
     */
    private static boolean isOfTheHttpLayer(RawHttp.Answer answer) {
        return answer.body().length == 0 && Set.of(400, 414, 431).contains(answer.status());
    }

    private static void refusal(
            @Nullable Operation operation, RawHttp.Answer answer, List<String> complaints) {
        if (isOfTheHttpLayer(answer)) {
            return;
        }
        if (!answer.header("content-type").startsWith("application/problem+json")) {
            complaints.add("a refusal of type '" + answer.header("content-type") + "'");
            return;
        }
        JsonNode problem = problem(answer);
        String code = problem.path("code").asText();
        if (!code.matches("[A-Z][A-Z_]+")
                || problem.path("status").asInt() != answer.status()
                || problem.path("title").asText().isBlank()
                || problem.path("type").asText().isBlank()
                || problem.path("detail").asText().isBlank()) {
            complaints.add("no whole problem");
        }
        if ((code.startsWith("FIELD_") || code.startsWith("CURSOR_"))
                && problem.path("field").asText().isEmpty()) {
            complaints.add(code + " names no field");
        }
        if (answer.status() == 429 && answer.header("retry-after").isEmpty()) {
            complaints.add("429 without Retry-After");
        }
        boolean isDeclared =
                operation == null
                        || operation.statuses().contains(answer.status())
                        || COMMON.contains(code);
        if (!isDeclared) {
            complaints.add(answer.status() + " " + code + " is not declared");
        }
    }

    private static void success(
            Operation operation, RawHttp.Answer answer, List<String> complaints) {
        if (!operation.statuses().contains(answer.status())) {
            complaints.add("status " + answer.status() + " is not declared");
        }
        if (answer.status() == 204) {
            if (!answer.text().isEmpty()) {
                complaints.add("a body after 'no content'");
            }
            return;
        }
        String type = answer.header("content-type");
        if (operation.types().contains(type) && !type.equals("application/json")) {
            return;
        }
        if (!type.startsWith("application/json")) {
            complaints.add("an answer of type '" + answer.header("content-type") + "'");
        }
        try {
            JSON.readTree(answer.text());
        } catch (JsonProcessingException broken) {
            complaints.add("the answer is no JSON");
        }
    }

    private static void expected(
            FuzzCase request, @Nullable Operation operation, int status, List<String> complaints) {
        boolean isMet =
                switch (request.expected()) {
                    case ANYTHING -> true;
                    case SUCCESS -> status >= 200 && status < 300;
                    case UNAUTHENTICATED -> status == 401;
                    case REFUSAL -> status >= 400 && status < 500;
                };
        if (!isMet) {
            complaints.add("it was " + status + ", expected: " + request.expected());
        }
        boolean isUnknown = operation == null && status >= 200 && status < 300;
        if (isUnknown
                && request.expected() == Expected.ANYTHING
                && !Set.of("HEAD", "OPTIONS").contains(request.method())) {
            complaints.add("an operation that is not described");
        }
    }

    /** What the request itself names may be named in its refusal, and nowhere else. */
    private void leaks(
            FuzzCase request, String sent, int status, String text, List<String> complaints) {
        boolean mayEcho = status >= 400 || ECHOING.contains(request.operation());
        for (Map.Entry<String, String> marker : names.markers().entrySet()) {
            boolean isEchoed = mayEcho && sent.contains(marker.getValue());
            Matcher found = whole(marker.getValue()).matcher(text);
            if (!isEchoed && found.find()) {
                String around =
                        text.substring(
                                Math.max(0, found.start() - AROUND),
                                Math.min(text.length(), found.end() + AROUND));
                complaints.add("it tells " + marker.getKey() + ": .." + around + "..");
            }
        }
    }

    /** The marker whole, not as a part of a longer number or name. */
    private static Pattern whole(String marker) {
        return Pattern.compile(
                "(?<![0-9A-Za-z.])" + Pattern.quote(marker) + "(?![0-9A-Za-z])",
                Pattern.CASE_INSENSITIVE);
    }
}
