package io.perpetua.accounts.domain.admin;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A password as typed: 12 to 128 characters, none of them a control. Never printed. */
public final class Password {
    private static final int SHORTEST = 12;
    private static final int LONGEST = 128;

    private final byte[] bytes;

    private Password(byte[] bytes) {
        this.bytes = bytes;
    }

    /** From its text. @throws IllegalArgumentException when it is too short, too long or no text */
    public static Password parse(String text) {
        int length = text.codePointCount(0, text.length());
        if (length < SHORTEST
                || length > LONGEST
                || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "a password has 12 to 128 characters, none of them a control");
        }
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return new Password(bytes);
        } catch (CharacterCodingException broken) {
            throw new IllegalArgumentException("a password is text", broken);
        }
    }

    byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String toString() {
        return "Password[]";
    }
}
