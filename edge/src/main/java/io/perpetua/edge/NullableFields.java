package io.perpetua.edge;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.RecordComponentInfo;
import org.jspecify.annotations.Nullable;

/**
 * Says in a description which fields may be null: those whose record says so by {@link Nullable},
 * which the description's generator does not know. Answers carry them as null.
 */
final class NullableFields {
    private static final DotName NULLABLE = DotName.createSimple(Nullable.class);
    private static final DotName NAMED = DotName.createSimple(JsonProperty.class);
    private static final DotName DESCRIBED =
            DotName.createSimple(org.eclipse.microprofile.openapi.annotations.media.Schema.class);

    private final Map<String, List<ClassInfo>> records;

    NullableFields(IndexView index) {
        records =
                index.getKnownClasses().stream()
                        .filter(ClassInfo::isRecord)
                        .flatMap(type -> names(type).map(name -> Map.entry(name, type)))
                        .collect(
                                Collectors.groupingBy(
                                        Map.Entry::getKey,
                                        Collectors.mapping(
                                                Map.Entry::getValue, Collectors.toList())));
    }

    private static Stream<String> names(ClassInfo type) {
        AnnotationInstance described = type.declaredAnnotation(DESCRIBED);
        return described == null || described.value("name") == null
                ? Stream.of(type.simpleName())
                : Stream.of(described.value("name").asString());
    }

    /** Completes all schemas. */
    void addTo(OpenAPI api) {
        Map<String, Schema> schemas = api.getComponents().getSchemas();
        if (schemas != null) {
            schemas.forEach(this::complete);
        }
    }

    private void complete(String name, Schema schema) {
        if (schema.getProperties() == null) {
            return;
        }
        Map<String, Schema> properties = Map.copyOf(schema.getProperties());
        Set<String> nullable = nullable(name, properties.keySet());
        properties.forEach(
                (field, property) -> {
                    if (nullable.contains(field)) {
                        schema.addProperty(field, orNull(property));
                    }
                });
    }

    /** A page's schema is named by its items too. */
    private Set<String> nullable(String name, Set<String> fields) {
        String type = fields.equals(Set.of("items", "nextCursor")) ? "Page" : name;
        for (ClassInfo candidate : records.getOrDefault(type, List.of())) {
            Set<String> all = new HashSet<>();
            Set<String> nullable = new HashSet<>();
            for (RecordComponentInfo component : candidate.recordComponents()) {
                String field = field(component);
                all.add(field);
                if (component.type().hasAnnotation(NULLABLE)) {
                    nullable.add(field);
                }
            }
            if (all.equals(fields)) {
                return nullable;
            }
        }
        return Set.of();
    }

    private static String field(RecordComponentInfo component) {
        AnnotationInstance named = component.annotation(NAMED);
        return named == null || named.value() == null ? component.name() : named.value().asString();
    }

    private static Schema orNull(Schema schema) {
        if (schema.getRef() == null) {
            List<Schema.SchemaType> types = schema.getType();
            if (types != null && !types.contains(Schema.SchemaType.NULL)) {
                schema.setType(
                        Stream.concat(types.stream(), Stream.of(Schema.SchemaType.NULL)).toList());
            }
            return schema;
        }
        return OASFactory.createSchema()
                .description(schema.getDescription())
                .anyOf(
                        List.of(
                                OASFactory.createSchema().ref(schema.getRef()),
                                OASFactory.createSchema().type(List.of(Schema.SchemaType.NULL))));
    }
}
