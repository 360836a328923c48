package io.perpetua.accounts.domain.signin;

import java.util.regex.Pattern;

/**
 * The chain a sign-in is bound to, as CAIP-2 names it.
 *
 * @param caip2 {@code eip155:1} or {@code solana:mainnet}
 */
public record Chain(String caip2) {
    private static final String EVM = "eip155:";
    private static final String SOLANA = "solana:";
    private static final Pattern FORM =
            Pattern.compile("eip155:[1-9][0-9]{0,15}|solana:(?:mainnet|testnet|devnet|localnet)");

    /** Refuses what is neither. */
    public Chain {
        if (!FORM.matcher(caip2).matches()) {
            throw new IllegalArgumentException(
                    "expected an EIP-155 number or mainnet, testnet, devnet or localnet");
        }
    }

    /** A chain of EVM wallets. */
    public static Chain evm(long id) {
        return new Chain(EVM + id);
    }

    /** A cluster of Solana, by its bare name. */
    public static Chain solana(String cluster) {
        return new Chain(SOLANA + cluster);
    }

    /** From how a message of a wallet of this kind names it. */
    static Chain inMessage(WalletKind kind, String text) {
        return switch (kind) {
            case EVM -> new Chain(EVM + text);
            case SOLANA -> text.startsWith(SOLANA) ? new Chain(text) : solana(text);
        };
    }

    /** How messages name it. */
    String inMessage() {
        return caip2.startsWith(EVM) ? caip2.substring(EVM.length()) : caip2;
    }

    /** Whether wallets of the kind are on it. */
    boolean isOf(WalletKind kind) {
        return caip2.startsWith(kind == WalletKind.EVM ? EVM : SOLANA);
    }
}
