package io.perpetua.accounts.domain.signin;

/** A wallet that can sign a user in, by its public identity. */
public sealed interface Wallet permits EvmAddress, SolanaAddress {
    /** What kind of wallet it is. */
    WalletKind kind();

    /** Its one canonical text: equal wallets have equal ones, also over kinds. */
    String stored();

    /** As wallets show it. */
    String shown();

    /**
     * From an address of either kind.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static Wallet parse(String text) {
        return text.startsWith("0x") ? EvmAddress.parse(text) : SolanaAddress.parse(text);
    }

    /** As it was stored. */
    static Wallet ofStored(WalletKind kind, String stored) {
        return switch (kind) {
            case EVM -> new EvmAddress(stored);
            case SOLANA -> SolanaAddress.parse(stored);
        };
    }
}
