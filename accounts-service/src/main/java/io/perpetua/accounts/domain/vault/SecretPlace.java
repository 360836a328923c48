package io.perpetua.accounts.domain.vault;

import io.perpetua.contracts.value.UserId;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Where a secret belongs: what it is for, whose it is, and in which record it stands. It is
 * authenticated with the secret, so that a sealed secret opens nowhere else: not in another row,
 * not under another user, not for another purpose.
 *
 * @param text {@code purpose:record} of the platform's, {@code purpose:user:record} of a user's; no
 *     part has a colon, so no two places are written alike
 */
public record SecretPlace(String text) {
    private static final Pattern PURPOSE = Pattern.compile("[a-z-]{1,32}");
    private static final Pattern RECORD = Pattern.compile("[0-9A-Za-z-]{1,64}");
    private static final Pattern FORM =
            Pattern.compile(PURPOSE.pattern() + "(:[0-9]{1,16})?:" + RECORD.pattern());

    /** Refuses what is no place. */
    public SecretPlace {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("a place is purpose:user:record");
        }
    }

    /** Of a secret of the platform itself. */
    public static SecretPlace ofPlatform(String purpose, String record) {
        return new SecretPlace(purpose + ":" + record);
    }

    /** Of a user's secret. */
    public static SecretPlace ofUser(String purpose, UserId user, long record) {
        return new SecretPlace(purpose + ":" + user + ":" + record);
    }

    /** What is authenticated. */
    public byte[] bytes() {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return text;
    }
}
