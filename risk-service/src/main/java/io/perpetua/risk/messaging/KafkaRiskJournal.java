package io.perpetua.risk.messaging;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.risk.PositionEvent;
import io.perpetua.contracts.risk.RiskCommand;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.eventlog.AwaitedCommand;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.risk.app.RiskJournal;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Function;

/** The journal of commands as it is: a Kafka topic, and another's tail for the outcomes. */
@ApplicationScoped
class KafkaRiskJournal implements RiskJournal {
    private final RiskLog log;

    KafkaRiskJournal(RiskLog log) {
        this.log = log;
    }

    @Override
    public OrderId nextId() {
        return new OrderId(log.gateway().nextId());
    }

    @Override
    public Submission submit(Function<Reply, RiskCommand> command) {
        AwaitedCommand<PositionEvent> sent =
                AwaitedCommand.send(
                        log.replies(),
                        reply -> log.eventlog().send(outgoing(command.apply(Reply.parse(reply)))),
                        bytes -> EventCodec.decode(PositionEvent.class, bytes));
        return new Submission(sent.journalled(), sent.outcome());
    }

    private static Outgoing outgoing(RiskCommand command) {
        return new Outgoing(
                Topics.RISK_COMMANDS.name(),
                Partitions.of(command.user()),
                null,
                EventCodec.encode(RiskCommand.class, command),
                null);
    }
}
