package io.perpetua.marketdata.domain.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.MarketStatus;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarketLifeCycleTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # from      | to
                    ANNOUNCED   | POST_ONLY DELISTED
                    POST_ONLY   | ACTIVE REDUCE_ONLY CANCEL_ONLY HALTED
                    ACTIVE      | POST_ONLY REDUCE_ONLY CANCEL_ONLY HALTED
                    REDUCE_ONLY | ACTIVE CANCEL_ONLY HALTED SETTLING
                    CANCEL_ONLY | POST_ONLY REDUCE_ONLY HALTED SETTLING
                    HALTED      | POST_ONLY REDUCE_ONLY CANCEL_ONLY SETTLING
                    SETTLING    | DELISTED REDUCE_ONLY
                    DELISTED    |
                    """)
    void shouldLeadWhereTheTableSays(MarketStatus from, String to) {
        Set<MarketStatus> reached =
                EnumSet.allOf(MarketStatus.class).stream()
                        .filter(next -> next != from && MarketLifeCycle.leads(from, next))
                        .collect(Collectors.toSet());

        assertThat(reached.stream().map(Enum::name))
                .containsExactlyInAnyOrder(to == null ? new String[0] : to.split(" "));
        assertThat(MarketLifeCycle.leads(from, from)).isTrue();
    }
}
