package io.perpetua.edge;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with a request, as RFC 9457 writes it. {@code code} is one enumerated word, the
 * refusal's constant where a rule refused; {@code field} is the path of the offending field, {@code
 * allowed} what it may be.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
@Schema(description = "What went wrong (RFC 9457); code is one enumerated word.")
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        @Nullable String field,
        @Nullable List<String> allowed) {
    /** The media type of problems. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** When what is over soon may be tried again. */
    static final long SOON_SECONDS = 1;

    private static final String TYPE_PREFIX = "urn:perpetua:problem:";

    /** A problem of the whole request. */
    public static Problem of(int status, String code, String detail) {
        return new Problem(TYPE_PREFIX + code, title(status), status, detail, code, null, null);
    }

    /** The same problem, of one field. */
    public Problem at(@Nullable String path) {
        return new Problem(type, title, status, detail, code, path, allowed);
    }

    /** The same problem, naming what is allowed. */
    public Problem allowing(List<String> values) {
        return new Problem(type, title, status, detail, code, field, List.copyOf(values));
    }

    /** A field whose value is none of its type. */
    public static Problem fieldInvalid(String field, String detail) {
        return of(400, "FIELD_INVALID", detail).at(field);
    }

    /** A field that is required and absent or null. */
    public static Problem fieldMissing(String field) {
        return of(400, "FIELD_MISSING", "'" + field + "' is required").at(field);
    }

    /** Something that does not exist, or is not the caller's, which looks the same. */
    public static Problem notFound(String code, String detail) {
        return of(404, code, detail);
    }

    /** A rule refused the request; the same request may be refused again. */
    public static Problem refused(Enum<?> refusal, String detail) {
        return of(422, refusal.name(), detail);
    }

    /** The request contradicts an earlier one or what is. */
    public static Problem conflict(String code, String detail) {
        return of(409, code, detail);
    }

    /** To be thrown; every service answers it as this problem. */
    public ProblemException exception() {
        return exception(SOON_SECONDS);
    }

    /** The same; of 429 and 503, in how many seconds a retry could help. */
    public ProblemException exception(long retryAfterSeconds) {
        return new ProblemException(this, retryAfterSeconds);
    }

    static String title(int status) {
        return switch (status) {
            case 400 -> "Malformed request";
            case 401 -> "Not authenticated";
            case 403 -> "Not allowed";
            case 404 -> "Not found";
            case 405 -> "Method not allowed";
            case 406 -> "Not acceptable";
            case 409 -> "Conflict";
            case 411 -> "Length required";
            case 413 -> "Too large";
            case 415 -> "Unsupported media type";
            case 422 -> "Refused";
            case 426 -> "Upgrade required";
            case 429 -> "Too many requests";
            case 503 -> "Unavailable";
            default -> status >= 500 ? "Internal error" : "Bad request";
        };
    }
}
