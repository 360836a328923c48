package io.perpetua.orders.domain.market;

import io.perpetua.contracts.orders.CommandRefused;
import io.perpetua.contracts.orders.CommandRepeated;
import io.perpetua.contracts.orders.MarketApplied;
import io.perpetua.contracts.orders.OrderAmended;
import io.perpetua.contracts.orders.OrderClosed;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.OrderFilled;
import io.perpetua.contracts.orders.OrderOpened;
import io.perpetua.contracts.orders.OrdersCancelled;
import io.perpetua.contracts.orders.TradeExecuted;
import io.perpetua.contracts.value.UserId;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a market published, and puts it in words. */
final class Published implements MarketOutput {
    final List<OrderEvent> events = new ArrayList<>();
    final List<TradeExecuted> trades = new ArrayList<>();

    @Override
    public void event(UserId user, OrderEvent event) {
        events.add(event);
    }

    @Override
    public void marker(MarketApplied marker) {
        events.add(marker);
    }

    @Override
    public void trade(TradeExecuted trade) {
        trades.add(trade);
    }

    List<OrderEvent> drain() {
        List<OrderEvent> drained = List.copyOf(events);
        events.clear();
        trades.clear();
        return drained;
    }

    List<String> drainWords() {
        return drain().stream().map(Published::words).toList();
    }

    private static String words(OrderEvent event) {
        String text =
                switch (event) {
                    case OrderOpened e ->
                            "%s opened v%d: %s of %s filled @%s"
                                    .formatted(
                                            e.orderId(),
                                            e.version(),
                                            e.filled(),
                                            e.size(),
                                            e.price());
                    case OrderFilled e ->
                            "%s %s %s @%s, fee %s, realised %s, holds %s for %s"
                                    .formatted(
                                            e.orderId(),
                                            e.liquidity(),
                                            e.size(),
                                            e.price(),
                                            e.fee(),
                                            e.realised(),
                                            e.positionSize(),
                                            e.positionCost());
                    case OrderAmended e ->
                            "%s amended v%d: %s of %s left @%s"
                                    .formatted(
                                            e.orderId(),
                                            e.version(),
                                            e.remaining(),
                                            e.size(),
                                            e.price());
                    case OrderClosed e ->
                            "%s %s%s%s: %s of %s for %s"
                                    .formatted(
                                            e.orderId(),
                                            e.status(),
                                            e.reason() == null ? "" : " " + e.reason(),
                                            e.refusal() == null ? "" : " " + e.refusal(),
                                            e.filled(),
                                            e.size(),
                                            e.quote());
                    case OrdersCancelled e -> "%d cancelled".formatted(e.count());
                    case CommandRefused e -> "refused " + e.refusal();
                    case CommandRepeated e -> "repeated " + e.orderId();
                    case MarketApplied e -> "market v" + e.definition().version();
                };
        return event.reply() == null ? text : text + " -> " + event.reply();
    }
}
