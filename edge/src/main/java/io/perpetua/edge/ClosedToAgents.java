package io.perpetua.edge;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An operation, or all of a resource, that no agent may call: only the user, signed in. Says in the
 * code what holds without it too, so that a test can tell a decision from an oversight.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface ClosedToAgents {}
