package io.perpetua.orders.domain.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.orders.Liquidity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeesTest {
    @ParameterizedTest
    @Tag("FEE")
    @CsvSource(
            textBlock =
                    """
                    # notional, taker rate, maker rate, taker fee, maker fee (a rebate is negative)
                    100,        0.001,      -0.0006,    0.1,       -0.06
                    0.001,      0.00045,    -0.00002,   0.000001,  0
                    123.456789, 0.00045,    -0.00002,   0.055556,  -0.002469
                    123.456789, 0.00045,    0.00002,    0.055556,  0.00247
                    100,        0,          0,          0,         0
                    """)
    void shouldRoundAgainstTheCustomerWhenChargingAndRebating(
            String notional, String takerRate, String makerRate, String takerFee, String makerFee) {
        Order.Terms terms = new Order.Terms(false, Rate.parse(takerRate), Rate.parse(makerRate), 1);

        Usd taker = Fees.of(Usd.parse(notional), terms, Liquidity.TAKER);
        Usd maker = Fees.of(Usd.parse(notional), terms, Liquidity.MAKER);

        assertThat(taker).isEqualTo(Usd.parse(takerFee));
        assertThat(maker).isEqualTo(Usd.parse(makerFee));
    }
}
