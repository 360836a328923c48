package io.perpetua.demo.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;
import org.web3j.utils.Numeric;

/** An Ethereum wallet: a key, its address, and signatures of messages (EIP-191). */
public final class Wallet {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ECKeyPair key;

    private Wallet(ECKeyPair key) {
        this.key = key;
    }

    /** A new one. */
    public static Wallet create() {
        try {
            return new Wallet(Keys.createEcKeyPair(RANDOM));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** 0x and 40 hexadecimal digits, in the mixed case that checks itself. */
    public String address() {
        return Keys.toChecksumAddress(Keys.getAddress(key));
    }

    /** The signature of a text, as wallets give it: r, s and v in hexadecimal digits. */
    public String sign(String message) {
        Sign.SignatureData signature =
                Sign.signPrefixedMessage(message.getBytes(StandardCharsets.UTF_8), key);
        return Numeric.toHexString(signature.getR())
                + Numeric.toHexStringNoPrefix(signature.getS())
                + Numeric.toHexStringNoPrefix(signature.getV());
    }

    @Override
    public String toString() {
        return "Wallet[" + address() + "]";
    }
}
