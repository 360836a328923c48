package io.perpetua.accounts.domain.audit;

import org.jspecify.annotations.Nullable;

/**
 * Where a request came from, as far as can be told: printable and bounded, whatever the client
 * sent.
 *
 * @param address of the client; null when no request is behind the action
 * @param agent what the client says it is, up to 256 characters
 */
public record AuditOrigin(@Nullable String address, @Nullable String agent) {
    /** No request is behind the action. */
    public static final AuditOrigin NONE = new AuditOrigin(null, null);

    private static final int LONGEST_ADDRESS = 64;
    private static final int LONGEST_AGENT = 256;

    /** Cuts both to their bounds and makes them printable. */
    public AuditOrigin {
        address = printable(address, LONGEST_ADDRESS);
        agent = printable(agent, LONGEST_AGENT);
    }

    private static @Nullable String printable(@Nullable String text, int longest) {
        if (text == null) {
            return null;
        }
        String cut = text.length() > longest ? text.substring(0, longest) : text;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
