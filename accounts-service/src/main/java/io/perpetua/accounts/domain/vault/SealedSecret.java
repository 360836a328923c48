package io.perpetua.accounts.domain.vault;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A secret as it is stored: encrypted by a data key of its own, which stands beside it, wrapped.
 * Another wrapping key changes {@code wrappedKey} alone. Never printed.
 *
 * @param keyId names the key-encryption key that wraps; {@link #UNNAMED} if it was not written down
 * @param wrappedKey nonce (12 bytes), data key (32), tag (16)
 * @param ciphertext nonce (12 bytes), the secret, tag (16)
 */
public record SealedSecret(String keyId, byte[] wrappedKey, byte[] ciphertext) {
    /** The wrapping key's id where none was written down: whichever key opens it. */
    public static final String UNNAMED = "";

    private static final byte UNNAMED_FORM = 1;
    private static final byte NAMED_FORM = 2;

    /**
     * From one piece: form (1 byte), in form 2 the key's id behind its length (1 byte), wrapped
     * key, ciphertext. Nothing when it can't be one.
     */
    public static Optional<SealedSecret> parse(byte[] piece) {
        if (piece.length == 0) {
            return Optional.empty();
        }
        int idBytes = 0;
        int idFrom = 1;
        if (piece[0] == NAMED_FORM && piece.length > 1) {
            idBytes = Byte.toUnsignedInt(piece[1]);
            idFrom = 2;
        } else if (piece[0] != UNNAMED_FORM) {
            return Optional.empty();
        }
        int wrappedFrom = idFrom + idBytes;
        int from = wrappedFrom + Envelope.WRAPPED_BYTES;
        if (piece.length < from) {
            return Optional.empty();
        }
        return Optional.of(
                new SealedSecret(
                        new String(piece, idFrom, idBytes, StandardCharsets.ISO_8859_1),
                        Arrays.copyOfRange(piece, wrappedFrom, from),
                        Arrays.copyOfRange(piece, from, piece.length)));
    }

    /** In one piece. */
    public byte[] bytes() {
        byte[] id = keyId.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer piece =
                ByteBuffer.allocate(2 + id.length + wrappedKey.length + ciphertext.length);
        if (id.length == 0) {
            piece.put(UNNAMED_FORM);
        } else {
            piece.put(NAMED_FORM).put((byte) id.length).put(id);
        }
        piece.put(wrappedKey).put(ciphertext);
        return Arrays.copyOf(piece.array(), piece.position());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SealedSecret that
                && keyId.equals(that.keyId)
                && Arrays.equals(wrappedKey, that.wrappedKey)
                && Arrays.equals(ciphertext, that.ciphertext);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ciphertext);
    }

    @Override
    public String toString() {
        return "SealedSecret[" + keyId + "]";
    }
}
