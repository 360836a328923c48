package io.perpetua.risk.domain.nonce;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.orders.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The nonces that a shard's agents have used: of each agent the {@value #KEPT} highest, from two
 * days back to one day ahead. What is not kept any more can't be used again, because it is too low
 * or too old.
 *
 * <p>One request may reach several markets, as a cancel of everything does: under the same nonce
 * and content each market takes it once.
 */
public final class AgentNonces {
    /** How many of an agent are kept. */
    public static final int KEPT = 100;

    /** How far back a nonce may lie. */
    public static final long BACK_MILLIS = Duration.ofDays(2).toMillis();

    /** How far ahead it may lie. */
    public static final long AHEAD_MILLIS = Duration.ofDays(1).toMillis();

    /** Clocks of processes that own the shard in turn differ by less: until then it is kept. */
    private static final long CLOCKS_DIFFER_MILLIS = Duration.ofHours(1).toMillis();

    private final Map<String, NavigableMap<Long, List<UsedNonce>>> bySigner = new HashMap<>();

    /** Names a nonce of an agent. */
    public record Key(String signer, long nonce) {}

    /** Takes a nonce as it was stored. */
    public void restore(UsedNonce used) {
        of(used.nonce().agent())
                .computeIfAbsent(used.nonce().value(), value -> new ArrayList<>(1))
                .add(used);
    }

    private NavigableMap<Long, List<UsedNonce>> of(String signer) {
        return bySigner.computeIfAbsent(signer, unknown -> new TreeMap<>());
    }

    /** What {@code nonce} means for a command in {@code market}. */
    public NonceVerdict judge(AgentNonce nonce, int market, long nowMillis) {
        if (nonce.value() < nowMillis - BACK_MILLIS || nonce.value() > nowMillis + AHEAD_MILLIS) {
            return new NonceVerdict.Refused(Refusal.NONCE_OUT_OF_WINDOW);
        }
        NavigableMap<Long, List<UsedNonce>> used = bySigner.get(nonce.agent());
        List<UsedNonce> before = used == null ? null : used.get(nonce.value());
        if (before != null) {
            if (before.getFirst().nonce().contentHash() != nonce.contentHash()) {
                return new NonceVerdict.Refused(Refusal.NONCE_REUSED);
            }
            return before.stream()
                    .filter(one -> one.market() == market)
                    .findAny()
                    .<NonceVerdict>map(NonceVerdict.Repeated::new)
                    .orElseGet(NonceVerdict.Fresh::new);
        }
        boolean isTooLow = used != null && used.size() >= KEPT && nonce.value() < used.firstKey();
        return isTooLow
                ? new NonceVerdict.Refused(Refusal.NONCE_TOO_LOW)
                : new NonceVerdict.Fresh();
    }

    /** Takes a nonce that was judged fresh; tells {@code forgotten} of the one it pushes out. */
    public void take(UsedNonce used, Consumer<Key> forgotten) {
        restore(used);
        NavigableMap<Long, List<UsedNonce>> all = of(used.nonce().agent());
        if (all.size() > KEPT) {
            forgotten.accept(new Key(used.nonce().agent(), all.pollFirstEntry().getKey()));
        }
    }

    /** Forgets what is too old to be used anyway. */
    public void forgetOld(long nowMillis, Consumer<Key> forgotten) {
        long before = nowMillis - BACK_MILLIS - CLOCKS_DIFFER_MILLIS;
        Iterator<Map.Entry<String, NavigableMap<Long, List<UsedNonce>>>> agents =
                bySigner.entrySet().iterator();
        while (agents.hasNext()) {
            Map.Entry<String, NavigableMap<Long, List<UsedNonce>>> agent = agents.next();
            NavigableMap<Long, List<UsedNonce>> old = agent.getValue().headMap(before, false);
            old.keySet().forEach(value -> forgotten.accept(new Key(agent.getKey(), value)));
            old.clear();
            if (agent.getValue().isEmpty()) {
                agents.remove();
            }
        }
    }

    /** All that are kept. */
    public Collection<UsedNonce> all() {
        List<UsedNonce> all = new ArrayList<>();
        bySigner.values().forEach(used -> used.values().forEach(all::addAll));
        return all;
    }
}
