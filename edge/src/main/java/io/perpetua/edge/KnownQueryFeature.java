package io.perpetua.edge;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Parameter;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Puts a {@link KnownQueryFilter} before every operation, with the query parameters that it
 * declares: collected once, when the service is put together, so that a native image needs no
 * reflection.
 */
@Provider
public class KnownQueryFeature implements DynamicFeature {
    private final CurrentVertxRequest current;

    /** With what belongs to the request under way. */
    public KnownQueryFeature(CurrentVertxRequest current) {
        this.current = current;
    }

    @Override
    public void configure(ResourceInfo endpoint, FeatureContext context) {
        if (!endpoint.getResourceClass().isAnnotationPresent(TakesAnyQuery.class)) {
            context.register(
                    new KnownQueryFilter(declaredBy(endpoint), current),
                    Priorities.AUTHENTICATION - 2);
        }
    }

    private static SortedSet<String> declaredBy(ResourceInfo endpoint) {
        SortedSet<String> names = new TreeSet<>();
        for (Parameter parameter : endpoint.getResourceMethod().getParameters()) {
            add(parameter, names);
            if (parameter.isAnnotationPresent(BeanParam.class)) {
                addFields(parameter.getType(), names);
            }
        }
        return names;
    }

    private static void addFields(@Nullable Class<?> type, SortedSet<String> names) {
        if (type == null) {
            return;
        }
        for (Field field : type.getDeclaredFields()) {
            add(field, names);
            if (field.isAnnotationPresent(BeanParam.class)) {
                addFields(field.getType(), names);
            }
        }
        addFields(type.getSuperclass(), names);
    }

    private static void add(AnnotatedElement declaration, SortedSet<String> names) {
        QueryParam named = declaration.getAnnotation(QueryParam.class);
        if (named != null) {
            names.add(named.value());
        }
    }
}
