package io.perpetua.accounts.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.accounts.app.AdminTransactions;
import io.perpetua.accounts.app.AuditTrail;
import io.perpetua.accounts.app.VerifyAuditTrailHandler;
import io.perpetua.accounts.app.VerifyAuditTrailHandler.Anchor;
import io.perpetua.accounts.app.VerifyAuditTrailHandler.Verification;
import io.perpetua.accounts.app.VerifyAuditTrailHandler.VerifyAuditTrail;
import io.perpetua.accounts.domain.admin.AdminPermission;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditChain.Flaw;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditRecord;
import io.perpetua.accounts.domain.audit.AuditRecord.Hash;
import io.perpetua.accounts.persistence.AuditStore;
import io.perpetua.accounts.persistence.AuditStore.Filter;
import io.perpetua.edge.Cursor;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Page;
import io.perpetua.edge.PageRequest;
import io.perpetua.edge.Problem;
import io.perpetua.edge.Times;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The audit log for administrators: to look at, to verify, to take out. */
@Path("/v1/admin/audit")
@PermitAll
@SecurityRequirement(name = AdminFilter.SECURITY)
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Audit log", description = "Who did what; needs an administrator's token.")
public class AuditResource {
    private static final String NDJSON = "application/x-ndjson";
    private static final String VERIFY_EXAMPLE = "{}";
    private static final int BATCH = 100;
    private static final int MOST_EXPORTED = 5_000;

    private final AdminCaller caller;
    private final AuditStore audit;
    private final AuditTrail trail;
    private final VerifyAuditTrailHandler verifier;
    private final AdminTransactions transactions;
    private final RequestOrigin origin;
    private final ObjectMapper json;
    private final Semaphore verifying = new Semaphore(1);

    /** With the handler of its command and what it reads. */
    public AuditResource(
            AdminCaller caller,
            AuditStore audit,
            AuditTrail trail,
            VerifyAuditTrailHandler verifier,
            AdminTransactions transactions,
            RequestOrigin origin,
            ObjectMapper json) {
        this.caller = caller;
        this.audit = audit;
        this.trail = trail;
        this.verifier = verifier;
        this.transactions = transactions;
        this.origin = origin;
        this.json = json;
    }

    /** An entry; its states are JSON texts exactly as they are hashed. */
    public record AuditItem(
            long number,
            Instant at,
            String actorKind,
            String actorId,
            String action,
            String subject,
            @Nullable String before,
            @Nullable String after,
            @Nullable String clientAddress,
            @Nullable String userAgent,
            String previousHash,
            String hash) {}

    /** An end of the chain seen before, if one is at hand. */
    public record VerificationRequest(@Nullable Long number, @Nullable String hash) {}

    /** What was found. */
    public record AuditVerification(
            @Schema(description = "whether every entry is the next link") boolean whole,
            @Schema(description = "how many are, from the first") long verified,
            @Schema(description = "of the last of them") String hash,
            @Nullable Long firstBreak,
            @Nullable Flaw flaw) {}

    /** A page of it. */
    @GET
    @RequiresPermission(AdminPermission.READ_AUDIT)
    @Operation(operationId = "listAudit", summary = "The audit log, newest first")
    @APIResponse(responseCode = "200", description = "A page of entries")
    @APIResponse(responseCode = "400", description = "FIELD_INVALID, CURSOR_INVALID")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    public Page<AuditItem> list(
            @Parameter(description = "kind of the actor") @QueryParam("actorKind")
                    @Nullable String actorKind,
            @Parameter(description = "id of the actor") @QueryParam("actorId")
                    @Nullable String actorId,
            @Parameter(description = "what was done") @QueryParam("action") @Nullable String action,
            @Parameter(description = "to what, as kind:id") @QueryParam("subject")
                    @Nullable String subject,
            @Parameter(description = "not before, ISO 8601") @QueryParam("from")
                    @Nullable String from,
            @Parameter(description = "before, ISO 8601") @QueryParam("until")
                    @Nullable String until,
            @Parameter(description = "1 to 200, 50 if absent") @QueryParam("limit")
                    @Nullable String limit,
            @Parameter(description = "nextCursor of the page before") @QueryParam("cursor")
                    @Nullable String cursor) {
        PageRequest page = PageRequest.of(limit, cursor);
        AuditActor.Kind kind = Fields.optional("actorKind", actorKind, AuditActor.Kind.class);
        AuditAction done = Fields.optional("action", action, AuditAction.class);
        Filter filter =
                new Filter(
                        kind == null ? null : kind.name(),
                        Fields.optional("actorId", actorId, text -> Texts.word(text, 160)),
                        done == null ? null : done.name(),
                        Fields.optional("subject", subject, text -> Texts.word(text, 160)),
                        Fields.optional("from", from, Times::parse),
                        Fields.optional("until", until, Times::parse));
        List<AuditRecord> rows = transactions.call(caller.id(), tx -> audit.page(tx, page, filter));
        return Page.of(
                page,
                rows,
                AuditResource::shown,
                row -> new Cursor(row.at().toEpochMilli(), row.number()));
    }

    /** Follows the chain. */
    @POST
    @Path("/verify")
    @RequiresPermission(AdminPermission.READ_AUDIT)
    @Operation(
            operationId = "verifyAudit",
            summary = "Find the first broken link of the audit log",
            description =
                    "With number and hash of an end seen before, a chain that was cut off is found too.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "wish", value = VERIFY_EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "What was found",
            content = @Content(schema = @Schema(implementation = AuditVerification.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    @APIResponse(responseCode = "409", description = "VERIFICATION_RUNNING: one at a time")
    public AuditVerification verify(VerificationRequest request) {
        Anchor known = anchor(request);
        if (!verifying.tryAcquire()) {
            throw Problem.conflict("VERIFICATION_RUNNING", "one is under way").exception();
        }
        try {
            Verification found = verifier.handle(new VerifyAuditTrail(caller.id(), known));
            return new AuditVerification(
                    found.firstBreak().isEmpty(),
                    found.verified(),
                    found.hash().toString(),
                    found.firstBreak().map(broken -> broken.number()).orElse(null),
                    found.firstBreak().map(broken -> broken.flaw()).orElse(null));
        } finally {
            verifying.release();
        }
    }

    private static @Nullable Anchor anchor(VerificationRequest request) {
        Long number = request.number();
        String hash = request.hash();
        if (number == null && hash == null) {
            return null;
        }
        if (number == null) {
            throw Problem.fieldMissing("number").exception();
        }
        if (number < 1) {
            throw Problem.fieldInvalid("number", "entries are numbered from 1").exception();
        }
        return new Anchor(number, Fields.required("hash", hash, Hash::parse));
    }

    /** Takes a part of it out. */
    @GET
    @Path("/export")
    @Produces(NDJSON)
    @RequiresPermission(AdminPermission.EXPORT_AUDIT)
    @Operation(
            operationId = "exportAudit",
            summary = "The audit log in its order, an entry a line",
            description =
                    "To go on, ask for what comes after the number of the last line. Each part is recorded.")
    @APIResponse(
            responseCode = "200",
            description = "Up to 5000 entries; none at the end",
            content = @Content(schema = @Schema(type = SchemaType.STRING, format = "binary")))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(responseCode = "401", description = "TOKEN_MISSING, TOKEN_INVALID")
    @APIResponse(responseCode = "403", description = "PERMISSION_MISSING")
    public StreamingOutput export(
            @Parameter(description = "the number of the last entry seen; 0 if absent")
                    @QueryParam("after")
                    @Nullable String after) {
        Long given = Fields.optional("after", after, Texts::number);
        long first = given == null ? 0 : given;
        long admin = caller.id();
        AuditEntry recorded =
                new AuditEntry(
                        AuditActor.admin(admin),
                        AuditAction.AUDIT_EXPORTED,
                        "audit-log:after-" + first,
                        null,
                        null,
                        origin.origin());
        transactions.call(admin, tx -> trail.append(tx, recorded));
        return output -> write(output, admin, first);
    }

    private void write(OutputStream output, long admin, long first) throws IOException {
        long reached = first;
        for (int written = 0; written < MOST_EXPORTED; written += BATCH) {
            long from = reached;
            List<AuditRecord> batch =
                    transactions.call(admin, tx -> audit.after(tx, from, BATCH, Filter.ALL));
            for (AuditRecord entry : batch) {
                output.write(json.writeValueAsBytes(shown(entry)));
                output.write('\n');
                reached = entry.number();
            }
            if (batch.size() < BATCH) {
                return;
            }
        }
    }

    private static AuditItem shown(AuditRecord row) {
        return new AuditItem(
                row.number(),
                row.at(),
                row.actorKind(),
                row.actorId(),
                row.action(),
                row.subject(),
                row.before(),
                row.after(),
                row.clientAddress(),
                row.userAgent(),
                row.previousHash().toString(),
                row.hash().toString());
    }
}
