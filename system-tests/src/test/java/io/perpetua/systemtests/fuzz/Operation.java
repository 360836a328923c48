package io.perpetua.systemtests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An operation as its service describes it. {@code fields} are those of its body, without their
 * references; empty where it takes none.
 */
public record Operation(
        String service,
        URI origin,
        String method,
        String path,
        List<Parameter> parameters,
        Map<String, Field> fields,
        Set<Integer> statuses,
        Set<String> types,
        boolean isSecured) {

    /** A parameter of the path, the query or the head. */
    public record Parameter(String name, String in, Field field) {}

    /** What a value may be; {@code isRequired} says whether it may be absent. */
    public record Field(JsonNode schema, boolean isRequired) {
        List<String> words() {
            List<String> words = new ArrayList<>();
            schema.path("enum").forEach(word -> words.add(word.asText()));
            schema.path("items").path("enum").forEach(word -> words.add(word.asText()));
            return words;
        }
    }

    /** All operations of a service's document. */
    static List<Operation> of(String service, URI origin, JsonNode document) {
        List<Operation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> verb : path.getValue().properties()) {
                JsonNode described = verb.getValue();
                operations.add(
                        new Operation(
                                service,
                                origin,
                                verb.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                parameters(document, described),
                                fields(document, described),
                                statuses(described),
                                types(described),
                                !described.path("security").isEmpty()));
            }
        }
        return operations;
    }

    private static List<Parameter> parameters(JsonNode document, JsonNode described) {
        List<Parameter> parameters = new ArrayList<>();
        for (JsonNode parameter : described.path("parameters")) {
            parameters.add(
                    new Parameter(
                            parameter.path("name").asText(),
                            parameter.path("in").asText(),
                            new Field(
                                    resolved(document, parameter.path("schema")),
                                    parameter.path("required").asBoolean())));
        }
        return parameters;
    }

    private static Map<String, Field> fields(JsonNode document, JsonNode described) {
        JsonNode body =
                resolved(
                        document,
                        described
                                .path("requestBody")
                                .path("content")
                                .path("application/json")
                                .path("schema"));
        Set<String> required = new TreeSet<>();
        body.path("required").forEach(name -> required.add(name.asText()));
        Map<String, Field> fields = new TreeMap<>();
        for (Map.Entry<String, JsonNode> property : body.path("properties").properties()) {
            fields.put(
                    property.getKey(),
                    new Field(
                            resolved(document, property.getValue()),
                            required.contains(property.getKey())));
        }
        return fields;
    }

    private static Set<Integer> statuses(JsonNode described) {
        Set<Integer> statuses = new TreeSet<>();
        for (Map.Entry<String, JsonNode> response : described.path("responses").properties()) {
            if (!response.getKey().equals("default")) {
                statuses.add(Integer.parseInt(response.getKey()));
            }
        }
        return statuses;
    }

    /** In which forms a good answer may come. */
    private static Set<String> types(JsonNode described) {
        Set<String> types = new TreeSet<>();
        described
                .path("responses")
                .path("200")
                .path("content")
                .fieldNames()
                .forEachRemaining(types::add);
        return types;
    }

    /** Of what may be null, what it is otherwise. */
    private static JsonNode resolved(JsonNode document, JsonNode schema) {
        if (schema.has("anyOf")) {
            return resolved(document, schema.path("anyOf").path(0));
        }
        JsonNode reference = schema.path("$ref");
        if (schema.isMissingNode() || reference.isMissingNode()) {
            return schema.isMissingNode() ? MissingNode.getInstance() : items(document, schema);
        }
        return resolved(document, document.at(reference.asText().substring(1)));
    }

    private static JsonNode items(JsonNode document, JsonNode schema) {
        if (!schema.path("items").has("$ref")) {
            return schema;
        }
        ObjectNode copy = schema.<ObjectNode>deepCopy();
        copy.set("items", resolved(document, schema.path("items")));
        return copy;
    }

    boolean takesBody() {
        return !fields.isEmpty();
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
