package io.perpetua.contracts.accounts;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which of its user's affairs an agent is let near: a tree whose leaves name markets, subaccounts
 * or actions, and whose branches want all or any of theirs. Exactly one component is there, and it
 * is not empty.
 *
 * <p>A leaf that names markets is not satisfied by what concerns no market, as the collateral of a
 * subaccount does; one that names subaccounts not by what concerns none.
 */
public record AgentFilter(
        @Nullable List<AgentFilter> allOf,
        @Nullable List<AgentFilter> anyOf,
        @Nullable List<MarketId> markets,
        @Nullable List<SubaccountId> subaccounts,
        @Nullable List<AgentAction> actions) {
    /** How deep a tree may be. */
    public static final int DEPTH_MAX = 5;

    /** How many branches, leaves and names together a tree may have. */
    public static final int SIZE_MAX = 200;

    /** Refuses what is no filter, or too large for one. */
    public AgentFilter {
        int given = 0;
        for (List<?> part : parts(allOf, anyOf, markets, subaccounts, actions)) {
            if (part != null) {
                given++;
                if (part.isEmpty() || part.stream().anyMatch(Objects::isNull)) {
                    throw new IllegalArgumentException("a filter names at least one of a kind");
                }
            }
        }
        if (given != 1) {
            throw new IllegalArgumentException(
                    "a filter has exactly one of allOf, anyOf, markets, subaccounts, actions");
        }
        allOf = copy(allOf);
        anyOf = copy(anyOf);
        markets = copy(markets);
        subaccounts = copy(subaccounts);
        actions = copy(actions);
        if (depth(allOf, anyOf) > DEPTH_MAX) {
            throw new IllegalArgumentException("a filter is at most " + DEPTH_MAX + " deep");
        }
        if (size(allOf, anyOf, markets, subaccounts, actions) > SIZE_MAX) {
            throw new IllegalArgumentException(
                    "a filter has at most " + SIZE_MAX + " branches, leaves and names");
        }
    }

    /** Satisfied by what satisfies all of them. */
    public static AgentFilter allOf(AgentFilter... all) {
        return new AgentFilter(List.of(all), null, null, null, null);
    }

    /** Satisfied by what satisfies one of them. */
    public static AgentFilter anyOf(AgentFilter... any) {
        return new AgentFilter(null, List.of(any), null, null, null);
    }

    /** Satisfied by what concerns one of these markets. */
    public static AgentFilter markets(MarketId... markets) {
        return new AgentFilter(null, null, List.of(markets), null, null);
    }

    /** Satisfied by what concerns one of these subaccounts. */
    public static AgentFilter subaccounts(SubaccountId... subaccounts) {
        return new AgentFilter(null, null, null, List.of(subaccounts), null);
    }

    /** Satisfied by these actions. */
    public static AgentFilter actions(AgentAction... actions) {
        return new AgentFilter(null, null, null, null, List.of(actions));
    }

    /** Whether an action that concerns this subaccount and market, if any, satisfies it. */
    public boolean permits(
            AgentAction action, @Nullable SubaccountId subaccount, @Nullable MarketId market) {
        if (allOf != null) {
            return allOf.stream().allMatch(one -> one.permits(action, subaccount, market));
        } else if (anyOf != null) {
            return anyOf.stream().anyMatch(one -> one.permits(action, subaccount, market));
        } else if (markets != null) {
            return market != null && markets.contains(market);
        } else if (subaccounts != null) {
            return subaccount != null && subaccounts.contains(subaccount);
        }
        return actions != null && actions.contains(action);
    }

    private static List<?>[] parts(@Nullable List<?>... parts) {
        return parts;
    }

    private static <T> @Nullable List<T> copy(@Nullable List<T> list) {
        return list == null ? null : List.copyOf(list);
    }

    private int depth() {
        return depth(allOf, anyOf);
    }

    private static int depth(@Nullable List<AgentFilter> all, @Nullable List<AgentFilter> any) {
        List<AgentFilter> inner = all != null ? all : any;
        return inner == null ? 1 : 1 + inner.stream().mapToInt(AgentFilter::depth).max().orElse(0);
    }

    private int size() {
        return size(allOf, anyOf, markets, subaccounts, actions);
    }

    private static int size(
            @Nullable List<AgentFilter> all,
            @Nullable List<AgentFilter> any,
            @Nullable List<?> markets,
            @Nullable List<?> subaccounts,
            @Nullable List<?> actions) {
        int size = 1;
        for (List<?> leaf : parts(markets, subaccounts, actions)) {
            size += leaf == null ? 0 : leaf.size();
        }
        List<AgentFilter> inner = all != null ? all : any;
        return inner == null ? size : size + inner.stream().mapToInt(AgentFilter::size).sum();
    }
}
