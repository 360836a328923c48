package io.perpetua.accounts.domain.token;

import io.perpetua.contracts.value.UserId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes and recognises refresh tokens: user, sign-in, generation, a secret of 256 bits, and a proof
 * (the first 16 bytes of HMAC-SHA-256) that this service wrote all of it. The proof tells an old
 * token, which was used up, from an invented one without any list of old tokens.
 *
 * <p>The first secret of a sign-in is random. The next follows from the token before it by a keyed
 * function: the same token is followed by the same one as long as the same key makes tokens, so
 * that a repeated request gets the same answer, and nobody without the key can tell what follows.
 * All replicas share the keys: the last one makes tokens, all of them recognise.
 */
public final class RefreshTokens {
    /** Bytes in a secret. */
    public static final int SECRET_BYTES = 32;

    private static final int BODY_BYTES = Long.BYTES + 16 + Long.BYTES + SECRET_BYTES;
    private static final int PROOF_BYTES = 16;
    private static final Pattern FORM =
            Pattern.compile("[A-Za-z0-9_-]{" + (4 * (BODY_BYTES + PROOF_BYTES) + 2) / 3 + "}");

    private final List<SecretKeySpec> keys;

    /** With the keys of proofs and successors, at least one. */
    public RefreshTokens(List<byte[]> keys) {
        this.keys = keys.stream().map(key -> new SecretKeySpec(key, "HmacSHA256")).toList();
    }

    /** The first token of a sign-in; {@code secret} is random and used once. */
    public RefreshToken first(UserId user, SignInId signIn, byte[] secret) {
        return make(keys.getLast(), user, signIn, 0, secret);
    }

    /** The token that follows another. */
    public RefreshToken successor(RefreshToken used) {
        return successor(keys.getLast(), used);
    }

    /**
     * The token that did follow another, whichever key made it; none if its key is gone.
     *
     * @param hash of that token, as {@link #hashOf} gives it
     */
    public Optional<RefreshToken> successor(RefreshToken used, String hash) {
        return keys.stream()
                .map(key -> successor(key, used))
                .filter(token -> hashOf(token).equals(hash))
                .findAny();
    }

    private static RefreshToken successor(SecretKeySpec key, RefreshToken used) {
        byte[] secret = mac(key, "successor", used.text().getBytes(StandardCharsets.US_ASCII));
        return make(key, used.user(), used.signIn(), used.generation() + 1, secret);
    }

    private static RefreshToken make(
            SecretKeySpec key, UserId user, SignInId signIn, long generation, byte[] secret) {
        byte[] body =
                ByteBuffer.allocate(BODY_BYTES)
                        .putLong(user.value())
                        .putLong(signIn.value().getMostSignificantBits())
                        .putLong(signIn.value().getLeastSignificantBits())
                        .putLong(generation)
                        .put(secret)
                        .array();
        byte[] whole =
                ByteBuffer.allocate(BODY_BYTES + PROOF_BYTES)
                        .put(body)
                        .put(proof(key, body))
                        .array();
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
        return new RefreshToken(user, signIn, generation, text);
    }

    /**
     * The token that a text is, if this service made it.
     *
     * @throws IllegalArgumentException if nothing of this form ever was one
     */
    public Optional<RefreshToken> recognise(String text) {
        requireForm(text);
        byte[] whole = Base64.getUrlDecoder().decode(text);
        byte[] body = Arrays.copyOf(whole, BODY_BYTES);
        byte[] given = Arrays.copyOfRange(whole, BODY_BYTES, whole.length);
        boolean isOneText =
                Base64.getUrlEncoder().withoutPadding().encodeToString(whole).equals(text);
        if (!isOneText || !isProven(body, given)) {
            return Optional.empty();
        }
        ByteBuffer fields = ByteBuffer.wrap(body);
        UserId user = new UserId(fields.getLong());
        SignInId signIn = new SignInId(new UUID(fields.getLong(), fields.getLong()));
        return Optional.of(new RefreshToken(user, signIn, fields.getLong(), text));
    }

    /** Passes a text that has a token's form. @throws IllegalArgumentException if it has not */
    public static String requireForm(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("expected a refresh token as it was given out");
        }
        return text;
    }

    /** What is stored of a token: SHA-256 of its text, in hexadecimal digits. */
    public static String hashOf(RefreshToken token) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] text = token.text().getBytes(StandardCharsets.US_ASCII);
            return HexFormat.of().formatHex(digest.digest(text));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    private boolean isProven(byte[] body, byte[] given) {
        return keys.stream().anyMatch(key -> MessageDigest.isEqual(given, proof(key, body)));
    }

    private static byte[] proof(SecretKeySpec key, byte[] body) {
        return Arrays.copyOf(mac(key, "proof", body), PROOF_BYTES);
    }

    private static byte[] mac(SecretKeySpec key, String use, byte[] content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(use.getBytes(StandardCharsets.US_ASCII));
            mac.update((byte) 0);
            return mac.doFinal(content);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has HmacSHA256", missing);
        }
    }
}
