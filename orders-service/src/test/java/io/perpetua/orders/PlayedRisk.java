package io.perpetua.orders;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.orders.AmendOrder;
import io.perpetua.contracts.orders.CancelAllOrders;
import io.perpetua.contracts.orders.CancelOrder;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.risk.Admission;
import io.perpetua.contracts.risk.AmendAdmitted;
import io.perpetua.contracts.risk.CancelAdmitted;
import io.perpetua.contracts.risk.CancelAllAdmitted;
import io.perpetua.contracts.risk.OrderAdmitted;
import io.perpetua.contracts.risk.PlacementRefused;
import io.perpetua.contracts.risk.PlacementRepeated;
import io.perpetua.contracts.risk.RequestRefused;
import io.perpetua.contracts.risk.RequestRepeated;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import io.perpetua.eventlog.Emitter;
import io.perpetua.eventlog.Incoming;
import io.perpetua.eventlog.InputTopic;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.eventlog.Shard;
import io.perpetua.eventlog.ShardGroup;
import io.perpetua.eventlog.Writes;
import java.sql.Connection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Plays risk-service for the tests of orders-service alone: admits every command over the real log,
 * repeats what it has seen, and refuses what a test asks to be refused. It keeps nothing.
 */
final class PlayedRisk implements ShardGroup<PlayedRisk.UserShard, Connection> {
    /** A subaccount that does not exist. */
    static final long UNKNOWN_SUBACCOUNT = 404;

    /** A size for which nobody has the margin. */
    static final String TOO_LARGE = "99";

    private static final Price LOWEST = Price.parse("0.1");
    private static final Price HIGHEST = Price.parse("1000000");

    @Override
    public String name() {
        return "played-risk";
    }

    @Override
    public int shards() {
        return Partitions.USERS;
    }

    @Override
    public List<InputTopic> inputs() {
        return List.of(new InputTopic(Topics.ORDER_COMMANDS.name(), InputTopic.Kind.COMMANDS));
    }

    @Override
    public UserShard create(int index) {
        return new UserShard();
    }

    @Override
    public void load(List<UserShard> shards, Connection transaction) {}

    @Override
    public void flush(List<UserShard> changed, Connection transaction, Writes writes) {}

    /** What one user shard has seen. */
    static final class UserShard implements Shard {
        private final Map<String, PlaceOrder> seen = new HashMap<>();
        private final Map<String, OrderId> nonces = new HashMap<>();

        @Override
        public void handle(Incoming record, long nowMillis, Emitter out) {
            OrderCommand command = EventCodec.decode(OrderCommand.class, record.value());
            emit(out, command, decide(command));
        }

        private Admission decide(OrderCommand command) {
            AgentNonce nonce = command.nonce();
            OrderId first =
                    nonce == null
                            ? null
                            : nonces.putIfAbsent(
                                    nonce.agent() + nonce.value() + "/" + command.market(),
                                    command.commandId());
            if (first != null) {
                return command instanceof PlaceOrder place
                        ? new PlacementRepeated(place, first)
                        : new RequestRepeated(command, first);
            }
            return switch (command) {
                case PlaceOrder place -> decide(place);
                case CancelOrder cancel -> {
                    OrderId meant = meant(cancel);
                    yield meant == null
                            ? new RequestRefused(cancel, null, Refusal.ORDER_UNKNOWN)
                            : new CancelAdmitted(cancel, meant);
                }
                case AmendOrder amend -> new AmendAdmitted(amend, amend.orderId(), 1);
                case CancelAllOrders all -> new CancelAllAdmitted(all);
            };
        }

        private Admission decide(PlaceOrder place) {
            if (place.subaccount().value() == UNKNOWN_SUBACCOUNT) {
                return new PlacementRefused(place, Refusal.SUBACCOUNT_UNKNOWN);
            }
            if (place.clientOrderId() != null) {
                PlaceOrder first = seen.putIfAbsent(key(place), place);
                if (first != null) {
                    return first.contentHash() == place.contentHash()
                            ? new PlacementRepeated(place, first.orderId())
                            : new RequestRefused(
                                    place, first.orderId(), Refusal.CLIENT_ORDER_ID_REUSED);
                }
            }
            if (place.size().toString().equals(TOO_LARGE)) {
                return new PlacementRefused(place, Refusal.MARGIN_INSUFFICIENT);
            }
            Price limit =
                    place.price() != null
                            ? place.price()
                            : place.side() == Side.BUY ? HIGHEST : LOWEST;
            return new OrderAdmitted(
                    place,
                    limit,
                    place.reduceOnly(),
                    Rate.ofBasisPoints(5),
                    Rate.ofBasisPoints(-1),
                    place.user().value(),
                    1);
        }

        private OrderId meant(CancelOrder cancel) {
            if (cancel.orderId() != null) {
                return cancel.orderId();
            }
            PlaceOrder placed = seen.get(cancel.subaccount() + "/" + cancel.clientOrderId());
            return placed == null ? null : placed.orderId();
        }

        private static String key(PlaceOrder place) {
            return place.subaccount() + "/" + place.clientOrderId();
        }

        private static void emit(Emitter out, OrderCommand command, Admission admission) {
            out.emit(
                    new Outgoing(
                            Topics.ADMISSIONS.name(),
                            Partitions.of(command.market()),
                            null,
                            EventCodec.encode(Admission.class, admission),
                            null));
        }

        @Override
        public void refuse(Incoming command, long nowMillis, Emitter out) {
            throw new IllegalStateException("a test sent what can't be read");
        }

        @Override
        public long stateHash() {
            return seen.hashCode();
        }
    }
}
