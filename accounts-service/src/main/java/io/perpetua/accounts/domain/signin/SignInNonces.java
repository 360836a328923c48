package io.perpetua.accounts.domain.signin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes and recognises nonces: 4 bytes of expiry (seconds since 1970), 12 random bytes and the
 * first 16 bytes of HMAC-SHA-256 over both, the purpose, the wallet and the chain. All replicas
 * share the keys: the last one issues, all of them recognise.
 */
public final class SignInNonces {
    /** Random bytes in a nonce. */
    public static final int RANDOM_BYTES = 12;

    private static final int BODY_BYTES = Integer.BYTES + RANDOM_BYTES;
    private static final int PROOF_BYTES = 16;
    private static final Pattern FORM =
            Pattern.compile("[0-9a-f]{" + 2 * (BODY_BYTES + PROOF_BYTES) + "}");

    private final List<SecretKeySpec> keys;

    /** With the keys of the proofs, at least one. */
    public SignInNonces(List<byte[]> keys) {
        this.keys = keys.stream().map(key -> new SecretKeySpec(key, "HmacSHA256")).toList();
    }

    /** A nonce for one purpose of one wallet on one chain; {@code random} is used once. */
    public SignInNonce issue(
            ChallengePurpose purpose,
            Wallet wallet,
            Chain chain,
            Instant expiresAt,
            byte[] random) {
        return issue(bound(purpose, wallet, chain), expiresAt, random);
    }

    /** A nonce for a purpose that no wallet has to do with. */
    public SignInNonce issue(ChallengePurpose purpose, Instant expiresAt, byte[] random) {
        return issue(purpose.text(), expiresAt, random);
    }

    private SignInNonce issue(String bound, Instant expiresAt, byte[] random) {
        int seconds = (int) expiresAt.getEpochSecond();
        byte[] body = ByteBuffer.allocate(BODY_BYTES).putInt(seconds).put(random).array();
        HexFormat hex = HexFormat.of();
        byte[] proof = proof(keys.getLast(), body, bound);
        String text = hex.formatHex(body) + hex.formatHex(proof);
        return new SignInNonce(text, expiryOf(body));
    }

    /** The nonce that {@code text} is, if it was issued for this purpose, wallet and chain. */
    public Optional<SignInNonce> recognise(
            String text, ChallengePurpose purpose, Wallet wallet, Chain chain) {
        return recognise(text, bound(purpose, wallet, chain));
    }

    /** The nonce that {@code text} is, if it was issued for this purpose and no wallet. */
    public Optional<SignInNonce> recognise(String text, ChallengePurpose purpose) {
        return recognise(text, purpose.text());
    }

    private Optional<SignInNonce> recognise(String text, String bound) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        byte[] bytes = HexFormat.of().parseHex(text);
        byte[] body = Arrays.copyOf(bytes, BODY_BYTES);
        byte[] given = Arrays.copyOfRange(bytes, BODY_BYTES, bytes.length);
        for (SecretKeySpec key : keys) {
            if (MessageDigest.isEqual(given, proof(key, body, bound))) {
                return Optional.of(new SignInNonce(text, expiryOf(body)));
            }
        }
        return Optional.empty();
    }

    private static Instant expiryOf(byte[] body) {
        return Instant.ofEpochSecond(Integer.toUnsignedLong(ByteBuffer.wrap(body).getInt()));
    }

    /** None of the texts has a line feed, so no two sets of them are written alike. */
    private static String bound(ChallengePurpose purpose, Wallet wallet, Chain chain) {
        return purpose.text() + '\n' + wallet.stored() + '\n' + chain.caip2();
    }

    private static byte[] proof(SecretKeySpec key, byte[] body, String bound) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(body);
            mac.update(bound.getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(mac.doFinal(), PROOF_BYTES);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has HmacSHA256", missing);
        }
    }
}
