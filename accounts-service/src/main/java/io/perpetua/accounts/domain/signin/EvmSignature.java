package io.perpetua.accounts.domain.signin;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SignatureException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;

/**
 * An EIP-191 signature ({@code personal_sign}) of an EVM wallet: r, s and the recovery byte, 65
 * bytes.
 *
 * @param hex {@code 0x} and 130 lower-case hexadecimal digits
 */
public record EvmSignature(String hex) implements WalletSignature {
    /** Some wallets count the recovery byte from 0 instead. */
    private static final int FIRST_RECOVERY_BYTE = 27;

    /** The order n of secp256k1 (SEC 2, section 2.4.1). */
    private static final BigInteger CURVE_ORDER =
            new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

    private static final Pattern FORM = Pattern.compile("0x[0-9a-f]{130}");

    /** Refuses what is not in the form kept. */
    public EvmSignature {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("expected 0x and 130 hexadecimal digits");
        }
    }

    /** From hexadecimal digits in any case. @throws IllegalArgumentException if it is none */
    public static EvmSignature parse(String text) {
        return new EvmSignature(text.toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean isOf(Wallet wallet, String text) {
        return signerOf(text).filter(wallet::equals).isPresent();
    }

    /** The wallet whose key signed {@code text}, if the signature is one of anybody's at all. */
    public Optional<EvmAddress> signerOf(String text) {
        byte[] bytes = HexFormat.of().parseHex(hex, 2, hex.length());
        int recovery = bytes[64] < 2 ? bytes[64] + FIRST_RECOVERY_BYTE : bytes[64];
        if (recovery != FIRST_RECOVERY_BYTE && recovery != FIRST_RECOVERY_BYTE + 1) {
            return Optional.empty();
        }
        if (!isInRange(bytes, 0) || !isInRange(bytes, 32)) {
            return Optional.empty();
        }
        Sign.SignatureData signature =
                new Sign.SignatureData(
                        (byte) recovery,
                        Arrays.copyOfRange(bytes, 0, 32),
                        Arrays.copyOfRange(bytes, 32, 64));
        try {
            var key =
                    Sign.signedPrefixedMessageToKey(
                            text.getBytes(StandardCharsets.UTF_8), signature);
            return Optional.of(EvmAddress.parse("0x" + Keys.getAddress(key)));
        } catch (SignatureException | IllegalArgumentException nobodys) {
            return Optional.empty();
        }
    }

    /** Whether r or s is below the order of the curve; zero is found out by who recovers. */
    private static boolean isInRange(byte[] bytes, int from) {
        BigInteger number = new BigInteger(1, bytes, from, 32);
        return number.compareTo(CURVE_ORDER) < 0;
    }
}
