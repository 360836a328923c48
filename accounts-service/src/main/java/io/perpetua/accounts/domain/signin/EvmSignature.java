package io.perpetua.accounts.domain.signin;

import io.perpetua.signatures.Eip191;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An EIP-191 signature ({@code personal_sign}) of an EVM wallet: r, s and the recovery byte, 65
 * bytes.
 *
 * @param hex {@code 0x} and 130 lower-case hexadecimal digits
 */
public record EvmSignature(String hex) implements WalletSignature {
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
        return Eip191.signerOf(text, bytes).map(EvmAddress::new);
    }
}
