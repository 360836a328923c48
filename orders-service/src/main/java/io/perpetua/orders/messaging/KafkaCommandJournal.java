package io.perpetua.orders.messaging;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.eventlog.AwaitedCommand;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.orders.app.CommandJournal;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Function;

/** The journal as it is: a Kafka topic for the commands, another's tail for the outcomes. */
@Singleton
class KafkaCommandJournal implements CommandJournal {
    private final OrdersLog log;

    KafkaCommandJournal(OrdersLog log) {
        this.log = log;
    }

    @Override
    public OrderId nextId() {
        try {
            return new OrderId(log.joined().gateway().nextId());
        } catch (IllegalStateException leaseRanOut) {
            throw new JournalUnavailableException("no ids can be issued now", leaseRanOut);
        }
    }

    @Override
    public Submission submit(Function<Reply, OrderCommand> command) {
        OrdersLog.Joined joined = log.joined();
        AwaitedCommand<OrderEvent> sent =
                AwaitedCommand.send(
                        joined.replies(),
                        reply ->
                                joined.eventlog().send(outgoing(command.apply(Reply.parse(reply)))),
                        bytes -> EventCodec.decode(OrderEvent.class, bytes));
        return new Submission(sent.journalled(), sent.outcome());
    }

    private static Outgoing outgoing(OrderCommand command) {
        return new Outgoing(
                Topics.ORDER_COMMANDS.name(),
                Partitions.of(command.user()),
                null,
                EventCodec.encode(OrderCommand.class, command),
                null);
    }

    @Override
    public Optional<PlaceOrder> find(OrderId orderId, UserId user) {
        return log.joined().search().find(orderId, user);
    }
}
