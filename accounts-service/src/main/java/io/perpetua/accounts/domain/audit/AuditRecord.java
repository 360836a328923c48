package io.perpetua.accounts.domain.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An entry in its place in the chain, exactly as stored, be it whole or tampered with.
 *
 * @param number from 1, without gaps
 * @param actorKind a constant of {@link AuditActor.Kind}
 * @param previousHash of the entry before; zeros for the first
 * @param hash SHA-256 over all the rest
 */
public record AuditRecord(
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
        Hash previousHash,
        Hash hash) {

    /** A SHA-256, in lower-case hexadecimal digits. */
    public record Hash(String hex) {
        /** What the first entry has for the hash of the one before it. */
        public static final Hash NONE = new Hash("0".repeat(64));

        /** Of its bytes, however many tampering left. */
        public static Hash of(byte[] bytes) {
            return new Hash(HexFormat.of().formatHex(bytes));
        }

        /** From 64 hexadecimal digits. */
        public static Hash parse(String text) {
            if (!text.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("expected 64 lower-case hexadecimal digits");
            }
            return new Hash(text);
        }

        private byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }

        @Override
        public String toString() {
            return hex;
        }
    }

    /** What the hash of this content is; differs from {@link #hash} if the entry was changed. */
    public Hash computedHash() {
        MessageDigest digest = sha256();
        digest.update(ByteBuffer.allocate(8).putLong(number).array());
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, at);
        digest.update(ByteBuffer.allocate(8).putLong(micros).array());
        putText(digest, actorKind);
        putText(digest, actorId);
        putText(digest, action);
        putText(digest, subject);
        putText(digest, before);
        putText(digest, after);
        putText(digest, clientAddress);
        putText(digest, userAgent);
        digest.update(previousHash.bytes());
        return Hash.of(digest.digest());
    }

    private static void putText(MessageDigest digest, @Nullable String text) {
        if (text == null) {
            digest.update(ByteBuffer.allocate(4).putInt(-1).array());
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }
}
