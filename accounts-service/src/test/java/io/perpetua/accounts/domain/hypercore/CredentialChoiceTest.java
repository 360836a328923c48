package io.perpetua.accounts.domain.hypercore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialChoiceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "           | none",
                "a-on       | a-on",
                "a-off      | a-off",
                "a-on b-on  | a-on",
                "a-off b-on | b-on",
                "a-on b-off | a-on",
                "a-off b-off | none",
                "a-off b-on c-on | b-on",
            })
    void shouldChooseAsHypercoreDoes(String entries, String chosen) {
        List<String> all = entries == null ? List.of() : Arrays.asList(entries.split(" "));

        assertThat(CredentialChoice.of(all, entry -> entry.endsWith("-on")).orElse("none"))
                .isEqualTo(chosen);
    }
}
