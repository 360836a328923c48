package io.perpetua.accounts.domain.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdTokenRulesTest {
    private static final Instant NOW = Instant.ofEpochSecond(10_000);
    private static final IdTokenRules RULES = new IdTokenRules("https://id", "us");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // issuer     | audience | party | subject | issued | expires | not before | outcome
                "https://id   | us       |       | s       | 9990   | 10300   |            | taken",
                "https://id   | us them  | us    | s       | 9990   | 10300   | 10030      | taken",
                "https://id   | us       | us    | s       | 10030  | 9971    |            | taken",
                "https://id/  | them     | them  |         | 9000   | 9000    | 11000      | ISSUER_MISMATCH",
                "https://id   | them     | them  |         | 9000   | 9000    | 11000      | AUDIENCE_MISMATCH",
                "https://id   |          |       | s       | 9990   | 10300   |            | AUDIENCE_MISMATCH",
                "https://id   | us them  |       | s       | 9990   | 10300   |            | PARTY_MISMATCH",
                "https://id   | us       | them  |         | 9000   | 9000    | 11000      | PARTY_MISMATCH",
                "https://id   | us       |       | s       | 9900   | 9970    |            | EXPIRED",
                "https://id   | us       |       |         | 9400   | 99999   | 11000      | EXPIRED",
                "https://id   | us       |       | s       | 10031  | 10300   |            | NOT_YET_VALID",
                "https://id   | us       |       |         | 9990   | 10300   | 10031      | NOT_YET_VALID",
                "https://id   | us       |       |         | 9990   | 10300   |            | SUBJECT_MISSING",
            })
    void shouldNameTheFirstRuleThatIsBroken(
            String issuer,
            String audience,
            String party,
            String subject,
            long issuedAt,
            long expiresAt,
            Long notBefore,
            String outcome) {
        List<String> all =
                Stream.ofNullable(audience).flatMap(text -> Stream.of(text.split(" "))).toList();
        IdTokenClaims claims =
                new IdTokenClaims(
                        issuer,
                        all,
                        party,
                        subject == null ? "" : subject,
                        "nonce",
                        issuedAt,
                        expiresAt,
                        notBefore);

        assertThat(RULES.refusal(claims, NOW).map(Enum::name).orElse("taken")).isEqualTo(outcome);
    }
}
