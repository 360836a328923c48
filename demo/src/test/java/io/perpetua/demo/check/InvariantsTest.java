package io.perpetua.demo.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.demo.client.Account;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.OrderRequest;
import io.perpetua.demo.client.Session;
import io.perpetua.demo.client.Tally;
import io.perpetua.demo.client.Wallet;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvariantsTest {
    private static final Map<String, String> SOUND =
            Map.ofEntries(
                    Map.entry("/v1/auth/challenge", "{'message':'sign me'}"),
                    Map.entry("/v1/auth/token", "{'accessToken':'t','userId':'1'}"),
                    Map.entry("/v1/subaccounts", "{'items':[{'id':'9'}]}"),
                    Map.entry(
                            "/v1/open-interest",
                            "{'items':[{'market':'BTC-PERP','longs':'2','shorts':'2.0','cost':'10',"
                                    + "'realised':'10','trades':3,'volume':'4','turnover':'400'}]}"),
                    Map.entry(
                            "/v1/accounts/totals",
                            "{'markets':[{'market':'BTC-PERP','longSize':'2','shortSize':'2',"
                                    + "'cost':'10','fills':6,'volume':'8','realisedPnl':'10',"
                                    + "'fees':'1.5'}],'collateral':'1008.5'}"),
                    Map.entry(
                            "/v1/statistics",
                            "{'items':[{'market':'1','symbol':'BTC-PERP','totalTrades':3,"
                                    + "'totalVolume':'4','totalVolumeUsd':'400'}]}"),
                    Map.entry(
                            "/v1/ledger/trial-balance",
                            "{'balanced':true,'assets':[{'asset':'USDC','total':'0','accounts':["
                                    + "{'account':'customers','balance':'1008.5'},"
                                    + "{'account':'custody','balance':'-1000'},"
                                    + "{'account':'fees','balance':'1.5'},"
                                    + "{'account':'clearing:1','balance':'-10'}]}]}"),
                    Map.entry(
                            "/v1/books/BTC-PERP",
                            "{'bids':[{'price':'99'}],'asks':[{'price':'101'}]}"),
                    Map.entry(
                            "/v1/accounts/9",
                            "{'collateral':'100','settlementSequence':2,'creditSequence':1,"
                                    + "'positions':0}"),
                    Map.entry(
                            "/v1/balances",
                            "{'items':[{'balance':'100.0','settlementSequence':2,"
                                    + "'creditSequence':1}]}"),
                    Map.entry(
                            "/v1/fills",
                            "{'items':[{'orderId':'5','size':'1'}],'nextCursor':null}"),
                    Map.entry(
                            "/v1/orders",
                            "{'orderId':'5','status':'OPEN','items':[{'orderId':'5','size':'3',"
                                    + "'filled':'1','remaining':'2'}],'nextCursor':null}"));

    private final Map<String, String> answers = new ConcurrentHashMap<>(SOUND);
    private HttpServer server;
    private Api api;
    private Invariants invariants;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        api = new Api(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
        Session session = Session.signIn(api, Wallet.create());
        Account account = new Account("alice", session, new Tally());
        account.place(OrderRequest.market("BTC-PERP", Side.BUY, new Quantity(300_000_000)));
        invariants = new Invariants(api, session, List.of(account));
    }

    @AfterEach
    void stop() {
        api.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String text = answers.get(exchange.getRequestURI().getPath());
        byte[] body =
                (text == null ? "{}" : text.replace('\'', '"')).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(text == null ? 404 : 200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Test
    void shouldHoldWhenAllServicesAgree() {
        Verdict verdict = invariants.read();

        assertThat(verdict.holds()).as(verdict.toString()).isTrue();
        assertThat(verdict.checks()).hasSize(10);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            /v1/ledger/trial-balance | 'total':'0'           | 'total':'0.000001'    | sums to zero
            /v1/ledger/trial-balance | 'balanced':true       | 'balanced':false      | sums to zero
            /v1/open-interest        | 'shorts':'2.0'        | 'shorts':'2.1'        | long = short
            /v1/accounts/totals      | 'longSize':'2'        | 'longSize':'1'        | long = short
            /v1/open-interest        | 'cost':'10'           | 'cost':'11'           | cost = realised
            /v1/accounts/totals      | 'realisedPnl':'10'    | 'realisedPnl':'9'     | cost = realised
            /v1/ledger/trial-balance | 'balance':'-10'       | 'balance':'-9'        | clearing account
            /v1/ledger/trial-balance | 'balance':'1.5'       | 'balance':'1'         | fees
            /v1/accounts/totals      | 'collateral':'1008.5' | 'collateral':'1008'   | owes all customers
            /v1/statistics           | 'totalTrades':3       | 'totalTrades':2       | same trades
            /v1/statistics           | 'totalVolumeUsd':'400'| 'totalVolumeUsd':'399'| same trades
            /v1/accounts/totals      | 'fills':6             | 'fills':5             | same trades
            /v1/books/BTC-PERP       | 'price':'99'          | 'price':'101'         | crossed
            /v1/balances             | 'balance':'100.0'     | 'balance':'99'        | each account
            /v1/balances             | 'creditSequence':1    | 'creditSequence':2    | each account
            /v1/orders               | [{'orderId':'5'       | [{'orderId':'6'       | order is missing
            /v1/fills                | 'size':'1'            | 'size':'2'            | order is missing
            """)
    void shouldNameWhatIsBrokenWhenServicesDisagree(
            String path, String sound, String broken, String sentence) {
        assertThat(SOUND.get(path)).contains(sound);
        answers.put(path, SOUND.get(path).replace(sound, broken));

        Verdict verdict = invariants.read();

        assertThat(verdict.checks())
                .filteredOn(check -> !check.holds())
                .singleElement()
                .satisfies(check -> assertThat(check.sentence()).contains(sentence));
    }
}
