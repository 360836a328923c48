package io.perpetua.accounts.domain.token;

import java.util.UUID;
import java.util.regex.Pattern;

/** Names a sign-in, in access tokens as {@code sid}; random. */
public record SignInId(UUID value) {
    private static final Pattern FORM =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** From its text. @throws IllegalArgumentException if it is none */
    public static SignInId parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("expected 32 lower-case hex digits, 8-4-4-4-12");
        }
        return new SignInId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
