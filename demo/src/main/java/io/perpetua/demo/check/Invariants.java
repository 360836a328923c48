package io.perpetua.demo.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.perpetua.demo.client.Account;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.Session;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What must hold over all services once they have taken all events: the ledger sums to zero, long =
 * short, risk's collateral is the ledger's, trades agree, no acknowledged order is missing. Reads
 * the public API only. While events are under way some of it can't hold yet, so {@link #await} asks
 * again until it does.
 */
public final class Invariants {
    private static final long PAUSE_MILLIS = 1_000;
    private static final String ASSET = "USDC";

    private final Api api;
    private final Session reader;
    private final List<Account> accounts;
    private final Set<Account> complete = new HashSet<>();

    /** Of the whole platform, and in detail of {@code accounts}; {@code reader} reads the sums. */
    public Invariants(Api api, Session reader, List<Account> accounts) {
        this.api = api;
        this.reader = reader;
        this.accounts = List.copyOf(accounts);
    }

    /** The first verdict that holds, or the last one within the time. */
    public Verdict await(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        Verdict verdict = read();
        while (!verdict.holds() && System.nanoTime() < deadline) {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return verdict;
            }
            verdict = read();
        }
        return verdict;
    }

    /** The verdict of this moment. */
    public Verdict read() {
        Map<String, JsonNode> orders = byMarket(api.get("/v1/open-interest").path("items"));
        JsonNode totals = reader.get("/v1/accounts/totals");
        Map<String, JsonNode> risk = byMarket(totals.path("markets"));
        Map<String, JsonNode> marketData = new TreeMap<>();
        Map<String, String> ids = new TreeMap<>();
        for (JsonNode statistics : api.get("/v1/statistics").path("items")) {
            marketData.put(statistics.path("symbol").asText(), statistics);
            ids.put(statistics.path("symbol").asText(), statistics.path("market").asText());
        }
        JsonNode ledger = reader.get("/v1/ledger/trial-balance");
        Map<String, BigDecimal> house = houseAccounts(ledger);

        List<Check> checks = new ArrayList<>();
        checks.add(ledgerSumsToZero(ledger));
        checks.add(longEqualsShort(orders, risk));
        checks.add(costEqualsRealised(orders, risk));
        checks.add(clearingMirrorsCost(risk, ids, house));
        checks.add(feesAgree(risk, house));
        checks.add(collateralIsTheLedgers(totals, house));
        checks.add(tradesAgree(orders, risk, marketData));
        checks.add(booksAreNotCrossed(ids.keySet()));
        checks.add(accountsAgree());
        checks.add(ordersAreComplete());
        return new Verdict(checks);
    }

    private static Map<String, JsonNode> byMarket(JsonNode items) {
        Map<String, JsonNode> found = new TreeMap<>();
        items.forEach(item -> found.put(item.path("market").asText(), item));
        return found;
    }

    private static Map<String, BigDecimal> houseAccounts(JsonNode ledger) {
        Map<String, BigDecimal> found = new HashMap<>();
        for (JsonNode asset : ledger.path("assets")) {
            if (asset.path("asset").asText().equals(ASSET)) {
                asset.path("accounts")
                        .forEach(
                                account ->
                                        found.put(
                                                account.path("account").asText(),
                                                decimal(account, "balance")));
            }
        }
        return found;
    }

    private static Check ledgerSumsToZero(JsonNode ledger) {
        boolean zero = ledger.path("balanced").asBoolean() && !ledger.path("assets").isEmpty();
        StringBuilder figures = new StringBuilder();
        for (JsonNode asset : ledger.path("assets")) {
            zero &= decimal(asset, "total").signum() == 0;
            figures.append(asset.path("asset").asText())
                    .append(' ')
                    .append(asset.path("total").asText())
                    .append(' ');
        }
        return new Check("the ledger sums to zero per asset", zero, figures.toString().strip());
    }

    private static Check longEqualsShort(Map<String, JsonNode> orders, Map<String, JsonNode> risk) {
        boolean equal = !orders.isEmpty();
        StringBuilder figures = new StringBuilder();
        for (Map.Entry<String, JsonNode> market : orders.entrySet()) {
            BigDecimal longs = decimal(market.getValue(), "longs");
            JsonNode held = node(risk, market.getKey());
            equal &=
                    same(longs, decimal(market.getValue(), "shorts"))
                            && same(longs, decimal(held, "longSize"))
                            && same(longs, decimal(held, "shortSize"));
            figures.append(market.getKey()).append(' ').append(plain(longs)).append(' ');
        }
        return new Check(
                "long = short in every market, in orders and in risk",
                equal,
                figures.toString().strip());
    }

    private static Check costEqualsRealised(
            Map<String, JsonNode> orders, Map<String, JsonNode> risk) {
        boolean equal = true;
        BigDecimal sum = BigDecimal.ZERO;
        for (Map.Entry<String, JsonNode> market : orders.entrySet()) {
            BigDecimal cost = decimal(market.getValue(), "cost");
            JsonNode held = node(risk, market.getKey());
            equal &=
                    same(cost, decimal(market.getValue(), "realised"))
                            && same(cost, decimal(held, "cost"))
                            && same(cost, decimal(held, "realisedPnl"));
            sum = sum.add(cost);
        }
        return new Check(
                "positions' cost = realised profit in every market, in orders and in risk",
                equal,
                plain(sum) + " USD");
    }

    private static Check clearingMirrorsCost(
            Map<String, JsonNode> risk, Map<String, String> ids, Map<String, BigDecimal> house) {
        boolean mirrored = true;
        BigDecimal sum = BigDecimal.ZERO;
        for (Map.Entry<String, String> market : ids.entrySet()) {
            BigDecimal clearing =
                    house.getOrDefault("clearing:" + market.getValue(), BigDecimal.ZERO);
            BigDecimal cost = decimal(node(risk, market.getKey()), "cost");
            mirrored &= clearing.add(cost).signum() == 0;
            sum = sum.add(clearing);
        }
        return new Check(
                "the ledger's clearing account + positions' cost = 0 in every market",
                mirrored,
                plain(sum) + " USD in clearing");
    }

    private static Check feesAgree(Map<String, JsonNode> risk, Map<String, BigDecimal> house) {
        BigDecimal owed = BigDecimal.ZERO;
        for (JsonNode market : risk.values()) {
            owed = owed.add(decimal(market, "fees"));
        }
        BigDecimal booked = house.getOrDefault("fees", BigDecimal.ZERO);
        return new Check(
                "the ledger's fees are the fills' fees",
                same(owed, booked),
                plain(booked) + " and " + plain(owed) + " USD");
    }

    private static Check collateralIsTheLedgers(JsonNode totals, Map<String, BigDecimal> house) {
        BigDecimal collateral = decimal(totals, "collateral");
        BigDecimal customers = house.getOrDefault("customers", BigDecimal.ZERO);
        return new Check(
                "risk's collateral is what the ledger owes all customers",
                same(collateral, customers),
                plain(collateral) + " and " + plain(customers) + " USD");
    }

    private static Check tradesAgree(
            Map<String, JsonNode> orders,
            Map<String, JsonNode> risk,
            Map<String, JsonNode> marketData) {
        boolean agree = true;
        long ofOrders = 0;
        long ofMarketData = 0;
        long ofRisk = 0;
        for (Map.Entry<String, JsonNode> market : orders.entrySet()) {
            JsonNode traded = market.getValue();
            JsonNode published = node(marketData, market.getKey());
            JsonNode held = node(risk, market.getKey());
            long trades = traded.path("trades").asLong();
            BigDecimal volume = decimal(traded, "volume");
            agree &=
                    trades == published.path("totalTrades").asLong()
                            && 2 * trades == held.path("fills").asLong()
                            && same(volume, decimal(published, "totalVolume"))
                            && same(volume.add(volume), decimal(held, "volume"))
                            && same(
                                    decimal(traded, "turnover"),
                                    decimal(published, "totalVolumeUsd"));
            ofOrders += trades;
            ofMarketData += published.path("totalTrades").asLong();
            ofRisk += held.path("fills").asLong();
        }
        return new Check(
                "orders, risk and market-data count the same trades and volume",
                agree,
                ofOrders + ", " + ofRisk + " sides, " + ofMarketData);
    }

    private Check booksAreNotCrossed(Set<String> markets) {
        boolean uncrossed = true;
        for (String market : markets) {
            JsonNode book = api.get("/v1/books/" + market + "?depth=1");
            if (!book.path("bids").isEmpty() && !book.path("asks").isEmpty()) {
                uncrossed &=
                        decimal(book.path("bids").get(0), "price")
                                        .compareTo(decimal(book.path("asks").get(0), "price"))
                                < 0;
            }
        }
        return new Check("no book is crossed", uncrossed, markets.size() + " books");
    }

    private Check accountsAgree() {
        int agreeing = 0;
        String first = "";
        for (Account account : accounts) {
            String difference = difference(account);
            if (difference.isEmpty()) {
                agreeing++;
            } else if (first.isEmpty()) {
                first = "; " + account.name() + ": " + difference;
            }
        }
        return new Check(
                "each account's collateral is its balance in the ledger, at equal sequences",
                agreeing == accounts.size(),
                agreeing + " of " + accounts.size() + " accounts" + first);
    }

    /** What keeps the account's two services apart; empty when nothing does. */
    private static String difference(Account account) {
        Session session = account.session();
        JsonNode margin = session.get("/v1/accounts/" + session.subaccount());
        JsonNode balance =
                session.get("/v1/balances?subaccountId=" + session.subaccount())
                        .path("items")
                        .path(0);
        boolean equalSequences =
                margin.path("settlementSequence").asLong()
                                == balance.path("settlementSequence").asLong()
                        && margin.path("creditSequence").asLong()
                                == balance.path("creditSequence").asLong();
        if (!equalSequences) {
            return "still settling";
        }
        BigDecimal collateral = decimal(margin, "collateral");
        if (!same(collateral, decimal(balance, "balance"))) {
            return plain(collateral) + " and " + balance.path("balance").asText() + " USD";
        }
        return margin.path("positions").asInt() == 0 && collateral.signum() < 0
                ? "negative without a position"
                : "";
    }

    private Check ordersAreComplete() {
        long orders = 0;
        String first = "";
        for (Account account : accounts) {
            Set<String> acknowledged = account.acknowledged();
            orders += acknowledged.size();
            String missing = complete.contains(account) ? "" : missing(account, acknowledged);
            if (missing.isEmpty()) {
                complete.add(account);
            } else if (first.isEmpty()) {
                first = "; " + account.name() + ": " + missing;
            }
        }
        return new Check(
                "no acknowledged order is missing, and fills add up to what orders say",
                first.isEmpty(),
                orders + " orders" + first);
    }

    private static String missing(Account account, Set<String> acknowledged) {
        Map<String, BigDecimal> filled = new HashMap<>();
        for (JsonNode fill : account.session().list("/v1/fills")) {
            filled.merge(fill.path("orderId").asText(), decimal(fill, "size"), BigDecimal::add);
        }
        Set<String> missing = new HashSet<>(acknowledged);
        for (JsonNode order : account.session().list("/v1/orders")) {
            String id = order.path("orderId").asText();
            missing.remove(id);
            BigDecimal fills = filled.getOrDefault(id, BigDecimal.ZERO);
            BigDecimal total = decimal(order, "filled").add(decimal(order, "remaining"));
            if (!same(fills, decimal(order, "filled"))
                    || total.compareTo(decimal(order, "size")) > 0) {
                return "order "
                        + id
                        + " says filled "
                        + order.path("filled").asText()
                        + ", its fills "
                        + plain(fills);
            }
        }
        missing.removeIf(id -> leadsToAnOrder(account, id));
        return missing.isEmpty() ? "" : missing.size() + " missing, " + missing.iterator().next();
    }

    /** A placement that was repeated has an id of its own, by which the first one is found. */
    private static boolean leadsToAnOrder(Account account, String id) {
        Answer answer = account.session().persist("GET", "/v1/orders/" + id, null);
        return answer.isOk() && !answer.body().path("status").asText().equals("PENDING");
    }

    private static JsonNode node(Map<String, JsonNode> items, String key) {
        JsonNode item = items.get(key);
        return item == null ? MissingNode.getInstance() : item;
    }

    private static BigDecimal decimal(JsonNode item, String field) {
        return new BigDecimal(item.path(field).asText("0"));
    }

    private static boolean same(BigDecimal a, BigDecimal b) {
        return a.compareTo(b) == 0;
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
