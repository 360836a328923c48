package io.perpetua.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
            192.0.2.1,           192.0.2.1,              true
            192.0.2.1,           192.0.2.2,              false
            255.255.255.255,     127.0.0.1,              false
            192.0.2.1,           ::ffff:192.0.2.1,       true
            2001:db8:0:1::1,     2001:db8:0:1:ffff::9,   true
            2001:db8:0:1::1,     2001:db8:0:2::1,        false
            ::1,                 192.0.2.1,              false
            999.1.1.1.1,         no address,             true
            """)
    void shouldShareABudgetWhenTheNetworkIsTheSame(String one, String other, boolean same) {
        // When
        boolean shared = ClientAddress.network(one) == ClientAddress.network(other);

        // Then
        assertThat(shared).isEqualTo(same);
    }
}
