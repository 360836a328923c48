package io.perpetua.accounts.domain.signin;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A message to sign in with: of an EVM wallet by EIP-4361 ("Sign-In with Ethereum"), version 1, on
 * an EIP-155 chain; of a Solana wallet the same by "Sign In With Solana". {@link #parse} accepts
 * exactly the grammar: every line in its place, nothing before, between or after, an EVM address
 * with its checksum. Of the fields that Solana leaves to the asker, those that EIP-4361 demands are
 * demanded here too.
 *
 * @param domain the RFC 3986 authority that asks for the sign-in
 * @param statement what the wallet shows its owner; one line
 * @param uri the resource that is signed in to
 * @param chain the chain the sign-in is bound to
 * @param nonce at least eight letters and digits
 * @param issuedAt when the message was made
 * @param expiresAt when it stops being valid
 * @param notBefore when it starts being valid
 * @param requestId a name the asker gave the request
 * @param resources what the wallet's owner wishes to have resolved; kept, never used
 */
public record SignInMessage(
        String domain,
        Wallet address,
        @Nullable String statement,
        String uri,
        Chain chain,
        String nonce,
        Instant issuedAt,
        @Nullable Instant expiresAt,
        @Nullable Instant notBefore,
        @Nullable String requestId,
        List<String> resources) {
    /** The longest text {@link #parse} looks at, in characters. */
    public static final int LONGEST = 4096;

    private static final String WANTS = " wants you to sign in with your ";
    private static final String ACCOUNT = " account:";
    private static final Pattern FIRST_LINE =
            Pattern.compile(
                    "(?:[A-Za-z][A-Za-z0-9+.-]*://)?"
                            + "([A-Za-z0-9._~%!$&'()*+,;=:@\\[\\]-]+)"
                            + Pattern.quote(WANTS)
                            + "(Ethereum|Solana)"
                            + Pattern.quote(ACCOUNT));
    private static final Pattern STATEMENT =
            Pattern.compile("[A-Za-z0-9 ._~:/?#\\[\\]@!$&'()*+,;=-]+");
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9]{8,96}");
    private static final Pattern REQUEST_ID =
            Pattern.compile("(?:[A-Za-z0-9._~:@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*+");
    private static final Pattern TIME =
            Pattern.compile(
                    "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?"
                            + "(?:Z|[+-]\\d{2}:\\d{2})");

    /** Copies the resources. */
    public SignInMessage {
        if (!chain.isOf(address.kind())) {
            throw new IllegalArgumentException("the wallet is not on this chain");
        }
        resources = List.copyOf(resources);
    }

    /**
     * The message a text is.
     *
     * @throws IllegalArgumentException saying which line is not as the grammar demands
     */
    public static SignInMessage parse(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("longer than " + LONGEST + " characters");
        }
        Lines lines = new Lines(text.split("\n", -1));
        Matcher first = FIRST_LINE.matcher(lines.next("domain"));
        if (!first.matches()) {
            throw new IllegalArgumentException(
                    "the first line is not '<domain>" + WANTS + "Ethereum|Solana" + ACCOUNT + "'");
        }
        WalletKind kind = first.group(2).equals("Solana") ? WalletKind.SOLANA : WalletKind.EVM;
        Wallet address = addressOf(kind, lines.next("address"));
        lines.blank("after the address");
        String statement = statementOf(kind, lines);
        String uri = uriOf(lines.field("URI: "));
        if (!lines.field("Version: ").equals("1")) {
            throw new IllegalArgumentException("Version is not 1");
        }
        Chain chain = Chain.inMessage(kind, lines.field("Chain ID: "));
        String nonce = matching(NONCE, lines.field("Nonce: "), "Nonce");
        Instant issuedAt = timeOf(lines.field("Issued At: "), "Issued At");
        Instant expiresAt = optionalTime(lines, "Expiration Time");
        Instant notBefore = optionalTime(lines, "Not Before");
        String requestId = lines.optionalField("Request ID: ");
        if (requestId != null) {
            matching(REQUEST_ID, requestId, "Request ID");
        }
        List<String> resources = resourcesOf(lines);
        lines.end();
        return new SignInMessage(
                first.group(1),
                address,
                statement,
                uri,
                chain,
                nonce,
                issuedAt,
                expiresAt,
                notBefore,
                requestId,
                resources);
    }

    /** The text to sign. */
    public String text() {
        StringBuilder text = new StringBuilder(512);
        boolean isSolana = address.kind() == WalletKind.SOLANA;
        text.append(domain).append(WANTS).append(isSolana ? "Solana" : "Ethereum");
        text.append(ACCOUNT).append('\n').append(address.shown()).append('\n');
        if (statement != null) {
            text.append('\n').append(statement).append('\n');
        } else if (!isSolana) {
            text.append('\n');
        }
        text.append("\nURI: ").append(uri);
        text.append("\nVersion: 1");
        text.append("\nChain ID: ").append(chain.inMessage());
        text.append("\nNonce: ").append(nonce);
        text.append("\nIssued At: ").append(issuedAt);
        if (expiresAt != null) {
            text.append("\nExpiration Time: ").append(expiresAt);
        }
        if (notBefore != null) {
            text.append("\nNot Before: ").append(notBefore);
        }
        if (requestId != null) {
            text.append("\nRequest ID: ").append(requestId);
        }
        if (!resources.isEmpty()) {
            text.append("\nResources:");
            for (String resource : resources) {
                text.append("\n- ").append(resource);
            }
        }
        return text.toString();
    }

    private static Wallet addressOf(WalletKind kind, String line) {
        if (kind == WalletKind.SOLANA) {
            return SolanaAddress.parse(line);
        }
        EvmAddress address = EvmAddress.parse(line);
        if (!address.checksummed().equals(line)) {
            throw new IllegalArgumentException("the address lacks its EIP-55 checksum");
        }
        return address;
    }

    /** Without a statement EIP-4361 leaves its line blank, and Solana leaves it out. */
    private static @Nullable String statementOf(WalletKind kind, Lines lines) {
        if (kind == WalletKind.SOLANA && lines.isNext("URI: ")) {
            return null;
        }
        String line = lines.next("statement");
        if (kind == WalletKind.SOLANA && line.isEmpty()) {
            throw new IllegalArgumentException("the statement is empty");
        }
        if (line.isEmpty()) {
            return null;
        }
        matching(STATEMENT, line, "the statement");
        lines.blank("after the statement");
        return line;
    }

    private static List<String> resourcesOf(Lines lines) {
        if (lines.optionalField("Resources:") == null) {
            return List.of();
        }
        List<String> resources = new ArrayList<>();
        for (String line = lines.optionalField("- ");
                line != null;
                line = lines.optionalField("- ")) {
            resources.add(uriOf(line));
        }
        return resources;
    }

    private static String uriOf(String text) {
        try {
            if (new URI(text).getScheme() == null) {
                throw new IllegalArgumentException("'" + text + "' is not an RFC 3986 URI");
            }
            return text;
        } catch (URISyntaxException invalid) {
            throw new IllegalArgumentException("'" + text + "' is not an RFC 3986 URI", invalid);
        }
    }

    private static @Nullable Instant optionalTime(Lines lines, String name) {
        String value = lines.optionalField(name + ": ");
        return value == null ? null : timeOf(value, name);
    }

    private static Instant timeOf(String text, String name) {
        try {
            return OffsetDateTime.parse(matching(TIME, text, name)).toInstant();
        } catch (DateTimeException invalid) {
            throw new IllegalArgumentException(name + " is not an RFC 3339 time", invalid);
        }
    }

    private static String matching(Pattern pattern, String value, String name) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException(name + " is malformed");
        }
        return value;
    }

    private static final class Lines {
        private final String[] lines;
        private int index;

        Lines(String[] lines) {
            this.lines = lines;
        }

        String next(String what) {
            if (index == lines.length) {
                throw new IllegalArgumentException("the message ends before its " + what);
            }
            return lines[index++];
        }

        void blank(String where) {
            if (!next("blank line " + where).isEmpty()) {
                throw new IllegalArgumentException("a blank line is missing " + where);
            }
        }

        String field(String prefix) {
            String line = next("'" + prefix.strip() + "'");
            if (!line.startsWith(prefix)) {
                throw new IllegalArgumentException(
                        "expected '" + prefix.strip() + "' in its place");
            }
            return line.substring(prefix.length());
        }

        @Nullable String optionalField(String prefix) {
            if (index == lines.length || !lines[index].startsWith(prefix)) {
                return null;
            }
            return lines[index++].substring(prefix.length());
        }

        boolean isNext(String prefix) {
            return index < lines.length && lines[index].startsWith(prefix);
        }

        void end() {
            if (index != lines.length) {
                throw new IllegalArgumentException("unexpected line '" + lines[index] + "'");
            }
        }
    }
}
