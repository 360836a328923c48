package io.perpetua.risk.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.UnreadableEventException;
import io.perpetua.contracts.accounts.UserEvent;
import io.perpetua.contracts.orders.AmendOrder;
import io.perpetua.contracts.orders.CancelAllOrders;
import io.perpetua.contracts.orders.CancelOrder;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.risk.RiskCommand;
import io.perpetua.contracts.risk.TransferCollateral;
import io.perpetua.eventlog.Emitter;
import io.perpetua.eventlog.Incoming;
import io.perpetua.eventlog.Shard;
import io.perpetua.risk.domain.admission.Request;
import io.perpetua.risk.domain.engine.RiskEngine;
import io.perpetua.risk.domain.transfer.CollateralTransfer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One shard of users: its records are decided by its engine. */
final class RiskShard implements Shard {
    private static final String ORDER_EVENTS = Topics.ORDER_EVENTS.name();
    private static final String USER_EVENTS = Topics.USER_EVENTS.name();
    private static final String ORDER_COMMANDS = Topics.ORDER_COMMANDS.name();
    private static final String RISK_COMMANDS = Topics.RISK_COMMANDS.name();

    private final int index;
    private final RiskEngine engine;
    private final MeterRegistry metrics;
    private final IntConsumer belowMaintenance;

    /** The batch's order commands, read once: before its lookups. By offset. */
    private final Map<Long, OrderCommand> commands = new HashMap<>();

    RiskShard(int index, RiskEngine engine, MeterRegistry metrics, IntConsumer belowMaintenance) {
        this.index = index;
        this.engine = engine;
        this.metrics = metrics;
        this.belowMaintenance = belowMaintenance;
    }

    int index() {
        return index;
    }

    RiskEngine engine() {
        return engine;
    }

    /** Reads a batch's order commands; gives the client order ids that deciding them looks at. */
    Set<Request.Key> read(List<Incoming> batch) {
        commands.clear();
        Set<Request.Key> keys = new HashSet<>();
        for (Incoming record : batch) {
            if (record.topic().equals(RISK_COMMANDS)) {
                addKey(record, keys);
            } else if (record.topic().equals(ORDER_COMMANDS)) {
                OrderCommand command = readable(record);
                if (command != null) {
                    commands.put(record.offset(), command);
                    Request.Key key = keyOf(command);
                    if (key != null) {
                        keys.add(key);
                    }
                }
            }
        }
        return keys;
    }

    private static void addKey(Incoming record, Set<Request.Key> keys) {
        try {
            if (EventCodec.decode(RiskCommand.class, record.value())
                    instanceof TransferCollateral transfer) {
                keys.add(CollateralTransfer.keyOf(transfer));
            }
        } catch (UnreadableEventException unreadable) {
            return; // refused in its turn
        }
    }

    /** What can't be read is refused in its turn; it doesn't hold up its batch. */
    private static @Nullable OrderCommand readable(Incoming record) {
        try {
            return EventCodec.decode(OrderCommand.class, record.value());
        } catch (UnreadableEventException unreadable) {
            return null;
        }
    }

    private static Request.@Nullable Key keyOf(OrderCommand command) {
        String clientOrderId =
                switch (command) {
                    case PlaceOrder place -> place.clientOrderId();
                    case CancelOrder cancel -> cancel.clientOrderId();
                    case AmendOrder amend -> amend.clientOrderId();
                    case CancelAllOrders all -> null;
                };
        boolean storable = clientOrderId != null && clientOrderId.indexOf('\0') < 0;
        return storable && clientOrderId != null
                ? new Request.Key(command.subaccount(), clientOrderId)
                : null;
    }

    private OrderCommand orderCommand(Incoming record) {
        OrderCommand read = commands.get(record.offset());
        return read != null ? read : EventCodec.decode(OrderCommand.class, record.value());
    }

    @Override
    public void handle(Incoming record, long nowMillis, Emitter out) {
        String topic = record.topic();
        EmittingOutbox outbox = new EmittingOutbox(out, metrics);
        if (topic.equals(ORDER_COMMANDS)) {
            engine.decide(orderCommand(record), nowMillis, outbox);
        } else if (topic.equals(ORDER_EVENTS)) {
            engine.apply(EventCodec.decode(OrderEvent.class, record.value()));
        } else if (topic.equals(USER_EVENTS)) {
            engine.apply(EventCodec.decode(UserEvent.class, record.value()), nowMillis, outbox);
        } else if (topic.equals(RISK_COMMANDS)) {
            engine.decide(EventCodec.decode(RiskCommand.class, record.value()), nowMillis, outbox);
        } else {
            throw new IllegalArgumentException("no input: " + topic);
        }
    }

    @Override
    public void refuse(Incoming command, long nowMillis, Emitter out) {
        EmittingOutbox outbox = new EmittingOutbox(out, metrics);
        try {
            if (command.topic().equals(ORDER_COMMANDS)) {
                engine.refuse(EventCodec.decode(OrderCommand.class, command.value()), outbox);
            } else {
                engine.refuse(
                        EventCodec.decode(RiskCommand.class, command.value()), nowMillis, outbox);
            }
        } catch (UnreadableEventException unreadable) {
            // It names no client that could be answered; the dead letters keep it.
            outbox.count("UNREADABLE");
        }
    }

    @Override
    public void endBatch(long nowMillis, Emitter out) {
        engine.forgetOldNonces(nowMillis);
        engine.endBatch(new EmittingOutbox(out, metrics));
    }

    @Override
    public void tick(long nowMillis, Emitter out) {
        engine.remargin();
        belowMaintenance.accept(engine.belowMaintenance());
    }

    @Override
    public long stateHash() {
        return engine.stateHash();
    }
}
