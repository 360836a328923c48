package io.perpetua.accounts.domain.signin;

import io.perpetua.accounts.domain.signin.SignInDecision.Proven;
import io.perpetua.accounts.domain.signin.SignInDecision.Refused;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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
            SignInNonces nonces,
            ChallengePurpose purpose,
            Wallet wallet,
            Chain chain,
            byte[] random,
            Instant now) {
        Instant issuedAt = now.truncatedTo(ChronoUnit.SECONDS);
        SignInNonce nonce = nonces.issue(purpose, wallet, chain, issuedAt.plus(validity), random);
        return new SignInMessage(
                domain,
                wallet,
                purpose.statement() == null ? statement : purpose.statement(),
                uri.toString(),
                chain,
                nonce.text(),
                issuedAt,
                nonce.expiresAt(),
                null,
                null,
                List.of());
    }

    /**
     * Whether the signature of {@code text}, which reads {@code message}, proves that the wallet's
     * owner wants what it is for.
     *
     * @param text exactly as signed
     */
    public SignInDecision decide(
            SignInNonces nonces,
            ChallengePurpose purpose,
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
        if (purpose.statement() != null && !purpose.statement().equals(message.statement())) {
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
