package io.perpetua.edge;

import io.perpetua.contracts.accounts.AgentAction;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An operation that an agent may call whose scopes allow the action. The operation itself asks
 * {@link Caller} what of its user's affairs the agent is let near. Without it no agent may call.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface OpenToAgents {
    /** What the operation does. */
    AgentAction value();
}
