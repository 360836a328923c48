package io.perpetua.accounts.api;

import jakarta.ws.rs.core.Application;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;

/** What all operations of the service share in its description. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Perpetua accounts service",
                        version = "1",
                        description =
                                "Users, wallet sign-in and tokens, subaccounts, deposits and the"
                                        + " double-entry ledger. Amounts are decimal strings, ids"
                                        + " are strings, times are ISO 8601 in UTC; lists come"
                                        + " newest first, in pages."))
@SecurityScheme(
        securitySchemeName = AccountsApi.BEARER,
        type = SecuritySchemeType.HTTP,
        scheme = "bearer",
        bearerFormat = "JWT",
        description = "an access token of POST /v1/auth/token")
public class AccountsApi extends Application {
    /** The name of the security scheme. */
    static final String BEARER = "accessToken";
}
