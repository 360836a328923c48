package io.perpetua.accounts.api;

import io.perpetua.accounts.app.RegisterAgentHandler;
import io.perpetua.accounts.app.RegisterAgentHandler.RegisterAgent;
import io.perpetua.accounts.app.RegisterAgentHandler.RegisterOutcome;
import io.perpetua.accounts.app.RemoveAgentHandler;
import io.perpetua.accounts.app.RemoveAgentHandler.RemoveAgent;
import io.perpetua.accounts.domain.agent.AgentProof;
import io.perpetua.accounts.domain.agent.AgentRefusal;
import io.perpetua.accounts.domain.agent.AgentTerms;
import io.perpetua.accounts.domain.signin.Wallet;
import io.perpetua.accounts.domain.signin.WalletSignature;
import io.perpetua.accounts.persistence.AgentStore;
import io.perpetua.accounts.persistence.AgentStore.AgentRow;
import io.perpetua.contracts.accounts.AgentFilter;
import io.perpetua.contracts.accounts.AgentScope;
import io.perpetua.edge.Caller;
import io.perpetua.edge.ClosedToAgents;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Network;
import io.perpetua.edge.Page;
import io.perpetua.edge.Problem;
import io.perpetua.edge.ProblemException;
import io.perpetua.edge.Times;
import io.perpetua.edge.UserTransactions;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The caller's agents: keys that act for them within bounds. No agent manages agents. */
@Path("/v1/agents")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@ClosedToAgents
@Tag(name = "Agents", description = "Keys (API keys) that act for a user within bounds.")
public class AgentResource {
    private static final int NETWORKS_MAX = 20;
    private static final String EXAMPLE =
            "{\"address\":\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\","
                    + "\"label\":\"Market maker\",\"scopes\":[\"READ\",\"TRADE\"],"
                    + "\"filter\":{\"allOf\":[{\"subaccounts\":[\"1000001\"]},"
                    + "{\"markets\":[\"1\",\"2\"]}]},\"networks\":[\"192.0.2.0/24\"],"
                    + "\"expiresAt\":\"2027-01-01T00:00:00Z\","
                    + "\"proof\":{\"issuedAt\":\"2026-06-01T12:00:00Z\",\"signature\":\"0x..\"}}";

    private final Caller caller;
    private final UserTransactions transactions;
    private final AgentStore agents;
    private final RegisterAgentHandler registering;
    private final RemoveAgentHandler removing;
    private final RequestOrigin origin;

    AgentResource(
            Caller caller,
            UserTransactions transactions,
            AgentStore agents,
            RegisterAgentHandler registering,
            RemoveAgentHandler removing,
            RequestOrigin origin) {
        this.caller = caller;
        this.transactions = transactions;
        this.agents = agents;
        this.registering = registering;
        this.removing = removing;
        this.origin = origin;
    }

    /** An agent of the caller's. */
    @Schema(name = "Agent")
    public record AgentView(
            @Schema(description = "EVM: with its EIP-55 checksum; Ed25519: in base58")
                    String address,
            String label,
            List<AgentScope> scopes,
            @Nullable AgentFilter filter,
            List<String> networks,
            Instant registeredAt,
            Instant expiresAt) {}

    /** The agent's signature of whose agent it wants to be. */
    public record ProofRequest(
            @Schema(description = "within 5 minutes of now, as signed", format = "date-time")
                    String issuedAt,
            @Schema(
                            description =
                                    "of five lines, joined by a line feed: 'Perpetua agent"
                                            + " registration', the platform's domain, 'User: ' and"
                                            + " the user's id, 'Agent: ' and the address (an EVM"
                                            + " one in lower case), 'Issued at: ' and issuedAt")
                    String signature) {}

    /** A wish for an agent. */
    @Schema(
            name = "AgentRequest",
            requiredProperties = {"address", "label", "scopes", "expiresAt", "proof"})
    public record AgentRequest(
            @Schema(
                            description =
                                    "of a key on secp256k1: 0x and 40 hexadecimal digits, in mixed"
                                            + " case only with a right EIP-55 checksum; of an"
                                            + " Ed25519 key: the public key in base58")
                    String address,
            @Schema(description = "1 to 64 printable characters") String label,
            @Schema(description = "each once") List<AgentScope> scopes,
            @Schema(
                            description =
                                    "what it is let near: allOf, anyOf, markets, subaccounts or"
                                            + " actions, at most 5 deep and of 200 parts; all if"
                                            + " absent")
                    @Nullable AgentFilter filter,
            @Schema(description = "at most 20, in CIDR form; anywhere if absent or empty")
                    @Nullable List<String> networks,
            @Schema(description = "at most 365 days from now", format = "date-time")
                    String expiresAt,
            ProofRequest proof) {}

    /** All of the caller's. */
    @GET
    @Operation(
            operationId = "listAgents",
            summary = "The caller's agents, the first registered first",
            description =
                    "Expired ones too, until they are removed. They are few: nextCursor is"
                            + " always null.")
    @APIResponse(responseCode = "200", description = "The agents")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    public Page<AgentView> list() {
        List<AgentRow> rows = transactions.call(caller.user(), agents::list);
        return new Page<>(rows.stream().map(AgentResource::shown).toList(), null);
    }

    /** One of the caller's. */
    @GET
    @Path("/{address}")
    @Operation(operationId = "getAgent", summary = "One of the caller's agents")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = AgentView.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(responseCode = "404", description = "AGENT_UNKNOWN")
    public AgentView get(@PathParam("address") String address) {
        Wallet key = Fields.required("address", address, Wallet::parse);
        return transactions
                .call(caller.user(), tx -> agents.find(tx, key.stored()))
                .filter(row -> row.removedAt() == null)
                .map(AgentResource::shown)
                .orElseThrow(AgentResource::unknown);
    }

    /** Registers one. */
    @POST
    @Operation(
            operationId = "registerAgent",
            summary = "Let a key act for the caller",
            description =
                    "An agent never withdraws, and manages no agents, sign-ins, wallets or secrets."
                            + " An address is an agent once: removed, it can't be registered again,"
                            + " by anybody. To change an agent, register another key. A repeat with"
                            + " the same content gets the first answer, with status 200.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "trader", value = EXAMPLE)))
    @APIResponse(
            responseCode = "201",
            description =
                    "Registered; every process hears of it for itself, as a rule within a second",
            content = @Content(schema = @Schema(implementation = AgentView.class)))
    @APIResponse(
            responseCode = "200",
            description = "Registered before",
            content = @Content(schema = @Schema(implementation = AgentView.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(responseCode = "409", description = "AGENT_ADDRESS_USED")
    @APIResponse(
            responseCode = "422",
            description =
                    "AGENT_EXPIRY_INVALID, AGENT_PROOF_EXPIRED, AGENT_PROOF_INVALID,"
                            + " USER_DEACTIVATED, AGENTS_EXHAUSTED")
    public RestResponse<AgentView> register(AgentRequest request) {
        Wallet key = Fields.required("address", request.address(), Wallet::parse);
        RegisterAgent command =
                new RegisterAgent(
                        caller.user(), key, terms(request), proof(key, request), origin.origin());
        return switch (registering.handle(command)) {
            case RegisterOutcome.Registered done ->
                    RestResponse.status(
                            done.isNew() ? RestResponse.Status.CREATED : RestResponse.Status.OK,
                            shown(done.agent()));
            case RegisterOutcome.Refused refused -> throw problem(refused.reason());
        };
    }

    /**
     * Removes one: here at once, everywhere else within moments. Nothing but a problem has a body,
     * so a client may ask for no other type.
     */
    @DELETE
    @Path("/{address}")
    @Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
    @Operation(
            operationId = "removeAgent",
            summary = "Remove an agent, for ever",
            description =
                    "The process that answers takes no request of it from then on. Every other"
                            + " one hears of it by the event log, for itself: as a rule within a"
                            + " second, not all at the same instant, and later where the log can't"
                            + " be reached. What the agent has under way goes on. Removing it again"
                            + " changes nothing.")
    @APIResponse(responseCode = "204", description = "Removed")
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(responseCode = "404", description = "AGENT_UNKNOWN")
    public RestResponse<Void> remove(@PathParam("address") String address) {
        Wallet key = Fields.required("address", address, Wallet::parse);
        if (!removing.handle(new RemoveAgent(caller.user(), key.stored(), origin.origin()))) {
            throw unknown();
        }
        return RestResponse.noContent();
    }

    private static AgentTerms terms(AgentRequest request) {
        Instant expiresAt =
                Fields.required("expiresAt", request.expiresAt(), Times::parse)
                        .truncatedTo(ChronoUnit.MILLIS);
        try {
            return new AgentTerms(
                    Fields.required("label", request.label(), text -> Texts.line(text, 64)),
                    request.scopes(),
                    request.filter(),
                    networks(request.networks()),
                    expiresAt);
        } catch (IllegalArgumentException wrong) {
            throw Problem.fieldInvalid("scopes", "at least one scope, and each once").exception();
        }
    }

    private static AgentProof proof(Wallet key, AgentRequest request) {
        Instant issuedAt =
                Fields.required("proof.issuedAt", request.proof().issuedAt(), Times::parse);
        return new AgentProof(
                issuedAt,
                Fields.required(
                        "proof.signature",
                        request.proof().signature(),
                        text -> WalletSignature.parse(key.kind(), text)));
    }

    private static List<String> networks(@Nullable List<String> texts) {
        if (texts == null) {
            return List.of();
        }
        if (texts.size() > NETWORKS_MAX) {
            throw Problem.fieldInvalid("networks", "at most " + NETWORKS_MAX + " networks")
                    .exception();
        }
        return texts.stream()
                .map(text -> Fields.required("networks", text, Network::parse).toString())
                .toList();
    }

    private static ProblemException problem(AgentRefusal refusal) {
        return switch (refusal) {
            case AGENT_EXPIRY_INVALID ->
                    Problem.refused(refusal, "an agent lasts at most 365 days from now")
                            .at("expiresAt")
                            .exception();
            case AGENT_PROOF_EXPIRED ->
                    Problem.refused(refusal, "the proof was made more than 5 minutes from now")
                            .at("proof.issuedAt")
                            .exception();
            case AGENT_PROOF_INVALID ->
                    Problem.refused(
                                    refusal,
                                    "the proof is not signed by the agent for you and this platform")
                            .at("proof.signature")
                            .exception();
            case USER_DEACTIVATED ->
                    Problem.refused(refusal, "the user is deactivated").exception();
            case AGENT_ADDRESS_USED ->
                    Problem.conflict(refusal.name(), "the address is or was an agent's")
                            .at("address")
                            .exception();
            case AGENTS_EXHAUSTED ->
                    Problem.refused(refusal, "you have as many agents as allowed").exception();
        };
    }

    private static ProblemException unknown() {
        return Problem.notFound("AGENT_UNKNOWN", "there is no such agent, or it is not yours")
                .at("address")
                .exception();
    }

    private static AgentView shown(AgentRow row) {
        AgentTerms terms = row.terms();
        return new AgentView(
                Wallet.parse(row.address()).shown(),
                terms.label(),
                terms.scopes(),
                terms.filter(),
                terms.networks(),
                row.registeredAt(),
                terms.expiresAt());
    }
}
