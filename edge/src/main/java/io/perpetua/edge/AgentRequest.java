package io.perpetua.edge;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.ContentHash;
import io.perpetua.signatures.KeySignature;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request as an agent signs it: its headers, and the text that they put together with the method
 * and the path.
 *
 * <p>The body itself is signed by its digest, which {@link AgentBody} compares with what is read.
 *
 * @param uri path and query exactly as sent
 * @param digest of the body, empty where there is none
 * @param nonce null where the request bears none
 */
record AgentRequest(
        String agent,
        String method,
        String uri,
        String digest,
        long timestampMillis,
        @Nullable Long nonce,
        String signature) {
    static final String AGENT = "Perpetua-Agent";
    static final String TIMESTAMP = "Perpetua-Timestamp";
    static final String NONCE = "Perpetua-Nonce";
    static final String SIGNATURE = "Perpetua-Signature";
    static final String DIGEST = "Content-Digest";

    private static final Pattern ADDRESS =
            Pattern.compile("0x[0-9a-fA-F]{40}|[1-9A-HJ-NP-Za-km-z]{32,44}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,16}");
    private static final Pattern SHA_256 = Pattern.compile("sha-256=:[A-Za-z0-9+/]{43}=:");
    private static final int LONGEST_SIGNATURE = 132;

    /**
     * From the headers that {@code header} gives, null where there is none.
     *
     * @throws ProblemException naming the header that is missing or malformed
     */
    static AgentRequest of(String method, String uri, UnaryOperator<@Nullable String> header) {
        String agent = required(header, AGENT, ADDRESS);
        String nonce = header.apply(NONCE);
        String digest = header.apply(DIGEST);
        String signature = header.apply(SIGNATURE);
        if (signature == null || signature.length() > LONGEST_SIGNATURE) {
            throw malformed(SIGNATURE);
        }
        return new AgentRequest(
                agent.startsWith("0x") ? agent.toLowerCase(Locale.ROOT) : agent,
                method,
                uri,
                digest == null ? "" : required(header, DIGEST, SHA_256),
                Long.parseLong(required(header, TIMESTAMP, NUMBER)),
                nonce == null ? null : Long.valueOf(required(header, NONCE, NUMBER)),
                signature);
    }

    private static String required(
            UnaryOperator<@Nullable String> header, String name, Pattern form) {
        String value = header.apply(name);
        if (value == null || !form.matcher(value).matches()) {
            throw malformed(name);
        }
        return value;
    }

    static ProblemException malformed(String header) {
        return AgentRefusal.AGENT_HEADERS_INVALID.problem().at(header).exception();
    }

    /** What is signed, for a platform that users reach at {@code domain}. */
    String text(String domain) {
        return String.join(
                "\n",
                "Perpetua agent request",
                domain,
                method + " " + uri,
                digest,
                Long.toString(timestampMillis),
                nonce == null ? "" : nonce.toString());
    }

    /** Whether the agent's key signed it. Takes up to half a millisecond. */
    boolean isSigned(String domain) {
        return KeySignature.isOf(agent, text(domain), signature);
    }

    /** What makes it unrepeatable; the same for a repeat that is signed anew. */
    @Nullable AgentNonce agentNonce() {
        return nonce == null
                ? null
                : new AgentNonce(agent, nonce, ContentHash.of(method, uri, digest));
    }
}
