package io.perpetua.risk.domain.engine;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.accounts.ClosingKind;
import io.perpetua.contracts.accounts.CollateralCredited;
import io.perpetua.contracts.accounts.CollateralQueried;
import io.perpetua.contracts.accounts.DebitRequested;
import io.perpetua.contracts.accounts.SubaccountOpened;
import io.perpetua.contracts.accounts.UserClosing;
import io.perpetua.contracts.accounts.UserDeleted;
import io.perpetua.contracts.accounts.UserEvent;
import io.perpetua.contracts.accounts.UserReactivated;
import io.perpetua.contracts.accounts.UserReinstated;
import io.perpetua.contracts.accounts.UserSuspended;
import io.perpetua.contracts.accounts.WithdrawalRequested;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.AmendOrder;
import io.perpetua.contracts.orders.CancelAllOrders;
import io.perpetua.contracts.orders.CancelOrder;
import io.perpetua.contracts.orders.CommandRefused;
import io.perpetua.contracts.orders.CommandRepeated;
import io.perpetua.contracts.orders.MarketApplied;
import io.perpetua.contracts.orders.OrderAmended;
import io.perpetua.contracts.orders.OrderClosed;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.OrderFilled;
import io.perpetua.contracts.orders.OrderOpened;
import io.perpetua.contracts.orders.OrdersCancelled;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.risk.AmendAdmitted;
import io.perpetua.contracts.risk.CancelAdmitted;
import io.perpetua.contracts.risk.CancelAllAdmitted;
import io.perpetua.contracts.risk.ChangeLeverage;
import io.perpetua.contracts.risk.CollateralReported;
import io.perpetua.contracts.risk.CollateralTransferred;
import io.perpetua.contracts.risk.DebitRefused;
import io.perpetua.contracts.risk.DebitTaken;
import io.perpetua.contracts.risk.LeverageChangeRefused;
import io.perpetua.contracts.risk.LeverageChanged;
import io.perpetua.contracts.risk.OrderAdmitted;
import io.perpetua.contracts.risk.PlacementRefused;
import io.perpetua.contracts.risk.PlacementRepeated;
import io.perpetua.contracts.risk.PositionEvent;
import io.perpetua.contracts.risk.RequestRefused;
import io.perpetua.contracts.risk.RequestRepeated;
import io.perpetua.contracts.risk.RiskCommand;
import io.perpetua.contracts.risk.TransferCollateral;
import io.perpetua.contracts.risk.TransferRefusal;
import io.perpetua.contracts.risk.TransferRefused;
import io.perpetua.contracts.risk.TransferSettled;
import io.perpetua.contracts.risk.UserClosingRefused;
import io.perpetua.contracts.risk.UserFrozen;
import io.perpetua.contracts.risk.WithdrawalRefused;
import io.perpetua.contracts.risk.WithdrawalReserved;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.risk.domain.admission.AmendAdmission;
import io.perpetua.risk.domain.admission.LeverageChange;
import io.perpetua.risk.domain.admission.OrderAdmission;
import io.perpetua.risk.domain.admission.Request;
import io.perpetua.risk.domain.admission.Standing;
import io.perpetua.risk.domain.closing.ClosingDecision;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.AccountMargin;
import io.perpetua.risk.domain.margin.Holding;
import io.perpetua.risk.domain.margin.MarketRules;
import io.perpetua.risk.domain.margin.Markets;
import io.perpetua.risk.domain.margin.Marks;
import io.perpetua.risk.domain.margin.OpenOrder;
import io.perpetua.risk.domain.margin.Position;
import io.perpetua.risk.domain.margin.PositionIndex;
import io.perpetua.risk.domain.nonce.AgentNonces;
import io.perpetua.risk.domain.nonce.NonceVerdict;
import io.perpetua.risk.domain.nonce.UsedNonce;
import io.perpetua.risk.domain.transfer.CollateralTransfer;
import io.perpetua.risk.domain.transfer.CollateralWithdrawal;
import io.perpetua.risk.domain.user.UserStanding;
import io.perpetua.risk.domain.user.UserStanding.Presence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of one shard of users: decides their commands, follows their orders and their money.
 * Owned by one thread; does no I/O, and is told the time.
 *
 * <p>Every command gets exactly one admission, refusal or answer. A hold lives from admission to
 * the order's {@link OrderClosed}; position, profit and fee are taken from {@link OrderFilled} as
 * they stand there.
 */
public final class RiskEngine implements Markets {
    /** Other assets may be credited too; they are counted, and are worth nothing here. */
    private static final String COLLATERAL_ASSET = "USDC";

    private static final long FORGETTING_EVERY_MILLIS = 60_000;

    private final Marks marks;
    private final Requests requests = new Requests();
    private final AgentNonces nonces = new AgentNonces();
    private final Changes changes = new Changes();
    private final Map<SubaccountId, Account> accounts = new HashMap<>();
    private final Users users = new Users();
    private final Map<MarketId, MarketRules> markets = new TreeMap<>();
    private final Map<MarketId, MarketTotal> totals = new TreeMap<>();
    private final PositionIndex positions = new PositionIndex();
    private final Settlements settlements = new Settlements();
    private final Map<MarketId, Long> scannedMarks = new HashMap<>();
    private final Set<SubaccountId> belowMaintenance = new HashSet<>();
    private long oldNoncesForgottenAt;

    /** Without content; reads marks from {@code marks}. */
    public RiskEngine(Marks marks) {
        this.marks = marks;
    }

    /** What the batch knows of client order ids. */
    public Requests requests() {
        return requests;
    }

    /** What is not yet stored. */
    public Changes changes() {
        return changes;
    }

    /** All accounts. */
    public Collection<Account> accounts() {
        return Collections.unmodifiableCollection(accounts.values());
    }

    /** The account of that subaccount, null where there is none. */
    public @Nullable Account account(SubaccountId id) {
        return accounts.get(id);
    }

    /** All markets, in their versions. */
    public Collection<MarketRules> markets() {
        return Collections.unmodifiableCollection(markets.values());
    }

    @Override
    public @Nullable MarketRules rules(MarketId market) {
        return markets.get(market);
    }

    /** What has been traded, by market. */
    public Map<MarketId, MarketTotal> totals() {
        return Collections.unmodifiableMap(totals);
    }

    /** Takes an account as it was stored, with all it has. */
    public void restore(Account account) {
        accounts.put(account.id(), account);
        users.add(account);
        for (Holding holding : account.holdings()) {
            positions.update(account, holding);
        }
    }

    /** Takes a user's standing as it was stored. */
    public void restore(UserId user, UserStanding standing) {
        users.stand(user, standing);
    }

    /** What is decided about a user. */
    public UserStanding standing(UserId user) {
        return users.standing(user);
    }

    /** Takes a market's version as it was stored. */
    public void restore(Market definition) {
        markets.put(definition.id(), MarketRules.of(definition));
    }

    /** Takes a market's total as it was stored. */
    public void restore(MarketId market, MarketTotal total) {
        totals.put(market, total);
    }

    /** Takes an agent's nonce as it was stored. */
    public void restore(UsedNonce used) {
        nonces.restore(used);
    }

    /** Decides a command about orders; an agent's once under its nonce. */
    public void decide(OrderCommand command, long nowMillis, Outbox out) {
        AgentNonce nonce = command.nonce();
        if (nonce == null) {
            decideOnce(command, nowMillis, out);
            return;
        }
        int market = command.market().value();
        switch (nonces.judge(nonce, market, nowMillis)) {
            case NonceVerdict.Refused refused ->
                    out.admit(new RequestRefused(command, null, refused.refusal()));
            case NonceVerdict.Repeated repeated -> repeat(command, repeated.first().command(), out);
            case NonceVerdict.Fresh() -> {
                decideOnce(command, nowMillis, out);
                take(new UsedNonce(command.user(), nonce, market, command.commandId(), null));
            }
        }
    }

    private static void repeat(OrderCommand command, OrderId first, Outbox out) {
        out.admit(
                command instanceof PlaceOrder place
                        ? new PlacementRepeated(place, first)
                        : new RequestRepeated(command, first));
    }

    private void take(UsedNonce used) {
        changes.nonce(used);
        nonces.take(used, changes::forgotten);
    }

    private void decideOnce(OrderCommand command, long nowMillis, Outbox out) {
        switch (command) {
            case PlaceOrder place -> place(place, nowMillis, out);
            case CancelOrder cancel -> cancel(cancel, out);
            case AmendOrder amend -> amend(amend, nowMillis, out);
            case CancelAllOrders cancelAll -> cancelAll(cancelAll, out);
        }
    }

    /** Refuses a command that could not be decided; it leaves nothing behind. */
    public void refuse(OrderCommand command, Outbox out) {
        out.admit(new RequestRefused(command, null, Refusal.INTERNAL_ERROR));
    }

    private void place(PlaceOrder command, long nowMillis, Outbox out) {
        Account account = accounts.get(command.subaccount());
        String clientOrderId = command.clientOrderId();
        Request.Key key =
                clientOrderId == null ? null : new Request.Key(command.subaccount(), clientOrderId);
        Request seen = key == null ? null : requests.find(key);
        OrderAdmission decision =
                OrderAdmission.decide(command, account, seen, this, marks, nowMillis);
        switch (decision) {
            case OrderAdmission.Repeated repeated ->
                    out.admit(new PlacementRepeated(command, repeated.original()));
            case OrderAdmission.Unrecorded unrecorded ->
                    out.admit(
                            new RequestRefused(command, unrecorded.other(), unrecorded.refusal()));
            case OrderAdmission.Refused refused -> {
                record(command, key);
                out.admit(new PlacementRefused(command, refused.refusal()));
            }
            case OrderAdmission.Admitted admitted -> {
                record(command, key);
                out.admit(admitted(command, admitted));
            }
        }
    }

    private void record(PlaceOrder command, Request.@Nullable Key key) {
        if (key != null) {
            Request request = new Request(command.orderId(), command.contentHash());
            requests.add(key, request);
            changes.request(command.user(), key, request);
        }
    }

    private OrderAdmitted admitted(PlaceOrder command, OrderAdmission.Admitted admitted) {
        Account account = known(command.subaccount(), command.user());
        Holding holding = account.holdingIn(command.market());
        holding.put(admitted.order());
        changes.admitted(account, holding, command.orderId());
        Market market = listed(command.market());
        return new OrderAdmitted(
                command,
                admitted.order().version().limit(),
                admitted.order().reduceOnly(),
                market.takerFee(),
                market.makerFee(),
                command.user().value(),
                admitted.markSequence());
    }

    private Market listed(MarketId id) {
        MarketRules rules = markets.get(id);
        if (rules == null) {
            throw new IllegalStateException("market " + id + " is not listed");
        }
        return rules.definition();
    }

    private void cancel(CancelOrder command, Outbox out) {
        Refusal refusal = refusalByNames(command);
        if (refusal != null) {
            out.admit(new RequestRefused(command, command.orderId(), refusal));
            return;
        }
        OrderId id = meant(command.orderId(), command, command.clientOrderId());
        out.admit(
                id == null
                        ? new RequestRefused(command, null, Refusal.ORDER_UNKNOWN)
                        : new CancelAdmitted(command, id));
    }

    private void cancelAll(CancelAllOrders command, Outbox out) {
        Refusal refusal = refusalByNames(command);
        out.admit(
                refusal == null
                        ? new CancelAllAdmitted(command)
                        : new RequestRefused(command, null, refusal));
    }

    private @Nullable Refusal refusalByNames(OrderCommand command) {
        Account account = accounts.get(command.subaccount());
        if (account == null || !account.user().equals(command.user())) {
            return Refusal.SUBACCOUNT_UNKNOWN;
        }
        Refusal absent = Standing.refusalOfAbsent(account);
        if (absent != null) {
            return absent;
        }
        return markets.containsKey(command.market()) ? null : Refusal.MARKET_UNKNOWN;
    }

    /** The order a command means: by its id, or by the client's id for it. */
    private @Nullable OrderId meant(
            @Nullable OrderId id, OrderCommand command, @Nullable String clientOrderId) {
        if (id != null || clientOrderId == null) {
            return id;
        }
        Request request = requests.find(new Request.Key(command.subaccount(), clientOrderId));
        return request == null ? null : request.orderId();
    }

    private void amend(AmendOrder command, long nowMillis, Outbox out) {
        Refusal refusal = refusalByNames(command);
        if (refusal != null) {
            out.admit(new RequestRefused(command, command.orderId(), refusal));
            return;
        }
        OrderId id = meant(command.orderId(), command, command.clientOrderId());
        if (id == null) {
            out.admit(new RequestRefused(command, null, Refusal.ORDER_UNKNOWN));
            return;
        }
        Account account = known(command.subaccount(), command.user());
        switch (AmendAdmission.decide(command, id, account, this, marks, nowMillis)) {
            case AmendAdmission.Refused refused ->
                    out.admit(new RequestRefused(command, id, refused.refusal()));
            case AmendAdmission.NotOpen() -> out.admit(new AmendAdmitted(command, id, 0));
            case AmendAdmission.Admitted admitted -> {
                Holding holding = account.holdingIn(command.market());
                holding.put(admitted.order());
                changes.amendments(account, holding, id);
                out.admit(new AmendAdmitted(command, id, admitted.markSequence()));
            }
        }
    }

    /** Decides a command that ends here; an agent's once under its nonce. */
    public void decide(RiskCommand command, long nowMillis, Outbox out) {
        AgentNonce nonce = command.nonce();
        if (nonce == null) {
            decideOnce(command, nowMillis, out);
            return;
        }
        switch (nonces.judge(nonce, UsedNonce.NO_MARKET, nowMillis)) {
            case NonceVerdict.Refused refused ->
                    out.answer(refused(command, refused.refusal(), nowMillis));
            case NonceVerdict.Repeated repeated -> {
                PositionEvent first = repeated.first().answer();
                if (first == null) {
                    throw new IllegalStateException("no answer is kept under " + nonce);
                }
                out.answer(first.to(command.reply()));
            }
            case NonceVerdict.Fresh() -> {
                AnswerListener answered = new AnswerListener(out);
                decideOnce(command, nowMillis, answered);
                take(
                        new UsedNonce(
                                command.user(),
                                nonce,
                                UsedNonce.NO_MARKET,
                                command.commandId(),
                                answered.last()));
            }
        }
    }

    private static PositionEvent refused(RiskCommand command, Refusal refusal, long nowMillis) {
        return switch (command) {
            case ChangeLeverage change -> refused(change, refusal, nowMillis);
            case TransferCollateral transfer ->
                    refused(transfer, TransferRefusal.valueOf(refusal.name()), null, nowMillis);
        };
    }

    private void decideOnce(RiskCommand command, long nowMillis, Outbox out) {
        switch (command) {
            case ChangeLeverage change -> changeLeverage(change, nowMillis, out);
            case TransferCollateral transfer -> transfer(transfer, nowMillis, out);
        }
    }

    /** Refuses a command that could not be decided. */
    public void refuse(RiskCommand command, long nowMillis, Outbox out) {
        out.answer(refused(command, Refusal.INTERNAL_ERROR, nowMillis));
    }

    private void changeLeverage(ChangeLeverage command, long nowMillis, Outbox out) {
        Account account = accounts.get(command.subaccount());
        switch (LeverageChange.decide(command, account, this, marks, nowMillis)) {
            case LeverageChange.Refused refused ->
                    out.answer(refused(command, refused.refusal(), nowMillis));
            case LeverageChange.Changed() -> {
                Account owned = known(command.subaccount(), command.user());
                Holding holding = owned.holdingIn(command.market());
                holding.chooseLeverage(command.leverage());
                changes.leverage(owned, holding);
                out.answer(
                        new LeverageChanged(
                                command.user(),
                                command.subaccount(),
                                command.market(),
                                command.leverage(),
                                nowMillis,
                                command.reply()));
            }
        }
    }

    private static LeverageChangeRefused refused(
            ChangeLeverage command, Refusal refusal, long nowMillis) {
        return new LeverageChangeRefused(
                command.user(),
                command.subaccount(),
                command.market(),
                command.leverage(),
                refusal,
                nowMillis,
                command.reply());
    }

    private void transfer(TransferCollateral command, long nowMillis, Outbox out) {
        Request.Key key = CollateralTransfer.keyOf(command);
        CollateralTransfer decision =
                CollateralTransfer.decide(
                        command,
                        accounts.get(command.from()),
                        accounts.get(command.to()),
                        requests.find(key),
                        this,
                        marks,
                        nowMillis);
        switch (decision) {
            case CollateralTransfer.Refused refused ->
                    out.answer(
                            refused(command, refused.refusal(), refused.withdrawable(), nowMillis));
            case CollateralTransfer.Repeated repeated ->
                    out.answer(transferred(command, repeated.original()));
            case CollateralTransfer.Moved moved -> {
                Request request = new Request(command.commandId(), command.contentHash());
                requests.add(key, request);
                changes.request(command.user(), key, request);
                endBatch(out);
                move(command, moved.from(), moved.to(), command.amount().negated(), nowMillis, out);
                move(command, moved.to(), moved.from(), command.amount(), nowMillis, out);
                out.answer(transferred(command, command.commandId()));
            }
        }
    }

    /**
     * One side of a transfer; what was traded before it is settled by now, and so comes before it.
     */
    private void move(
            TransferCollateral command,
            Account account,
            Account counterpart,
            Usd amount,
            long nowMillis,
            Outbox out) {
        account.transfer(amount);
        changes.account(account);
        TransferSettled settled =
                new TransferSettled(
                        account.user(),
                        account.id(),
                        account.nextSettlement(),
                        command.commandId(),
                        counterpart.id(),
                        amount,
                        nowMillis);
        changes.settlement(settled);
        out.settle(settled);
    }

    private static CollateralTransferred transferred(TransferCollateral command, OrderId transfer) {
        return new CollateralTransferred(
                command.user(),
                transfer,
                command.from(),
                command.to(),
                command.amount(),
                command.clientTransferId(),
                command.reply());
    }

    private static TransferRefused refused(
            TransferCollateral command,
            TransferRefusal refusal,
            @Nullable Usd withdrawable,
            long nowMillis) {
        return new TransferRefused(
                command.user(),
                command.from(),
                command.to(),
                command.clientTransferId(),
                refusal,
                withdrawable,
                nowMillis,
                command.reply());
    }

    /**
     * Takes what became of users and their money, and answers what the ledger asks: each request
     * for a withdrawal or a debit exactly once.
     */
    public void apply(UserEvent event, long nowMillis, Outbox out) {
        switch (event) {
            case WithdrawalRequested request -> withdraw(request, nowMillis, out);
            case DebitRequested request -> debit(request, nowMillis, out);
            case CollateralQueried query -> report(query, nowMillis, out);
            case UserClosing closing -> close(closing, nowMillis, out);
            case UserSuspended suspended -> suspend(suspended, out);
            case UserReinstated reinstated -> {
                UserId user = reinstated.user();
                stand(user, users.standing(user).suspended(false));
            }
            case UserReactivated reactivated -> {
                UserId user = reactivated.user();
                stand(user, users.standing(user).presence(Presence.PRESENT));
            }
            case UserDeleted deleted -> {
                // Nothing here tells who the user was; their id stays, and closed.
            }
            case SubaccountOpened opened -> {
                Account account = new Account(opened.user(), opened.subaccount());
                if (accounts.putIfAbsent(opened.subaccount(), account) != null) {
                    throw new IllegalStateException(
                            "subaccount " + opened.subaccount() + " was opened before");
                }
                users.add(account);
                changes.account(account);
            }
            case CollateralCredited credited -> {
                Account account = known(credited.subaccount(), credited.user());
                boolean isCollateral = credited.asset().equals(COLLATERAL_ASSET);
                account.credit(isCollateral ? credited.amount() : Usd.ZERO, credited.sequence());
                changes.account(account);
            }
        }
    }

    private void withdraw(WithdrawalRequested request, long nowMillis, Outbox out) {
        Account account = known(request.subaccount(), request.user());
        endBatch(out);
        switch (CollateralWithdrawal.ofUser(request.amount(), account, this, marks, nowMillis)) {
            case CollateralWithdrawal.Refused refused ->
                    out.settle(
                            new WithdrawalRefused(
                                    account.user(),
                                    account.id(),
                                    account.settlementSequence(),
                                    request.withdrawal(),
                                    refused.refusal(),
                                    refused.withdrawable(),
                                    nowMillis));
            case CollateralWithdrawal.Reserved() -> {
                account.withdraw(request.amount());
                changes.account(account);
                WithdrawalReserved reserved =
                        new WithdrawalReserved(
                                account.user(),
                                account.id(),
                                account.nextSettlement(),
                                request.withdrawal(),
                                request.amount(),
                                nowMillis);
                changes.settlement(reserved);
                out.settle(reserved);
            }
        }
    }

    private void stand(UserId user, UserStanding standing) {
        users.stand(user, standing);
        changes.user(user);
    }

    /** Looks and freezes in one decision: what is sent later finds the user frozen. */
    private void close(UserClosing closing, long nowMillis, Outbox out) {
        UserId user = closing.user();
        Account named = known(closing.subaccount(), user);
        endBatch(out);
        switch (ClosingDecision.decide(closing, users.accountsOf(user))) {
            case ClosingDecision.Refused refused ->
                    out.settle(
                            new UserClosingRefused(
                                    user,
                                    named.id(),
                                    named.settlementSequence(),
                                    closing.closing(),
                                    refused.obstacles(),
                                    nowMillis));
            case ClosingDecision.Frozen() -> {
                Presence presence =
                        closing.kind() == ClosingKind.DELETION
                                ? Presence.CLOSED
                                : Presence.DEACTIVATED;
                stand(user, users.standing(user).presence(presence));
                out.settle(
                        new UserFrozen(
                                user,
                                named.id(),
                                named.settlementSequence(),
                                closing.closing(),
                                nowMillis));
            }
        }
    }

    /**
     * What rests could still increase a position, so it is cancelled wherever it could, on the road
     * of every cancel. No client sent these commands: they bear the id of an order they cancel.
     */
    private void suspend(UserSuspended suspended, Outbox out) {
        UserId user = suspended.user();
        stand(user, users.standing(user).suspended(true));
        for (Account account : users.accountsOf(user)) {
            for (Holding holding : account.holdings()) {
                for (OpenOrder order : holding.orders()) {
                    if (!order.reduceOnly()) {
                        out.admit(
                                new CancelAllAdmitted(
                                        new CancelAllOrders(
                                                order.id(),
                                                user,
                                                account.id(),
                                                holding.market(),
                                                suspended.atMillis(),
                                                null)));
                        break;
                    }
                }
            }
        }
    }

    private void debit(DebitRequested request, long nowMillis, Outbox out) {
        Account account = known(request.subaccount(), request.user());
        endBatch(out);
        switch (CollateralWithdrawal.decide(request.amount(), account, this, marks, nowMillis)) {
            case CollateralWithdrawal.Refused refused ->
                    out.settle(
                            new DebitRefused(
                                    account.user(),
                                    account.id(),
                                    account.settlementSequence(),
                                    request.adjustment(),
                                    refused.refusal(),
                                    refused.withdrawable(),
                                    nowMillis));
            case CollateralWithdrawal.Reserved() -> {
                account.withdraw(request.amount());
                changes.account(account);
                DebitTaken taken =
                        new DebitTaken(
                                account.user(),
                                account.id(),
                                account.nextSettlement(),
                                request.adjustment(),
                                request.amount(),
                                nowMillis);
                changes.settlement(taken);
                out.settle(taken);
            }
        }
    }

    /** What was traded before the question is settled before the answer. */
    private void report(CollateralQueried query, long nowMillis, Outbox out) {
        Account account = known(query.subaccount(), query.user());
        endBatch(out);
        out.settle(
                new CollateralReported(
                        account.user(),
                        account.id(),
                        account.settlementSequence(),
                        account.creditSequence(),
                        account.collateral(),
                        query.run(),
                        query.ledgerTransactions(),
                        nowMillis));
    }

    private Account known(SubaccountId id, UserId user) {
        Account account = accounts.get(id);
        if (account == null || !account.user().equals(user)) {
            throw new IllegalStateException(
                    "subaccount " + id + " of user " + user + " is not known");
        }
        return account;
    }

    /** Takes what became of orders and markets. */
    public void apply(OrderEvent event) {
        switch (event) {
            case OrderFilled fill -> apply(fill);
            case OrderOpened opened ->
                    rename(
                            opened.user(),
                            opened.subaccount(),
                            opened.market(),
                            opened.orderId(),
                            order ->
                                    order.named(
                                            opened.price(),
                                            opened.size(),
                                            opened.size().minus(opened.filled())));
            case OrderAmended amended ->
                    rename(
                            amended.user(),
                            amended.subaccount(),
                            amended.market(),
                            amended.orderId(),
                            order ->
                                    order.amended(
                                            amended.price(), amended.size(), amended.remaining()));
            case OrderClosed closed -> apply(closed);
            case CommandRefused refused -> apply(refused);
            case MarketApplied applied -> {
                markets.put(applied.market(), MarketRules.of(applied.definition()));
                changes.market(applied.market());
            }
            case OrdersCancelled cancelled -> {}
            case CommandRepeated repeated -> {}
        }
    }

    private void apply(OrderFilled fill) {
        Account account = known(fill.subaccount(), fill.user());
        Holding holding = account.holdingIn(fill.market());
        Position ended = holding.apply(fill);
        if (ended != null) {
            changes.position(ended);
        }
        Position position = holding.position();
        if (position != null) {
            changes.position(position);
        }
        positions.update(account, holding);
        OpenOrder order = holding.order(fill.orderId());
        if (order != null) {
            holding.put(order.afterFill(fill.size(), fill.remaining()));
            changes.order(account, holding, fill.orderId());
        }
        account.settle(fill.realised(), fill.fee());
        changes.account(account);
        settlements.add(account, fill);
        totals.merge(fill.market(), MarketTotal.NONE.plus(fill), (sum, one) -> sum.plus(fill));
        changes.total(fill.market());
    }

    private void rename(
            UserId user,
            SubaccountId subaccount,
            MarketId market,
            OrderId id,
            UnaryOperator<OpenOrder> renaming) {
        Account account = known(subaccount, user);
        Holding holding = account.holdingIn(market);
        OpenOrder before = holding.order(id);
        if (before == null) {
            throw new IllegalStateException("order " + id + " is open, but nothing is held for it");
        }
        OpenOrder after = renaming.apply(before);
        if (after.equals(before)) {
            return;
        }
        holding.put(after);
        if (after.amendments().equals(before.amendments())) {
            changes.order(account, holding, id);
        } else {
            changes.amendments(account, holding, id);
        }
    }

    private void apply(OrderClosed closed) {
        Account account = accounts.get(closed.subaccount());
        Holding holding = account == null ? null : account.holding(closed.market());
        if (account == null || holding == null) {
            return;
        }
        OpenOrder order = holding.remove(closed.orderId());
        if (order != null) {
            changes.order(account, holding, closed.orderId());
        }
    }

    private void apply(CommandRefused refused) {
        Account account = accounts.get(refused.subaccount());
        Holding holding = account == null ? null : account.holding(refused.market());
        OrderId id = refused.orderId();
        OpenOrder order = holding == null || id == null ? null : holding.order(id);
        if (account == null || holding == null || order == null) {
            return;
        }
        OpenOrder without = order.withoutAmendment(refused.commandId());
        if (!without.equals(order)) {
            holding.put(without);
            changes.amendments(account, holding, without.id());
        }
    }

    /** Forgets nonces that are too old to be used; looks for them once a minute at most. */
    public void forgetOldNonces(long nowMillis) {
        if (nowMillis - oldNoncesForgottenAt >= FORGETTING_EVERY_MILLIS) {
            oldNoncesForgottenAt = nowMillis;
            nonces.forgetOld(nowMillis, changes::forgotten);
        }
    }

    /** Publishes what was traded and is not settled yet. */
    public void endBatch(Outbox out) {
        settlements.drain(
                settled -> {
                    changes.settlement(settled);
                    out.settle(settled);
                });
    }

    /**
     * Re-margins the accounts with a position in a market whose mark is newer than at the last
     * call; the others' health can't have changed by it.
     *
     * @return how many accounts were looked at
     */
    public int remargin() {
        int looked = 0;
        for (MarketId market : markets.keySet()) {
            MarkPrice mark = marks.newest(market);
            if (mark == null || mark.sequence() == scannedMarks.getOrDefault(market, 0L)) {
                continue;
            }
            scannedMarks.put(market, mark.sequence());
            List<Account> concerned = new ArrayList<>();
            positions.forEach(market, concerned::add);
            concerned.forEach(this::judgeHealth);
            looked += concerned.size();
        }
        return looked;
    }

    private void judgeHealth(Account account) {
        AccountMargin margin = AccountMargin.of(account, this, marks);
        if (margin != null && margin.isBelowMaintenance()) {
            belowMaintenance.add(account.id());
        } else {
            belowMaintenance.remove(account.id());
        }
    }

    /** How many accounts were below their maintenance margin when last looked at. */
    public int belowMaintenance() {
        return belowMaintenance.size();
    }

    /** A hash of the whole state, equal for equal states. */
    public long stateHash() {
        long hash = 0;
        for (Account account : accounts.values()) {
            hash += StateHash.of(account);
        }
        for (Map.Entry<UserId, UserStanding> entry : users.standings().entrySet()) {
            UserStanding standing = entry.getValue();
            hash +=
                    StateHash.of(
                            entry.getKey().value(),
                            standing.suspended() ? 1 : 0,
                            standing.presence().name().hashCode());
        }
        for (UsedNonce used : nonces.all()) {
            hash += StateHash.of(used);
        }
        for (MarketRules rules : markets.values()) {
            Market market = rules.definition();
            hash +=
                    StateHash.of(
                            market.id().value(),
                            market.version(),
                            market.status().name().hashCode());
        }
        for (Map.Entry<MarketId, MarketTotal> entry : totals.entrySet()) {
            MarketTotal total = entry.getValue();
            hash +=
                    StateHash.of(
                            entry.getKey().value(),
                            total.fills(),
                            total.volume().longValue(),
                            total.realised().micros(),
                            total.fees().micros());
        }
        return hash;
    }
}
