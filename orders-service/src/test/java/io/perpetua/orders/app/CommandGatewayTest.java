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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CommandGatewayTest {
    private final CompletableFuture<Void> journalled = new CompletableFuture<>();
    private final CompletableFuture<OrderEvent> outcome = new CompletableFuture<>();
    private int waiting;
    private boolean full;
    private final CommandGateway gateway = new CommandGateway(new FakeJournal(), new FakeConfig());

    @Test
    void shouldGiveTheOutcomeWhenItComesInTime() throws Exception {
        var answer = gateway.send(CommandGatewayTest::command).toCompletableFuture();
        OrderEvent event =
                new OrdersCancelled(
                        new OrderId(1),
                        new UserId(1),
                        new SubaccountId(1),
                        new MarketId(1),
                        0,
                        0,
                        null);

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
    void shouldShedOrdersAndTakeCancelsWhenManyWait() throws Exception {
        waiting = new FakeConfig().placementsWaitingMax();
        journalled.complete(null);

        assertThat(gateway.place(CommandGatewayTest::command).toCompletableFuture().get())
                .isEqualTo(new Answer.Shed());
        assertThat(gateway.send(CommandGatewayTest::command).toCompletableFuture().get())
                .isEqualTo(new Answer.Undecided());

        full = true;
        assertThat(gateway.send(CommandGatewayTest::command).toCompletableFuture().get())
                .isEqualTo(new Answer.Shed());
    }

    private static OrderCommand command(Reply reply) {
        return new CancelAllOrders(
                new OrderId(1), new UserId(1), new SubaccountId(1), new MarketId(1), 0, reply);
    }

    private final class FakeJournal implements CommandJournal {
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
            return new Submission(journalled, outcome);
        }

        @Override
        public int waiting() {
            return waiting;
        }

        @Override
        public Optional<PlaceOrder> find(OrderId orderId, UserId user) {
            return Optional.empty();
        }
    }

    private static final class FakeConfig implements OrdersConfig {
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
        public int recentPlacements() {
            return 10;
        }
    }
}
