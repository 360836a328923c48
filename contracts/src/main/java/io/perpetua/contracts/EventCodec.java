package io.perpetua.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The one codec of commands and events: JSON objects, values as decimal strings, absent instead of
 * null; a sealed family's member is named by its property {@code type}. Unknown properties are
 * skipped, so a reader survives a newer writer.
 *
 * <p>Jackson defines the form. What is in its plainest shape, as nearly every event is, goes
 * through {@link PlainCodec} instead, which gives the same at a fraction of the cost.
 */
public final class EventCodec {
    private static final ObjectMapper MAPPER = newMapper();
    private static final ConcurrentHashMap<Class<?>, ObjectReader> READERS =
            new ConcurrentHashMap<>();
    private static final ConcurrentHashMap<Class<?>, ObjectWriter> WRITERS =
            new ConcurrentHashMap<>();

    private static final ConcurrentHashMap<Class<?>, PlainCodec> PLAIN = new ConcurrentHashMap<>();
    private static final ThreadLocal<PlainWriter> OUT = ThreadLocal.withInitial(PlainWriter::new);

    private EventCodec() {}

    private static ObjectMapper newMapper() {
        JsonMapper mapper =
                JsonMapper.builder()
                        .defaultPropertyInclusion(
                                JsonInclude.Value.construct(
                                        JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
                        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                        .build();
        for (Topic topic : Topics.all()) {
            registerMembers(mapper, topic.records());
        }
        return mapper;
    }

    private static void registerMembers(ObjectMapper mapper, Class<?> family) {
        if (family.isSealed()) {
            mapper.registerSubtypes(family.getPermittedSubclasses());
        }
    }

    /** The JSON bytes of a record that belongs to {@code family} (a topic's record type). */
    public static <T> byte[] encode(Class<T> family, T value) {
        PlainWriter out = OUT.get();
        out.clear();
        try {
            plain(family).write(value, out);
            return out.toBytes();
        } catch (NotPlainException notPlain) {
            return encodeByJackson(family, value);
        }
    }

    static <T> byte[] encodeByJackson(Class<T> family, T value) {
        try {
            return WRITERS.computeIfAbsent(family, MAPPER::writerFor).writeValueAsBytes(value);
        } catch (JsonProcessingException unwritable) {
            throw new IllegalStateException("can't write " + family.getSimpleName(), unwritable);
        }
    }

    /**
     * The record of {@code family} that the bytes hold.
     *
     * @throws UnreadableEventException when they hold none
     */
    public static <T> T decode(Class<T> family, byte[] bytes) {
        try {
            return family.cast(plain(family).readAll(bytes));
        } catch (NotPlainException notPlain) {
            return decodeByJackson(family, bytes);
        }
    }

    static <T> T decodeByJackson(Class<T> family, byte[] bytes) {
        try {
            T value = READERS.computeIfAbsent(family, MAPPER::readerFor).readValue(bytes);
            if (value == null) {
                throw new UnreadableEventException("no " + family.getSimpleName(), null);
            }
            return value;
        } catch (IOException unreadable) {
            throw new UnreadableEventException(
                    "no readable " + family.getSimpleName() + ": " + unreadable.getMessage(),
                    unreadable);
        }
    }

    private static PlainCodec plain(Class<?> family) {
        return PLAIN.computeIfAbsent(family, PlainCodec::of);
    }
}
