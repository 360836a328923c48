package io.perpetua.systemtests.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which answers of 503 a healthy service may give. */
class JudgeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            POST   | 503 | OVERLOADED          | 1  | true
            GET    | 503 | OVERLOADED          | 1  | true
            POST   | 503 | OUTCOME_UNKNOWN     | 1  | true
            DELETE | 503 | OUTCOME_UNKNOWN     | 1  | true
            GET    | 503 | OUTCOME_UNKNOWN     | 1  | false
            POST   | 503 | OUTCOME_UNKNOWN     | '' | false
            POST   | 500 | OUTCOME_UNKNOWN     | 1  | false
            POST   | 503 | STORAGE_UNAVAILABLE | 1  | false
            """)
    void shouldLetPassWhatAClientSendsAgain(
            String method, int status, String code, String retryAfter, boolean passes) {
        FuzzCase request =
                new FuzzCase(
                        "",
                        "risk",
                        method + " /v1/transfers",
                        false,
                        FuzzCase.Expected.SUCCESS,
                        method,
                        "/v1/transfers",
                        List.of(),
                        null);
        byte[] problem = "{\"code\":\"%s\"}".formatted(code).getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers =
                retryAfter.isEmpty() ? Map.of() : Map.of("retry-after", retryAfter);

        assertThat(Judge.isPassing(request, new RawHttp.Answer(status, headers, problem)))
                .isEqualTo(passes);
    }
}
