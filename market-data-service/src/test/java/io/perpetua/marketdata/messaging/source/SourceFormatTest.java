package io.perpetua.marketdata.messaging.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.marketdata.app.MarketDataConfig.SourceKind;
import io.perpetua.marketdata.app.MarketDataConfig.SourceRole;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceFormatTest {
    private static final long RECEIVED = 1_800_000_000_123L;

    /** Readings as words, and what was unreadable as its count. */
    private static final class Heard implements Readings {
        private final List<String> words = new ArrayList<>();
        private int unreadable;

        @Override
        public void read(Reading reading) {
            words.add(
                    reading.product()
                            + " "
                            + reading.priceUnits()
                            + "~"
                            + reading.confidenceUnits()
                            + " @"
                            + reading.publishedAtMillis()
                            + " #"
                            + reading.slot());
        }

        @Override
        public void unreadable(String why) {
            unreadable++;
        }
    }

    /** Price times ten to the exponent, in units of 1e-8: the first is 122.7625 ± 0.015. */
    @ParameterizedTest
    @Tag("ORCL")
    @CsvSource(
            textBlock =
                    """
                    12276250,      1500,       -5,  12276250000,   1500000
                    6140993501000, 3287868567, -8,  6140993501000, 3287868567
                    -17,           1,          0,   -1700000000,   100000000
                    1234567,       15,         -10, 12346,         1
                    """)
    void shouldScaleThePriceOfPyth(
            String price, String confidence, int exponent, long units, long confidenceUnits) {
        String message =
                """
                {"binary":{"encoding":"hex","data":["504e41"]},"parsed":[{"id":"ab","price":{\
                "price":"%s","conf":"%s","expo":%d,"publish_time":1714746101},"ema_price":{},\
                "metadata":{"slot":138881186,"proof_available_time":1714746103}}]}\
                """
                        .formatted(price, confidence, exponent);

        assertThat(heard(SourceKind.PYTH, message).words)
                .containsExactly(
                        "ab " + units + "~" + confidenceUnits + " @1714746101000 #138881186");
    }

    @Test
    void shouldTakeTheMiddleOfBidAndAskOfBinance() {
        String message =
                """
                {"stream":"btcusdt@ticker","data":{"e":"24hrTicker","E":1672515782136,\
                "s":"BTCUSDT","c":"60000.5","b":"60000.00000000","B":"1","a":"60001.00000001",\
                "A":"2"}}\
                """;
        String perpetual =
                """
                {"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":400900217,\
                "E":1568014460893,"T":1568014460891,"s":"BTCUSDT","b":"25.35","B":"31.21",\
                "a":"25.36","A":"40.66"}}\
                """;
        String spotBook =
                """
                {"stream":"btcusdt@bookTicker","data":{"u":400900217,"s":"BTCUSDT","b":"25.35",\
                "B":"31.21","a":"25.36","A":"40.66"}}\
                """;

        assertThat(heard(SourceKind.BINANCE, message).words)
                .containsExactly("BTCUSDT 6000050000000~50000001 @1672515782136 #0");
        assertThat(heard(SourceKind.BINANCE, perpetual).words)
                .containsExactly("BTCUSDT 2535500000~500000 @1568014460893 #0");
        assertThat(heard(SourceKind.BINANCE, spotBook).words)
                .containsExactly("BTCUSDT 2535500000~500000 @" + RECEIVED + " #0");
    }

    @Test
    void shouldTakeTheMiddleOfBidAndAskOfCoinbase() {
        String message =
                """
                {"type":"ticker","sequence":37475248783,"product_id":"ETH-USD","price":"1285.22",\
                "best_bid":"1285.04","best_bid_size":"0.46688654","best_ask":"1285.27",\
                "time":"2022-10-19T23:28:22.061769Z","trade_id":370843401}\
                """;

        assertThat(heard(SourceKind.COINBASE, message).words)
                .containsExactly("ETH-USD 128515500000~11500000 @1666222102061 #0");
    }

    @Test
    void shouldTakeEveryTickerOfKraken() {
        String message =
                """
                {"channel":"ticker","type":"snapshot","data":[{"symbol":"ALGO/USD","bid":0.10025,\
                "bid_qty":740.0,"ask":0.10036,"last":0.10035},{"symbol":"PEPE/USD","bid":1.1e-5,\
                "ask":1.3e-5,"timestamp":"2024-05-03T15:02:41.123456Z"},{"symbol":"BAD/USD",\
                "bid":null,"ask":1}]}\
                """;

        Heard heard = heard(SourceKind.KRAKEN, message);

        assertThat(heard.words)
                .containsExactly(
                        "ALGO/USD 10030500~5500 @" + RECEIVED + " #0",
                        "PEPE/USD 1200~100 @1714748561123 #0");
        assertThat(heard.unreadable).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    # kind     | message                                                            | unreadable
                    PYTH       | {}                                                                 | 1
                    PYTH       | {"parsed":[7,{"id":"a"},{"id":"a","price":{}}]}                    | 3
                    PYTH       | {"parsed":[{"id":"a","price":{"price":"1","conf":"-1","expo":0,"publish_time":1}}]} | 1
                    PYTH       | {"parsed":[{"id":"a","price":{"price":"1","conf":"1","expo":19,"publish_time":1}}]} | 1
                    PYTH       | {"parsed":[{"id":"a","price":{"price":"1","conf":"1","expo":-19,"publish_time":1}}]} | 1
                    PYTH       | {"parsed":[{"id":"a","price":{"price":"1","conf":"1","expo":-9223372036854775808,"publish_time":1}}]} | 1
                    PYTH       | {"parsed":[{"id":"a","price":{"price":"1","conf":"1","expo":0,"publish_time":1},"metadata":{"slot":-1}}]} | 1
                    PYTH       | {"parsed":[{"id":"a","price":{"price":"1","conf":"1","expo":0,"publish_time":1},"metadata":{"slot":"x"}}]} | 1
                    PYTH       | {"parsed":[{"id":"a","price":{"price":"1e9999","conf":"1","expo":0,"publish_time":1}}]} | 1
                    PYTH       | {"parsed":[{"id":"a","price":{"price":"99999999999","conf":"1","expo":18,"publish_time":1}}]} | 1
                    PYTH       | {"parsed":[{"id":"a","price":{"price":"x","conf":"1","expo":0,"publish_time":1}}]} | 1
                    PYTH       | {"parsed":[{"id":"a","price":{"price":"1","conf":"1","expo":0,"publish_time":9223372036854775807}}]} | 1
                    BINANCE    | {"result":null,"id":1}                                             | 0
                    BINANCE    | {"stream":"x","data":{"s":"BTCUSDT","b":"1","a":"2","E":"now"}}    | 1
                    BINANCE    | {"stream":"x","data":{"s":"BTCUSDT","b":"2","a":"1"}}              | 1
                    BINANCE    | {"stream":"x","data":{"s":"A","b":"92233720.36854776","a":"92233721","E":1}} | 1
                    BINANCE    | {"stream":"x","data":{"s":7,"b":"1","a":"2"}}                      | 1
                    COINBASE   | {"type":"subscriptions","channels":[]}                             | 0
                    COINBASE   | {"type":"error","message":"Failed to subscribe"}                   | 1
                    COINBASE   | {"type":"ticker","product_id":"A","best_bid":"1","best_ask":"2","time":"noon"} | 1
                    COINBASE   | {"type":"ticker","product_id":"A","best_bid":"","best_ask":"2","time":"2022-10-19T23:28:22Z"} | 1
                    KRAKEN     | {"channel":"heartbeat"}                                            | 0
                    KRAKEN     | {"method":"subscribe","success":false,"error":"Currency pair not supported"} | 1
                    KRAKEN     | {"method":"subscribe","success":true,"result":{"channel":"ticker"}} | 0
                    """)
    void shouldCountWhatShouldHaveBeenAPrice(SourceKind kind, String message, int unreadable) {
        Heard heard = heard(kind, message);

        assertThat(heard.words).isEmpty();
        assertThat(heard.unreadable).isEqualTo(unreadable);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "{", "{} {}", "{\"a\":NaN}", "{\"a\":1e99999999999999999999}"})
    void shouldRefuseWhatIsNoJson(String text) {
        assertThatThrownBy(() -> SourceJson.read(text).path("a").decimalValue())
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void shouldAskAsTheSourceWants() {
        List<String> products = List.of("A", "B");

        assertThat(format(SourceKind.PYTH).path(products))
                .isEqualTo(
                        "/v2/updates/price/stream?ids%5B%5D=A&ids%5B%5D=B"
                                + "&parsed=true&encoding=base64");
        assertThat(format(SourceKind.BINANCE).path(products))
                .isEqualTo("/stream?streams=a@ticker/b@ticker");
        assertThat(SourceFormat.of(SourceKind.BINANCE, SourceRole.PERPS).path(products))
                .isEqualTo("/stream?streams=a@bookTicker/b@bookTicker");
        assertThat(format(SourceKind.COINBASE).greetings(products))
                .containsExactly(
                        "{\"type\":\"subscribe\",\"product_ids\":[\"A\",\"B\"],"
                                + "\"channels\":[\"ticker\"]}");
        assertThat(format(SourceKind.KRAKEN).greetings(products))
                .containsExactly(
                        "{\"method\":\"subscribe\",\"params\":{\"channel\":\"ticker\","
                                + "\"event_trigger\":\"bbo\",\"symbol\":[\"A\",\"B\"]}}");
    }

    private static Heard heard(SourceKind kind, String message) {
        Heard heard = new Heard();
        format(kind).read(SourceJson.read(message), RECEIVED, heard);
        return heard;
    }

    private static SourceFormat format(SourceKind kind) {
        return SourceFormat.of(kind, SourceRole.INDEX);
    }
}
