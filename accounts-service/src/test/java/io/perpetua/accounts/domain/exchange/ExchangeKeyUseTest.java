package io.perpetua.accounts.domain.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExchangeKeyUseTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "false | READ       | TRADE | KEY_INACTIVE",
                "false | READ TRADE | READ  | KEY_INACTIVE",
                "true  | READ       | TRADE | PURPOSE_OUT_OF_SCOPE",
                "true  | TRADE      | READ  | PURPOSE_OUT_OF_SCOPE",
                "true  | READ TRADE | TRADE | permitted",
                "true  | READ       | READ  | permitted",
            })
    void shouldNameTheFirstRuleThatIsBroken(
            boolean isActive, String scopes, ExchangeKeyScope purpose, String outcome) {
        Set<ExchangeKeyScope> all = EnumSet.noneOf(ExchangeKeyScope.class);
        Stream.of(scopes.split(" ")).map(ExchangeKeyScope::valueOf).forEach(all::add);

        assertThat(
                        ExchangeKeyUse.decide(isActive, all, purpose)
                                .map(Enum::name)
                                .orElse("permitted"))
                .isEqualTo(outcome);
    }
}
