package io.perpetua.accounts.domain.exchange;

import io.perpetua.accounts.domain.exchange.ExchangeSigning.Message;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which requests are signed for a purpose, of the exchanges that sign what a request does: what may
 * trade reads too, and what takes money out is signed for nobody. A request that is not listed here
 * is none of these.
 */
public final class SignableRequests {
    private static final String KRAKEN = "/0/private/";

    /** Of Kraken's account data and funding; {@code GetWebSocketsToken} opens what may trade. */
    private static final List<String> KRAKEN_READS =
            kraken(
                    "Balance",
                    "BalanceEx",
                    "CreditLines",
                    "TradeBalance",
                    "OpenOrders",
                    "ClosedOrders",
                    "QueryOrders",
                    "OrderAmends",
                    "TradesHistory",
                    "QueryTrades",
                    "OpenPositions",
                    "Ledgers",
                    "QueryLedgers",
                    "TradeVolume",
                    "AddExport",
                    "ExportStatus",
                    "RetrieveExport",
                    "DepositMethods",
                    "DepositStatus",
                    "Earn/Strategies",
                    "Earn/Allocations");

    private static final List<String> KRAKEN_TRADES =
            Stream.concat(
                            kraken(
                                    "AddOrder",
                                    "AddOrderBatch",
                                    "AmendOrder",
                                    "EditOrder",
                                    "CancelOrder",
                                    "CancelOrderBatch",
                                    "CancelAll",
                                    "CancelAllOrdersAfter",
                                    "GetWebSocketsToken")
                                    .stream(),
                            KRAKEN_READS.stream())
                    .toList();

    private static final String COINBASE_READ = "GET ";
    private static final Pattern COINBASE_TRADE =
            Pattern.compile("POST [^/]+/api/v3/brokerage/(orders|convert)(/[A-Za-z0-9_-]+)*");

    private SignableRequests() {}

    private static List<String> kraken(String... names) {
        return Stream.of(names).map(name -> KRAKEN + name).toList();
    }

    /** What is signed for the purpose, in words; empty when the exchange signs no such thing. */
    public static List<String> of(ExchangeApi api, ExchangeKeyScope purpose) {
        boolean trades = purpose == ExchangeKeyScope.TRADE;
        return switch (api) {
            case KRAKEN -> trades ? KRAKEN_TRADES : KRAKEN_READS;
            case COINBASE_ADVANCED ->
                    trades
                            ? List.of(
                                    "GET",
                                    "POST ../api/v3/brokerage/orders..",
                                    "POST ../api/v3/brokerage/convert/..")
                            : List.of("GET");
            case BINANCE, COINBASE_EXCHANGE, KITE_CONNECT, OTHER -> List.of();
        };
    }

    /** Whether a message of such an exchange is among them. */
    public static boolean allow(ExchangeApi api, ExchangeKeyScope purpose, Message message) {
        return switch (api) {
            case KRAKEN -> message.path() != null && of(api, purpose).contains(message.path());
            case COINBASE_ADVANCED ->
                    message.payload().startsWith(COINBASE_READ)
                            || (purpose == ExchangeKeyScope.TRADE
                                    && COINBASE_TRADE.matcher(message.payload()).matches());
            case BINANCE, COINBASE_EXCHANGE, KITE_CONNECT, OTHER ->
                    purpose == ExchangeKeyScope.TRADE;
        };
    }
}
