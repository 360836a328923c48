package io.perpetua.accounts.api;

import io.perpetua.accounts.app.OpenSubaccountHandler;
import io.perpetua.accounts.app.OpenSubaccountHandler.OpenSubaccount;
import io.perpetua.accounts.persistence.SubaccountRow;
import io.perpetua.accounts.persistence.SubaccountRows;
import io.perpetua.contracts.accounts.AgentAction;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.Caller;
import io.perpetua.edge.ClosedToAgents;
import io.perpetua.edge.Fields;
import io.perpetua.edge.OpenToAgents;
import io.perpetua.edge.Page;
import io.perpetua.edge.Problem;
import io.perpetua.edge.UserTransactions;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** The caller's subaccounts, each with its own margin. */
@Path("/v1/subaccounts")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(
        name = "Subaccounts",
        description = "A user's separate accounts; number 0 comes with the user.")
public class SubaccountResource {
    private static final int LONGEST_NAME = 64;

    private final Caller caller;
    private final UserTransactions transactions;
    private final SubaccountRows subaccounts;
    private final OpenSubaccountHandler opening;

    /** With what it reads and the handler of its command. */
    public SubaccountResource(
            Caller caller,
            UserTransactions transactions,
            SubaccountRows subaccounts,
            OpenSubaccountHandler opening) {
        this.caller = caller;
        this.transactions = transactions;
        this.subaccounts = subaccounts;
        this.opening = opening;
    }

    /** A subaccount. */
    public record Subaccount(
            String id,
            @Schema(description = "the user's own count, from 0") int number,
            String name,
            @Schema(description = "its public identity, 0x and 40 hexadecimal digits")
                    String address,
            Instant openedAt) {}

    /** A wish for a subaccount. */
    public record SubaccountRequest(
            @Schema(description = "1 to 64 characters; named by its number if absent")
                    @Nullable String name) {}

    /** All of the caller's. */
    @GET
    @OpenToAgents(AgentAction.READ)
    @Operation(
            operationId = "listSubaccounts",
            summary = "The caller's subaccounts, by number",
            description = "They are few: nextCursor is always null.")
    @APIResponse(responseCode = "200", description = "The subaccounts")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    public Page<Subaccount> list() {
        UserId user = caller.user();
        List<SubaccountRow> rows =
                transactions.call(user, connection -> subaccounts.of(user.value()));
        return new Page<>(
                rows.stream()
                        .filter(row -> caller.mayActOn(new SubaccountId(row.subaccountId()), null))
                        .map(SubaccountResource::shown)
                        .toList(),
                null);
    }

    /** Opens another. */
    @POST
    @ClosedToAgents
    @ResponseStatus(201)
    @Operation(operationId = "openSubaccount", summary = "Open a further subaccount")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            examples =
                                    @ExampleObject(
                                            name = "named",
                                            value = "{\"name\":\"Hedges\"}")))
    @APIResponse(
            responseCode = "201",
            description = "The subaccount",
            content = @Content(schema = @Schema(implementation = Subaccount.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(
            responseCode = "422",
            description = "SUBACCOUNTS_EXHAUSTED: the user has as many as allowed")
    public Subaccount open(SubaccountRequest request) {
        String name =
                Fields.optional("name", request.name(), text -> Texts.line(text, LONGEST_NAME));
        Optional<SubaccountRow> opened = opening.handle(new OpenSubaccount(caller.user(), name));
        if (opened.isEmpty()) {
            throw Problem.of(
                            422,
                            "SUBACCOUNTS_EXHAUSTED",
                            "a user has at most " + opening.most() + " subaccounts")
                    .exception();
        }
        return shown(opened.get());
    }

    private static Subaccount shown(SubaccountRow row) {
        return new Subaccount(
                Long.toString(row.subaccountId()),
                row.number(),
                row.name(),
                row.address(),
                row.openedAt());
    }
}
