package io.perpetua.edge;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.examples.Example;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/**
 * Gives every answer of a service's document examples: what succeeds from its file {@code
 * META-INF/openapi-examples.json} by the name of its schema, a page or list by those of its items;
 * what is refused one for each code that its description lists.
 */
@OpenApiFilter(value = OpenApiFilter.RunStage.BUILD, priority = AnswerExamples.LAST)
public class AnswerExamples implements OASFilter {
    /** After those that describe answers, whose priority is 1. */
    static final int LAST = 0;

    private static final String FILE = "META-INF/openapi-examples.json";
    private static final TypeReference<Map<String, Object>> OBJECTS = new TypeReference<>() {};
    private static final Pattern STATUS = Pattern.compile("[245][0-9]{2}");
    private static final Pattern CODE =
            Pattern.compile("\\b[A-Z]+(?:_[A-Z]+)+\\b|\\bOVERLOADED\\b");
    private static final Pattern MEANING =
            Pattern.compile("\\G: ([^,]+(?:, (?![A-Z_]+\\b)[^,]+)*)");

    private final Map<String, Object> answers = read();
    private final Map<String, Problem> problems = new TreeMap<>();

    @Override
    public void filterOpenAPI(OpenAPI document) {
        Components components = document.getComponents();
        document.getPaths()
                .getPathItems()
                .values()
                .forEach(
                        path ->
                                path.getOperations()
                                        .values()
                                        .forEach(operation -> complete(operation, components)));
        problems.forEach((code, problem) -> components.addExample(code, example(problem)));
    }

    private static Map<String, Object> read() {
        ClassLoader service = Thread.currentThread().getContextClassLoader();
        try (InputStream file = service.getResourceAsStream(FILE)) {
            return file == null ? Map.of() : new ObjectMapper().readValue(file, OBJECTS);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void complete(Operation operation, Components components) {
        operation
                .getResponses()
                .getAPIResponses()
                .forEach((status, response) -> complete(status, response, components));
    }

    private void complete(String status, APIResponse response, Components components) {
        if (response.getContent() == null || !STATUS.matcher(status).matches()) {
            return;
        }
        for (MediaType body : response.getContent().getMediaTypes().values()) {
            if (status.startsWith("2")) {
                Object answer = answer(body.getSchema(), components);
                if (answer != null) {
                    body.addExample("answer", OASFactory.createExample().value(answer));
                }
            } else {
                refuse(Integer.parseInt(status), response.getDescription(), body);
            }
        }
    }

    private @Nullable Object answer(@Nullable Schema schema, Components components) {
        if (schema == null) {
            return null;
        }
        if (schema.getRef() != null) {
            String name = schema.getRef().substring(schema.getRef().lastIndexOf('/') + 1);
            Object known = answers.get(name);
            Schema named = components.getSchemas().get(name);
            return known != null || named == null ? known : composed(named, components);
        }
        Object item = answer(schema.getItems(), components);
        return item == null ? null : List.of(item);
    }

    /** A page: its items, and no next one. */
    private @Nullable Object composed(Schema schema, Components components) {
        Map<String, Object> whole = new LinkedHashMap<>();
        if (schema.getProperties() == null) {
            return null;
        }
        for (Map.Entry<String, Schema> property : schema.getProperties().entrySet()) {
            Object part = answer(property.getValue(), components);
            if (part == null && !property.getKey().equals("nextCursor")) {
                return null;
            }
            whole.put(property.getKey(), part);
        }
        return whole;
    }

    private void refuse(int status, @Nullable String description, MediaType body) {
        String text = description == null ? "" : description;
        Matcher codes = CODE.matcher(text);
        while (codes.find()) {
            String code = codes.group();
            Matcher meaning = MEANING.matcher(text);
            String detail =
                    meaning.find(codes.end())
                            ? meaning.group(1)
                            : code.toLowerCase(Locale.ROOT).replace('_', ' ');
            Problem problem = Problem.of(status, code, detail);
            Problem shared = problems.computeIfAbsent(code, absent -> problem);
            body.addExample(
                    code,
                    shared.status() == status
                            ? OASFactory.createExample().ref("#/components/examples/" + code)
                            : example(problem));
        }
    }

    private static Example example(Problem problem) {
        return OASFactory.createExample().value(shown(problem));
    }

    private static Map<String, Object> shown(Problem problem) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("type", problem.type());
        shown.put("title", problem.title());
        shown.put("status", problem.status());
        shown.put("detail", problem.detail());
        shown.put("code", problem.code());
        return shown;
    }
}
