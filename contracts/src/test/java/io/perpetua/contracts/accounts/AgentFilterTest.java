package io.perpetua.contracts.accounts;

import static io.perpetua.contracts.accounts.AgentFilter.actions;
import static io.perpetua.contracts.accounts.AgentFilter.allOf;
import static io.perpetua.contracts.accounts.AgentFilter.anyOf;
import static io.perpetua.contracts.accounts.AgentFilter.markets;
import static io.perpetua.contracts.accounts.AgentFilter.subaccounts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentFilterTest {
    private static final MarketId BTC = new MarketId(1);
    private static final MarketId ETH = new MarketId(2);
    private static final SubaccountId MAIN = new SubaccountId(10);
    private static final SubaccountId HEDGE = new SubaccountId(11);

    /** In MAIN BTC and ETH; in HEDGE only reading and cancelling, whatever it concerns. */
    private static final AgentFilter FILTER =
            anyOf(
                    allOf(subaccounts(MAIN), markets(BTC, ETH)),
                    allOf(subaccounts(HEDGE), actions(AgentAction.READ, AgentAction.CANCEL_ORDER)));

    @ParameterizedTest
    @CsvSource({
        "PLACE_ORDER,  10, 1, true",
        "PLACE_ORDER,  10, 2, true",
        "PLACE_ORDER,  10, 3, false",
        "PLACE_ORDER,  12, 1, false",
        "PLACE_ORDER,  11, 1, false",
        "CANCEL_ORDER, 11, 9, true",
        "READ,         11,  , true",
        "READ,         10,  , false",
        "READ,           , 1, false",
        "TRANSFER,     11,  , false",
    })
    void shouldPermitWhatAllOrAnyOfItsPartsPermit(
            AgentAction action, Long subaccount, Integer market, boolean permitted) {
        assertThat(
                        FILTER.permits(
                                action,
                                subaccount == null ? null : new SubaccountId(subaccount),
                                market == null ? null : new MarketId(market)))
                .isEqualTo(permitted);
    }

    @Test
    void shouldRefuseWhatIsNoFilterOrTooLarge() {
        refused(() -> new AgentFilter(null, null, null, null, null), "exactly one");
        refused(
                () -> new AgentFilter(null, null, List.of(BTC), List.of(MAIN), null),
                "exactly one");
        refused(() -> new AgentFilter(List.of(), null, null, null, null), "at least one");
        AgentFilter deep = allOf(anyOf(allOf(anyOf(markets(BTC)))));
        assertThat(deep.permits(AgentAction.READ, null, BTC)).isTrue();
        refused(() -> anyOf(deep), "at most 5 deep");
        MarketId[] most =
                IntStream.rangeClosed(1, 199).mapToObj(MarketId::new).toArray(MarketId[]::new);
        AgentFilter wide = markets(most);
        refused(() -> allOf(wide), "at most 200");
    }

    private static void refused(Runnable making, String why) {
        assertThatThrownBy(making::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
