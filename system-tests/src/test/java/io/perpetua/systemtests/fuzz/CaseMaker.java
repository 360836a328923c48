package io.perpetua.systemtests.fuzz;

import io.perpetua.systemtests.fuzz.FuzzCase.Expected;
import io.perpetua.systemtests.fuzz.Operation.Field;
import io.perpetua.systemtests.fuzz.Operation.Parameter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes requests: valid ones, and valid ones in which one thing, or two, went wrong. */
final class CaseMaker {
    /** Whose clients were written for another platform. */
    private static final String TAKES_ANY_QUERY = "/api/";

    private static final List<String> DECIMALS =
            List.of(
                    "9223372036854775807",
                    "9223372036854775808",
                    "-9223372036854775808",
                    "-9223372036854775809",
                    "92233720368.54775807",
                    "92233720368.54775808",
                    "9223372036854.775807",
                    "9223372036854.775808",
                    "2147483648",
                    "-1",
                    "0",
                    "-0",
                    "0.0",
                    "1e-30",
                    "1e30",
                    "1e400",
                    "1E5",
                    "NaN",
                    "Infinity",
                    "-Infinity",
                    "0.000000001",
                    "0.00000001",
                    "00012",
                    "+5",
                    ".5",
                    "5.",
                    "1_000",
                    "1,000",
                    "0x10",
                    "9007199254740993",
                    "9007199254740991",
                    "1099511627776",
                    "999999999999",
                    "0.30000000000000004",
                    "${fill:9:39}",
                    "${fill:9:41}",
                    "${fill:1:500}");

    /** As they stand between quotation marks. */
    private static final List<String> TEXTS =
            List.of(
                    "",
                    " ",
                    "null",
                    "true",
                    "\\u0000",
                    "a\\u0000b",
                    "\\ud800",
                    "\\udc00x",
                    "\\ud83d\\ude00",
                    "\u202e\u05d0\u05d1\u05d2\u200f",
                    "e\u0301\u0301\u0301",
                    "\uff11\uff12",
                    "\u0661\u0662",
                    "\\r\\nSet-Cookie: a=b",
                    "${byte:c328}",
                    "${byte:fffe}",
                    "${byte:00}",
                    "${byte:1b}",
                    "'; drop table orders; --",
                    "1' or '1'='1",
                    "%27%20or%201=1",
                    "../../../../etc/passwd",
                    "{{7*7}}",
                    "%s%s%s%n",
                    "<script>alert(1)</script>",
                    "BTC-PERP\\u0000",
                    "btc-perp",
                    "2026-13-45T99:99:99Z",
                    "+1000000000-12-31T23:59:59.999999999Z",
                    "-1000000000-01-01T00:00:00Z",
                    "1970-01-01T00:00:00Z",
                    "2026-11-20",
                    "P1D",
                    "${fill:a:65}",
                    "${fill:a:129}",
                    "${fill:a:4097}",
                    "${fill:a:16384}",
                    "${fill:a:16385}",
                    "${fill:\u05d0:20000}",
                    "${fill:a:60000}",
                    "${fill:a:1000000}");

    private static final List<String> STRUCTURES =
            List.of(
                    "{}",
                    "[]",
                    "[[]]",
                    "{\"a\":{\"b\":{\"c\":1}}}",
                    "[null]",
                    "true",
                    "false",
                    "${fill:[:17}${fill:]:17}",
                    "${fill:[:20000}",
                    "${nest:1000}",
                    "[1${fill:,1:20000}]",
                    "[\"a\"${fill:,\"a\":10000}]");

    private static final List<String> FOREIGN =
            List.of(
                    "${victim.subaccount}",
                    "${victim.order}",
                    "${victim.user}",
                    "${victim.address}",
                    "${victim.wallet}");

    private static final List<String> FREE_TEXT =
            List.of(
                    "name",
                    "label",
                    "clientOrderId",
                    "clientTransferId",
                    "clientWithdrawalId",
                    "clientKeyId",
                    "exchange",
                    "reference",
                    "message",
                    "user_wallet",
                    "sub_account_pubkey",
                    "sub_account_privkey");

    /**
     * What the attacker's own rows keep: a victim's number put there is no leak when it is read.
     */
    private static final List<String> TOLD_AGAIN =
            Stream.concat(FREE_TEXT.stream(), Stream.of("size", "price", "amount")).toList();

    private static final List<String> TOKENS =
            List.of(
                    "${token.expired}",
                    "${token.none}",
                    "${token.hmac}",
                    "${token.otherkey}",
                    "${token.unknownkey}",
                    "${token.forged}",
                    "${token}x",
                    "x${token}",
                    "a.b.c",
                    "..",
                    "",
                    "${fill:a:3000}",
                    "${victim.user}",
                    "\u05d0\u05d1");

    private static final List<String> TYPES =
            List.of(
                    "text/plain",
                    "application/xml",
                    "application/x-www-form-urlencoded",
                    "multipart/form-data; boundary=x",
                    "application/octet-stream",
                    "application/vnd.api+json");

    private static final List<String> ODD_HEADERS =
            List.of(
                    "Accept: text/html",
                    "Accept: application/json;q=0",
                    "Accept: ;;;",
                    "Accept: ${fill:a:2000}",
                    "Accept-Encoding: gzip, deflate, br, zstd, x",
                    "Content-Encoding: gzip",
                    "X-HTTP-Method-Override: DELETE",
                    "X-Forwarded-For: 127.0.0.1, ${fill:1:500}",
                    "X-Forwarded-Host: evil.example",
                    "X-Original-URL: /q/metrics",
                    "Forwarded: for=\"[::1]\"",
                    "Origin: https://evil.example",
                    "Range: bytes=0-1",
                    "If-None-Match: *",
                    "X-Long: ${fill:a:6000}",
                    "X-Text: \u05d0\u05d1${byte:ff}",
                    "Cookie: a=${fill:b:1000}",
                    "Custodian-Signature: t=${fill:9:30},v1=00",
                    "Custodian-Signature: t=1,v1=${fill:0:64}",
                    "Custodian-Signature: ,,,===");

    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW");

    private final SplittableRandom random;
    private final Names names;

    CaseMaker(SplittableRandom random, Names names) {
        this.random = random;
        this.names = names;
    }

    /** A request in the making: values as they are spelled in JSON, or in the query. */
    private static final class Draft {
        final Operation operation;
        final List<String> about = new ArrayList<>();
        final Map<String, String> path = new LinkedHashMap<>();
        final List<Map.Entry<String, String>> query = new ArrayList<>();
        final Map<String, String> body = new LinkedHashMap<>();
        final List<String> headers = new ArrayList<>();
        String method;
        String token = "Bearer ${token}";
        String type = "application/json";
        String rawBody;
        String rawTarget;
        String suffix = "";
        Expected expected = Expected.ANYTHING;
        boolean direct;

        Draft(Operation operation) {
            this.operation = operation;
            this.method = operation.method();
        }

        FuzzCase done() {
            List<String> all = new ArrayList<>(headers);
            if (token != null && (operation.isSecured() || !token.equals("Bearer ${token}"))) {
                all.add("Authorization: " + token);
            }
            String content = content();
            if (content != null && type != null) {
                all.add("Content-Type: " + type);
            }
            return new FuzzCase(
                    String.join(", and ", about),
                    operation.service(),
                    operation.toString(),
                    direct,
                    about.size() > 1 ? Expected.ANYTHING : expected,
                    method,
                    target(),
                    all,
                    content);
        }

        private String content() {
            if (rawBody != null || !operation.takesBody()) {
                return rawBody;
            }
            return body.entrySet().stream()
                    .map(field -> '"' + field.getKey() + "\":" + field.getValue())
                    .collect(Collectors.joining(",", "{", suffix + "}"));
        }

        private String target() {
            if (rawTarget != null) {
                return rawTarget;
            }
            String target = operation.path();
            for (Map.Entry<String, String> value : path.entrySet()) {
                target = target.replace("{" + value.getKey() + "}", value.getValue());
            }
            String asked =
                    query.stream()
                            .map(value -> value.getKey() + "=" + value.getValue())
                            .collect(Collectors.joining("&"));
            return asked.isEmpty() ? target : target + "?" + asked;
        }
    }

    /** A request that the operation has to carry out. */
    FuzzCase valid(Operation operation) {
        Draft draft = draft(operation);
        draft.expected = Expected.SUCCESS;
        return draft.done();
    }

    /** A request with one thing wrong, or two; now and then with none. */
    FuzzCase next(Operation operation) {
        Draft draft = draft(operation);
        draft.direct = random.nextInt(4) == 0;
        int wrongs = random.nextInt(10);
        for (int i = 0; i < (wrongs < 2 ? 0 : wrongs < 8 ? 1 : 2); i++) {
            spoil(draft);
        }
        return draft.done();
    }

    private Draft draft(Operation operation) {
        Draft draft = new Draft(operation);
        String symbol = symbol(operation);
        for (Parameter parameter : operation.parameters()) {
            boolean isWanted = parameter.field().isRequired() || random.nextInt(3) == 0;
            if (parameter.in().equals("path")) {
                draft.path.put(
                        parameter.name(), value(operation, parameter.name(), parameter, symbol));
            } else if (parameter.in().equals("query")
                    && (isWanted || isNeeded(operation, parameter.name()))) {
                String value = value(operation, parameter.name(), parameter, symbol);
                if (!value.isEmpty()) {
                    draft.query.add(Map.entry(parameter.name(), value));
                }
            }
        }
        for (Map.Entry<String, Field> field : operation.fields().entrySet()) {
            if (field.getValue().isRequired()
                    || isNeeded(operation, field.getKey())
                    || random.nextInt(4) == 0) {
                draft.body.put(
                        field.getKey(),
                        spelled(operation, field.getKey(), field.getValue(), symbol));
            }
        }
        complete(draft, symbol);
        return draft;
    }

    /** What the description can't say: which fields go together. */
    private void complete(Draft draft, String symbol) {
        switch (draft.operation.toString()) {
            case "POST /v1/orders" -> {
                draft.body.put("size", "\"${size:" + symbol + ":" + between(20, 200) + "}\"");
                draft.body.remove("reduceOnly");
                draft.body.remove("timeInForce");
                if (random.nextInt(4) == 0) {
                    draft.body.put("type", "\"MARKET\"");
                    draft.body.remove("price");
                } else {
                    draft.body.put("type", "\"LIMIT\"");
                    boolean buys = draft.body.get("side").contains("BUY");
                    int away = between(5, 150);
                    draft.body.put(
                            "price", "\"${price:" + symbol + ":" + (buys ? -away : away) + "}\"");
                }
            }
            case "DELETE /v1/orders" ->
                    draft.query.removeIf(value -> value.getKey().equals("clientOrderId"));
            case "POST /v1/exchange-keys" ->
                    draft.body.computeIfPresent("scopes", (name, one) -> "[\"READ\",\"TRADE\"]");
            case "POST /v1/exchange-keys/{exchangeKeyId}/signatures" -> {
                draft.body.put("purpose", "\"TRADE\"");
                draft.body.remove("path");
                draft.body.remove("nonce");
            }
            case "POST /v1/agents" -> {
                draft.body.clear();
                draft.body.put("address", "\"${agent.address}\"");
                draft.body.put("label", "\"Robot\"");
                draft.body.put("scopes", "[\"READ\"]");
                draft.body.put("expiresAt", "\"${time:86400}\"");
                draft.body.put(
                        "proof",
                        "{\"issuedAt\":\"${agent.issued}\","
                                + "\"signature\":\"${agent.signature}\"}");
            }
            case "POST /v1/auth/token" -> {
                draft.body.clear();
                draft.body.put("message", "\"${signin.message}\"");
                draft.body.put("signature", "\"${signin.signature}\"");
            }
            case "POST /v1/auth/challenge",
                    "POST /v1/auth/wallets/challenge",
                    "POST /v1/users/me/deletion-challenge" -> {
                if (draft.body.get("address").contains("solana")) {
                    draft.body.remove("chainId");
                }
            }
            case "POST /v1/auth/wallets" -> {
                draft.body.clear();
                draft.body.put("message", "\"${link.message}\"");
                draft.body.put("signature", "\"${link.signature}\"");
            }
            case "POST /v1/candles/imports" -> {
                draft.type = "text/csv";
                draft.rawBody =
                        "timestamp,open,high,low,close,volume\n2022-01-01T00:00:00Z,2,3,1,2,5";
            }
            case "PATCH /v1/users/me" -> {
                draft.body.clear();
                draft.body.put("username", "\"Fuzzer" + random.nextInt(1_000_000_000) + "\"");
            }
            case "DELETE /v1/users/me" -> {
                draft.body.clear();
                draft.body.put("message", "\"${signin.message}\"");
                draft.body.put("signature", "\"${signin.signature}\"");
            }
            case "DELETE /v1/auth/sign-ins/current",
                    "DELETE /v1/auth/sign-ins",
                    "POST /v1/users/me/deactivation" ->
                    draft.token = "Bearer ${token.once}";
            default -> {}
        }
    }

    private static boolean isNeeded(Operation operation, String name) {
        return switch (operation.toString() + " " + name) {
            case "DELETE /v1/orders subaccountId",
                    "POST /v1/orders price",
                    "PATCH /v1/orders/{orderId} price",
                    "PUT /v1/leverage/{market} subaccountId",
                    "PUT /v1/leverage/{market} leverage",
                    "POST /v1/transfers fromSubaccountId",
                    "POST /v1/transfers toSubaccountId",
                    "POST /v1/transfers amount",
                    "POST /v1/transfers clientTransferId",
                    "POST /v1/prices/replay market",
                    "POST /v1/prices/replay bars",
                    "GET /v1/trades market",
                    "GET /v1/candles market",
                    "GET /v1/candles/history market",
                    "POST /v1/candles/imports market",
                    "GET /v1/prices/history market" ->
                    true;
            default -> false;
        };
    }

    /** Bars move prices: they go to one market, in which nobody here trades much. */
    private String symbol(Operation operation) {
        List<String> symbols = names.symbols();
        return operation.path().contains("replay")
                ? symbols.getLast()
                : symbols.get(random.nextInt(symbols.size()));
    }

    private String value(Operation operation, String name, Parameter parameter, String symbol) {
        List<String> words = parameter.field().words();
        if (!words.isEmpty()) {
            return words.get(random.nextInt(words.size()));
        }
        return switch (name) {
            case "market", "symbol" -> symbol;
            case "subaccountId" -> own();
            case "orderId" -> "${order}";
            case "adminId", "approvalId", "reconciliationId", "userId" -> "1";
            case "signInId" -> "${signin.id}";
            case "address" ->
                    operation.path().contains("agents") ? "${agent.spare}" : "${wallet.linked}";
            case "withdrawalId" ->
                    operation.toString().startsWith("DELETE")
                            ? "${withdrawal.cancelled}"
                            : "${withdrawal}";
            case "addressId" -> "${address.spare}";
            case "user_id" -> "${user}";
            case "user_wallet" -> "${wallet}";
            case "subaccount_id" -> "${hypercore}";
            case "active_only" -> random.nextInt(2) == 0 ? "true" : "false";
            case "exchangeKeyId" -> "${exchangeKey}";
            case "limit" -> Integer.toString(between(1, 200));
            case "depth" -> Integer.toString(between(1, 50));
            case "cursor" -> {
                String known = "cursor:" + operation;
                yield names.knows(known) ? "${" + known + "}" : "";
            }
            case "status" -> "OPEN";
            case "clientOrderId" -> "abc";
            case "from" -> "${time:-3600}";
            case "to" -> "${time:3600}";
            default -> "";
        };
    }

    private String own() {
        return random.nextInt(8) == 0 ? "${subaccount.second}" : "${subaccount}";
    }

    private String spelled(Operation operation, String name, Field field, String symbol) {
        List<String> words = field.words();
        if (!words.isEmpty()) {
            return '"' + words.get(random.nextInt(words.size())) + '"';
        }
        return switch (name) {
            case "subaccountId" ->
                    operation.path().contains("orders") ? "\"${subaccount}\"" : '"' + own() + '"';
            case "fromSubaccountId" -> "\"${subaccount}\"";
            case "toSubaccountId" -> "\"${subaccount.second}\"";
            case "market" -> '"' + symbol + '"';
            case "price" ->
                    "\"${price:" + names.symbols().getFirst() + ":-" + between(90, 110) + "}\"";
            case "size" ->
                    "\"${size:" + names.symbols().getFirst() + ":" + between(60, 120) + "}\"";
            case "reduceOnly", "is_active", "active" -> random.nextInt(2) == 0 ? "true" : "false";
            case "clientOrderId",
                    "clientTransferId",
                    "clientWithdrawalId",
                    "clientKeyId",
                    "reference",
                    "name" ->
                    "\"${unique}\"";
            case "label" -> "\"${address.label}\"";
            case "user_id" -> "${user}";
            case "user_wallet" -> "\"${wallet}\"";
            case "validUntil" -> "\"${time:3600}\"";
            case "amount" -> "\"" + between(1, 1000) + "." + between(0, 999_999) + "\"";
            case "address" ->
                    operation.path().contains("/auth/") && random.nextInt(4) == 0
                            ? "\"${wallet.solana}\""
                            : "\"${wallet}\"";
            case "refreshToken" -> "\"${refresh}\"";
            case "asset" ->
                    operation.path().contains("asset-transfers") || random.nextInt(4) == 0
                            ? "\"USDT\""
                            : "\"USDC\"";
            case "chainId" -> "1";
            case "leverage" -> Integer.toString(between(1, 5));
            case "barsPerSecond" -> "\"1\"";
            case "bars" ->
                    ("[{\"timestamp\":\"${time:0}\",\"open\":\"P\",\"high\":\"P\",\"low\":\"P\","
                                    + "\"close\":\"P\",\"volume\":\"1\"}]")
                            .replace("P", "${price:" + symbol + ":0}");
            case "orderIds" -> "[\"1\"]";
            case "orders" ->
                    ("[{\"subaccountId\":\"${subaccount}\",\"market\":\"M\",\"side\":\"BUY\","
                                    + "\"type\":\"LIMIT\",\"price\":\"${price:M:-100}\","
                                    + "\"size\":\"${size:M:100}\",\"clientOrderId\":\"${unique}\"}]")
                            .replace(":M:", ":" + names.symbols().getFirst() + ":")
                            .replace("\"M\"", '"' + names.symbols().getFirst() + '"');
            default -> "\"x\"";
        };
    }

    private int between(int least, int greatest) {
        return random.nextInt(least, greatest + 1);
    }

    private <T> T any(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private String fragment() {
        return switch (random.nextInt(8)) {
            case 0 -> "null";
            case 1, 2 -> any(DECIMALS);
            case 3 -> '"' + any(DECIMALS) + '"';
            case 4, 5 -> '"' + any(TEXTS) + '"';
            case 6 -> any(STRUCTURES);
            default -> '"' + any(FOREIGN) + '"';
        };
    }

    private void spoil(Draft draft) {
        if (draft.operation.takesBody() && random.nextInt(3) > 0) {
            spoilBody(draft);
        } else if (!draft.operation.parameters().isEmpty() && random.nextInt(4) > 0) {
            spoilParameters(draft);
        } else {
            spoilHead(draft);
        }
    }

    /** An address book takes any address, and tells it to the user whose book it is. */
    private static boolean isToldAgain(Operation operation, String field) {
        return TOLD_AGAIN.contains(field)
                || (field.equals("address") && operation.path().endsWith("withdrawal-addresses"));
    }

    private void spoilBody(Draft draft) {
        List<String> present = new ArrayList<>(draft.body.keySet());
        List<String> possible = new ArrayList<>(draft.operation.fields().keySet());
        String field = any(possible);
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3, 4, 5 -> {
                String fragment = fragment();
                if (fragment.contains("victim") && isToldAgain(draft.operation, field)) {
                    fragment = "null";
                }
                draft.body.put(field, fragment);
                draft.about.add("'" + field + "' is " + fragment);
            }
            case 6 -> {
                String gone = any(present.isEmpty() ? possible : present);
                draft.body.remove(gone);
                draft.about.add("'" + gone + "' is missing");
            }
            case 7 -> {
                draft.body.put("surprise", fragment());
                draft.about.add("there is a field too many");
                draft.expected = Expected.REFUSAL;
            }
            case 8 -> {
                String twice = any(present.isEmpty() ? possible : present);
                draft.suffix = ",\"" + twice + "\":" + draft.body.getOrDefault(twice, "\"x\"");
                draft.about.add("'" + twice + "' stands twice");
                draft.expected = present.isEmpty() ? Expected.ANYTHING : Expected.REFUSAL;
            }
            case 9 -> {
                String whole = draft.content();
                draft.rawBody =
                        random.nextInt(2) == 0
                                ? whole.substring(
                                        0,
                                        Math.min(whole.length(), Math.max(1, whole.indexOf(':'))))
                                : whole + any(List.of("}", "x", "{}", ",", "\u0000"));
                draft.about.add("the body is broken");
                draft.expected = Expected.REFUSAL;
            }
            case 10 -> {
                draft.rawBody =
                        any(
                                List.of(
                                        "",
                                        "null",
                                        "7",
                                        "\"x\"",
                                        "[]",
                                        "[${fill:0,:1000}0]",
                                        "${fill:[:50000}",
                                        "${fill: :70000}{}",
                                        "${fill: :1000000}",
                                        "${byte:efbbbf}{}",
                                        "${byte:fffe7b007d00}",
                                        "${byte:1f8b0800}",
                                        "a=b&c=d",
                                        "<a/>"));
                draft.about.add("the body is " + draft.rawBody);
                draft.expected = Expected.REFUSAL;
            }
            default -> replay(draft);
        }
    }

    /** What was right once, and is not any more. */
    private void replay(Draft draft) {
        switch (draft.operation.toString()) {
            case "POST /v1/auth/token" -> {
                if (random.nextInt(2) == 0) {
                    names.useChallenge();
                    draft.body.put("message", "\"${used.message}\"");
                    draft.body.put("signature", "\"${used.signature}\"");
                    draft.about.add("the nonce was used");
                } else {
                    draft.body.put("signature", "\"${signin.other}\"");
                    draft.about.add("another wallet signed");
                }
                draft.expected = Expected.UNAUTHENTICATED;
            }
            case "POST /v1/auth/refresh" -> {
                draft.body.put("refreshToken", "\"${refresh.used}\"");
                draft.about.add("the refresh token was used");
                draft.expected = Expected.UNAUTHENTICATED;
            }
            case "POST /v1/auth/wallets" -> {
                draft.body.put("signature", "\"${link.other}\"");
                draft.about.add("another wallet signed");
                draft.expected = Expected.UNAUTHENTICATED;
            }
            case "POST /v1/orders" -> {
                draft.body.put("clientOrderId", "\"again\"");
                draft.about.add("the client order id was used");
            }
            default -> {
                draft.body.put("reference", "\"again\"");
                draft.about.add("'reference' is used again");
            }
        }
    }

    private void spoilParameters(Draft draft) {
        Parameter parameter = any(draft.operation.parameters());
        String name = parameter.name();
        if (parameter.in().equals("path")) {
            String value = encoded(any(List.of(DECIMALS, TEXTS, FOREIGN)));
            draft.path.put(name, value);
            draft.about.add("'" + name + "' is " + value);
            return;
        }
        switch (random.nextInt(7)) {
            case 0, 1, 2 -> {
                String value =
                        FREE_TEXT.contains(name)
                                ? encoded(TEXTS)
                                : encoded(any(List.of(DECIMALS, TEXTS, FOREIGN)));
                draft.query.removeIf(given -> given.getKey().equals(name));
                draft.query.add(Map.entry(name, value));
                draft.about.add("'" + name + "' is " + value);
            }
            case 3 -> {
                draft.query.add(Map.entry(name, encoded(DECIMALS)));
                draft.query.add(Map.entry(name, encoded(TEXTS)));
                draft.about.add("'" + name + "' is repeated");
            }
            case 4 -> {
                draft.query.removeIf(given -> given.getKey().equals(name));
                draft.about.add("'" + name + "' is missing");
            }
            case 5 -> {
                draft.query.add(Map.entry("surprise", "1"));
                draft.about.add("there is a query parameter too many");
                draft.expected =
                        draft.operation.path().startsWith(TAKES_ANY_QUERY)
                                ? Expected.ANYTHING
                                : Expected.REFUSAL;
            }
            default -> {
                draft.query.add(
                        Map.entry(
                                any(List.of("surprise", "", "limit[]", "%00", "a%5B%5D")),
                                any(List.of("%zz", "%", "%ff", "%c3%28", "&&&", "1#x"))));
                draft.about.add("the query is odd");
            }
        }
    }

    /** In percents, except for what {@link Names} replaces. */
    private String encoded(List<String> values) {
        String value = any(values);
        if (value.startsWith("${byte:")) {
            return value.replaceAll("\\$\\{byte:([0-9a-f]{2})([0-9a-f]{2})?}", "%$1");
        }
        if (value.startsWith("${fill:") && value.contains("000000")) {
            return "${fill:a:3000}";
        }
        if (value.startsWith("${")) {
            return value.contains("\u05d0") ? "%D7%90" : value;
        }
        String plain = value.replace("\\u0000", "\u0000").replace("\\r\\n", "\r\n");
        return URLEncoder.encode(plain, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private void spoilHead(Draft draft) {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> {
                String token = any(TOKENS);
                draft.token = any(List.of("Bearer ", "bearer ", "Bearer  ")) + token;
                draft.about.add("the token is '" + token + "'");
                draft.expected =
                        draft.operation.isSecured() ? Expected.UNAUTHENTICATED : Expected.ANYTHING;
            }
            case 3 -> {
                draft.token = any(List.of("", "Basic YTpi", "${token}", "Bearer", "null"));
                draft.about.add("the scheme is '" + draft.token + "'");
                draft.expected =
                        draft.operation.isSecured() ? Expected.UNAUTHENTICATED : Expected.ANYTHING;
            }
            case 4 -> {
                draft.headers.add("Authorization: Bearer ${token.forged}");
                draft.about.add("there are two tokens");
            }
            case 5 -> {
                draft.method = any(METHODS);
                if (!draft.method.equals(draft.operation.method())) {
                    draft.about.add("the method is " + draft.method);
                }
            }
            case 6 -> {
                if (draft.operation.takesBody()) {
                    draft.type = any(TYPES);
                    draft.about.add("the body's type is " + draft.type);
                    draft.expected = Expected.REFUSAL;
                } else {
                    draft.rawBody = any(List.of("{}", "x", "${fill:a:70000}"));
                    draft.about.add("there is a body");
                }
            }
            case 7 -> {
                draft.rawTarget =
                        any(
                                List.of(
                                        draft.operation.path() + "/",
                                        draft.operation.path() + "/x/y",
                                        draft.operation.path().replace("/v1", "/v2"),
                                        draft.operation.path() + ";a=b",
                                        draft.operation.path() + "%00",
                                        draft.operation.path() + "/%2e%2e/%2e%2e/q/metrics",
                                        draft.operation.path() + "?${fill:a:3000}",
                                        draft.operation.path().replace("/", "//"),
                                        "/v1/../q/metrics",
                                        "/v1/orders/..%2f..%2fq",
                                        "/V1" + draft.operation.path().substring(3)));
                // What a service shows past the front door is out of users' reach.
                draft.direct = false;
                draft.about.add("the path is " + draft.rawTarget);
            }
            default -> {
                String header = any(ODD_HEADERS);
                draft.headers.add(header);
                draft.about.add("there is " + header);
            }
        }
    }
}
