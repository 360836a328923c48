package io.perpetua.bench;

import io.perpetua.marketdata.app.MarketDataConfig.SourceKind;
import java.time.Instant;

/** What sources outside say of a product, in their own formats. */
final class VenueMessages {
    private VenueMessages() {}

    /** What {@code kind} calls the product of a market. */
    static String product(SourceKind kind, int market) {
        return switch (kind) {
            case PYTH -> "%064x".formatted(market);
            case BINANCE -> "M" + market + "USDT";
            case COINBASE -> "M" + market + "-USD";
            case KRAKEN -> "M" + market + "/USD";
        };
    }

    /** A quote, as a message. */
    static String quote(SourceKind kind, String product, String bid, String ask, long nowMillis) {
        return switch (kind) {
            case PYTH ->
                    """
                    {"binary":{"encoding":"base64","data":["UE5BVQEAAAADuAEAAAAEDQ=="]},"parsed":[\
                    {"id":"%s",\
                    "price":{"price":"%s","conf":"2500000","expo":-8,"publish_time":%d},\
                    "ema_price":{"price":"%s","conf":"3061770","expo":-8,\
                    "publish_time":%d},"metadata":{"slot":%d,"proof_available_time":%d,\
                    "prev_publish_time":%d}}]}\
                    """
                            .formatted(
                                    product,
                                    eightDecimals(bid),
                                    nowMillis / 1_000,
                                    eightDecimals(bid),
                                    nowMillis / 1_000,
                                    nowMillis / 400,
                                    nowMillis / 1_000,
                                    nowMillis / 1_000 - 1);
            case BINANCE ->
                    """
                    {"stream":"btcusdt@ticker","data":{"e":"24hrTicker","E":%d,"s":"%s",\
                    "p":"0.0015","P":"250.00","w":"0.0018","x":"0.0009","c":"%s","Q":"10",\
                    "b":"%s","B":"10","a":"%s","A":"100","o":"0.0010","h":"0.0025","l":"0.0010",\
                    "v":"10000","q":"18","O":0,"C":86400000,"F":0,"L":18150,"n":18151}}\
                    """
                            .formatted(nowMillis, product, bid, bid, ask);
            case COINBASE ->
                    """
                    {"type":"ticker","sequence":37475248783,"product_id":"%s","price":"%s",\
                    "open_24h":"1310.79","volume_24h":"245532.79269678","low_24h":"1280.52",\
                    "high_24h":"1313.8","volume_30d":"9788783.60117027","best_bid":"%s",\
                    "best_bid_size":"0.46688654","best_ask":"%s","best_ask_size":"1.56637040",\
                    "side":"buy","time":"%s","trade_id":370843401,"last_size":"11.4396987"}\
                    """
                            .formatted(product, bid, bid, ask, Instant.ofEpochMilli(nowMillis));
            case KRAKEN ->
                    """
                    {"channel":"ticker","type":"update","data":[{"symbol":"%s","bid":%s,\
                    "bid_qty":740.0,"ask":%s,"ask_qty":1361.44813783,"last":%s,\
                    "volume":997038.98383185,"vwap":0.10148,"low":0.09979,"high":0.10285,\
                    "change":-0.00017,"change_pct":-0.17,"timestamp":"%s"}]}\
                    """
                            .formatted(product, bid, ask, bid, Instant.ofEpochMilli(nowMillis));
        };
    }

    private static String eightDecimals(String dollars) {
        int point = dollars.indexOf('.');
        String decimals = point < 0 ? "" : dollars.substring(point + 1);
        String whole = point < 0 ? dollars : dollars.substring(0, point);
        return whole + decimals + "0".repeat(8 - decimals.length());
    }
}
