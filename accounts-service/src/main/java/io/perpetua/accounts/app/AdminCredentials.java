package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.admin.Password;
import io.perpetua.accounts.domain.admin.PasswordHash;
import io.perpetua.accounts.domain.admin.Totp;
import io.perpetua.accounts.domain.vault.KeyRing;
import io.perpetua.accounts.domain.vault.SealedSecret;
import io.perpetua.accounts.domain.vault.Secret;
import io.perpetua.accounts.domain.vault.SecretPlace;
import io.perpetua.accounts.domain.vault.UnopenableSecretException;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import io.perpetua.accounts.persistence.AdminStore.EnrolmentToken;
import io.perpetua.edge.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes and checks what administrators prove themselves by. A hash of a password takes 19 MiB and
 * some 20 ms, so that few are made at a time.
 */
@ApplicationScoped
public class AdminCredentials {
    private static final int AT_ONCE = 2;
    private static final int PATIENCE_SECONDS = 5;
    private static final int TOKEN_BYTES = 32;
    private static final int TOKEN_LENGTH = 43;

    private final SecretKeys keys;
    private final SecureRandom random = new SecureRandom();
    private final Semaphore hashing = new Semaphore(AT_ONCE);
    private final PasswordHash nobodys;

    /** With the key that seals secrets. */
    public AdminCredentials(SecretKeys keys) {
        this.keys = keys;
        this.nobodys = PasswordHash.of(Password.parse("nobody's password"), random);
    }

    /** A token for an enrolment, or a part of one. */
    String newToken() {
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** What is stored of a token. */
    static byte[] tokenHash(String token) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return digest.digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    /** Whether it is the token; of two parts, one after the other, whichever comes first. */
    static boolean isToken(String text, EnrolmentToken expected) {
        if (expected.parts() == 1) {
            return isPart(text, expected.hash());
        }
        if (text.length() != 2 * TOKEN_LENGTH) {
            return false;
        }
        String first = text.substring(0, TOKEN_LENGTH);
        String second = text.substring(TOKEN_LENGTH);
        return (isPart(first, expected.hash()) && isPart(second, expected.deciderHash()))
                || (isPart(second, expected.hash()) && isPart(first, expected.deciderHash()));
    }

    private static boolean isPart(String text, byte @Nullable [] hash) {
        return hash != null && MessageDigest.isEqual(hash, tokenHash(text));
    }

    /** A new secret of one-time codes. */
    Totp newTotp() {
        return Totp.generate(random);
    }

    /** The secret as it is stored: bound to the administrator. */
    byte[] seal(Totp totp, long admin) {
        return keys.keyRing().seal(totp.secret(), place(admin)).bytes();
    }

    /** Which step the code is of; nothing if it is not the administrator's, or was used. */
    OptionalLong step(AdminRow admin, String code, Instant now) {
        byte @Nullable [] sealed = admin.secrets().sealedTotp();
        if (sealed == null) {
            return OptionalLong.empty();
        }
        SecretPlace place = place(admin.id());
        SealedSecret secret =
                SealedSecret.parse(sealed).orElseThrow(() -> new UnopenableSecretException(place));
        KeyRing ring = keys.keyRing();
        if (!ring.has(secret.keyId())) {
            ring = keys.readRing();
        }
        try (Secret opened = ring.open(secret, place)) {
            return new Totp(opened.bytes()).match(code, now, admin.secrets().totpLastStep());
        }
    }

    /** The hash of a new password. */
    String hash(Password password) {
        takeTurn();
        try {
            return PasswordHash.of(password, random).text();
        } finally {
            hashing.release();
        }
    }

    /** Whether it is the password; takes as long when there is none to compare it with. */
    boolean matches(Password password, @Nullable String stored) {
        takeTurn();
        try {
            PasswordHash hash = stored == null ? nobodys : PasswordHash.parse(stored);
            return hash.matches(password) && stored != null;
        } finally {
            hashing.release();
        }
    }

    private void takeTurn() {
        try {
            if (!hashing.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw Problem.of(503, "OVERLOADED", "too many sign-ins at once").exception();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw Problem.of(503, "OVERLOADED", "the service is stopping").exception();
        }
    }

    /** Where an administrator's secret of one-time codes stands. */
    static SecretPlace place(long admin) {
        return SecretPlace.ofPlatform("admin-totp", Long.toString(admin));
    }
}
