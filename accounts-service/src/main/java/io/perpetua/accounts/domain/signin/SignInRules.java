package io.perpetua.accounts.domain.signin;

import io.perpetua.accounts.domain.signin.SignInDecision.Proven;
import io.perpetua.accounts.domain.signin.SignInDecision.Refused;
import io.perpetua.contracts.value.UserId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The site's side of the sign-in: which challenges it makes, and which signed messages it takes.
 *
 * @param domain the authority in the message's first line
 * @param uri the resource signed in to; a message may name any URI of its origin
 * @param statement shown by the wallet
 * @param validity how long a challenge can be answered
 * @param clockSkew how far another clock may be ahead of ours
 */
public record SignInRules(
        String domain, URI uri, String statement, Duration validity, Duration clockSkew) {
    /** The message to sign for a wallet on a chain. */
    public SignInMessage challenge(
            SignInNonces nonces, Wallet wallet, Chain chain, byte[] random, Instant now) {
        return challenge(nonces, ChallengePurpose.SIGN_IN, statement, wallet, chain, random, now);
    }

    /** The message to sign for a wallet that is to be one of the user's. */
    public SignInMessage linkChallenge(
            SignInNonces nonces,
            UserId user,
            Wallet wallet,
            Chain chain,
            byte[] random,
            Instant now) {
        return challenge(
                nonces,
                ChallengePurpose.linkTo(user),
                linkStatement(user),
                wallet,
                chain,
                random,
                now);
    }

    /** The message to sign for a user who is to be deleted. */
    public SignInMessage deletionChallenge(
            SignInNonces nonces,
            UserId user,
            Wallet wallet,
            Chain chain,
            byte[] random,
            Instant now) {
        return challenge(
                nonces,
                ChallengePurpose.deletionOf(user),
                deletionStatement(user),
                wallet,
                chain,
                random,
                now);
    }

    private SignInMessage challenge(
            SignInNonces nonces,
            ChallengePurpose purpose,
            String shown,
            Wallet wallet,
            Chain chain,
            byte[] random,
            Instant now) {
        Instant issuedAt = now.truncatedTo(ChronoUnit.SECONDS);
        SignInNonce nonce = nonces.issue(purpose, wallet, chain, issuedAt.plus(validity), random);
        return new SignInMessage(
                domain,
                wallet,
                shown,
                uri.toString(),
                chain,
                nonce.text(),
                issuedAt,
                nonce.expiresAt(),
                null,
                null,
                List.of());
    }

    private static String linkStatement(UserId user) {
        return "Link this wallet to Perpetua user "
                + user
                + ": whoever holds it can then sign in to that user's accounts.";
    }

    private static String deletionStatement(UserId user) {
        return "Delete Perpetua user "
                + user
                + " for good: profile, wallets and stored keys are gone, and cannot come back.";
    }

    /**
     * Whether the signature of {@code text}, which reads {@code message}, proves the wallet for a
     * sign-in.
     *
     * @param text exactly as signed
     */
    public SignInDecision decide(
            SignInNonces nonces,
            SignInMessage message,
            String text,
            WalletSignature signature,
            Instant now) {
        return decide(nonces, ChallengePurpose.SIGN_IN, null, message, text, signature, now);
    }

    /** Whether it proves that the wallet's owner wants it linked to the user. */
    public SignInDecision decideLink(
            SignInNonces nonces,
            UserId user,
            SignInMessage message,
            String text,
            WalletSignature signature,
            Instant now) {
        return decide(
                nonces,
                ChallengePurpose.linkTo(user),
                linkStatement(user),
                message,
                text,
                signature,
                now);
    }

    /** Whether it proves that the wallet's owner wants the user deleted. */
    public SignInDecision decideDeletion(
            SignInNonces nonces,
            UserId user,
            SignInMessage message,
            String text,
            WalletSignature signature,
            Instant now) {
        return decide(
                nonces,
                ChallengePurpose.deletionOf(user),
                deletionStatement(user),
                message,
                text,
                signature,
                now);
    }

    private SignInDecision decide(
            SignInNonces nonces,
            ChallengePurpose purpose,
            @Nullable String shown,
            SignInMessage message,
            String text,
            WalletSignature signature,
            Instant now) {
        if (!message.domain().equals(domain)) {
            return new Refused(SignInRefusal.DOMAIN_MISMATCH);
        }
        if (!sameOrigin(URI.create(message.uri()))) {
            return new Refused(SignInRefusal.URI_MISMATCH);
        }
        Optional<SignInNonce> nonce =
                nonces.recognise(message.nonce(), purpose, message.address(), message.chain());
        if (nonce.isEmpty()) {
            return new Refused(SignInRefusal.NONCE_UNKNOWN);
        }
        if (shown != null && !shown.equals(message.statement())) {
            return new Refused(SignInRefusal.STATEMENT_MISMATCH);
        }
        if (!now.isBefore(nonce.get().expiresAt()) || hasExpired(message, now)) {
            return new Refused(SignInRefusal.MESSAGE_EXPIRED);
        }
        if (startsLater(message, now)) {
            return new Refused(SignInRefusal.MESSAGE_NOT_YET_VALID);
        }
        if (!signature.isOf(message.address(), text)) {
            return new Refused(SignInRefusal.SIGNATURE_MISMATCH);
        }
        return new Proven(message.address(), nonce.get());
    }

    private boolean sameOrigin(URI other) {
        return Objects.equals(uri.getScheme(), other.getScheme())
                && Objects.equals(uri.getRawAuthority(), other.getRawAuthority());
    }

    private static boolean hasExpired(SignInMessage message, Instant now) {
        return message.expiresAt() != null && !now.isBefore(message.expiresAt());
    }

    private boolean startsLater(SignInMessage message, Instant now) {
        Instant latest = now.plus(clockSkew);
        return message.issuedAt().isAfter(latest)
                || (message.notBefore() != null && message.notBefore().isAfter(latest));
    }
}
