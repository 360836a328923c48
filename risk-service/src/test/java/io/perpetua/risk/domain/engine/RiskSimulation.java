package io.perpetua.risk.domain.engine;

import static io.perpetua.risk.domain.Fixtures.BTC;
import static io.perpetua.risk.domain.Fixtures.ETH;
import static io.perpetua.risk.domain.Fixtures.market;
import static io.perpetua.risk.domain.Fixtures.tierRows;
import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.accounts.ClosingKind;
import io.perpetua.contracts.accounts.CollateralCredited;
import io.perpetua.contracts.accounts.CollateralQueried;
import io.perpetua.contracts.accounts.DebitRequested;
import io.perpetua.contracts.accounts.SubaccountOpened;
import io.perpetua.contracts.accounts.UserClosing;
import io.perpetua.contracts.accounts.UserEvent;
import io.perpetua.contracts.accounts.UserReactivated;
import io.perpetua.contracts.accounts.UserReinstated;
import io.perpetua.contracts.accounts.UserSuspended;
import io.perpetua.contracts.accounts.WithdrawalRequested;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.orders.AmendOrder;
import io.perpetua.contracts.orders.CancelAllOrders;
import io.perpetua.contracts.orders.CancelOrder;
import io.perpetua.contracts.orders.MarketApplied;
import io.perpetua.contracts.orders.OrderClosed;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.OrderFilled;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.risk.Admission;
import io.perpetua.contracts.risk.ChangeLeverage;
import io.perpetua.contracts.risk.CollateralReported;
import io.perpetua.contracts.risk.CollateralTransferred;
import io.perpetua.contracts.risk.DebitRefused;
import io.perpetua.contracts.risk.DebitTaken;
import io.perpetua.contracts.risk.OrderAdmitted;
import io.perpetua.contracts.risk.PositionEvent;
import io.perpetua.contracts.risk.Settlement;
import io.perpetua.contracts.risk.TradesSettled;
import io.perpetua.contracts.risk.TransferCollateral;
import io.perpetua.contracts.risk.TransferSettled;
import io.perpetua.contracts.risk.UserClosingRefused;
import io.perpetua.contracts.risk.UserFrozen;
import io.perpetua.contracts.risk.WithdrawalRefused;
import io.perpetua.contracts.risk.WithdrawalReserved;
import io.perpetua.contracts.value.AdjustmentId;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.contracts.value.WithdrawalId;
import io.perpetua.risk.domain.Fixtures.Venue;
import io.perpetua.risk.domain.admission.Request;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.AccountMargin;
import io.perpetua.risk.domain.margin.Holding;
import io.perpetua.risk.domain.margin.OpenOrder;
import io.perpetua.risk.domain.margin.RecountedMargin;
import io.perpetua.risk.domain.transfer.CollateralTransfer;
import io.perpetua.risk.domain.user.UserStanding.Presence;
import io.perpetua.risk.domain.user.UserStanding.Restriction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One shard's engine under random commands, against an obvious venue whose events come back late.
 * {@link #step} does one thing; {@link #check} holds after each, {@link #checkAtRest} once nothing
 * is under way.
 */
public final class RiskSimulation implements Outbox {
    private static final int ACCOUNTS = 6;
    private static final long NOW = 1_000;
    private static final List<MarketStatus> STATUSES = List.of(MarketStatus.values());
    private static final List<MarketId> MARKETS = List.of(BTC, ETH);

    private final SplittableRandom random;
    private final Venue prices = new Venue();
    private final ModelVenue venue = new ModelVenue();
    private final Map<SubaccountId, Usd> credited = new HashMap<>();
    private final Map<SubaccountId, Long> credits = new HashMap<>();
    private final Map<SubaccountId, Usd> earned = new HashMap<>();
    private final Map<SubaccountId, Usd> settled = new HashMap<>();
    private final Map<SubaccountId, Usd> moved = new HashMap<>();
    private final Map<SubaccountId, Usd> withdrawn = new HashMap<>();
    private final Map<SubaccountId, Long> settlements = new HashMap<>();
    private final Set<OrderId> held = new HashSet<>();
    private final Set<UserId> left = new HashSet<>();
    private final Map<Request.Key, Request> requests = new HashMap<>();
    private final List<PlaceOrder> placed = new ArrayList<>();
    private RiskEngine engine;
    private long ids;
    private long version;
    private int commands;
    private int answers;
    private PositionEvent lastAnswer;
    private Settlement lastClosing;

    /** Accounts with money and two markets. */
    public RiskSimulation(long seed) {
        random = new SplittableRandom(seed);
        engine = new RiskEngine(prices);
        for (MarketId id : MARKETS) {
            applyMarket(id, MarketStatus.ACTIVE);
            prices.mark(id, Price.parse("100"), NOW);
        }
        for (int i = 0; i < ACCOUNTS; i++) {
            SubaccountId id = subaccount(i);
            engine.apply(new SubaccountOpened(user(i), id, 0, "0x", NOW), NOW, this);
            credit(i, random.nextLong(100, 5_000));
        }
    }

    /** The engine as it is. */
    public RiskEngine engine() {
        return engine;
    }

    /** Goes on with another engine, which must have the same state. */
    public void replace(RiskEngine other) {
        engine = other;
    }

    /** Where marks come from. */
    public Venue prices() {
        return prices;
    }

    private static UserId user(int index) {
        return new UserId(16L * (index / 2 + 1));
    }

    private static SubaccountId subaccount(int index) {
        return new SubaccountId(100L + index);
    }

    private void credit(int index, long dollars) {
        SubaccountId id = subaccount(index);
        long sequence = credits.merge(id, 1L, Long::sum);
        credited.merge(id, Usd.ofDollars(dollars), Usd::plus);
        engine.apply(
                new CollateralCredited(
                        user(index), id, "USDC", Usd.ofDollars(dollars), "t", sequence, NOW),
                NOW,
                this);
    }

    private void applyMarket(MarketId id, MarketStatus status) {
        boolean dear = random.nextBoolean();
        Market definition =
                market(
                        id,
                        status,
                        ++version,
                        tierRows("0 0.05 0.03", "10000 0.1 0.05"),
                        dear ? "0.001" : "0.0005",
                        dear ? "0.0003" : "-0.0001");
        prices.list(definition);
        engine.apply((OrderEvent) new MarketApplied(definition, NOW));
    }

    /** Ends a batch, as the loop does before it stores one. */
    public void endBatch() {
        engine.endBatch(this);
    }

    /** Does one random thing. */
    public void step() {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> command();
            case 4, 5, 6 -> processed();
            case 7, 8 -> delivered();
            case 9 -> engine.endBatch(this);
            case 10 -> prices.mark(MARKETS.get(random.nextInt(2)), price(), NOW);
            default -> rarely();
        }
    }

    private void rarely() {
        int index = random.nextInt(ACCOUNTS);
        switch (random.nextInt(17)) {
            case 12 -> suspend(index);
            case 13 -> reinstate(index);
            case 14 -> close(index);
            case 15, 16 -> comeBack(index);
            case 0 -> credit(index, random.nextLong(1, 200));
            case 2, 3, 4 -> transfer(index);
            case 5, 6 -> withdraw(index);
            case 7 ->
                    engine.apply(
                            new CollateralQueried(user(index), subaccount(index), 1, 0, NOW),
                            NOW,
                            this);
            case 1 -> applyMarket(MARKETS.get(random.nextInt(2)), status());
            default ->
                    engine.decide(
                            new ChangeLeverage(
                                    nextId(),
                                    user(index),
                                    subaccount(index),
                                    MARKETS.get(random.nextInt(2)),
                                    random.nextInt(1, 22),
                                    NOW,
                                    null,
                                    nonce(user(index))),
                            NOW,
                            this);
        }
    }

    private void suspend(int index) {
        int before = answers;
        engine.apply(new UserSuspended(user(index), NOW), NOW, this);
        commands += answers - before;
    }

    private void reinstate(int index) {
        engine.apply(new UserReinstated(user(index), NOW), NOW, this);
    }

    private void close(int index) {
        UserId user = user(index);
        Presence before = engine.standing(user).presence();
        if (before != Presence.PRESENT) {
            return;
        }
        ClosingKind kind = random.nextInt(3) == 0 ? ClosingKind.DELETION : ClosingKind.DEACTIVATION;
        lastClosing = null;
        engine.apply(new UserClosing(user, subaccount(index), ++ids, kind, 0, NOW), NOW, this);
        if (lastClosing instanceof UserFrozen frozen) {
            assertThat(frozen.closing()).isEqualTo(ids);
            for (int own : List.of(index, index ^ 1)) {
                for (Holding holding : engine.account(subaccount(own)).holdings()) {
                    assertThat(holding.isEmpty()).isTrue();
                }
                assertThat(kind == ClosingKind.DEACTIVATION || collateral(own).equals(Usd.ZERO))
                        .isTrue();
            }
            left.add(user);
        } else {
            assertThat(((UserClosingRefused) lastClosing).obstacles()).isNotEmpty();
            assertThat(engine.standing(user).presence()).isEqualTo(before);
        }
    }

    private void comeBack(int index) {
        if (engine.standing(user(index)).presence() == Presence.DEACTIVATED) {
            engine.apply(new UserReactivated(user(index), NOW), NOW, this);
            left.remove(user(index));
        }
    }

    /** To the user's other subaccount, or to a stranger's, or to itself; some of them repeated. */
    private void transfer(int index) {
        int to = random.nextInt(5) == 0 ? random.nextInt(ACCOUNTS) : index ^ 1;
        TransferCollateral command =
                new TransferCollateral(
                        nextId(),
                        user(index),
                        subaccount(index),
                        subaccount(to),
                        Usd.ofDollars(random.nextLong(1, 2_000)),
                        "t" + random.nextInt(100),
                        NOW,
                        null);
        Request.Key key = CollateralTransfer.keyOf(command);
        Request earlier = requests.get(key);
        know(key);
        Usd before = collateral(index);
        Usd withdrawable = withdrawable(index);
        engine.decide(command, NOW, this);
        remember();
        Usd paid = before.minus(collateral(index));
        if (lastAnswer instanceof CollateralTransferred moved && earlier == null) {
            assertThat(paid).isEqualTo(command.amount()).isLessThanOrEqualTo(withdrawable);
            assertThat(user(to)).isEqualTo(user(index));
            assertThat(moved.transfer()).isEqualTo(command.commandId());
        } else {
            assertThat(paid).isEqualTo(Usd.ZERO);
        }
    }

    private void withdraw(int index) {
        Usd amount = Usd.ofDollars(random.nextLong(1, 2_000));
        Usd before = collateral(index);
        long id = nextId().value();
        boolean byUser = random.nextBoolean();
        boolean allowed =
                amount.compareTo(withdrawable(index)) <= 0
                        && (!byUser
                                || engine.standing(user(index)).restriction() == Restriction.NONE);
        UserEvent request =
                byUser
                        ? new WithdrawalRequested(
                                user(index), subaccount(index), new WithdrawalId(id), amount, NOW)
                        : new DebitRequested(
                                user(index), subaccount(index), new AdjustmentId(id), amount, NOW);
        engine.apply(request, NOW, this);
        assertThat(before.minus(collateral(index))).isEqualTo(allowed ? amount : Usd.ZERO);
    }

    private Usd collateral(int index) {
        return Objects.requireNonNull(engine.account(subaccount(index))).collateral();
    }

    private Usd withdrawable(int index) {
        return AccountMargin.of(engine.account(subaccount(index)), engine, prices).withdrawable();
    }

    private void know(Request.Key key) {
        engine.requests().clear();
        engine.requests().lookedUp(key);
        if (requests.containsKey(key)) {
            engine.requests().found(key, requests.get(key));
        }
    }

    private void remember() {
        engine.changes().requests().forEach(added -> requests.put(added.key(), added.request()));
    }

    private MarketStatus status() {
        return random.nextInt(4) == 0
                ? STATUSES.get(random.nextInt(STATUSES.size()))
                : MarketStatus.ACTIVE;
    }

    private void processed() {
        if (!venue.inbox.isEmpty()) {
            venue.process();
        }
    }

    private void delivered() {
        if (!venue.outbox.isEmpty()) {
            OrderEvent event = venue.outbox.removeFirst();
            engine.apply(event);
            if (event instanceof OrderFilled fill) {
                earned.merge(fill.subaccount(), fill.realised().minus(fill.fee()), Usd::plus);
            }
            if (event instanceof OrderClosed closed) {
                held.remove(closed.orderId());
            }
        }
    }

    private void command() {
        OrderCommand command = randomCommand();
        commands++;
        int before = answers;
        String name =
                switch (command) {
                    case PlaceOrder place -> place.clientOrderId();
                    case CancelOrder cancel -> cancel.clientOrderId();
                    case AmendOrder amend -> amend.clientOrderId();
                    case CancelAllOrders all -> null;
                };
        if (name != null) {
            know(new Request.Key(command.subaccount(), name));
        }
        engine.decide(command, NOW, this);
        remember();
        if (answers != before + 1) {
            throw new AssertionError((answers - before) + " answers to " + command);
        }
    }

    private OrderCommand randomCommand() {
        int index = random.nextInt(ACCOUNTS);
        UserId user = user(index);
        SubaccountId subaccount = subaccount(index);
        MarketId market =
                random.nextInt(50) == 0 ? new MarketId(9) : MARKETS.get(random.nextInt(2));
        int kind = placed.isEmpty() ? 0 : random.nextInt(20);
        PlaceOrder earlier = placed.isEmpty() ? null : placed.get(random.nextInt(placed.size()));
        return switch (kind) {
            case 14, 15 ->
                    new CancelOrder(
                            nextId(),
                            earlier.user(),
                            earlier.subaccount(),
                            earlier.market(),
                            earlier.clientOrderId() == null ? earlier.orderId() : null,
                            earlier.clientOrderId(),
                            NOW,
                            null,
                            nonce(earlier.user()));
            case 16, 17, 18 ->
                    new AmendOrder(
                            nextId(),
                            random.nextInt(20) == 0 ? user : earlier.user(),
                            earlier.subaccount(),
                            earlier.market(),
                            earlier.orderId(),
                            null,
                            random.nextBoolean() ? price() : null,
                            random.nextBoolean() ? size() : null,
                            NOW,
                            null);
            case 19 ->
                    new CancelAllOrders(nextId(), user, subaccount, market, NOW, null, nonce(user));
            default -> place(user, subaccount, market);
        };
    }

    private PlaceOrder place(UserId user, SubaccountId subaccount, MarketId market) {
        boolean limit = random.nextInt(5) != 0;
        PlaceOrder command =
                new PlaceOrder(
                        nextId(),
                        user,
                        subaccount,
                        market,
                        random.nextBoolean() ? null : "c" + random.nextInt(400),
                        random.nextBoolean() ? Side.BUY : Side.SELL,
                        limit ? OrderType.LIMIT : OrderType.MARKET,
                        limit && random.nextInt(4) != 0 ? TimeInForce.GTC : TimeInForce.IOC,
                        limit ? price() : null,
                        size(),
                        random.nextInt(8) == 0,
                        SelfTrade.CANCEL_MAKER,
                        0,
                        NOW,
                        null,
                        nonce(user));
        placed.add(command);
        return command;
    }

    /** Of the user's agent, in every other command: new, repeated, reused or too low. */
    private AgentNonce nonce(UserId user) {
        long lately = ids / 2;
        return random.nextBoolean()
                ? null
                : new AgentNonce(
                        "agent-" + user,
                        random.nextLong(Math.max(0, lately - 150), lately + 20),
                        random.nextInt(2));
    }

    private OrderId nextId() {
        return new OrderId(++ids);
    }

    private Price price() {
        return new Price(random.nextLong(940, 1_060) * 10_000_000L);
    }

    private Quantity size() {
        return new Quantity(random.nextLong(1, 40_000) * 100_000L);
    }

    @Override
    public void admit(Admission admission) {
        answers++;
        venue.inbox.add(admission);
        if (admission instanceof OrderAdmitted admitted) {
            assertThat(held.add(admitted.command().orderId())).isTrue();
            UserId user = admitted.command().user();
            assertThat(left).doesNotContain(user);
            assertThat(admitted.reduceOnly() || !engine.standing(user).suspended()).isTrue();
        }
    }

    @Override
    public void settle(Settlement settlement) {
        long last = settlements.getOrDefault(settlement.subaccount(), 0L);
        switch (settlement) {
            case WithdrawalRefused refused -> {
                assertThat(refused.sequence()).isEqualTo(last);
                return;
            }
            case DebitRefused refused -> {
                assertThat(refused.sequence()).isEqualTo(last);
                return;
            }
            case CollateralReported report -> {
                assertThat(report.sequence()).isEqualTo(last);
                assertThat(report.collateral()).isEqualTo(expected(report.subaccount()));
                return;
            }
            case UserFrozen frozen -> {
                assertThat(frozen.sequence()).isEqualTo(last);
                lastClosing = frozen;
                return;
            }
            case UserClosingRefused refused -> {
                assertThat(refused.sequence()).isEqualTo(last);
                lastClosing = refused;
                return;
            }
            case WithdrawalReserved reserved ->
                    withdrawn.merge(reserved.subaccount(), reserved.amount(), Usd::plus);
            case DebitTaken taken -> withdrawn.merge(taken.subaccount(), taken.amount(), Usd::plus);
            case TradesSettled trades ->
                    settled.merge(
                            trades.subaccount(), trades.realised().minus(trades.fee()), Usd::plus);
            case TransferSettled transfer ->
                    moved.merge(transfer.subaccount(), transfer.amount(), Usd::plus);
        }
        assertThat(settlement.sequence()).isEqualTo(last + 1);
        settlements.put(settlement.subaccount(), last + 1);
    }

    private Usd expected(SubaccountId id) {
        return credited.get(id)
                .plus(earned.getOrDefault(id, Usd.ZERO))
                .plus(moved.getOrDefault(id, Usd.ZERO))
                .minus(withdrawn.getOrDefault(id, Usd.ZERO));
    }

    @Override
    public void answer(PositionEvent outcome) {
        assertThat(outcome.user()).isNotNull();
        lastAnswer = outcome;
    }

    /** What holds after every step. */
    public void check() {
        assertThat(moved.values().stream().reduce(Usd.ZERO, Usd::plus)).isEqualTo(Usd.ZERO);
        Set<OrderId> inEngine = new HashSet<>();
        for (Account account : engine.accounts()) {
            assertThat(account.collateral()).isEqualTo(expected(account.id()));
            RecountedMargin.check(account, engine, prices);
            for (Holding holding : account.holdings()) {
                holding.orders().forEach(order -> inEngine.add(order.id()));
                for (ModelVenue.ModelOrder resting :
                        venue.restingOf(account.id(), holding.market())) {
                    OpenOrder order = holding.order(resting.command.orderId());
                    assertThat(order).isNotNull();
                    assertThat(order.worstRemaining()).isGreaterThanOrEqualTo(resting.remaining);
                }
            }
        }
        if (!inEngine.equals(held)) {
            assertThat(inEngine).isEqualTo(held);
        }
    }

    /** Lets everything under way arrive, then holds the books against each other. */
    public void checkAtRest() {
        while (!venue.inbox.isEmpty() || !venue.outbox.isEmpty()) {
            processed();
            delivered();
        }
        engine.endBatch(this);
        check();
        assertThat(held).isEqualTo(venue.resting.keySet());
        for (Account account : engine.accounts()) {
            assertThat(settled.getOrDefault(account.id(), Usd.ZERO))
                    .isEqualTo(earned.getOrDefault(account.id(), Usd.ZERO));
            account.holdings().forEach(holding -> checkAtRest(account, holding));
        }
        MARKETS.forEach(this::checkMarket);
        assertThat(answers).isEqualTo(commands);
    }

    private void checkAtRest(Account account, Holding holding) {
        for (OpenOrder order : holding.orders()) {
            ModelVenue.ModelOrder resting = venue.resting.get(order.id());
            assertThat(order.amendments()).isEmpty();
            assertThat(order.version().limit()).isEqualTo(resting.limit);
            assertThat(order.version().remaining()).isEqualTo(resting.remaining);
            assertThat(order.filled()).isEqualTo(resting.filled);
        }
        ModelVenue.Held position =
                venue.positions.getOrDefault(
                        new ModelVenue.Key(account.id(), holding.market()),
                        new ModelVenue.Held(Quantity.ZERO, Usd.ZERO));
        assertThat(holding.size()).isEqualTo(position.size());
        assertThat(holding.cost()).isEqualTo(position.cost());
    }

    private void checkMarket(MarketId market) {
        Quantity open = Quantity.ZERO;
        Usd cost = Usd.ZERO;
        for (Account account : engine.accounts()) {
            Holding holding = account.holding(market);
            if (holding != null) {
                open = open.plus(holding.size());
                cost = cost.plus(holding.cost());
            }
        }
        MarketTotal total = engine.totals().getOrDefault(market, MarketTotal.NONE);
        assertThat(open).isEqualTo(Quantity.ZERO);
        assertThat(cost).isEqualTo(total.realised());
        assertThat(total.fills() % 2).isZero();
    }
}
