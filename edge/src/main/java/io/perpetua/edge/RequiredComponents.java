package io.perpetua.edge;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Member;
import org.jspecify.annotations.Nullable;

/** Tells Jackson that a record's component must be there, and not null, unless it may be null. */
final class RequiredComponents extends NopAnnotationIntrospector {
    private static final long serialVersionUID = 1;
    private static final JsonSetter.Value NO_NULLS =
            JsonSetter.Value.construct(Nulls.FAIL, Nulls.FAIL);
    private static final JsonSetter.Value NO_NULL_ITEMS =
            JsonSetter.Value.construct(Nulls.SET, Nulls.FAIL);

    @Override
    public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
        AnnotatedType component = recordComponent(member);
        return component == null ? null : !component.isAnnotationPresent(Nullable.class);
    }

    @Override
    public JsonSetter.Value findSetterInfo(Annotated annotated) {
        AnnotatedType component = recordComponent(annotated);
        if (component == null) {
            return JsonSetter.Value.empty();
        }
        return component.isAnnotationPresent(Nullable.class) ? NO_NULL_ITEMS : NO_NULLS;
    }

    private static @Nullable AnnotatedType recordComponent(Annotated annotated) {
        if (annotated instanceof AnnotatedParameter parameter
                && parameter.getDeclaringClass().isRecord()) {
            Member owner = parameter.getOwner().getMember();
            if (owner instanceof Constructor<?> constructor) {
                return constructor.getAnnotatedParameterTypes()[parameter.getIndex()];
            }
        }
        return null;
    }
}
