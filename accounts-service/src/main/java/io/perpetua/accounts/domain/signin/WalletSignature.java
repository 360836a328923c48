package io.perpetua.accounts.domain.signin;

/** A wallet's signature of a text. */
public sealed interface WalletSignature permits EvmSignature, SolanaSignature {
    /** Whether it is this wallet's signature of this text. */
    boolean isOf(Wallet wallet, String text);

    /**
     * From text, in the form that wallets of the kind use.
     *
     * @throws IllegalArgumentException if it is none
     */
    static WalletSignature parse(WalletKind kind, String text) {
        return switch (kind) {
            case EVM -> EvmSignature.parse(text);
            case SOLANA -> SolanaSignature.parse(text);
        };
    }
}
