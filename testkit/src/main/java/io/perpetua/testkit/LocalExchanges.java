package io.perpetua.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Binance, Coinbase Advanced, Coinbase Exchange, Kraken and Zerodha on this machine, as far as they
 * are asked for balances: each takes one key, checks the signature as it documents that, and can be
 * made to refuse, fall silent, send garbage or no end of it, and send elsewhere.
 */
public final class LocalExchanges implements AutoCloseable {
    /** The key that they take; Binance's secret is the one of its documentation. */
    public static final String KEY =
            "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";

    /** Of Binance. */
    public static final String BINANCE_SECRET =
            "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";

    /** Of Kraken, of its documentation, and of Coinbase Exchange: in base64. */
    public static final String BASE64_SECRET =
            "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";

    /** Of Coinbase Advanced, made by {@code openssl ecparam -name prime256v1 -genkey -noout}. */
    public static final String PEM_SECRET =
            """
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEID1gvdRNERfBh0zJhm+FPvN/Vjhl/WWi3jqKwInPEHtSoAoGCCqGSM49
            AwEHoUQDQgAE0Tf7gM6wgsmZ3giLekx7zpQJ0poTHwTixYti5mjpaTBCzRp2kWBI
            wQKoucCUcOM2V6uD4S6vdXfUFRI/bI/mBA==
            -----END EC PRIVATE KEY-----
            """;

    /** Of Coinbase Exchange, and Zerodha's access token. */
    public static final String PASSPHRASE = "sesame17";

    private static final String PEM_PUBLIC =
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE0Tf7gM6wgsmZ3giLekx7zpQJ0poTHwTixYti5mjpaTBCzRp2kWBI"
                    + "wQKoucCUcOM2V6uD4S6vdXfUFRI/bI/mBA==";
    private static final int WINDOW_SECONDS = 30;
    private static final Pattern NONCE_FORM = Pattern.compile("nonce=([0-9]{1,20})");
    private static final Base64.Decoder BASE64_URL = Base64.getUrlDecoder();

    private final HttpServer server;
    private final Map<Exchange, Mood> moods = new ConcurrentHashMap<>();
    private final Map<Exchange, String> answers = new ConcurrentHashMap<>();
    private final Map<Exchange, Integer> asked = new ConcurrentHashMap<>();
    private final AtomicLong lastNonce = new AtomicLong();
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();

    /** Which of them. */
    public enum Exchange {
        /** With two currencies, and one there is nothing of. */
        BINANCE(
                "{\"makerCommission\":15,\"canTrade\":true,\"updateTime\":123456789,\"balances\":["
                        + "{\"asset\":\"BTC\",\"free\":\"4723846.89208129\",\"locked\":\"0.00000000\"},"
                        + "{\"asset\":\"ETH\",\"free\":\"0.00000000\",\"locked\":\"0.00000000\"},"
                        + "{\"asset\":\"LTC\",\"free\":\"4763368.68006011\","
                        + "\"locked\":\"0.00000001\"}],\"permissions\":[\"SPOT\"]}"),
        /** On two pages, bitcoin on both. */
        COINBASE_ADVANCED(
                "{\"accounts\":[{\"uuid\":\"8bfc20d7-f7c6-4422-bf07-8243ca4169fe\",\"name\":\"BTC"
                        + " Wallet\",\"currency\":\"BTC\",\"available_balance\":{\"value\":\"1.23\","
                        + "\"currency\":\"BTC\"},\"default\":false,\"hold\":{\"value\":\"0.000000000000000001\","
                        + "\"currency\":\"BTC\"}}],\"has_next\":MORE,\"cursor\":\"78=91&00\",\"size\":1}"),
        /** With dollars on hold. */
        COINBASE_EXCHANGE(
                "[{\"id\":\"7fd0abc0-e5ad-4cbb-8d54-f2b3f43364da\",\"currency\":\"USD\","
                        + "\"balance\":\"100.5000000000000000\",\"hold\":\"0.5000000000000000\","
                        + "\"available\":\"100\",\"profile_id\":\"8058d771\",\"trading_enabled\":true}]"),
        /** The example of its documentation, and one with credit. */
        KRAKEN(
                "{\"error\":[],\"result\":{\"ZUSD\":{\"balance\":\"25435.21\",\"hold_trade\":\"8249.76\"},"
                        + "\"XXBT\":{\"balance\":\"1.2435\",\"credit\":\"1\",\"credit_used\":\"0.25\","
                        + "\"hold_trade\":\"0.8423\"}}}"),
        /** The example of its documentation. */
        ZERODHA(
                "{\"status\":\"success\",\"data\":{\"equity\":{\"enabled\":true,\"net\":99725.05000000002,"
                        + "\"available\":{\"adhoc_margin\":0,\"cash\":245431.6,\"collateral\":0},"
                        + "\"utilised\":{\"debits\":145706.55,\"exposure\":38981.25}},"
                        + "\"commodity\":{\"enabled\":true,\"net\":100661.7,\"available\":{\"cash\":100661.7},"
                        + "\"utilised\":{\"debits\":0,\"exposure\":0}}}}");

        private final String usual;

        Exchange(String usual) {
            this.usual = usual;
        }

        private String prefix() {
            return "/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** How one answers. */
    public enum Mood {
        /** As it should. */
        WELL,
        /** With 429. */
        BUSY,
        /** With 503. */
        BROKEN,
        /** Not at all. */
        SILENT,
        /** Not before it is in another mood; then as that has it. */
        HELD,
        /** A byte now and then. */
        SLOW,
        /** More than anybody would read. */
        ENDLESS,
        /** Elsewhere, where the answer would be had. */
        REDIRECTING
    }

    private LocalExchanges(HttpServer server) {
        this.server = server;
    }

    /** Starts them; port 0 is any free one. */
    public static LocalExchanges start(int port) {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            LocalExchanges exchanges = new LocalExchanges(server);
            for (Exchange exchange : Exchange.values()) {
                server.createContext(exchange.prefix(), http -> exchanges.answer(exchange, http));
            }
            server.createContext("/elsewhere", LocalExchanges::elsewhere);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return exchanges;
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
    }

    /** Settings of accounts-service by which it finds them, if they listen on this port. */
    public static Map<String, String> settings(int port) {
        String prefix = "perpetua.accounts.exchanges.";
        return Map.of(
                prefix + "binance-url", url(port, Exchange.BINANCE),
                prefix + "coinbase-url", url(port, Exchange.COINBASE_ADVANCED),
                prefix + "coinbase-exchange-url", url(port, Exchange.COINBASE_EXCHANGE),
                prefix + "kraken-url", url(port, Exchange.KRAKEN),
                prefix + "zerodha-url", url(port, Exchange.ZERODHA));
    }

    private static String url(int port, Exchange exchange) {
        return "http://127.0.0.1:" + port + exchange.prefix();
    }

    /** The port they listen on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** All as they should be. */
    public synchronized void reset() {
        moods.clear();
        answers.clear();
        asked.clear();
        notifyAll();
    }

    /** Lets one answer otherwise from now on. */
    public synchronized void be(Exchange exchange, Mood mood) {
        moods.put(exchange, mood);
        notifyAll();
    }

    private synchronized Mood awaitMood(Exchange exchange) throws InterruptedException {
        while (moods.get(exchange) == Mood.HELD) {
            wait();
        }
        return moods.getOrDefault(exchange, Mood.WELL);
    }

    /** What one says from now on, to those who ask as it wants to be asked. */
    public void say(Exchange exchange, String answer) {
        answers.put(exchange, answer);
    }

    /** How often one was asked. */
    public int asked(Exchange exchange) {
        return asked.getOrDefault(exchange, 0);
    }

    private record Answer(int status, String body) {}

    private static void elsewhere(HttpExchange http) throws IOException {
        try (http) {
            http.sendResponseHeaders(200, 0);
            http.getResponseBody().write(Exchange.BINANCE.usual.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void answer(Exchange exchange, HttpExchange http) throws IOException {
        try (http) {
            asked.merge(exchange, 1, Integer::sum);
            Mood mood = awaitMood(exchange);
            String form =
                    new String(http.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
            Answer answer =
                    switch (mood) {
                        case BUSY -> new Answer(429, "{}");
                        case BROKEN -> new Answer(503, "<html>");
                        case REDIRECTING -> new Answer(302, "");
                        case WELL, SILENT, HELD, SLOW, ENDLESS -> judge(exchange, http, form);
                    };
            if (mood == Mood.REDIRECTING) {
                http.getResponseHeaders()
                        .add("Location", "http://127.0.0.1:" + port() + "/elsewhere");
            }
            send(http, mood, answer);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static void send(HttpExchange http, Mood mood, Answer answer)
            throws IOException, InterruptedException {
        String text = mood == Mood.ENDLESS ? answer.body() + " ".repeat(2_000_000) : answer.body();
        AnswerPace pace =
                switch (mood) {
                    case SILENT -> AnswerPace.SILENT;
                    case SLOW -> AnswerPace.SLOW;
                    case WELL, BUSY, BROKEN, REDIRECTING, HELD, ENDLESS -> AnswerPace.AT_ONCE;
                };
        pace.write(http, answer.status(), text.getBytes(StandardCharsets.UTF_8));
    }

    private Answer judge(Exchange exchange, HttpExchange http, String form)
            throws GeneralSecurityException {
        return switch (exchange) {
            case BINANCE -> binance(http);
            case COINBASE_ADVANCED -> coinbaseAdvanced(http);
            case COINBASE_EXCHANGE -> coinbaseExchange(http);
            case KRAKEN -> kraken(http, form);
            case ZERODHA -> zerodha(http);
        };
    }

    private Answer well(Exchange exchange) {
        return new Answer(200, answers.getOrDefault(exchange, exchange.usual));
    }

    private static boolean is(HttpExchange http, Exchange exchange, String method, String path) {
        return http.getRequestMethod().equals(method)
                && http.getRequestURI().getPath().equals(exchange.prefix() + path);
    }

    private static String header(HttpExchange http, String name) {
        String value = http.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    private static byte[] hmac(String algorithm, byte[] secret, byte[] message)
            throws GeneralSecurityException {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(secret, algorithm));
        return mac.doFinal(message);
    }

    private static boolean isNow(long seconds) {
        return Math.abs(System.currentTimeMillis() / 1_000 - seconds) <= WINDOW_SECONDS;
    }

    private Answer binance(HttpExchange http) throws GeneralSecurityException {
        String query = http.getRequestURI().getRawQuery();
        int cut = query.indexOf("&signature=");
        Matcher time = Pattern.compile("timestamp=([0-9]{13})").matcher(query);
        if (!header(http, "X-MBX-APIKEY").equals(KEY)) {
            return new Answer(
                    401, "{\"code\":-2015,\"msg\":\"Invalid API-key, IP, or permissions\"}");
        }
        byte[] signature =
                hmac(
                        "HmacSHA256",
                        BINANCE_SECRET.getBytes(StandardCharsets.US_ASCII),
                        query.substring(0, Math.max(0, cut)).getBytes(StandardCharsets.US_ASCII));
        boolean isRight =
                is(http, Exchange.BINANCE, "GET", "/api/v3/account")
                        && cut > 0
                        && query.substring(cut)
                                .equals("&signature=" + HexFormat.of().formatHex(signature))
                        && time.find()
                        && isNow(Long.parseLong(time.group(1)) / 1_000);
        return isRight
                ? well(Exchange.BINANCE)
                : new Answer(
                        400,
                        "{\"code\":-1022,\"msg\":\"Signature for this request is not valid.\"}");
    }

    private Answer coinbaseAdvanced(HttpExchange http) throws GeneralSecurityException {
        String path = "/api/v3/brokerage/accounts";
        String token = header(http, "Authorization").replaceFirst("^Bearer ", "");
        String[] parts = token.split("\\.", -1);
        String query = http.getRequestURI().getRawQuery();
        if (parts.length != 3 || !tokens.add(token)) {
            return new Answer(401, "Unauthorized");
        }
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initVerify(
                KeyFactory.getInstance("EC")
                        .generatePublic(
                                new X509EncodedKeySpec(Base64.getDecoder().decode(PEM_PUBLIC))));
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        String head = new String(BASE64_URL.decode(parts[0]), StandardCharsets.US_ASCII);
        String claims = new String(BASE64_URL.decode(parts[1]), StandardCharsets.US_ASCII);
        Matcher begin = Pattern.compile("\"nbf\":([0-9]+)").matcher(claims);
        boolean isRight =
                is(http, Exchange.COINBASE_ADVANCED, "GET", path)
                        && signature.verify(BASE64_URL.decode(parts[2]))
                        && head.contains("\"alg\":\"ES256\"")
                        && head.contains("\"kid\":\"" + KEY + "\"")
                        && claims.contains("\"sub\":\"" + KEY + "\"")
                        && claims.contains("\"uri\":\"GET 127.0.0.1:" + port() + path + "\"")
                        && begin.find()
                        && isNow(Long.parseLong(begin.group(1)));
        if (!isRight) {
            return new Answer(401, "Unauthorized");
        }
        boolean isFirst = query.equals("limit=250");
        if (!isFirst && !query.equals("limit=250&cursor=78%3D91%2600")) {
            return new Answer(400, "{\"error\":\"INVALID_ARGUMENT\"}");
        }
        Answer well = well(Exchange.COINBASE_ADVANCED);
        return new Answer(200, well.body().replace("MORE", Boolean.toString(isFirst)));
    }

    private Answer coinbaseExchange(HttpExchange http) throws GeneralSecurityException {
        String time = header(http, "CB-ACCESS-TIMESTAMP");
        byte[] signature =
                hmac(
                        "HmacSHA256",
                        Base64.getDecoder().decode(BASE64_SECRET),
                        (time + "GET/accounts").getBytes(StandardCharsets.US_ASCII));
        boolean isRight =
                is(http, Exchange.COINBASE_EXCHANGE, "GET", "/accounts")
                        && header(http, "CB-ACCESS-KEY").equals(KEY)
                        && header(http, "CB-ACCESS-PASSPHRASE").equals(PASSPHRASE)
                        && header(http, "CB-ACCESS-SIGN")
                                .equals(Base64.getEncoder().encodeToString(signature))
                        && isNow(Long.parseLong(time));
        return isRight
                ? well(Exchange.COINBASE_EXCHANGE)
                : new Answer(401, "{\"message\":\"invalid signature\"}");
    }

    private Answer kraken(HttpExchange http, String form) throws GeneralSecurityException {
        String path = "/0/private/BalanceEx";
        Matcher nonce = NONCE_FORM.matcher(form);
        if (!nonce.matches()) {
            return krakenError("EAPI:Invalid nonce");
        }
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(nonce.group(1).getBytes(StandardCharsets.US_ASCII));
        digest.update(form.getBytes(StandardCharsets.US_ASCII));
        byte[] hash = digest.digest();
        byte[] signed =
                Arrays.copyOf(
                        path.getBytes(StandardCharsets.US_ASCII), path.length() + hash.length);
        System.arraycopy(hash, 0, signed, path.length(), hash.length);
        byte[] signature = hmac("HmacSHA512", Base64.getDecoder().decode(BASE64_SECRET), signed);
        if (!header(http, "API-Key").equals(KEY)) {
            return krakenError("EAPI:Invalid key");
        }
        if (!is(http, Exchange.KRAKEN, "POST", path)
                || !header(http, "Content-Type").equals("application/x-www-form-urlencoded")
                || !header(http, "API-Sign")
                        .equals(Base64.getEncoder().encodeToString(signature))) {
            return krakenError("EAPI:Invalid signature");
        }
        long number = Long.parseLong(nonce.group(1));
        long before = lastNonce.getAndUpdate(last -> Math.max(last, number));
        return number > before ? well(Exchange.KRAKEN) : krakenError("EAPI:Invalid nonce");
    }

    private static Answer krakenError(String error) {
        return new Answer(200, "{\"error\":[\"" + error + "\"]}");
    }

    private Answer zerodha(HttpExchange http) {
        boolean isRight =
                is(http, Exchange.ZERODHA, "GET", "/user/margins")
                        && header(http, "X-Kite-Version").equals("3")
                        && header(http, "Authorization").equals("token " + KEY + ":" + PASSPHRASE);
        return isRight
                ? well(Exchange.ZERODHA)
                : new Answer(
                        403,
                        "{\"status\":\"error\",\"message\":\"Incorrect `api_key` or"
                                + " `access_token`.\",\"error_type\":\"TokenException\"}");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
