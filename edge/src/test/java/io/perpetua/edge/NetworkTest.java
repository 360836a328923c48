package io.perpetua.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24,    192.0.2.255,   true",
        "192.0.2.77/24,   192.0.2.1,     true",
        "192.0.2.0/24,    192.0.3.0,     false",
        "192.0.2.7,       192.0.2.7,     true",
        "192.0.2.7,       192.0.2.8,     false",
        "0.0.0.0/0,       203.0.113.9,   true",
        "0.0.0.0/0,       2001:db8::1,   false",
        "2001:db8::/33,   2001:db8::1,   true",
        "2001:db8::/33,   2001:db8:8000::1, false",
        "192.0.2.0/24,    not-an-address, false",
    })
    void shouldContainTheAddressesOfItsPrefix(String network, String address, boolean contained) {
        assertThat(Network.parse(network).contains(address)).isEqualTo(contained);
    }

    @Test
    void shouldContainNobodyWhoseAddressIsNotKnown() {
        assertThat(Network.parse("0.0.0.0/0").contains(null)).isFalse();
    }

    @Test
    void shouldHaveOneTextHoweverItIsWritten() {
        assertThat(Network.parse("192.0.2.77/24")).hasToString("192.0.2.0/24");
        assertThat(Network.parse("192.0.2.7")).hasToString("192.0.2.7/32");
        assertThat(Network.parse("2001:0DB8::/32")).hasToString("2001:db8:0:0:0:0:0:0/32");
    }

    /** Whoever looks for every way to read this is not done in time. */
    @Test
    @Timeout(30)
    void shouldRefuseALongTextAtOnce() {
        String text = ":".repeat(1_000_000) + "x";

        assertThatThrownBy(() -> Network.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "192.0.2.0/33",
                "192.0.2/24",
                "192.0.2.0/",
                "192.0.2.0/-1",
                "host",
                "1",
                "fe80::1%eth0",
                "2001:db8::/129",
                "256.0.0.1"
            })
    void shouldRefuseWhatIsNoNetwork(String text) {
        assertThatThrownBy(() -> Network.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
