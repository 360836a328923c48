package io.perpetua.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** JSON schemas of events, made from their records, and the rule of what may change in them. */
final class EventSchemas {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String DECIMAL = "^-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$";
    private static final Map<Class<?>, String[]> SCALARS =
            Map.ofEntries(
                    Map.entry(Usd.class, new String[] {DECIMAL, "US dollars, at most 6 decimals"}),
                    Map.entry(
                            Price.class,
                            new String[] {DECIMAL, "US dollars, at most 8 decimals, positive"}),
                    Map.entry(
                            Quantity.class,
                            new String[] {DECIMAL, "base units, at most 8 decimals"}),
                    Map.entry(Rate.class, new String[] {DECIMAL, "a ratio, at most 9 decimals"}),
                    Map.entry(UserId.class, new String[] {"^[0-9]{1,16}$", "a user's id"}),
                    Map.entry(
                            SubaccountId.class,
                            new String[] {"^[0-9]{1,16}$", "a subaccount's id"}),
                    Map.entry(
                            OrderId.class,
                            new String[] {"^[0-9]{1,16}$", "an order's or command's id"}),
                    Map.entry(TradeId.class, new String[] {"^[0-9]{1,16}$", "a trade's id"}),
                    Map.entry(
                            AdjustmentId.class,
                            new String[] {"^[0-9]{1,16}$", "an adjustment's id"}),
                    Map.entry(
                            WithdrawalId.class,
                            new String[] {"^[0-9]{1,16}$", "a withdrawal's id"}),
                    Map.entry(MarketId.class, new String[] {"^[0-9]{1,7}$", "a market's id"}),
                    Map.entry(Reply.class, new String[] {"^[0-9]+:[0-9]+$", "gateway:number"}));

    private final Map<String, ObjectNode> definitions = new TreeMap<>();

    private EventSchemas() {}

    /** The schema of a topic's records. */
    static ObjectNode of(Topic topic) {
        EventSchemas schemas = new EventSchemas();
        ObjectNode schema = NODES.objectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", topic.name());
        Class<?> family = topic.records();
        if (family.isSealed()) {
            schema.set("oneOf", schemas.members(family));
        } else {
            schema.setAll(schemas.reference(family));
        }
        ObjectNode definitions = schema.putObject("$defs");
        schemas.definitions.forEach(definitions::set);
        return schema;
    }

    private ArrayNode members(Class<?> family) {
        ArrayNode members = NODES.arrayNode();
        Arrays.stream(family.getPermittedSubclasses())
                .sorted((a, b) -> a.getSimpleName().compareTo(b.getSimpleName()))
                .forEach(member -> members.add(reference(member)));
        return members;
    }

    private ObjectNode reference(Class<?> type) {
        String name = type.getSimpleName();
        if (!definitions.containsKey(name)) {
            ObjectNode definition = NODES.objectNode();
            definitions.put(name, definition);
            describe(type, definition);
        }
        return NODES.objectNode().put("$ref", "#/$defs/" + name);
    }

    private void describe(Class<?> type, ObjectNode definition) {
        definition.put("type", "object");
        ObjectNode properties = definition.putObject("properties");
        ArrayNode required = definition.putArray("required");
        if (Arrays.stream(type.getInterfaces()).anyMatch(Class::isSealed)) {
            properties.putObject("type").put("const", type.getSimpleName());
            required.add("type");
        }
        for (RecordComponent component : type.getRecordComponents()) {
            AnnotatedType annotated = component.getAnnotatedType();
            properties.set(component.getName(), schema(component.getType(), annotated));
            if (!annotated.isAnnotationPresent(Nullable.class)) {
                required.add(component.getName());
            }
        }
    }

    private ObjectNode schema(Class<?> type, AnnotatedType annotated) {
        String[] scalar = SCALARS.get(type);
        if (scalar != null) {
            return string().put("pattern", scalar[0]).put("description", scalar[1]);
        } else if (type == String.class) {
            return string();
        } else if (type == long.class || type == Long.class || type == int.class) {
            return NODES.objectNode().put("type", "integer");
        } else if (type == boolean.class) {
            return NODES.objectNode().put("type", "boolean");
        } else if (type.isEnum()) {
            ObjectNode node = string();
            ArrayNode constants = node.putArray("enum");
            for (Object constant : type.getEnumConstants()) {
                constants.add(constant.toString());
            }
            return node;
        } else if (type == List.class) {
            AnnotatedType item =
                    ((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments()[0];
            ObjectNode node = NODES.objectNode().put("type", "array");
            node.set("items", schema((Class<?>) item.getType(), item));
            return node;
        } else if (type.isSealed()) {
            ObjectNode node = NODES.objectNode();
            node.set("oneOf", members(type));
            return node;
        } else if (type.isRecord()) {
            return reference(type);
        }
        throw new IllegalStateException("no schema for " + type);
    }

    private static ObjectNode string() {
        return NODES.objectNode().put("type", "string");
    }

    /**
     * What in {@code now} would break a reader of records written under {@code before}, or an older
     * reader of new ones: a record gone, a property gone or of another type, a property newly
     * required or no longer required, an enumerated constant gone. New records, constants and
     * optional properties are allowed: readers are deployed before writers.
     */
    static List<String> breaks(JsonNode before, JsonNode now) {
        List<String> breaks = new ArrayList<>();
        before.path("$defs")
                .properties()
                .forEach(
                        entry -> {
                            JsonNode present = now.path("$defs").path(entry.getKey());
                            if (present.isMissingNode()) {
                                breaks.add(entry.getKey() + " is gone");
                            } else {
                                compare(entry.getKey(), entry.getValue(), present, breaks);
                            }
                        });
        return breaks;
    }

    private static void compare(String record, JsonNode before, JsonNode now, List<String> breaks) {
        before.path("properties")
                .properties()
                .forEach(
                        entry -> {
                            String at = record + "." + entry.getKey();
                            JsonNode property = now.path("properties").path(entry.getKey());
                            if (property.isMissingNode()) {
                                breaks.add(at + " is gone");
                            } else if (!sameType(entry.getValue(), property)) {
                                breaks.add(at + " has another type");
                            } else if (contains(before.path("required"), entry.getKey())
                                    && !contains(now.path("required"), entry.getKey())) {
                                breaks.add(at + " is no longer always there");
                            }
                        });
        for (JsonNode name : now.path("required")) {
            if (!contains(before.path("required"), name.asText())) {
                breaks.add(record + "." + name.asText() + " is newly required");
            }
        }
    }

    private static boolean sameType(JsonNode before, JsonNode now) {
        if (before.has("enum") && now.has("enum")) {
            for (JsonNode constant : before.path("enum")) {
                if (!contains(now.path("enum"), constant.asText())) {
                    return false;
                }
            }
            return true;
        }
        if (before.has("oneOf") && now.has("oneOf")) {
            return true;
        }
        ObjectNode left = before.deepCopy();
        ObjectNode right = now.deepCopy();
        left.remove("description");
        right.remove("description");
        return left.equals(right);
    }

    private static boolean contains(JsonNode array, String text) {
        for (JsonNode item : array) {
            if (item.asText().equals(text)) {
                return true;
            }
        }
        return false;
    }
}
