package io.perpetua.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perpetua.contracts.value.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateBudgetsTest {
    private static final UserId ALICE = new UserId(1);
    private static final UserId BOB = new UserId(2);
    private static final long HOME = ClientAddress.network("192.0.2.1");
    private static final long OFFICE = ClientAddress.network("192.0.2.2");

    private final AtomicLong nanos = new AtomicLong();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    private record Size(int userBurst, int userPerSecond, int addressBurst, int addressPerSecond)
            implements BudgetsConfig.Budget {}

    /** All classes are of one size. */
    private record Sizes(int percent, int usersMax, int agentsMax, int addressesMax, Size size)
            implements BudgetsConfig {
        @Override
        public Budget orderEntry() {
            return size;
        }

        @Override
        public Budget cancel() {
            return size;
        }

        @Override
        public Budget write() {
            return size;
        }

        @Override
        public Budget read() {
            return size;
        }

        @Override
        public Budget secret() {
            return size;
        }

        @Override
        public Budget signIn() {
            return size;
        }
    }

    private RateBudgets budgets(int percent, Size size) {
        return new RateBudgets(
                new Sizes(percent, 1_000, 1_000, 1_000, size),
                metrics,
                new TimeMeter() {
                    @Override
                    public long currentTimeNanos() {
                        return nanos.get();
                    }

                    @Override
                    public boolean isWallClockBased() {
                        return false;
                    }
                });
    }

    private double counted(RateClass rateClass, String outcome) {
        return metrics.get("perpetua.budget.checks")
                .tag("class", rateClass.name())
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    @Test
    void shouldLeaveTheUserHalfWhenAnAgentHasSpentItsOwn() {
        // Given: the agent has half of the user's four
        RateBudgets budgets = budgets(100, new Size(4, 1, 10, 1));
        RateBudgets.Charge first = budgets.charge(RateClass.READ, ALICE, 77L, HOME, 1);
        budgets.charge(RateClass.READ, ALICE, 77L, HOME, 1);

        // When
        RateBudgets.Charge refused = budgets.charge(RateClass.READ, ALICE, 77L, HOME, 1);

        // Then
        assertThat(first.limit()).startsWith("\"read-agent\";r=1;");
        assertThat(first.policy()).startsWith("\"read-agent\";q=2;");
        assertThat(refused.passed()).isFalse();
        assertThat(refused.limit()).startsWith("\"read-agent\";r=0;");
        assertThat(counted(RateClass.READ, "AGENT_SPENT")).isEqualTo(1);
        assertThat(budgets.isSpent(RateClass.READ, ALICE, 77L, HOME)).isTrue();
        assertThat(budgets.charge(RateClass.READ, ALICE, 78L, HOME, 1).passed()).isTrue();
        assertThat(budgets.charge(RateClass.READ, ALICE, HOME).passed()).isTrue();
        assertThat(budgets.charge(RateClass.READ, ALICE, HOME).passed()).isFalse();
    }

    @Test
    void shouldTakeAllOrNoneWhenARequestStandsForSeveral() {
        // Given: the agent has half of the user's ten
        RateBudgets budgets = budgets(100, new Size(10, 1, 6, 1));

        // When
        RateBudgets.Charge first = budgets.charge(RateClass.READ, ALICE, 77L, HOME, 4);
        RateBudgets.Charge second = budgets.charge(RateClass.READ, ALICE, 77L, HOME, 2);
        RateBudgets.Charge third = budgets.charge(RateClass.READ, ALICE, 77L, HOME, 1);
        RateBudgets.Charge beyondTheAddress = budgets.charge(RateClass.READ, ALICE, null, HOME, 2);
        RateBudgets.Charge others =
                budgets.charge(
                        RateClass.READ, BOB, null, ClientAddress.network("198.51.100.1"), 99);

        // Then
        assertThat(first.limit())
                .contains("\"read-agent\";r=1;", "\"read-user\";r=6;", "\"read-address\";r=2;");
        assertThat(second.passed()).isFalse();
        assertThat(third.passed()).isTrue();
        assertThat(beyondTheAddress.passed()).isFalse();
        assertThat(beyondTheAddress.limit()).startsWith("\"read-address\";r=0;");
        assertThat(budgets.charge(RateClass.READ, ALICE, HOME).limit())
                .contains("\"read-user\";r=4;");
        // More than a full budget has is all of it
        assertThat(others.passed()).isTrue();
        assertThat(others.limit()).contains("\"read-user\";r=0;", "\"read-address\";r=0;");
    }

    @Test
    void shouldTellWhatIsLeftWhenTheRequestMayPass() {
        // Given
        RateBudgets budgets = budgets(100, new Size(3, 2, 20, 10));

        // When
        RateBudgets.Charge charge = budgets.charge(RateClass.ORDER_ENTRY, ALICE, HOME);

        // Then
        assertThat(charge.passed()).isTrue();
        assertThat(charge.policy())
                .isEqualTo("\"order-entry-user\";q=3;w=2, \"order-entry-address\";q=20;w=2");
        assertThat(charge.limit())
                .isEqualTo("\"order-entry-user\";r=2;t=1, \"order-entry-address\";r=19;t=1");
        assertThat(counted(RateClass.ORDER_ENTRY, "ALLOWED")).isEqualTo(1);
    }

    @Test
    void shouldRefuseUntilTheTimeItToldWhenTheUserHasSpentAll() {
        // Given
        RateBudgets budgets = budgets(100, new Size(2, 1, 20, 10));
        budgets.charge(RateClass.READ, ALICE, HOME);
        budgets.charge(RateClass.READ, ALICE, HOME);
        nanos.addAndGet(1);

        // When
        RateBudgets.Charge refused = budgets.charge(RateClass.READ, ALICE, HOME);

        // Then
        assertThat(refused.passed()).isFalse();
        assertThat(refused.retryAfterSeconds()).isEqualTo(1);
        assertThat(refused.limit()).isEqualTo("\"read-user\";r=0;t=1");
        assertThat(refused.problem(RateClass.READ).code()).isEqualTo("RATE_LIMITED");
        assertThat(counted(RateClass.READ, "USER_SPENT")).isEqualTo(1);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(budgets.charge(RateClass.READ, ALICE, HOME).passed()).isTrue();
        assertThat(budgets.charge(RateClass.READ, ALICE, HOME).passed()).isFalse();
    }

    @Test
    void shouldLeaveOthersAloneWhenOneBudgetIsSpent() {
        // Given
        RateBudgets budgets = budgets(100, new Size(1, 1, 20, 10));
        budgets.charge(RateClass.ORDER_ENTRY, ALICE, HOME);

        // When
        RateBudgets.Charge refused = budgets.charge(RateClass.ORDER_ENTRY, ALICE, HOME);

        // Then
        assertThat(refused.passed()).isFalse();
        assertThat(budgets.charge(RateClass.CANCEL, ALICE, HOME).passed()).isTrue();
        RateBudgets.Charge others = budgets.charge(RateClass.ORDER_ENTRY, BOB, HOME);
        assertThat(others.passed()).isTrue();
        assertThat(others.limit()).as("a refusal costs the address nothing").contains("r=18;");
    }

    @Test
    void shouldGiveTheUserItsOwnBackWhenTheAddressHasSpentAll() {
        // Given
        RateBudgets budgets = budgets(100, new Size(2, 1, 1, 1));
        budgets.charge(RateClass.WRITE, BOB, HOME);

        // When
        RateBudgets.Charge refused = budgets.charge(RateClass.WRITE, ALICE, HOME);

        // Then
        assertThat(refused.passed()).isFalse();
        assertThat(refused.limit()).startsWith("\"write-address\"");
        assertThat(counted(RateClass.WRITE, "ADDRESS_SPENT")).isEqualTo(1);
        assertThat(budgets.charge(RateClass.WRITE, ALICE, OFFICE).limit())
                .startsWith("\"write-user\";r=1;");
    }

    @Test
    void shouldDivideTheBudgetsWhenThereAreReplicas() {
        // Given
        RateBudgets budgets = budgets(25, new Size(8, 1, 400, 100));

        // When
        RateBudgets.Charge charge = budgets.charge(RateClass.READ, ALICE, HOME);

        // Then
        assertThat(charge.policy()).contains("q=2;w=8").contains("q=100;w=4");
    }

    @Test
    void shouldAllowExactlyTheBurstWhenManyThreadsSpendIt() throws Exception {
        // Given
        RateBudgets budgets = budgets(100, new Size(5_000, 1, 1_000_000, 1));
        List<Future<Integer>> passed = new ArrayList<>();

        // When
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            for (int thread = 0; thread < 16; thread++) {
                passed.add(
                        threads.submit(
                                () -> {
                                    int mine = 0;
                                    for (int i = 0; i < 1_000; i++) {
                                        if (budgets.charge(RateClass.READ, ALICE, HOME).passed()) {
                                            mine++;
                                        }
                                    }
                                    return mine;
                                }));
            }
        }

        // Then
        int total = 0;
        for (Future<Integer> mine : passed) {
            total += mine.get();
        }
        assertThat(total).isEqualTo(5_000);
    }

    @Test
    void shouldRememberNoMoreThanItMayWhenAMillionAddressesCome() {
        // Given
        RateBudgets budgets = budgets(100, new Size(2, 1, 1, 1));
        budgets.charge(RateClass.SIGN_IN, null, HOME);
        boolean everPassed = false;

        // When
        for (long address = 1; address <= 1_000_000; address++) {
            budgets.charge(RateClass.SIGN_IN, null, address);
            if (address % 100 == 0) {
                everPassed |= budgets.charge(RateClass.SIGN_IN, null, HOME).passed();
            }
        }

        // Then
        assertThat(budgets.remembered()).isLessThanOrEqualTo(1_000);
        assertThat(everPassed).as("who keeps asking is not forgotten").isFalse();
    }
}
