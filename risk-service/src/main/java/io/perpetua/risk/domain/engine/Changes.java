package io.perpetua.risk.domain.engine;

import io.perpetua.contracts.risk.Settlement;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.risk.domain.admission.Request;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.Holding;
import io.perpetua.risk.domain.margin.Position;
import io.perpetua.risk.domain.nonce.AgentNonces;
import io.perpetua.risk.domain.nonce.UsedNonce;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What differs from what is stored, since the last {@link #clear}. */
public final class Changes {
    /** Names an order and where it is held, or was. */
    public record OrderRef(Account account, Holding holding, OrderId order) {}

    /** A leverage that was chosen. */
    public record LeverageRef(Account account, Holding holding) {}

    /** A new placement under a client order id. */
    public record NewRequest(UserId user, Request.Key key, Request request) {}

    private record PositionKey(SubaccountId subaccount, MarketId market, TradeId openedBy) {}

    private final Set<Account> accounts = new LinkedHashSet<>();
    private final Set<UserId> users = new LinkedHashSet<>();
    private final Map<PositionKey, Position> positions = new LinkedHashMap<>();
    private final Map<OrderId, OrderRef> orders = new LinkedHashMap<>();
    private final Set<OrderId> admitted = new HashSet<>();
    private final Set<OrderId> amended = new LinkedHashSet<>();
    private final Set<LeverageRef> leverages = new LinkedHashSet<>();
    private final List<NewRequest> requests = new ArrayList<>();
    private final List<UsedNonce> nonces = new ArrayList<>();
    private final List<AgentNonces.Key> forgottenNonces = new ArrayList<>();
    private final List<Settlement> settlements = new ArrayList<>();
    private final Set<MarketId> markets = new LinkedHashSet<>();
    private final Set<MarketId> totals = new LinkedHashSet<>();

    void account(Account account) {
        accounts.add(account);
    }

    void user(UserId user) {
        users.add(user);
    }

    void position(Position position) {
        positions.put(
                new PositionKey(position.subaccount(), position.market(), position.openedBy()),
                position);
    }

    void order(Account account, Holding holding, OrderId order) {
        orders.putIfAbsent(order, new OrderRef(account, holding, order));
    }

    void admitted(Account account, Holding holding, OrderId order) {
        order(account, holding, order);
        admitted.add(order);
    }

    void amendments(Account account, Holding holding, OrderId order) {
        order(account, holding, order);
        amended.add(order);
    }

    void leverage(Account account, Holding holding) {
        leverages.add(new LeverageRef(account, holding));
    }

    void request(UserId user, Request.Key key, Request request) {
        requests.add(new NewRequest(user, key, request));
    }

    void nonce(UsedNonce used) {
        nonces.add(used);
    }

    void forgotten(AgentNonces.Key nonce) {
        forgottenNonces.add(nonce);
    }

    void settlement(Settlement settlement) {
        settlements.add(settlement);
    }

    void market(MarketId market) {
        markets.add(market);
    }

    void total(MarketId market) {
        totals.add(market);
    }

    /** New accounts, and those whose collateral or counts changed. */
    public Set<Account> accounts() {
        return accounts;
    }

    /** Users whose standing changed. */
    public Set<UserId> users() {
        return users;
    }

    /** Positions opened, changed or closed, as they are now. */
    public Iterable<Position> positions() {
        return positions.values();
    }

    /** Orders whose hold changed or ended. */
    public Iterable<OrderRef> orders() {
        return orders.values();
    }

    /** Those of them that have not been stored before. */
    public Set<OrderId> admitted() {
        return admitted;
    }

    /** Those of them whose pending amendments changed. */
    public Set<OrderId> amended() {
        return amended;
    }

    /** Leverages chosen. */
    public Set<LeverageRef> leverages() {
        return leverages;
    }

    /** Placements decided under client order ids. */
    public List<NewRequest> requests() {
        return requests;
    }

    /** Nonces taken. */
    public List<UsedNonce> nonces() {
        return nonces;
    }

    /** Nonces that are not kept any more, stored ones and such as were taken just now. */
    public List<AgentNonces.Key> forgottenNonces() {
        return forgottenNonces;
    }

    /** Settlements published. */
    public List<Settlement> settlements() {
        return settlements;
    }

    /** Markets with a new version. */
    public Set<MarketId> markets() {
        return markets;
    }

    /** Markets whose totals changed. */
    public Set<MarketId> totals() {
        return totals;
    }

    /** Everything has been stored. */
    public void clear() {
        accounts.clear();
        users.clear();
        positions.clear();
        orders.clear();
        admitted.clear();
        amended.clear();
        leverages.clear();
        requests.clear();
        nonces.clear();
        forgottenNonces.clear();
        settlements.clear();
        markets.clear();
        totals.clear();
    }
}
