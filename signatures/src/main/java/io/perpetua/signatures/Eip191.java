package io.perpetua.signatures;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SignatureException;
import java.util.Arrays;
import java.util.Optional;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;

/** EIP-191 signatures ({@code personal_sign}) by keys on the curve secp256k1. */
public final class Eip191 {
    /** Of a signature: r, s and the recovery byte. */
    public static final int BYTES = 65;

    /** Some wallets count the recovery byte from 0 instead. */
    private static final int FIRST_RECOVERY_BYTE = 27;

    /** The order n of secp256k1 (SEC 2, section 2.4.1). */
    private static final BigInteger CURVE_ORDER =
            new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

    private Eip191() {}

    /**
     * The address of the key that signed {@code text}, 0x and 40 lower-case hexadecimal digits;
     * nothing if the signature is nobody's.
     */
    public static Optional<String> signerOf(String text, byte[] signature) {
        if (signature.length != BYTES) {
            return Optional.empty();
        }
        int last = signature[BYTES - 1];
        int recovery = last == 0 || last == 1 ? last + FIRST_RECOVERY_BYTE : last;
        if (recovery != FIRST_RECOVERY_BYTE && recovery != FIRST_RECOVERY_BYTE + 1) {
            return Optional.empty();
        }
        if (!isInRange(signature, 0) || !isInRange(signature, 32)) {
            return Optional.empty();
        }
        Sign.SignatureData parts =
                new Sign.SignatureData(
                        (byte) recovery,
                        Arrays.copyOfRange(signature, 0, 32),
                        Arrays.copyOfRange(signature, 32, 64));
        try {
            var key = Sign.signedPrefixedMessageToKey(text.getBytes(StandardCharsets.UTF_8), parts);
            return Optional.of("0x" + Keys.getAddress(key));
        } catch (SignatureException | IllegalArgumentException nobodys) {
            return Optional.empty();
        }
    }

    /** Whether r or s is below the order of the curve; zero is found out by who recovers. */
    private static boolean isInRange(byte[] bytes, int from) {
        return new BigInteger(1, bytes, from, 32).compareTo(CURVE_ORDER) < 0;
    }
}
