package io.perpetua.accounts.domain.exchange;

import io.perpetua.accounts.domain.exchange.ExchangeSigning.Message;
import io.perpetua.accounts.domain.exchange.SignedParts.Part;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How each exchange is asked for balances: Binance {@code GET /api/v3/account}, Coinbase Advanced
 * {@code GET /api/v3/brokerage/accounts}, Coinbase Exchange {@code GET /accounts}, Kraken {@code
 * POST /0/private/BalanceEx}, Kite Connect {@code GET /user/margins}.
 */
public final class BalanceRequests {
    /** So many pages of Coinbase Advanced are asked for: each wants a signature of its own. */
    public static final int COINBASE_PAGES = 4;

    /** The most accounts that Coinbase Advanced puts on a page. */
    private static final int COINBASE_ACCOUNTS = 250;

    /** How old a request may be when Binance takes it. */
    private static final int BINANCE_WINDOW_MILLIS = 10_000;

    private BalanceRequests() {}

    /** Of the exchange's interface. */
    public static String path(ExchangeApi api) {
        return switch (api) {
            case BINANCE -> "/api/v3/account";
            case COINBASE_ADVANCED -> "/api/v3/brokerage/accounts";
            case COINBASE_EXCHANGE -> "/accounts";
            case KRAKEN -> "/0/private/BalanceEx";
            case KITE_CONNECT -> "/user/margins";
            case OTHER -> throw new IllegalArgumentException("nobody knows how to ask it");
        };
    }

    /**
     * The requests, one a page; nothing when a part of the key is not written as the exchange's
     * are.
     *
     * @param authority host and port that the exchange is reached at
     * @param nonce higher than that of the request before, by the same key
     * @param unique bytes that were never used before, each time
     */
    public static Optional<List<ExchangeRequest>> of(
            ExchangeApi api,
            ExchangeCredentials with,
            String authority,
            Instant now,
            long nonce,
            Supplier<byte[]> unique) {
        return switch (api) {
            case BINANCE -> binance(with, now).map(List::of);
            case COINBASE_ADVANCED -> coinbaseAdvanced(with, authority, now, unique);
            case COINBASE_EXCHANGE -> coinbaseExchange(with, now).map(List::of);
            case KRAKEN -> kraken(with, now, nonce).map(List::of);
            case KITE_CONNECT -> kiteConnect(with).map(List::of);
            case OTHER -> throw new IllegalArgumentException("nobody knows how to ask it");
        };
    }

    private static Optional<ExchangeRequest> binance(ExchangeCredentials with, Instant now) {
        String query =
                "omitZeroBalances=true&recvWindow=%d&timestamp=%d"
                        .formatted(BINANCE_WINDOW_MILLIS, now.toEpochMilli());
        return SignedParts.of(
                        ExchangeApi.BINANCE, with, new Message(query, null, null), now, new byte[0])
                .map(
                        parts ->
                                new ExchangeRequest(
                                        "GET",
                                        path(ExchangeApi.BINANCE),
                                        query + "&signature=" + parts.signature(),
                                        "",
                                        parts.headers()));
    }

    private static Optional<List<ExchangeRequest>> coinbaseAdvanced(
            ExchangeCredentials with, String authority, Instant now, Supplier<byte[]> unique) {
        String path = path(ExchangeApi.COINBASE_ADVANCED);
        Message message = new Message("GET " + authority + path, null, null);
        List<ExchangeRequest> pages = new ArrayList<>();
        for (int page = 0; page < COINBASE_PAGES; page++) {
            Optional<SignedParts> parts =
                    SignedParts.of(ExchangeApi.COINBASE_ADVANCED, with, message, now, unique.get());
            if (parts.isEmpty()) {
                return Optional.empty();
            }
            pages.add(
                    new ExchangeRequest(
                            "GET", path, "limit=" + COINBASE_ACCOUNTS, "", parts.get().headers()));
        }
        return Optional.of(pages);
    }

    private static Optional<ExchangeRequest> coinbaseExchange(
            ExchangeCredentials with, Instant now) {
        String path = path(ExchangeApi.COINBASE_EXCHANGE);
        String seconds = Long.toString(now.getEpochSecond());
        Optional<String> signature =
                ExchangeApi.COINBASE_EXCHANGE
                        .signing()
                        .sign(
                                with,
                                new Message(seconds + "GET" + path, null, null),
                                now,
                                new byte[0]);
        Optional<String> key = with.keyText();
        Optional<String> passphrase = with.passphraseText();
        if (signature.isEmpty() || key.isEmpty() || passphrase.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new ExchangeRequest(
                        "GET",
                        path,
                        "",
                        "",
                        List.of(
                                new Part("CB-ACCESS-KEY", key.get()),
                                new Part("CB-ACCESS-SIGN", signature.get()),
                                new Part("CB-ACCESS-TIMESTAMP", seconds),
                                new Part("CB-ACCESS-PASSPHRASE", passphrase.get()))));
    }

    private static Optional<ExchangeRequest> kraken(
            ExchangeCredentials with, Instant now, long nonce) {
        String path = path(ExchangeApi.KRAKEN);
        String form = "nonce=" + nonce;
        return SignedParts.of(
                        ExchangeApi.KRAKEN,
                        with,
                        new Message(form, path, Long.toString(nonce)),
                        now,
                        new byte[0])
                .map(parts -> new ExchangeRequest("POST", path, "", form, parts.headers()));
    }

    private static Optional<ExchangeRequest> kiteConnect(ExchangeCredentials with) {
        return with.keyText()
                .flatMap(key -> with.passphraseText().map(token -> key + ":" + token))
                .map(
                        both ->
                                new ExchangeRequest(
                                        "GET",
                                        path(ExchangeApi.KITE_CONNECT),
                                        "",
                                        "",
                                        List.of(
                                                new Part("X-Kite-Version", "3"),
                                                new Part("Authorization", "token " + both))));
    }
}
