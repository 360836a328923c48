package io.perpetua.marketdata.domain.mark;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.value.Price;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MedianTest {
    @Test
    @Tag("MARK-1")
    void shouldTakeTheMiddleWhenThree() {
        Price median = Median.of(Price.parse("100.2"), Price.parse("100.5"), Price.parse("100.1"));

        assertThat(median).isEqualTo(Price.parse("100.2"));
    }

    @Test
    void shouldTakeTheMeanOfTheMiddleWhenEven() {
        assertThat(Median.of(Price.parse("100"), Price.parse("101")))
                .isEqualTo(Price.parse("100.5"));
    }
}
