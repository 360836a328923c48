package io.perpetua.edge;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/**
 * What an operation that asks {@link Administrators} who sends it may answer besides what it is
 * for.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@APIResponse(
        responseCode = "401",
        description = "TOKEN_MISSING, TOKEN_INVALID",
        content = @Content(schema = @Schema(implementation = Problem.class)))
@APIResponse(
        responseCode = "403",
        description = "PERMISSION_MISSING",
        content = @Content(schema = @Schema(implementation = Problem.class)))
@APIResponse(
        responseCode = "503",
        description = "ADMINISTRATION_UNAVAILABLE",
        content = @Content(schema = @Schema(implementation = Problem.class)))
public @interface AdministratorsOnly {}
