package io.perpetua.accounts.messaging;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.perpetua.accounts.domain.exchange.ExchangeApi;
import io.perpetua.accounts.domain.exchange.Fund;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What other exchanges answer when they are asked for balances, as each documents it. Amounts are
 * read digit by digit; what is missing or otherwise written makes the whole answer invalid, since
 * half of what somebody has is worse than none.
 */
final class BalanceAnswers {
    /** The most balances of an answer, and of those the most that are not empty. */
    private static final int MOST_ENTRIES = 5_000;

    private static final int MOST_FUNDS = 500;
    private static final int LONGEST_CURSOR = 512;
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,40}(\\.[0-9]{1,40})?");

    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(16)
                                                    .maxStringLength(4_096)
                                                    .maxNameLength(128)
                                                    .maxNumberLength(64)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private BalanceAnswers() {}

    /** The exchange does not take the key, or not for this. */
    static final class KeyRefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The exchange is overloaded, or has been asked too often. */
    static final class PatienceAskedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * The document of an answer.
     *
     * @throws KeyRefusedException where the exchange says so, each in its own way
     * @throws IllegalArgumentException when it is none that is documented
     */
    static JsonNode read(ExchangeApi api, int status, byte[] body) throws IOException {
        if (status == 401 || status == 403) {
            throw new KeyRefusedException();
        }
        if (status == 418 || status == 429 || status >= 500) {
            throw new PatienceAskedException();
        }
        JsonNode answer = JSON.readTree(body);
        if (status == 400 && api == ExchangeApi.BINANCE && refusesKey(answer.path("code"))) {
            throw new KeyRefusedException();
        }
        if (status != 200) {
            throw new IllegalArgumentException("status " + status);
        }
        if (api == ExchangeApi.KRAKEN) {
            requireNoError(array(answer, "error"));
        }
        return answer;
    }

    /** Of Binance: the signature, the form of the key, the key itself. */
    private static boolean refusesKey(JsonNode code) {
        return code.isInt()
                && (code.asInt() == -1022 || code.asInt() == -2014 || code.asInt() == -2015);
    }

    /** Kraken answers 200 also where it refuses. */
    private static void requireNoError(JsonNode errors) {
        for (JsonNode error : errors) {
            switch (error.asText()) {
                case "EAPI:Invalid key",
                        "EAPI:Invalid signature",
                        "EAPI:Invalid nonce",
                        "EGeneral:Permission denied" ->
                        throw new KeyRefusedException();
                case "EAPI:Rate limit exceeded",
                        "EGeneral:Temporary lockout",
                        "EService:Unavailable",
                        "EService:Busy" ->
                        throw new PatienceAskedException();
                default -> throw new IllegalArgumentException("an error");
            }
        }
    }

    /** Where the next page begins; empty when there is none. */
    static String cursor(ExchangeApi api, JsonNode answer) {
        if (api != ExchangeApi.COINBASE_ADVANCED) {
            return "";
        }
        JsonNode more = answer.path("has_next");
        if (!more.isBoolean()) {
            throw new IllegalArgumentException("has_next");
        }
        if (!more.booleanValue()) {
            return "";
        }
        String cursor = text(answer, "cursor");
        if (cursor.isEmpty() || cursor.length() > LONGEST_CURSOR) {
            throw new IllegalArgumentException("cursor");
        }
        return cursor;
    }

    /** The balances of an answer, empty ones left out. */
    static List<Fund> funds(ExchangeApi api, JsonNode answer) {
        List<Fund> funds =
                switch (api) {
                    case BINANCE -> binance(array(answer, "balances"));
                    case COINBASE_ADVANCED -> coinbaseAdvanced(array(answer, "accounts"));
                    case COINBASE_EXCHANGE -> coinbaseExchange(answer);
                    case KRAKEN -> kraken(object(answer, "result"));
                    case KITE_CONNECT -> kiteConnect(answer);
                    case OTHER -> throw new IllegalArgumentException("nobody asked it");
                };
        return funds.stream().filter(fund -> !fund.isEmpty()).toList();
    }

    /** The same with what is of one account and currency added up. */
    static List<Fund> together(List<Fund> funds) {
        Map<List<String>, Fund> sums = new LinkedHashMap<>();
        for (Fund fund : funds) {
            sums.merge(List.of(fund.account(), fund.currency()), fund, Fund::plus);
        }
        if (sums.size() > MOST_FUNDS) {
            throw new IllegalArgumentException("more currencies than anybody would read");
        }
        return List.copyOf(sums.values());
    }

    private static List<Fund> binance(JsonNode balances) {
        List<Fund> funds = new ArrayList<>();
        for (JsonNode one : balances) {
            funds.add(
                    new Fund(
                            "",
                            text(one, "asset"),
                            decimal(one.path("free")),
                            decimal(one.path("locked"))));
        }
        return funds;
    }

    private static List<Fund> coinbaseAdvanced(JsonNode accounts) {
        List<Fund> funds = new ArrayList<>();
        for (JsonNode one : accounts) {
            String currency = text(one, "currency");
            funds.add(
                    new Fund(
                            "",
                            currency,
                            money(object(one, "available_balance"), currency),
                            money(object(one, "hold"), currency)));
        }
        return funds;
    }

    private static BigDecimal money(JsonNode amount, String currency) {
        if (!text(amount, "currency").equals(currency)) {
            throw new IllegalArgumentException("an account of two currencies");
        }
        return decimal(amount.path("value"));
    }

    private static List<Fund> coinbaseExchange(JsonNode accounts) {
        List<Fund> funds = new ArrayList<>();
        for (JsonNode one : bounded(accounts)) {
            funds.add(
                    new Fund(
                            "",
                            text(one, "currency"),
                            decimal(one.path("available")),
                            decimal(one.path("hold"))));
        }
        return funds;
    }

    /** {@code available = balance + credit - credit_used - hold_trade}, as Kraken documents it. */
    private static List<Fund> kraken(JsonNode result) {
        List<Fund> funds = new ArrayList<>();
        result.properties()
                .forEach(
                        entry -> {
                            JsonNode one = entry.getValue();
                            BigDecimal held = decimal(one.path("hold_trade"));
                            funds.add(
                                    new Fund(
                                            "",
                                            entry.getKey(),
                                            decimal(one.path("balance"))
                                                    .add(orZero(one.path("credit")))
                                                    .subtract(orZero(one.path("credit_used")))
                                                    .subtract(held),
                                            held));
                        });
        return funds;
    }

    /** Rupees of each segment: what is left to trade with, and what is in use. */
    private static List<Fund> kiteConnect(JsonNode answer) {
        if (!text(answer, "status").equals("success")) {
            throw new IllegalArgumentException("status");
        }
        List<Fund> funds = new ArrayList<>();
        object(answer, "data")
                .properties()
                .forEach(
                        segment ->
                                funds.add(
                                        new Fund(
                                                segment.getKey(),
                                                "INR",
                                                number(segment.getValue().path("net")),
                                                utilised(segment.getValue()))));
        return funds;
    }

    /** What sold holdings brought in is utilised below zero; it is in {@code net} already. */
    private static BigDecimal utilised(JsonNode segment) {
        return number(segment.path("utilised").path("debits")).max(BigDecimal.ZERO);
    }

    private static JsonNode array(JsonNode node, String name) {
        return bounded(node.path(name));
    }

    private static JsonNode bounded(JsonNode array) {
        if (!array.isArray() || array.size() > MOST_ENTRIES) {
            throw new IllegalArgumentException("no list, or too long a one");
        }
        return array;
    }

    private static JsonNode object(JsonNode node, String name) {
        JsonNode object = node.path(name);
        if (!object.isObject() || object.size() > MOST_ENTRIES) {
            throw new IllegalArgumentException("no object, or too large a one");
        }
        return object;
    }

    private static String text(JsonNode node, String name) {
        JsonNode text = node.path(name);
        if (!text.isTextual()) {
            throw new IllegalArgumentException("no text");
        }
        return text.textValue();
    }

    private static BigDecimal orZero(JsonNode text) {
        return text.isMissingNode() ? BigDecimal.ZERO : decimal(text);
    }

    private static BigDecimal decimal(JsonNode text) {
        if (!text.isTextual() || !DECIMAL.matcher(text.textValue()).matches()) {
            throw new IllegalArgumentException("no decimal");
        }
        return new BigDecimal(text.textValue());
    }

    private static BigDecimal number(JsonNode number) {
        if (!number.isNumber()) {
            throw new IllegalArgumentException("no number");
        }
        return number.decimalValue();
    }
}
