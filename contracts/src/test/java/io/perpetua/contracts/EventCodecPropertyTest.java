package io.perpetua.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.contracts.accounts.Agent;
import io.perpetua.contracts.accounts.AgentAction;
import io.perpetua.contracts.accounts.AgentFilter;
import io.perpetua.contracts.accounts.AgentScope;
import io.perpetua.contracts.marketdata.ExampleMarket;
import io.perpetua.contracts.marketdata.FundingWanted;
import io.perpetua.contracts.marketdata.MarginTier;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketChangeWanted;
import io.perpetua.contracts.marketdata.VersionWanted;
import io.perpetua.contracts.value.AdjustmentId;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.contracts.value.WithdrawalId;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventCodecPropertyTest {
    private static final long SEED = 8_151_321;

    static List<Topic> topics() {
        return Topics.all();
    }

    @ParameterizedTest
    @MethodSource("topics")
    void shouldReadBackEveryRecordWhenItWasWritten(Topic topic) throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        for (Class<?> member : members(topic.records())) {
            for (int i = 0; i < 200; i++) {
                roundTrip(topic.records(), make(member, random));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("topics")
    void shouldWriteAndReadAsJacksonDoesWhenTheFormIsPlain(Topic topic) throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        for (Class<?> member : members(topic.records())) {
            for (int i = 0; i < 40; i++) {
                compareWithJackson(topic.records(), make(member, random), random);
            }
        }
    }

    private static <T> void compareWithJackson(
            Class<T> family, Object value, SplittableRandom random) {
        T event = family.cast(value);
        byte[] bytes = EventCodec.encodeByJackson(family, event);
        String text = new String(bytes, StandardCharsets.UTF_8);
        assertThat(new String(EventCodec.encode(family, event), StandardCharsets.UTF_8))
                .isEqualTo(text);
        for (int i = 0; i < 10; i++) {
            byte[] damaged = damaged(bytes, random);
            assertThat(outcome(() -> EventCodec.decode(family, damaged)))
                    .as(new String(damaged, StandardCharsets.UTF_8))
                    .isEqualTo(outcome(() -> EventCodec.decodeByJackson(family, damaged)));
        }
    }

    /** The same with a few bytes changed, gone or doubled. */
    private static byte[] damaged(byte[] bytes, SplittableRandom random) {
        byte[] alphabet = "0123456789.-+eE:,\"{}[]\\ aPtx".getBytes(StandardCharsets.US_ASCII);
        int from = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, from + random.nextInt(3));
        byte[] put = new byte[random.nextInt(3)];
        for (int i = 0; i < put.length; i++) {
            put[i] = alphabet[random.nextInt(alphabet.length)];
        }
        byte[] damaged = new byte[from + put.length + bytes.length - to];
        System.arraycopy(bytes, 0, damaged, 0, from);
        System.arraycopy(put, 0, damaged, from, put.length);
        System.arraycopy(bytes, to, damaged, from + put.length, bytes.length - to);
        return damaged;
    }

    private static Object outcome(Supplier<Object> reading) {
        try {
            return reading.get();
        } catch (UnreadableEventException unreadable) {
            return UnreadableEventException.class;
        }
    }

    @ParameterizedTest
    @MethodSource("topics")
    void shouldNeedNoJacksonWhenTextIsPlain(Topic topic) throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        PlainCodec codec = PlainCodec.of(topic.records());
        PlainWriter out = new PlainWriter();
        for (Class<?> member : members(topic.records())) {
            Object event = make(member, random, true);
            out.clear();
            codec.write(event, out);
            assertThat(codec.readAll(out.toBytes())).isEqualTo(event);
        }
    }

    @Test
    void shouldSkipWhatItDoesNotKnowWhenAWriterIsNewer() {
        byte[] newer =
                "{\"market\":\"1\",\"sequence\":7,\"mark\":\"10.5\",\"oracle\":\"10\",\"atMillis\":3,\"more\":{}}"
                        .getBytes(StandardCharsets.UTF_8);
        assertThat(EventCodec.decode(io.perpetua.contracts.marketdata.MarkPrice.class, newer))
                .isEqualTo(
                        new io.perpetua.contracts.marketdata.MarkPrice(
                                new MarketId(1), 7, Price.parse("10.5"), Price.parse("10"), 3));
    }

    @Test
    void shouldRefuseWhenBytesHoldNoSuchRecord() {
        for (String text :
                List.of(
                        "",
                        "null",
                        "[]",
                        "{",
                        "{\"type\":\"Unknown\"}",
                        "{\"type\":\"PlaceOrder\"} x")) {
            assertThatThrownBy(
                            () ->
                                    EventCodec.decode(
                                            io.perpetua.contracts.orders.OrderCommand.class,
                                            text.getBytes(StandardCharsets.UTF_8)))
                    .as(text)
                    .isInstanceOf(UnreadableEventException.class);
        }
    }

    private static List<Class<?>> members(Class<?> family) {
        return family.isSealed() ? Arrays.asList(family.getPermittedSubclasses()) : List.of(family);
    }

    private static <T> void roundTrip(Class<T> family, Object value) {
        T event = family.cast(value);
        byte[] bytes = EventCodec.encode(family, event);
        assertThat(EventCodec.decode(family, bytes))
                .as("seed " + SEED + ": " + new String(bytes, StandardCharsets.UTF_8))
                .isEqualTo(event);
    }

    private static Object make(Class<?> type, SplittableRandom random)
            throws ReflectiveOperationException {
        return make(type, random, false);
    }

    private static Object make(Class<?> type, SplittableRandom random, boolean isPlain)
            throws ReflectiveOperationException {
        if (type == Market.class) {
            return market(random);
        }
        if (type == Agent.class) {
            return agent(random, isPlain);
        }
        if (type == MarketChangeWanted.class) {
            return random.nextBoolean()
                    ? MarketChangeWanted.of(
                            (VersionWanted) make(VersionWanted.class, random, isPlain))
                    : MarketChangeWanted.of(
                            (FundingWanted) make(FundingWanted.class, random, isPlain));
        }
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            boolean nullable = components[i].getAnnotatedType().isAnnotationPresent(Nullable.class);
            values[i] =
                    nullable && random.nextBoolean()
                            ? null
                            : types[i] == List.class
                                    ? items(components[i].getGenericType(), random, isPlain)
                                    : any(types[i], random, isPlain);
        }
        var constructor = type.getDeclaredConstructor(types);
        return constructor.newInstance(values);
    }

    private static Object any(Class<?> type, SplittableRandom random, boolean isPlain)
            throws ReflectiveOperationException {
        long positive = random.nextLong(1, 1L << random.nextInt(1, 53));
        if (type == long.class || type == Long.class) {
            return random.nextLong() >> (isPlain ? 10 : random.nextInt(64));
        } else if (type == int.class) {
            return random.nextInt();
        } else if (type == boolean.class) {
            return random.nextBoolean();
        } else if (type == String.class) {
            return isPlain
                    ? "text" + positive
                    : random.nextBoolean()
                            ? "x-" + positive
                            : "text \"" + (char) random.nextInt(32, 0x3000) + positive;
        } else if (type.isEnum()) {
            return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
        } else if (type == Usd.class) {
            return new Usd(random.nextLong() >> (isPlain ? 20 : random.nextInt(64)));
        } else if (type == Quantity.class) {
            return new Quantity(random.nextLong() >> (isPlain ? 20 : random.nextInt(64)));
        } else if (type == Rate.class) {
            return new Rate(random.nextLong() >> (isPlain ? 20 : random.nextInt(64)));
        } else if (type == Price.class) {
            return new Price(positive);
        } else if (type == UserId.class) {
            return new UserId(positive);
        } else if (type == SubaccountId.class) {
            return new SubaccountId(positive);
        } else if (type == OrderId.class) {
            return new OrderId(positive);
        } else if (type == TradeId.class) {
            return new TradeId(positive);
        } else if (type == AdjustmentId.class) {
            return new AdjustmentId(positive);
        } else if (type == WithdrawalId.class) {
            return new WithdrawalId(positive);
        } else if (type == MarketId.class) {
            return new MarketId(random.nextInt(1, 1 << 20));
        } else if (type == Reply.class) {
            return new Reply(random.nextInt(32), positive);
        } else if (type.isSealed()) {
            Class<?>[] members = type.getPermittedSubclasses();
            return make(members[random.nextInt(members.length)], random, isPlain);
        } else {
            return make(type, random, isPlain);
        }
    }

    private static List<Object> items(Type list, SplittableRandom random, boolean isPlain)
            throws ReflectiveOperationException {
        Class<?> item = (Class<?>) ((ParameterizedType) list).getActualTypeArguments()[0];
        List<Object> items = new ArrayList<>();
        for (int count = random.nextInt(4); count > 0; count--) {
            items.add(any(item, random, isPlain));
        }
        return items;
    }

    private static Agent agent(SplittableRandom random, boolean isPlain) {
        AgentFilter markets = AgentFilter.markets(new MarketId(random.nextInt(1, 1000)));
        AgentFilter subaccounts = AgentFilter.subaccounts(new SubaccountId(random.nextInt(1, 99)));
        AgentFilter filter =
                random.nextBoolean()
                        ? AgentFilter.allOf(subaccounts, AgentFilter.anyOf(markets))
                        : AgentFilter.actions(AgentAction.READ, AgentAction.CANCEL_ORDER);
        return new Agent(
                new UserId(random.nextInt(1, 1000)),
                "0x" + Long.toHexString(random.nextLong()),
                random.nextBoolean(),
                random.nextBoolean() ? List.of() : List.of(AgentScope.TRADE),
                isPlain || random.nextBoolean() ? null : filter,
                random.nextBoolean() ? List.of() : List.of("192.0.2.0/24", "2001:db8::/32"),
                random.nextLong(1L << 50));
    }

    private static Market market(SplittableRandom random) {
        return ExampleMarket.of(
                new MarketId(random.nextInt(1, 1000)),
                random.nextLong(1, 100),
                List.of(new MarginTier(Usd.ZERO, Rate.parse("0.05"), Rate.parse("0.03"))));
    }
}
