package io.perpetua.edge;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which budget the requests of an operation, or of all of a resource, are charged to. Without it
 * GET is {@link RateClass#READ} and any other method {@link RateClass#WRITE}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface RateBudget {
    /** The class charged before the body is read. */
    RateClass value();

    /**
     * Whether only the body tells the class, which is then {@link #value()} or {@link
     * RateClass#CANCEL}, or how many it stands for: the operation itself calls {@link
     * RequestBudget#charge}. When both are spent the request is refused unread.
     */
    boolean toldByBody() default false;
}
