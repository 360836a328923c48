package io.perpetua.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every answer of a service's document has examples, and what they show is what its schema says.
 */
public abstract class OpenApiExamplesContract {
    private static final JsonNode DOCUMENT = read();
    private static final Set<String> JSON = Set.of("application/json", "application/problem+json");
    private static final String HINT =
            "add an example by the name of its schema to"
                    + " src/main/resources/META-INF/openapi-examples.json";

    /** An answer of an operation. */
    record Answer(String status, JsonNode response) {
        /** What may happen to every request has no code of its own. */
        boolean isDescribedByUs() {
            return status.startsWith("2")
                    || response.path("description").asText().matches("(?s).*\\b[A-Z]+_[A-Z]+\\b.*");
        }
    }

    private static JsonNode read() {
        try {
            return new YAMLMapper().readTree(Path.of("openapi.yaml").toFile());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Stream<Named<Answer>> answers() {
        List<Named<Answer>> answers = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : DOCUMENT.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                for (Map.Entry<String, JsonNode> response :
                        operation.getValue().path("responses").properties()) {
                    String status = response.getKey();
                    answers.add(
                            Named.of(
                                    operation.getKey() + " " + path.getKey() + " " + status,
                                    new Answer(status, response.getValue())));
                }
            }
        }
        assertThat(answers).isNotEmpty();
        return answers.stream();
    }

    @ParameterizedTest
    @MethodSource("answers")
    void shouldShowWhatItsSchemaSays(Answer answer) {
        for (Map.Entry<String, JsonNode> body : answer.response().path("content").properties()) {
            if (!JSON.contains(body.getKey()) || !answer.isDescribedByUs()) {
                continue;
            }
            JsonNode schema = body.getValue().path("schema");
            JsonNode examples = body.getValue().path("examples");
            assertThat(examples.isEmpty()).as(HINT).isFalse();
            for (JsonNode example : examples) {
                JsonNode value = resolved(example).path("value");
                ObjectNode rooted = schema.deepCopy();
                rooted.set("components", DOCUMENT.path("components"));
                assertThat(
                                JsonSchemaFactory.getInstance(VersionFlag.V202012)
                                        .getSchema(rooted)
                                        .validate(value))
                        .as("%s", value)
                        .isEmpty();
                if (answer.status().startsWith("2")) {
                    hasTheFieldsOf(schema, value);
                } else {
                    assertThat(value.path("status").asText()).isEqualTo(answer.status());
                    assertThat(answer.response().path("description").asText())
                            .contains(value.path("code").asText());
                }
            }
        }
    }

    /** A field that is missing or too many would be no violation of the schema. */
    private static void hasTheFieldsOf(JsonNode reference, JsonNode value) {
        JsonNode schema = resolved(reference);
        if (value.isArray()) {
            value.forEach(item -> hasTheFieldsOf(schema.path("items"), item));
        }
        JsonNode properties = schema.path("properties");
        if (!value.isObject() || properties.isEmpty()) {
            return;
        }
        assertThat(names(value)).as(HINT).isEqualTo(names(properties));
        properties
                .properties()
                .forEach(
                        property ->
                                hasTheFieldsOf(property.getValue(), value.path(property.getKey())));
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode resolved(JsonNode node) {
        JsonNode reference = node.path("$ref");
        return reference.isTextual() ? DOCUMENT.at(reference.asText().substring(1)) : node;
    }
}
