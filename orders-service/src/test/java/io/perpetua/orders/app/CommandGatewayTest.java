package io.perpetua.orders.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.Reply;
import io.perpetua.contracts.orders.CancelAllOrders;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.OrdersCancelled;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class CommandGatewayTest {
    private final CompletableFuture<Void> journalled = new CompletableFuture<>();
    private final CompletableFuture<OrderEvent> outcome = new CompletableFuture<>();
    private final List<CompletableFuture<OrderEvent>> outcomes = new ArrayList<>();
    private boolean full;
    private long nanos;
    private final FakeConfig config = new FakeConfig();
    private final CommandsUnderWay underWay = new CommandsUnderWay(config, () -> nanos);
    private final CommandGateway gateway =
            new CommandGateway(
                    journal(() -> outcome), new CommandsUnderWay(config, () -> nanos), config);

    /** Every command waits for an outcome of its own, and for long. */
    private final CommandGateway overloaded =
            new CommandGateway(
                    journal(
                            () -> {
                                outcomes.add(new CompletableFuture<>());
                                return outcomes.getLast();
                            }),
                    underWay,
                    new FakeConfig() {
                        @Override
                        public int answerWithinMillis() {
                            return 600_000;
                        }
                    });

    @Test
    void shouldGiveTheOutcomeWhenItComesInTime() throws Exception {
        var answer = gateway.send(CommandGatewayTest::command).toCompletableFuture();
        OrderEvent event = event();

        outcome.complete(event);

        assertThat(answer.get(5, TimeUnit.SECONDS)).isEqualTo(new Answer.Decided(event));
    }

    @Test
    void shouldSayUndecidedWhenJournalledAndLate() throws Exception {
        journalled.complete(null);

        var answer = gateway.send(CommandGatewayTest::command).toCompletableFuture();

        assertThat(answer.get(5, TimeUnit.SECONDS)).isEqualTo(new Answer.Undecided());
        assertThat(outcome).isCompletedExceptionally();
    }

    @Test
    void shouldSayUnconfirmedWhenTheJournalIsSilent() throws Exception {
        var answer = gateway.send(CommandGatewayTest::command).toCompletableFuture();

        assertThat(answer.get(5, TimeUnit.SECONDS)).isEqualTo(new Answer.Unconfirmed());
    }

    @Test
    void shouldSayUnconfirmedAtOnceWhenTheJournalFails() throws Exception {
        var answer = gateway.send(CommandGatewayTest::command).toCompletableFuture();

        journalled.completeExceptionally(new IllegalStateException("no log"));
        outcome.completeExceptionally(new IllegalStateException("no log"));

        assertThat(answer.get(5, TimeUnit.SECONDS)).isEqualTo(new Answer.Unconfirmed());
    }

    @Test
    void shouldTakeOrdersToTheirBoundAndCancelsBeyondWhenManyWait() throws Exception {
        for (int i = 0; i < config.placementsWaitingMax(); i++) {
            assertThat(place(false)).isNotCompleted();
        }

        assertThat(place(false).get()).isEqualTo(new Answer.Shed());
        assertThat(cancel()).isNotCompleted();
        for (int i = 0; i < config.reductionsWaitingMax(); i++) {
            assertThat(place(true)).isNotCompleted();
        }
        assertThat(place(true).get()).isEqualTo(new Answer.Shed());
        assertThat(cancel()).isNotCompleted();
    }

    @Test
    void shouldTakeOrdersAgainWhenOneHasItsOutcome() throws Exception {
        for (int i = 0; i < config.placementsWaitingMax(); i++) {
            var _ = place(false);
        }
        assertThat(place(false).get()).isEqualTo(new Answer.Shed());

        outcomes.get(3).complete(event());

        assertThat(place(false)).isNotCompleted();
        assertThat(place(false).get()).isEqualTo(new Answer.Shed());
    }

    @Test
    void shouldShedOrdersAloneWhenTheLogTakesNoMore() throws Exception {
        full = true;

        assertThat(place(false).get()).isEqualTo(new Answer.Shed());
        assertThat(cancel().get()).isEqualTo(new Answer.Shed());

        full = false;
        assertThat(underWay.count()).isZero();
        assertThat(place(false)).isNotCompleted();
    }

    @Test
    void shouldShedOrdersWhenTheOldestWaitIsTooOld() throws Exception {
        for (int i = 0; i < config.ageJudgedWaitingMin(); i++) {
            var _ = place(false);
        }
        nanos = TimeUnit.MILLISECONDS.toNanos(config.oldestWaitMillisMax());
        assertThat(place(false)).isNotCompleted();

        nanos++;

        assertThat(place(false).get()).isEqualTo(new Answer.Shed());
        assertThat(place(true)).isNotCompleted();
        assertThat(cancel()).isNotCompleted();
        outcomes.subList(0, config.ageJudgedWaitingMin())
                .forEach(waited -> waited.complete(event()));
        var _ = cancel();
        var _ = cancel();
        assertThat(place(false)).isNotCompleted();
    }

    @Test
    void shouldTakeOrdersWhenOnlyAFewWaitHoweverOld() {
        for (int i = 0; i < config.ageJudgedWaitingMin() - 1; i++) {
            var _ = place(false);
        }

        nanos = TimeUnit.HOURS.toNanos(1);

        assertThat(place(false)).isNotCompleted();
    }

    private CompletableFuture<Answer> place(boolean reduceOnly) {
        return overloaded.place(reduceOnly, CommandGatewayTest::command).toCompletableFuture();
    }

    private CompletableFuture<Answer> cancel() {
        return overloaded.send(CommandGatewayTest::command).toCompletableFuture();
    }

    private static OrderEvent event() {
        return new OrdersCancelled(
                new OrderId(1), new UserId(1), new SubaccountId(1), new MarketId(1), 0, 0, null);
    }

    private static OrderCommand command(Reply reply) {
        return new CancelAllOrders(
                new OrderId(1), new UserId(1), new SubaccountId(1), new MarketId(1), 0, reply);
    }

    private CommandJournal journal(Supplier<CompletableFuture<OrderEvent>> next) {
        return new FakeJournal(next);
    }

    private final class FakeJournal implements CommandJournal {
        private final Supplier<CompletableFuture<OrderEvent>> next;

        FakeJournal(Supplier<CompletableFuture<OrderEvent>> next) {
            this.next = next;
        }

        @Override
        public OrderId nextId() {
            return new OrderId(1);
        }

        @Override
        public Submission submit(Function<Reply, OrderCommand> command) {
            if (full) {
                throw new RejectedExecutionException();
            }
            assertThat(command.apply(new Reply(0, 1)).reply()).isEqualTo(new Reply(0, 1));
            return new Submission(journalled, next.get());
        }

        @Override
        public Optional<PlaceOrder> find(OrderId orderId, UserId user) {
            return Optional.empty();
        }
    }

    private static class FakeConfig implements OrdersConfig {
        @Override
        public String instance() {
            return "test";
        }

        @Override
        public boolean logEnabled() {
            return false;
        }

        @Override
        public int shardWorkers() {
            return 1;
        }

        @Override
        public int answerWithinMillis() {
            return 50;
        }

        @Override
        public int placementsWaitingMax() {
            return 10;
        }

        @Override
        public int reductionsWaitingMax() {
            return 3;
        }

        @Override
        public int oldestWaitMillisMax() {
            return 20;
        }

        @Override
        public int ageJudgedWaitingMin() {
            return 4;
        }

        @Override
        public int recentPlacements() {
            return 10;
        }
    }
}
