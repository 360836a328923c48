package io.perpetua.contracts;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
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
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads values of one declared type, in the form that {@link EventCodec} gives them and
 * no other: properties in the order of the record's components, no blanks, no escapes, no property
 * unknown. Whatever is otherwise is a {@link NotPlainException}, and Jackson's to write, read or
 * refuse. It uses reflection and no generated code, so it serves a native image as well.
 */
abstract sealed class PlainCodec {
    private static final Map<Class<?>, PlainCodec> SCALARS =
            Map.ofEntries(
                    Map.entry(long.class, new Whole(Long.MIN_VALUE, Long.MAX_VALUE)),
                    Map.entry(Long.class, new Whole(Long.MIN_VALUE, Long.MAX_VALUE)),
                    Map.entry(int.class, new Whole(Integer.MIN_VALUE, Integer.MAX_VALUE)),
                    Map.entry(boolean.class, new Truth()),
                    Map.entry(String.class, new Text()),
                    Map.entry(Reply.class, new Address()),
                    decimal(Usd.class, Usd.SCALE, Usd::micros, Usd::new),
                    decimal(Price.class, Price.SCALE, Price::units, Price::new),
                    decimal(Quantity.class, Quantity.SCALE, Quantity::units, Quantity::new),
                    decimal(Rate.class, Rate.SCALE, Rate::nanos, Rate::new),
                    decimal(UserId.class, 0, UserId::value, UserId::new),
                    decimal(SubaccountId.class, 0, SubaccountId::value, SubaccountId::new),
                    decimal(OrderId.class, 0, OrderId::value, OrderId::new),
                    decimal(TradeId.class, 0, TradeId::value, TradeId::new),
                    decimal(AdjustmentId.class, 0, AdjustmentId::value, AdjustmentId::new),
                    decimal(WithdrawalId.class, 0, WithdrawalId::value, WithdrawalId::new),
                    decimal(
                            MarketId.class,
                            0,
                            MarketId::value,
                            value -> new MarketId(Math.toIntExact(value))));

    /** The codec of a family of records, or of one. */
    static PlainCodec of(Class<?> family) {
        return declared(family, family);
    }

    static PlainCodec declared(Class<?> type, Type generic) {
        PlainCodec scalar = SCALARS.get(type);
        if (scalar != null) {
            return scalar;
        } else if (type.isEnum()) {
            return new Word(type);
        } else if (type.isSealed()) {
            return new Family(type);
        } else if (type.isRecord()) {
            return isTree(type) ? new Unknown() : new Structure(type);
        } else if (type == List.class && generic instanceof ParameterizedType list) {
            return new Items(PlainCodec.of((Class<?>) list.getActualTypeArguments()[0]));
        }
        return new Unknown();
    }

    /** Whether a record has lists of its own kind, which would never be done being looked at. */
    private static boolean isTree(Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getGenericType() instanceof ParameterizedType list
                    && list.getActualTypeArguments()[0] == type) {
                return true;
            }
        }
        return false;
    }

    private static <T> Map.Entry<Class<?>, PlainCodec> decimal(
            Class<T> type, int scale, ToLongFunction<T> units, LongFunction<T> value) {
        return Map.entry(type, new Decimal<>(type, scale, units, value));
    }

    /** The one value that the bytes hold, and nothing after it. */
    final Object readAll(byte[] bytes) {
        PlainReader in = new PlainReader(bytes);
        Object value;
        try {
            value = read(in);
        } catch (IllegalArgumentException | ArithmeticException refused) {
            throw new NotPlainException();
        }
        if (!in.isAtEnd()) {
            throw new NotPlainException();
        }
        return value;
    }

    abstract void write(Object value, PlainWriter out);

    abstract Object read(PlainReader in);

    /** A type of which nothing is known here: the events that hold it are all Jackson's. */
    private static final class Unknown extends PlainCodec {
        @Override
        void write(Object value, PlainWriter out) {
            throw new NotPlainException();
        }

        @Override
        Object read(PlainReader in) {
            throw new NotPlainException();
        }
    }

    private static final class Whole extends PlainCodec {
        private final long least;
        private final long most;

        Whole(long least, long most) {
            this.least = least;
            this.most = most;
        }

        @Override
        void write(Object value, PlainWriter out) {
            out.number(((Number) value).longValue());
        }

        @Override
        Object read(PlainReader in) {
            long value = in.integer();
            if (value < least || value > most) {
                throw new NotPlainException();
            }
            return most == Integer.MAX_VALUE ? (Object) (int) value : (Object) value;
        }
    }

    private static final class Truth extends PlainCodec {
        private static final byte[] TRUE = "true".getBytes(US_ASCII);
        private static final byte[] FALSE = "false".getBytes(US_ASCII);

        @Override
        void write(Object value, PlainWriter out) {
            out.raw((Boolean) value ? TRUE : FALSE);
        }

        @Override
        Object read(PlainReader in) {
            if (in.skip(FALSE)) {
                return false;
            } else if (in.skip(TRUE)) {
                return true;
            }
            throw new NotPlainException();
        }
    }

    private static final class Text extends PlainCodec {
        @Override
        void write(Object value, PlainWriter out) {
            out.text((String) value);
        }

        @Override
        Object read(PlainReader in) {
            return in.text();
        }
    }

    private static final class Address extends PlainCodec {
        @Override
        void write(Object value, PlainWriter out) {
            Reply reply = (Reply) value;
            out.raw('"');
            out.number(reply.gateway());
            out.raw(':');
            out.number(reply.number());
            out.raw('"');
        }

        @Override
        Object read(PlainReader in) {
            in.expect('"');
            long gateway = in.number();
            in.expect(':');
            Reply reply = new Reply(Math.toIntExact(gateway), in.number());
            in.expect('"');
            return reply;
        }
    }

    /** Decimals and ids, which are decimals without decimals. */
    private static final class Decimal<T> extends PlainCodec {
        private final Class<T> type;
        private final int scale;
        private final ToLongFunction<T> units;
        private final LongFunction<T> value;

        Decimal(Class<T> type, int scale, ToLongFunction<T> units, LongFunction<T> value) {
            this.type = type;
            this.scale = scale;
            this.units = units;
            this.value = value;
        }

        @Override
        void write(Object written, PlainWriter out) {
            out.raw('"');
            out.decimal(units.applyAsLong(type.cast(written)), scale);
            out.raw('"');
        }

        @Override
        Object read(PlainReader in) {
            in.expect('"');
            T read = value.apply(in.decimal(scale));
            in.expect('"');
            return read;
        }
    }

    private static final class Word extends PlainCodec {
        private final Object[] constants;
        private final byte[][] names;

        Word(Class<?> type) {
            constants = type.getEnumConstants();
            names = new byte[constants.length][];
            for (int i = 0; i < names.length; i++) {
                names[i] = ('"' + ((Enum<?>) constants[i]).name() + '"').getBytes(US_ASCII);
            }
        }

        @Override
        @SuppressWarnings("EnumOrdinal") // the array was made from the constants in their order
        void write(Object value, PlainWriter out) {
            out.raw(names[((Enum<?>) value).ordinal()]);
        }

        @Override
        Object read(PlainReader in) {
            for (int i = 0; i < names.length; i++) {
                if (in.skip(names[i])) {
                    return constants[i];
                }
            }
            throw new NotPlainException();
        }
    }

    private static final class Items extends PlainCodec {
        private final PlainCodec item;

        Items(PlainCodec item) {
            this.item = item;
        }

        @Override
        void write(Object value, PlainWriter out) {
            char before = '[';
            for (Object each : (List<?>) value) {
                out.raw(before);
                item.write(each, out);
                before = ',';
            }
            if (before == '[') {
                out.raw('[');
            }
            out.raw(']');
        }

        @Override
        Object read(PlainReader in) {
            List<Object> items = new ArrayList<>();
            in.expect('[');
            if (in.skip(']')) {
                return items;
            }
            do {
                items.add(item.read(in));
            } while (in.skip(','));
            in.expect(']');
            return items;
        }
    }

    /** The members of a sealed interface, told apart by their first property, {@code type}. */
    private static final class Family extends PlainCodec {
        private final Structure[] members;
        private final Map<Class<?>, Structure> byClass = new HashMap<>();

        Family(Class<?> family) {
            Class<?>[] permitted = family.getPermittedSubclasses();
            members = new Structure[permitted.length];
            for (int i = 0; i < members.length; i++) {
                members[i] = new Structure(permitted[i]);
                byClass.put(permitted[i], members[i]);
            }
        }

        @Override
        void write(Object value, PlainWriter out) {
            Structure member = byClass.get(value.getClass());
            if (member == null) {
                throw new NotPlainException();
            }
            member.write(value, out);
        }

        @Override
        Object read(PlainReader in) {
            for (Structure member : members) {
                if (in.skip(member.opening)) {
                    return member.readComponents(in);
                }
            }
            throw new NotPlainException();
        }
    }

    private static final class Structure extends PlainCodec {
        /** The brace, and of a member of a family its type. */
        final byte[] opening;

        private final boolean isMember;
        private final Constructor<?> constructor;
        private final Method[] accessors;
        private final PlainCodec[] codecs;
        private final byte[][] names;

        Structure(Class<?> type) {
            isMember = isMember(type);
            opening =
                    (isMember ? "{\"type\":\"" + type.getSimpleName() + '"' : "{")
                            .getBytes(US_ASCII);
            RecordComponent[] components = type.getRecordComponents();
            accessors = new Method[components.length];
            codecs = new PlainCodec[components.length];
            names = new byte[components.length][];
            Class<?>[] types = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                RecordComponent component = components[i];
                types[i] = component.getType();
                accessors[i] = component.getAccessor();
                // It may be called as it is; this leaves out that each call is asked whether.
                accessors[i].setAccessible(true);
                codecs[i] = declared(component.getType(), component.getGenericType());
                names[i] = ('"' + component.getName() + "\":").getBytes(US_ASCII);
            }
            try {
                constructor = type.getDeclaredConstructor(types);
                constructor.setAccessible(true);
            } catch (NoSuchMethodException impossible) {
                throw new IllegalArgumentException(impossible);
            }
        }

        private static boolean isMember(Class<?> type) {
            for (Class<?> family : type.getInterfaces()) {
                if (family.isAnnotationPresent(JsonTypeInfo.class)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        void write(Object value, PlainWriter out) {
            out.raw(opening);
            boolean isFirst = !isMember;
            for (int i = 0; i < names.length; i++) {
                Object component = component(value, i);
                if (component != null) {
                    if (!isFirst) {
                        out.raw(',');
                    }
                    isFirst = false;
                    out.raw(names[i]);
                    codecs[i].write(component, out);
                }
            }
            out.raw('}');
        }

        private @Nullable Object component(Object value, int index) {
            try {
                return accessors[index].invoke(value);
            } catch (ReflectiveOperationException failed) {
                throw new NotPlainException();
            }
        }

        @Override
        Object read(PlainReader in) {
            if (!in.skip(opening)) {
                throw new NotPlainException();
            }
            return readComponents(in);
        }

        Object readComponents(PlainReader in) {
            @Nullable Object[] values = new Object[names.length];
            boolean isPending = !isMember || in.skip(',');
            for (int i = 0; isPending && i < names.length; i++) {
                if (in.skip(names[i])) {
                    values[i] = codecs[i].read(in);
                    isPending = in.skip(',');
                }
            }
            in.expect('}');
            if (isPending) {
                throw new NotPlainException();
            }
            try {
                return constructor.newInstance(values);
            } catch (ReflectiveOperationException | IllegalArgumentException refused) {
                throw new NotPlainException();
            }
        }
    }
}
