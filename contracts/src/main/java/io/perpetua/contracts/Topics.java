package io.perpetua.contracts;

import io.perpetua.contracts.Topic.Retention;
import io.perpetua.contracts.Topic.Spread;
import io.perpetua.contracts.accounts.Agent;
import io.perpetua.contracts.accounts.SignInRevoked;
import io.perpetua.contracts.accounts.UserEvent;
import io.perpetua.contracts.marketdata.FundingRateSet;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketChanged;
import io.perpetua.contracts.marketdata.MarketDecision;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.orders.BookDepth;
import io.perpetua.contracts.orders.BookTop;
import io.perpetua.contracts.orders.OrderCommand;
import io.perpetua.contracts.orders.OrderEvent;
import io.perpetua.contracts.orders.TradeExecuted;
import io.perpetua.contracts.risk.Admission;
import io.perpetua.contracts.risk.MarketValuation;
import io.perpetua.contracts.risk.PositionEvent;
import io.perpetua.contracts.risk.RiskCommand;
import io.perpetua.contracts.risk.Settlement;
import io.perpetua.contracts.risk.UserValuation;
import java.util.List;

/** Every topic of the platform. */
public final class Topics {
    /** Client commands about orders, on their way to admission; journalled before anything else. */
    public static final Topic ORDER_COMMANDS =
            new Topic(
                    "orders.commands.v1",
                    Spread.USERS,
                    Retention.HISTORY,
                    "user id",
                    "one thread admits all of a user's commands, in the order they were sent",
                    OrderCommand.class);

    /** Admitted and refused commands, on their way to the market's thread. */
    public static final Topic ADMISSIONS =
            new Topic(
                    "risk.admissions.v1",
                    Spread.MARKETS,
                    Retention.HISTORY,
                    "market id",
                    "one thread matches a market; a cancel can't overtake its order",
                    Admission.class);

    /** What became of orders, and the markers that cut every user's stream. */
    public static final Topic ORDER_EVENTS =
            new Topic(
                    "orders.order-events.v1",
                    Spread.USERS,
                    Retention.HISTORY,
                    "user id",
                    "a user's holds, margin and profit follow in the order they happened",
                    OrderEvent.class);

    /** Trades, public. */
    public static final Topic TRADES =
            new Topic(
                    "orders.trades.v1",
                    Spread.MARKETS,
                    Retention.HISTORY,
                    "market id",
                    "candles and statistics fold a market's trades in order",
                    TradeExecuted.class);

    /** Best, last and impact prices of each book. */
    public static final Topic BOOK_TOPS =
            new Topic(
                    "orders.book-tops.v1",
                    Spread.MARKETS,
                    Retention.NEWEST,
                    "market id",
                    "only the newest top of a book matters",
                    BookTop.class);

    /** The upper levels of each book. */
    public static final Topic BOOKS =
            new Topic(
                    "orders.books.v1",
                    Spread.MARKETS,
                    Retention.NEWEST,
                    "market id",
                    "only the newest picture of a book matters",
                    BookDepth.class);

    /** Profit, fees, transfers and withdrawals, on their way to the ledger. */
    public static final Topic SETTLEMENTS =
            new Topic(
                    "risk.settlements.v1",
                    Spread.USERS,
                    Retention.HISTORY,
                    "user id",
                    "a user's postings keep their order, withdrawals among them",
                    Settlement.class);

    /** Client commands that risk decides alone. */
    public static final Topic RISK_COMMANDS =
            new Topic(
                    "risk.commands.v1",
                    Spread.USERS,
                    Retention.HISTORY,
                    "user id",
                    "the user's risk shard decides them",
                    RiskCommand.class);

    /** What became of them. */
    public static final Topic POSITION_EVENTS =
            new Topic(
                    "risk.position-events.v1",
                    Spread.USERS,
                    Retention.HISTORY,
                    "user id",
                    "a user's stream keeps its order",
                    PositionEvent.class);

    /** What is held in each market, for display. */
    public static final Topic MARKET_VALUATIONS =
            new Topic(
                    "risk.market-valuations.v1",
                    Spread.MARKETS,
                    Retention.NEWEST,
                    "market id",
                    "only the newest valuation of a market matters",
                    MarketValuation.class);

    /** Unrealised profit of users, for their statistics. */
    public static final Topic USER_VALUATIONS =
            new Topic(
                    "risk.user-valuations.v1",
                    Spread.USERS,
                    Retention.NEWEST,
                    "user id",
                    "only the newest valuation of a user matters",
                    UserValuation.class);

    /** Users, subaccounts and credits, as accounts-service decides them. */
    public static final Topic USER_EVENTS =
            new Topic(
                    "accounts.user-events.v1",
                    Spread.USERS,
                    Retention.HISTORY,
                    "user id",
                    "a user's risk shard needs them in order",
                    UserEvent.class);

    /** Sign-ins that ended before their time, for every service that takes access tokens. */
    public static final Topic TOKEN_REVOCATIONS =
            new Topic(
                    "accounts.token-revocations.v1",
                    Spread.USERS,
                    Retention.TWO_DAYS,
                    "sign-in, in the partition of the user id",
                    "users who sign out do not wait for each other",
                    SignInRevoked.class);

    /** Keys that act for users, for every service that takes their requests. */
    public static final Topic AGENTS =
            new Topic(
                    "accounts.agents.v1",
                    Spread.USERS,
                    Retention.NEWEST,
                    "agent's address, in the partition of the user id",
                    "only how an agent stands now matters; removed ones stay, removed",
                    Agent.class);

    /** Versions of the catalogue on their way into each market's stream. */
    public static final Topic MARKET_CHANGES =
            new Topic(
                    "market-data.market-changes.v1",
                    Spread.MARKETS,
                    Retention.HISTORY,
                    "market id",
                    "a version takes effect at one place in the market's stream",
                    MarketChanged.class);

    /** What administrators decided about markets, on its way to the audit log. */
    public static final Topic MARKET_DECISIONS =
            new Topic(
                    "market-data.market-decisions.v1",
                    Spread.MARKETS,
                    Retention.HISTORY,
                    "market id",
                    "the decisions on a market are recorded in their order",
                    MarketDecision.class);

    /** The catalogue as it stands. */
    public static final Topic MARKETS =
            new Topic(
                    "market-data.markets.v1",
                    Spread.MARKETS,
                    Retention.NEWEST,
                    "market id",
                    "only the newest version of a market matters",
                    Market.class);

    /** Index prices. */
    public static final Topic ORACLE_PRICES =
            new Topic(
                    "market-data.oracle-prices.v1",
                    Spread.MARKETS,
                    Retention.NEWEST,
                    "market id",
                    "only the newest price matters",
                    OraclePrice.class);

    /** Mark prices. */
    public static final Topic MARK_PRICES =
            new Topic(
                    "market-data.mark-prices.v1",
                    Spread.MARKETS,
                    Retention.NEWEST,
                    "market id",
                    "only the newest price matters",
                    MarkPrice.class);

    /** Funding rates on their way into each market's stream. */
    public static final Topic FUNDING_RATES =
            new Topic(
                    "market-data.funding-rates.v1",
                    Spread.MARKETS,
                    Retention.HISTORY,
                    "market id",
                    "all positions of a market settle at one place in its stream",
                    FundingRateSet.class);

    private static final List<Topic> ALL =
            List.of(
                    ORDER_COMMANDS,
                    ADMISSIONS,
                    ORDER_EVENTS,
                    TRADES,
                    BOOK_TOPS,
                    BOOKS,
                    SETTLEMENTS,
                    RISK_COMMANDS,
                    POSITION_EVENTS,
                    MARKET_VALUATIONS,
                    USER_VALUATIONS,
                    USER_EVENTS,
                    TOKEN_REVOCATIONS,
                    AGENTS,
                    MARKET_CHANGES,
                    MARKET_DECISIONS,
                    MARKETS,
                    ORACLE_PRICES,
                    MARK_PRICES,
                    FUNDING_RATES);

    private Topics() {}

    /** All of them, in the order of an order's path. */
    public static List<Topic> all() {
        return ALL;
    }

    /** Where records go that a shard refused to process: one a service. */
    public static String deadLetters(String service) {
        return service + ".dead-letters.v1";
    }
}
