package io.perpetua.edge;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.MethodInfo;
import org.jspecify.annotations.Nullable;

/**
 * What every service's description has in common: the access token, needed wherever an endpoint is
 * not open to all and names no other proof that it asks for, and the problem that answers whatever
 * goes wrong.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class CommonOpenApi implements OASFilter {
    private static final String SCHEME = "accessToken";
    private static final String AGENT_SCHEME = "agentSignature";
    private static final String AGENT_DESCRIPTION =
            """
            A request of an agent (POST /v1/agents) bears Perpetua-Agent, its address; \
            Perpetua-Timestamp, in milliseconds since 1970, at most 30 s from now; Perpetua-Nonce, a \
            whole number that a request which changes something needs; with a body Content-Digest \
            (RFC 9530, sha-256); and Perpetua-Signature. Signed are six lines, joined by a line feed: \
            'Perpetua agent request', the platform's domain, method and path with query as sent, the \
            value of Content-Digest, the timestamp, the nonce; what is absent is an empty line. An \
            EVM key signs them by EIP-191 (0x and hex), an Ed25519 key as they are (base58 or \
            base64). Of an agent's nonces the 100 highest are kept, from two days back to one day \
            ahead: a lower one is refused, a repeat with the same content gets the first answer.""";
    private static final String PROBLEM = "Problem";
    private static final String JSON = "application/json";
    private static final Map<Class<?>, PathItem.HttpMethod> METHODS =
            Map.of(
                    GET.class, PathItem.HttpMethod.GET,
                    POST.class, PathItem.HttpMethod.POST,
                    PUT.class, PathItem.HttpMethod.PUT,
                    PATCH.class, PathItem.HttpMethod.PATCH,
                    DELETE.class, PathItem.HttpMethod.DELETE);

    private final Set<String> openToAgents = new HashSet<>();
    private final Set<String> openToAll = new HashSet<>();
    private final Set<String> unmetered = new HashSet<>();
    private final NullableFields nullableFields;

    /** With the classes of the service. */
    public CommonOpenApi(IndexView index) {
        collect(index, OpenToAgents.class, openToAgents);
        collect(index, PermitAll.class, openToAll);
        collect(index, Unmetered.class, unmetered);
        nullableFields = new NullableFields(index);
    }

    private static void collect(
            IndexView index, Class<? extends Annotation> type, Set<String> operations) {
        for (AnnotationInstance annotation : index.getAnnotations(type)) {
            if (annotation.target().kind() == AnnotationTarget.Kind.METHOD) {
                add(annotation.target().asMethod(), operations);
            } else if (annotation.target().kind() == AnnotationTarget.Kind.CLASS) {
                annotation.target().asClass().methods().forEach(method -> add(method, operations));
            }
        }
    }

    private static void add(MethodInfo method, Set<String> operations) {
        METHODS.forEach(
                (annotation, verb) -> {
                    if (method.hasAnnotation(DotName.createSimple(annotation))) {
                        operations.add(key(verb, path(method)));
                    }
                });
    }

    private static String path(MethodInfo method) {
        ClassInfo resource = method.declaringClass();
        return value(resource.declaredAnnotation(Path.class))
                + value(method.annotation(Path.class));
    }

    private static String value(@Nullable AnnotationInstance path) {
        if (path == null || path.value().asString().equals("/")) {
            return "";
        }
        String text = path.value().asString();
        return text.startsWith("/") ? text : "/" + text;
    }

    private static String key(PathItem.HttpMethod verb, String path) {
        return verb + " " + path.replaceAll("\\{\\s*(\\w+)[^}]*}", "{$1}");
    }

    @Override
    public void filterOpenAPI(OpenAPI api) {
        Components components = api.getComponents();
        if (components == null) {
            components = OASFactory.createComponents();
            api.setComponents(components);
        }
        components.addSecurityScheme(
                SCHEME,
                OASFactory.createSecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .bearerFormat("JWT")
                        .description("an access token of POST /v1/auth/token"));
        if (!openToAgents.isEmpty()) {
            components.addSecurityScheme(
                    AGENT_SCHEME,
                    OASFactory.createSecurityScheme()
                            .type(SecurityScheme.Type.APIKEY)
                            .in(SecurityScheme.In.HEADER)
                            .name(AgentRequest.SIGNATURE)
                            .description(AGENT_DESCRIPTION));
        }
        if (components.getSchemas() == null || !components.getSchemas().containsKey(PROBLEM)) {
            components.addSchema(PROBLEM, problem());
        }
        nullableFields.addTo(api);
        if (api.getPaths() != null && api.getPaths().getPathItems() != null) {
            api.getPaths().getPathItems().forEach(this::complete);
        }
    }

    private void complete(String path, PathItem item) {
        item.getOperations()
                .forEach(
                        (verb, operation) -> {
                            String key = key(verb, path);
                            complete(operation, openToAll.contains(key), unmetered.contains(key));
                            if (openToAgents.contains(key)) {
                                admitAgents(operation);
                            }
                        });
    }

    private static void admitAgents(Operation operation) {
        operation.addSecurityRequirement(
                OASFactory.createSecurityRequirement().addScheme(AGENT_SCHEME));
        APIResponse unauthorised = operation.getResponses().getAPIResponse("401");
        unauthorised.setDescription(
                unauthorised.getDescription()
                        + "; of an agent AGENT_HEADERS_INVALID, AGENT_TIME_INVALID,"
                        + " AGENT_SIGNATURE_INVALID, AGENT_EXPIRED");
        declare(
                operation.getResponses(),
                "403",
                "AGENT_ADDRESS_NOT_ALLOWED, AGENT_SCOPE_MISSING, AGENT_FILTERED");
    }

    private static void complete(Operation operation, boolean openToAll, boolean unmetered) {
        boolean namesItsOwn = operation.getSecurity() != null && !operation.getSecurity().isEmpty();
        if (openToAll && !namesItsOwn) {
            operation.setSecurity(List.of());
        } else if (!namesItsOwn) {
            operation.addSecurityRequirement(
                    OASFactory.createSecurityRequirement().addScheme(SCHEME));
        }
        if (operation.getResponses() == null) {
            operation.setResponses(OASFactory.createAPIResponses());
        }
        boolean takesInput =
                operation.getRequestBody() != null
                        || (operation.getParameters() != null
                                && !operation.getParameters().isEmpty());
        if (takesInput) {
            declare(operation.getResponses(), "400", "Malformed; names the field.");
        }
        if (!openToAll) {
            declare(
                    operation.getResponses(),
                    "401",
                    "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED");
        }
        if (!unmetered) {
            declare(
                    operation.getResponses(),
                    "429",
                    "RATE_LIMITED: retry after the time in Retry-After.");
        }
        declare(
                operation.getResponses(),
                "503",
                "Not now: repeat it after the time in Retry-After.");
        operation.getResponses().getAPIResponses().forEach(CommonOpenApi::nameMediaType);
        if (operation.getResponses().getDefaultValue() == null) {
            operation
                    .getResponses()
                    .setDefaultValue(failure("Whatever goes wrong is answered with a problem."));
        }
    }

    /** Adds a response that is not described, or is without its content. */
    private static void declare(APIResponses responses, String status, String description) {
        APIResponse described = responses.getAPIResponse(status);
        if (described == null || described.getContent() == null) {
            @Nullable String said = described == null ? null : described.getDescription();
            responses.addAPIResponse(
                    status,
                    failure(said == null || said.equals("Bad Request") ? description : said));
        }
    }

    /**
     * A class's {@code @Produces} is said of its problems too, which are of a type of their own.
     */
    private static void nameMediaType(String status, APIResponse response) {
        Content content = response.getContent();
        if (content == null || !status.matches("[45]..")) {
            return;
        }
        MediaType json = content.getMediaType(JSON);
        if (json != null && !content.hasMediaType(Problem.MEDIA_TYPE)) {
            content.removeMediaType(JSON);
            content.addMediaType(Problem.MEDIA_TYPE, json);
        }
    }

    private static APIResponse failure(String description) {
        return OASFactory.createAPIResponse()
                .description(description)
                .content(
                        OASFactory.createContent()
                                .addMediaType(
                                        Problem.MEDIA_TYPE,
                                        OASFactory.createMediaType()
                                                .schema(OASFactory.createSchema().ref(PROBLEM))));
    }

    private static Schema problem() {
        Schema schema = type(Schema.SchemaType.OBJECT);
        schema.setDescription("What went wrong (RFC 9457); code is one enumerated word.");
        for (String name : List.of("type", "title", "detail", "code", "field")) {
            schema.addProperty(name, type(Schema.SchemaType.STRING));
        }
        schema.addProperty("status", type(Schema.SchemaType.INTEGER));
        schema.addProperty(
                "allowed", type(Schema.SchemaType.ARRAY).items(type(Schema.SchemaType.STRING)));
        schema.setRequired(List.of("type", "title", "status", "detail", "code"));
        return schema;
    }

    private static Schema type(Schema.SchemaType type) {
        return OASFactory.createSchema().type(List.of(type));
    }
}
