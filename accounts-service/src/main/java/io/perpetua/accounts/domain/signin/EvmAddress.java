package io.perpetua.accounts.domain.signin;

import java.util.Locale;
import java.util.regex.Pattern;
import org.web3j.crypto.Keys;

/**
 * The address of an EVM wallet, kept in lower case so that equal addresses are equal.
 *
 * @param hex {@code 0x} and 40 lower-case hexadecimal digits
 */
public record EvmAddress(String hex) implements Wallet {
    private static final Pattern ANY_CASE = Pattern.compile("0x[0-9a-fA-F]{40}");
    private static final Pattern LOWER_CASE = Pattern.compile("0x[0-9a-f]{40}");
    private static final Pattern UPPER_CASE = Pattern.compile("0x[0-9A-F]{40}");

    /** Refuses what is not in the form kept. */
    public EvmAddress {
        if (!LOWER_CASE.matcher(hex).matches()) {
            throw new IllegalArgumentException("expected 0x and 40 lower-case hex digits");
        }
    }

    /**
     * From text in one case, or in mixed case with a right EIP-55 checksum.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static EvmAddress parse(String text) {
        if (!ANY_CASE.matcher(text).matches()) {
            throw new IllegalArgumentException("expected 0x and 40 hexadecimal digits");
        }
        boolean oneCase = LOWER_CASE.matcher(text).matches() || UPPER_CASE.matcher(text).matches();
        EvmAddress address = new EvmAddress(text.toLowerCase(Locale.ROOT));
        if (!oneCase && !address.checksummed().equals(text)) {
            throw new IllegalArgumentException("the EIP-55 checksum is wrong");
        }
        return address;
    }

    @Override
    public WalletKind kind() {
        return WalletKind.EVM;
    }

    @Override
    public String stored() {
        return hex;
    }

    @Override
    public String shown() {
        return checksummed();
    }

    /** The EIP-55 form, whose letter case is a checksum. */
    public String checksummed() {
        return Keys.toChecksumAddress(hex);
    }
}
