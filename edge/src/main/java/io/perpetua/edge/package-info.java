/**
 * What every service's HTTP edge shares: the check of access tokens, rate budgets, problems, strict
 * JSON, pages, transactions that see one user's rows, readiness, who an administrator is, and
 * streams ({@code stream}).
 *
 * <p>Every endpoint needs an access token unless it, or its class, is annotated {@link
 * jakarta.annotation.security.PermitAll}; who calls stands in {@link io.perpetua.edge.Caller}.
 * Every request is charged to a budget, see {@link io.perpetua.edge.RateBudget}. Whatever goes
 * wrong is answered with a {@link io.perpetua.edge.Problem}.
 */
@NullMarked
package io.perpetua.edge;

import org.jspecify.annotations.NullMarked;
