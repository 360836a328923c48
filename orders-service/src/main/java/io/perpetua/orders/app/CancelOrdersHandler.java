package io.perpetua.orders.app;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.CancelAllOrders;
import io.perpetua.contracts.orders.CancelOrder;
import io.perpetua.contracts.orders.CommandRefused;
import io.perpetua.contracts.orders.OrderClosed;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.OrdersCancelled;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.eventlog.Gateway;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Cancels orders without their ids: one by the client's own id, or all of a subaccount, by one
 * command a market.
 */
@ApplicationScoped
public class CancelOrdersHandler {
    /** What became of the command in one market. */
    public sealed interface InMarket {
        /** So many orders were cancelled. */
        record Cancelled(int count) implements InMarket {}

        /** The command was refused. */
        record Refused(Refusal refusal) implements InMarket {}

        /** The command is journalled in the market of this symbol and will be decided. */
        record Pending(String market) implements InMarket {}

        /** Whether the command will take effect is not known. */
        record Unknown() implements InMarket {}

        /** The command was not taken, because too much is under way. */
        record Shed() implements InMarket {}
    }

    private final CommandGateway gateway;
    private final CommandJournal journal;
    private final FirstAnswers firstAnswers;

    CancelOrdersHandler(CommandGateway gateway, CommandJournal journal, FirstAnswers firstAnswers) {
        this.gateway = gateway;
        this.journal = journal;
        this.firstAnswers = firstAnswers;
    }

    /** Cancels the order that {@code user} placed under a client order id. */
    public CompletionStage<List<InMarket>> one(
            UserId user,
            SubaccountId subaccount,
            Market market,
            String clientOrderId,
            @Nullable AgentNonce nonce) {
        OrderId commandId = journal.nextId();
        return send(
                        user,
                        market,
                        reply ->
                                new CancelOrder(
                                        commandId,
                                        user,
                                        subaccount,
                                        market.id(),
                                        null,
                                        clientOrderId,
                                        Gateway.issuedAtMillis(commandId.value()),
                                        reply,
                                        nonce))
                .thenApply(List::of);
    }

    /** Cancels the subaccount's orders in these markets. */
    public CompletionStage<List<InMarket>> all(
            UserId user,
            SubaccountId subaccount,
            Collection<Market> markets,
            @Nullable AgentNonce nonce) {
        return Together.all(
                markets.stream().map(market -> all(user, subaccount, market, nonce)).toList());
    }

    private CompletionStage<InMarket> all(
            UserId user, SubaccountId subaccount, Market market, @Nullable AgentNonce nonce) {
        OrderId commandId = journal.nextId();
        return send(
                user,
                market,
                reply ->
                        new CancelAllOrders(
                                commandId,
                                user,
                                subaccount,
                                market.id(),
                                Gateway.issuedAtMillis(commandId.value()),
                                reply,
                                nonce));
    }

    private CompletionStage<InMarket> send(
            UserId user, Market market, Function<Reply, OrderCommand> command) {
        return gateway.send(command)
                .thenCompose(answer -> firstAnswers.of(answer, user))
                .thenApply(answer -> outcome(answer, market.symbol()));
    }

    private static InMarket outcome(Answer answer, String market) {
        return switch (answer) {
            case Answer.Decided(OrdersCancelled cancelled) ->
                    new InMarket.Cancelled(cancelled.count());
            case Answer.Decided(OrderClosed closed) -> new InMarket.Cancelled(1);
            case Answer.Decided(CommandRefused refused) -> new InMarket.Refused(refused.refusal());
            case Answer.Decided(var event) ->
                    throw new IllegalStateException(
                            event.getClass().getSimpleName() + " answers no cancel");
            case Answer.Undecided() -> new InMarket.Pending(market);
            case Answer.Unconfirmed() -> new InMarket.Unknown();
            case Answer.Shed() -> new InMarket.Shed();
        };
    }
}
