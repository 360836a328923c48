package io.perpetua.accounts.domain.exchange;

import io.perpetua.accounts.domain.vault.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key of another exchange, in the clear until it is closed.
 *
 * @param key names the key to its exchange
 * @param secret signs
 * @param passphrase of Coinbase Exchange's keys; of Zerodha's, the access token
 */
public record ExchangeCredentials(Secret key, Secret secret, @Nullable Secret passphrase)
        implements AutoCloseable {
    /** The key, as it stands in a header; nothing when it is none that could. */
    Optional<String> keyText() {
        return word(key);
    }

    /** The passphrase, as it stands in a header; nothing when it is none that could. */
    Optional<String> passphraseText() {
        return passphrase == null ? Optional.empty() : word(passphrase);
    }

    /** Printable ASCII without blanks: no line end gets into a header. */
    private static Optional<String> word(Secret secret) {
        for (byte one : secret.bytes()) {
            if (one <= ' ' || one > '~') {
                return Optional.empty();
            }
        }
        return Optional.of(new String(secret.bytes(), StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        key.close();
        secret.close();
        if (passphrase != null) {
            passphrase.close();
        }
    }
}
