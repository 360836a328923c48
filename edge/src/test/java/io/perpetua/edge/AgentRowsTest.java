package io.perpetua.edge;

import static io.perpetua.contracts.accounts.AgentFilter.actions;
import static io.perpetua.contracts.accounts.AgentFilter.allOf;
import static io.perpetua.contracts.accounts.AgentFilter.anyOf;
import static io.perpetua.contracts.accounts.AgentFilter.markets;
import static io.perpetua.contracts.accounts.AgentFilter.subaccounts;
import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.accounts.AgentAction;
import io.perpetua.contracts.accounts.AgentFilter;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import org.junit.jupiter.api.Test;

class AgentRowsTest {
    private static String condition(AgentFilter filter) {
        return AgentRows.condition(filter, "s", "m");
    }

    @Test
    void shouldSayInSqlWhatTheFilterLetsBeRead() {
        AgentFilter btc = markets(new MarketId(1), new MarketId(2));
        AgentFilter main = subaccounts(new SubaccountId(10));

        assertThat(condition(null)).isEqualTo("true");
        assertThat(condition(btc)).isEqualTo("m in (1, 2)");
        assertThat(condition(allOf(main, btc))).isEqualTo("(s in (10) and m in (1, 2))");
        assertThat(condition(anyOf(allOf(main), actions(AgentAction.PLACE_ORDER))))
                .isEqualTo("((s in (10)) or false)");
        assertThat(condition(actions(AgentAction.READ))).isEqualTo("true");
    }
}
