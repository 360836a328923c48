package io.perpetua.systemtests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.client.Account;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.OrderRequest;
import io.perpetua.demo.client.Session;
import io.perpetua.demo.client.Tally;
import io.perpetua.demo.client.Wallet;
import io.perpetua.demo.trader.Listing;
import io.perpetua.systemtests.Traders;
import io.perpetua.testkit.LocalExchanges;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Two users, and what the names in requests stand for: the attacker's own tokens and ids, forged
 * tokens, and the ids of the victim, of whom no answer to the attacker may tell anything.
 */
public final class Names implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("\\$\\{([^}]+)}");
    private static final Usd DEPOSIT = Usd.ofDollars(90_000);
    private static final Usd VICTIMS_DEPOSIT = Usd.parse("73914.829173");
    private static final int MOST_CANCELS = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long REFRESH_NANOS = Duration.ofSeconds(3).toNanos();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final Api api;
    private final Wallet wallet = Wallet.create();

    /** A third user's, for sign-ins that come and go. */
    private final Wallet passing = Wallet.create();

    /** The attacker's, now and then. */
    private final Wallet further = Wallet.create();

    private final String solana = solanaAddress();
    private final Account attacker;
    private final Account victim;
    private final String secondSubaccount;
    private final Map<String, JsonNode> markets = new TreeMap<>();
    private final Map<String, String> markers = new TreeMap<>();
    private final Map<String, String> fixed = new ConcurrentHashMap<>();
    private final Map<String, Price> oracles = new HashMap<>();
    private final AtomicLong unique = new AtomicLong();
    private final String run = Long.toString(System.currentTimeMillis(), 36);
    private long refreshedAtNanos = System.nanoTime();

    private Names(Api api) {
        this.api = api;
        for (JsonNode market : api.get("/v1/markets").path("items")) {
            if (market.path("status").asText().equals("ACTIVE")) {
                markets.put(market.path("symbol").asText(), market);
            }
        }
        Session session = Session.signIn(api, wallet);
        Traders.fund(session, DEPOSIT, "fuzz");
        session.persist(
                        "POST",
                        "/v1/faucet",
                        Api.body(
                                "subaccountId",
                                session.subaccount(),
                                "asset",
                                "USDT",
                                "amount",
                                "1000000",
                                "reference",
                                "fuzz-usdt"))
                .orThrow();
        secondSubaccount =
                session.persist("POST", "/v1/subaccounts", Api.body("name", "second"))
                        .orThrow()
                        .path("id")
                        .asText();
        attacker = new Account("attacker", session, new Tally());
        Session others = Session.signIn(api, Wallet.create());
        Traders.fund(others, VICTIMS_DEPOSIT, "victims-reference-" + run);
        others.persist("POST", "/v1/subaccounts", Api.body("name", "victims-name-" + run))
                .orThrow();
        victim = new Account("victims-order", others, new Tally());
        fixed.put("token.first", session.token());
    }

    /** Makes the two users, and gives both orders, fills and a position. */
    static Names create(Api api) throws InterruptedException {
        Names names = new Names(api);
        names.trade();
        names.withdraw();
        names.mark();
        return names;
    }

    private void trade() {
        String symbol = symbols().getFirst();
        victimPlaces(symbol, Side.SELL, 10, TimeInForce.GTC);
        attackerTakes(symbol);
        for (Side side : Side.values()) {
            for (String market : symbols()) {
                victimPlaces(market, side, side == Side.BUY ? -10 : 10, TimeInForce.POST_ONLY);
            }
        }
        placeOrder();
        Answer closed = attackerPlaces(symbol, -200);
        attacker.cancel(closed.body().path("orderId").asText());
        fixed.put("order.closed", closed.body().path("orderId").asText());
    }

    /** Both users have an address book; the attacker's first address is usable afterwards. */
    private void withdraw() throws InterruptedException {
        fixed.put("address.label", "Mine");
        addAddress(attacker.session(), "Mine", wallet);
        addAddress(victim.session(), "victims-label-" + run, Wallet.create());
        markers.put("a label of the victim", "victims-label-" + run);
        Map<String, Object> request =
                Api.body(
                        "subaccountId",
                        attacker.session().subaccount(),
                        "asset",
                        "USDC",
                        "amount",
                        "1.5",
                        "address",
                        wallet.address(),
                        "clientWithdrawalId",
                        "first");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Answer answer = attacker.session().persist("POST", "/v1/withdrawals", request);
        while (answer.code().equals("WITHDRAWAL_ADDRESS_NOT_YET_USABLE")
                && System.nanoTime() < deadline) {
            Thread.sleep(200);
            answer = attacker.session().persist("POST", "/v1/withdrawals", request);
        }
        fixed.put("withdrawal", answer.orThrow().path("id").asText());
        Answer cancel;
        int count = 0;
        do {
            request.put("clientWithdrawalId", "cancelled-" + count++);
            String id =
                    attacker.session()
                            .persist("POST", "/v1/withdrawals", request)
                            .orThrow()
                            .path("id")
                            .asText();
            cancel = attacker.session().persist("DELETE", "/v1/withdrawals/" + id, null);
            fixed.put("withdrawal.cancelled", id);
        } while (!cancel.isOk() && count < MOST_CANCELS);
        cancel.orThrow();
    }

    private static String addAddress(Session session, String label, Wallet wallet) {
        return session.persist(
                        "POST",
                        "/v1/withdrawal-addresses",
                        Api.body("label", label, "address", wallet.address()))
                .orThrow()
                .path("id")
                .asText();
    }

    /** An address of the attacker that can be done without: one at a time. */
    private String spareAddress() {
        for (JsonNode entry : attacker.session().get("/v1/withdrawal-addresses").path("items")) {
            if (entry.path("label").asText().equals("Spare")) {
                return entry.path("id").asText();
            }
        }
        return addAddress(attacker.session(), "Spare", Wallet.create());
    }

    /** A key that may become an agent of the attacker's; its proof is named until the next one. */
    private String newAgent() {
        Wallet agent = Wallet.create();
        String challenge = linkChallenge();
        String issued = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
        fixed.put("agent.issued", issued);
        fixed.put(
                "agent.signature",
                agent.sign(
                        String.join(
                                "\n",
                                "Perpetua agent registration",
                                challenge.substring(0, challenge.indexOf(' ')),
                                "User: " + attacker.session().user(),
                                "Agent: " + agent.address().toLowerCase(Locale.ROOT),
                                "Issued at: " + issued)));
        return agent.address();
    }

    /** One of the attacker's agents, registered if there was none. */
    private String spareAgent() {
        JsonNode present = attacker.session().get("/v1/agents").path("items");
        if (!present.isEmpty()) {
            return present.get(0).path("address").asText();
        }
        String address = newAgent();
        attacker.session()
                .persist(
                        "POST",
                        "/v1/agents",
                        Api.body(
                                "address",
                                address,
                                "label",
                                "Robot",
                                "scopes",
                                List.of("READ"),
                                "expiresAt",
                                Instant.now().plusSeconds(86_400).toString(),
                                "proof",
                                Api.body(
                                        "issuedAt",
                                        fixed.get("agent.issued"),
                                        "signature",
                                        fixed.get("agent.signature"))))
                .orThrow();
        return address;
    }

    private void attackerTakes(String symbol) {
        Listing listing = listing(symbol);
        Price price = Price.parse(price(symbol, 60));
        OrderRequest request =
                OrderRequest.limit(
                        symbol,
                        Side.BUY,
                        TimeInForce.GTC,
                        price,
                        listing.worth(Usd.ofDollars(150), price));
        Traders.place(attacker, () -> request);
    }

    private void victimPlaces(String symbol, Side side, int basisPoints, TimeInForce force) {
        Listing listing = listing(symbol);
        Price price = Price.parse(price(symbol, basisPoints));
        OrderRequest request =
                OrderRequest.limit(
                        symbol, side, force, price, listing.worth(Usd.ofDollars(300), price));
        Answer answer =
                force == TimeInForce.GTC
                        ? Traders.place(victim, () -> request)
                        : victim.place(request);
        if (answer.isOk()) {
            String id = answer.body().path("orderId").asText();
            fixed.put("victim.order", id);
            markers.put("an order id of the victim", id);
        }
    }

    private Answer attackerPlaces(String symbol, int basisPoints) {
        OrderRequest request = resting(symbol, basisPoints);
        return Traders.place(attacker, () -> request);
    }

    private OrderRequest resting(String symbol, int basisPoints) {
        Price price = Price.parse(price(symbol, basisPoints));
        return OrderRequest.limit(
                symbol,
                Side.BUY,
                TimeInForce.GTC,
                price,
                listing(symbol).worth(Usd.ofDollars(100), price));
    }

    /** The victim's marks: the strings that must reach nobody else. */
    private void mark() {
        Session session = victim.session();
        // Small numbers are everywhere: this one counts where it is said to be a user.
        markers.put("the victim's user id", "userId\":\"" + session.user() + "\"");
        markers.put("the victim's deposit", VICTIMS_DEPOSIT.toString());
        markers.put("the victim's reference", "victims-reference-" + run);
        markers.put("the victim's name", "victims-name-" + run);
        for (JsonNode subaccount : session.get("/v1/subaccounts").path("items")) {
            markers.put(
                    "subaccount " + subaccount.path("number").asText() + " of the victim",
                    subaccount.path("id").asText());
            markers.put(
                    "address " + subaccount.path("number").asText() + " of the victim",
                    subaccount.path("address").asText());
            fixed.put("victim.address", subaccount.path("address").asText());
        }
        String wallets =
                session.get("/v1/users/me").path("wallets").path(0).path("address").asText();
        markers.put("the victim's wallet", wallets);
        markers.put("the victim's user id as a number", "user_id\":" + session.user());
        fixed.put("victim.wallet", wallets);
        fixed.put("victim.user", session.user());
        fixed.put("victim.subaccount", session.subaccount());
        fixed.put(
                "victim.clientOrderId",
                session.get("/v1/orders?limit=1")
                        .path("items")
                        .path(0)
                        .path("clientOrderId")
                        .asText());
        markers.put("a client order id of the victim", fixed.get("victim.clientOrderId"));
        // Users and subaccounts are counted apart: the same number may be an id of the attacker's.
        List<String> own =
                List.of(
                        attacker.session().user(),
                        attacker.session().subaccount(),
                        secondSubaccount);
        markers.values().removeIf(own::contains);
    }

    /** What may reach nobody but the victim: what it is, and the text of it. */
    Map<String, String> markers() {
        return Map.copyOf(markers);
    }

    List<Account> accounts() {
        return List.of(attacker, victim);
    }

    List<String> symbols() {
        return new ArrayList<>(markets.keySet());
    }

    /** Keeps the token young and the book filled, as time goes by. */
    synchronized void tend() {
        if (System.nanoTime() - refreshedAtNanos < REFRESH_NANOS) {
            return;
        }
        attacker.session().renew();
        for (String symbol : symbols()) {
            victimPlaces(symbol, Side.BUY, -15, TimeInForce.POST_ONLY);
            victimPlaces(symbol, Side.SELL, 15, TimeInForce.POST_ONLY);
        }
        Answer placed = attacker.place(resting(symbols().getFirst(), -100));
        if (placed.isOk()) {
            fixed.put("order", placed.body().path("orderId").asText());
        }
        refreshedAtNanos = System.nanoTime();
    }

    /** Notes what an answer gave that later requests may name. */
    void learn(String operation, JsonNode answer) {
        boolean isLikeOurs =
                operation.equals("POST /v1/orders")
                        && answer.path("status").asText().equals("OPEN")
                        && answer.path("side").asText().equals("BUY")
                        && answer.path("market").asText().equals(symbols().getFirst());
        if (isLikeOurs) {
            fixed.put("order", answer.path("orderId").asText());
        }
        if (answer.path("nextCursor").isTextual()) {
            fixed.put("cursor:" + operation, answer.path("nextCursor").asText());
        }
    }

    boolean knows(String name) {
        return fixed.containsKey(name);
    }

    /** An open order of the attacker, named {@code order}. */
    synchronized void placeOrder() {
        Answer answer = attackerPlaces(symbols().getFirst(), -100);
        fixed.put("order", answer.body().path("orderId").asText());
    }

    /** A key of the attacker's for another exchange, named {@code exchangeKey}. */
    void keepExchangeKey() {
        Map<String, String> key =
                Map.of(
                        "clientKeyId",
                        text("unique"),
                        "exchange",
                        "Binance",
                        "key",
                        LocalExchanges.KEY,
                        "secret",
                        LocalExchanges.BINANCE_SECRET);
        JsonNode kept = attacker.session().persist("POST", "/v1/exchange-keys", key).orThrow();
        fixed.put("exchangeKey", kept.path("id").asText());
    }

    /** An active Hypercore subaccount of the attacker, named {@code hypercore}. */
    void keepHypercoreSubaccount() {
        Map<String, Object> subaccount =
                Map.of(
                        "user_id",
                        Long.parseLong(attacker.session().user()),
                        "user_wallet",
                        wallet.address(),
                        "sub_account_pubkey",
                        "p",
                        "sub_account_privkey",
                        "s");
        JsonNode kept =
                attacker.session()
                        .persist("POST", "/api/hypercore/subaccounts", subaccount)
                        .orThrow();
        fixed.put("hypercore", kept.path("id").asText());
    }

    /** The bytes of a text whose names are replaced by what they stand for, all at one moment. */
    byte[] expand(String text) {
        oracles.clear();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Matcher names = NAME.matcher(text);
        int end = 0;
        while (names.find()) {
            out.writeBytes(text.substring(end, names.start()).getBytes(StandardCharsets.UTF_8));
            out.writeBytes(value(names.group(1)));
            end = names.end();
        }
        out.writeBytes(text.substring(end).getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    private byte[] value(String name) {
        if (name.startsWith("byte:")) {
            return HexFormat.of().parseHex(name.substring("byte:".length()));
        }
        return text(name).getBytes(StandardCharsets.UTF_8);
    }

    private String text(String name) {
        String[] parts = name.split(":", -1);
        return switch (parts[0]) {
            case "token" -> attacker.session().token();
            case "token.expired" -> expired();
            case "token.none" -> token("{\"alg\":\"none\"}", victimsClaims(3600), parts1 -> "");
            case "token.hmac" -> hmac();
            case "token.otherkey" -> otherKey(header(), 3600);
            case "token.unknownkey" -> otherKey("{\"alg\":\"ES256\",\"kid\":\"mine\"}", 3600);
            case "token.forged" -> forged();
            case "user" -> attacker.session().user();
            case "subaccount" -> attacker.session().subaccount();
            case "subaccount.second" -> secondSubaccount;
            case "wallet" -> wallet.address();
            case "wallet.solana" -> solana;
            case "wallet.linked" -> linked();
            case "link.message" -> linkChallenge();
            case "link.signature" -> fixed.getOrDefault("link", "0x");
            case "link.other" -> fixed.getOrDefault("link.other", "0x");
            case "token.once" -> signedIn(passing).path("accessToken").asText();
            case "signin.id" -> signedIn(wallet).path("signInId").asText();
            case "refresh" -> signedIn(passing).path("refreshToken").asText();
            case "refresh.used" -> usedRefreshToken();
            case "address.spare" -> spareAddress();
            case "agent.address" -> newAgent();
            case "agent.spare" -> spareAgent();
            case "unique" -> "u-" + run + "-" + unique.incrementAndGet();
            case "fill" -> parts[1].repeat(Integer.parseInt(parts[2]));
            case "nest" -> "{\"a\":".repeat(Integer.parseInt(parts[1]));
            case "price" -> price(parts[1], Integer.parseInt(parts[2]));
            case "size" -> size(parts[1], Integer.parseInt(parts[2]));
            case "time" ->
                    Instant.now()
                            .truncatedTo(ChronoUnit.MILLIS)
                            .plusSeconds(Long.parseLong(parts[1]))
                            .toString();
            case "signin.message" -> challenge();
            case "signin.signature" -> fixed.getOrDefault("signature", "0x");
            case "signin.other" -> fixed.getOrDefault("signature.other", "0x");
            case "used.message" -> fixed.getOrDefault("used", "");
            case "used.signature" -> fixed.getOrDefault("used.signature", "0x");
            default -> fixed.getOrDefault(name, "1");
        };
    }

    /** A new message in JSON's spelling; its signatures are named until the next one. */
    private String challenge() {
        String message =
                api.persist(
                                "POST",
                                "/v1/auth/challenge",
                                null,
                                Api.body("address", passing.address()))
                        .orThrow()
                        .path("message")
                        .asText();
        String spelled = message.replace("\n", "\\n");
        if (fixed.containsKey("message")) {
            fixed.put("used", fixed.get("message"));
            fixed.put("used.signature", fixed.get("signature"));
        }
        fixed.put("message", spelled);
        fixed.put("signature", passing.sign(message));
        fixed.put("signature.other", Wallet.create().sign(message));
        return spelled;
    }

    /** The tokens of a new sign-in. */
    private JsonNode signedIn(Wallet by) {
        String message =
                api.persist("POST", "/v1/auth/challenge", null, Api.body("address", by.address()))
                        .orThrow()
                        .path("message")
                        .asText();
        return api.persist(
                        "POST",
                        "/v1/auth/token",
                        null,
                        Api.body("message", message, "signature", by.sign(message)))
                .orThrow();
    }

    private String usedRefreshToken() {
        String first = signedIn(passing).path("refreshToken").asText();
        String next = first;
        for (int i = 0; i < 2; i++) {
            next =
                    api.persist("POST", "/v1/auth/refresh", null, Api.body("refreshToken", next))
                            .orThrow()
                            .path("refreshToken")
                            .asText();
        }
        return first;
    }

    /** A new message that links, in JSON's spelling; its signatures are named until the next. */
    private String linkChallenge() {
        String message =
                attacker.session()
                        .persist(
                                "POST",
                                "/v1/auth/wallets/challenge",
                                Api.body("address", further.address()))
                        .orThrow()
                        .path("message")
                        .asText();
        fixed.put("link", further.sign(message));
        fixed.put("link.other", Wallet.create().sign(message));
        return message.replace("\n", "\\n");
    }

    /** The attacker's further wallet, linked if it was not. */
    private String linked() {
        String message = linkChallenge().replace("\\n", "\n");
        attacker.session()
                .persist(
                        "POST",
                        "/v1/auth/wallets",
                        Api.body("message", message, "signature", fixed.get("link")))
                .orThrow();
        return further.address();
    }

    private static String solanaAddress() {
        String alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
        try {
            byte[] encoded =
                    KeyPairGenerator.getInstance("Ed25519")
                            .generateKeyPair()
                            .getPublic()
                            .getEncoded();
            byte[] key = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
            StringBuilder text = new StringBuilder();
            BigInteger base = BigInteger.valueOf(alphabet.length());
            for (BigInteger rest = new BigInteger(1, key);
                    rest.signum() > 0;
                    rest = rest.divide(base)) {
                text.append(alphabet.charAt(rest.mod(base).intValue()));
            }
            return key[0] == 0 ? solanaAddress() : text.reverse().toString();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** Uses a message up, so that it can be replayed. */
    void useChallenge() {
        String message = challenge();
        api.persist(
                        "POST",
                        "/v1/auth/token",
                        null,
                        Api.body(
                                "message",
                                message.replace("\\n", "\n"),
                                "signature",
                                fixed.get("signature")))
                .orThrow();
        fixed.put("used", message);
        fixed.put("used.signature", fixed.get("signature"));
        fixed.remove("message");
    }

    private Listing listing(String symbol) {
        return Listing.of(markets.get(symbol));
    }

    private String price(String symbol, int basisPoints) {
        Price oracle =
                oracles.computeIfAbsent(
                        symbol,
                        of -> Price.parse(api.get("/v1/prices/" + of).path("oracle").asText()));
        return listing(symbol).moved(oracle, Rate.ofBasisPoints(basisPoints)).toString();
    }

    private String size(String symbol, int dollars) {
        return listing(symbol)
                .worth(Usd.ofDollars(dollars), Price.parse(price(symbol, 0)))
                .toString();
    }

    private interface Signer {
        String sign(String signed);
    }

    private static String token(String header, String claims, Signer signer) {
        String signed =
                BASE64.encodeToString(header.getBytes(StandardCharsets.UTF_8))
                        + "."
                        + BASE64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        return signed + "." + signer.sign(signed);
    }

    private String victimsClaims(long seconds) {
        long now = Instant.now().getEpochSecond();
        return String.format(
                Locale.ROOT,
                "{\"iss\":\"perpetua\",\"sub\":\"%s\",\"sid\":\"s\",\"iat\":%d,\"exp\":%d}",
                victim.session().user(),
                now,
                now + seconds);
    }

    private String header() {
        String token = attacker.session().token();
        return new String(
                Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.'))),
                StandardCharsets.UTF_8);
    }

    private String expired() {
        String token = fixed.get("token.first");
        String claims =
                new String(
                        Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]),
                        StandardCharsets.UTF_8);
        Matcher expiry = Pattern.compile("\"exp\":(\\d+)").matcher(claims);
        boolean isOver =
                expiry.find() && Long.parseLong(expiry.group(1)) < Instant.now().getEpochSecond();
        return isOver ? token : "not.expired.yet";
    }

    /** The well-known confusion: the public key taken for a shared secret. */
    private String hmac() {
        String header = header().replace("ES256", "HS256");
        return token(
                header,
                victimsClaims(3600),
                signed -> {
                    try {
                        Mac mac = Mac.getInstance("HmacSHA256");
                        byte[] key =
                                api.get("/v1/jwks.json")
                                        .toString()
                                        .getBytes(StandardCharsets.UTF_8);
                        mac.init(new SecretKeySpec(key, "HmacSHA256"));
                        return BASE64.encodeToString(
                                mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
                    } catch (GeneralSecurityException impossible) {
                        throw new IllegalStateException(impossible);
                    }
                });
    }

    private String otherKey(String header, long seconds) {
        return token(
                header,
                victimsClaims(seconds),
                signed -> {
                    try {
                        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
                        generator.initialize(new ECGenParameterSpec("secp256r1"));
                        KeyPair keys = generator.generateKeyPair();
                        Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format");
                        signer.initSign(keys.getPrivate());
                        signer.update(signed.getBytes(StandardCharsets.US_ASCII));
                        return BASE64.encodeToString(signer.sign());
                    } catch (GeneralSecurityException impossible) {
                        throw new IllegalStateException(impossible);
                    }
                });
    }

    /** The victim's claims under the attacker's own signature. */
    private String forged() {
        String own = attacker.session().token();
        return token(
                header(), victimsClaims(3600), signed -> own.substring(own.lastIndexOf('.') + 1));
    }

    @Override
    public void close() {
        attacker.cancelAll();
        victim.cancelAll();
    }
}
