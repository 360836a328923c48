package io.perpetua.risk.domain.margin;

import io.perpetua.contracts.value.MarketId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Which accounts have a position in a market, so that a new mark touches only those. Every open
 * position of a shard is in it exactly once.
 */
public final class PositionIndex {
    private record Slot(Account account, Holding holding) {}

    private final Map<MarketId, List<Slot>> byMarket = new HashMap<>();

    /** Puts the holding where its position belongs: in, if it is open, out, if there is none. */
    public void update(Account account, Holding holding) {
        if (holding.position() != null && holding.slot < 0) {
            List<Slot> slots =
                    byMarket.computeIfAbsent(holding.market(), market -> new ArrayList<>());
            holding.slot = slots.size();
            slots.add(new Slot(account, holding));
        } else if (holding.position() == null && holding.slot >= 0) {
            List<Slot> slots = byMarket.getOrDefault(holding.market(), List.of());
            Slot last = slots.removeLast();
            if (last.holding() != holding) {
                slots.set(holding.slot, last);
                last.holding().slot = holding.slot;
            }
            holding.slot = -1;
        }
    }

    /** Gives each account with a position in {@code market}. */
    public void forEach(MarketId market, Consumer<Account> consumer) {
        List<Slot> slots = byMarket.getOrDefault(market, List.of());
        for (int i = 0; i < slots.size(); i++) {
            consumer.accept(slots.get(i).account());
        }
    }
}
