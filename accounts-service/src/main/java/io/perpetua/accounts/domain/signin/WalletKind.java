package io.perpetua.accounts.domain.signin;

/** Which keys and chains a wallet is of. */
public enum WalletKind {
    /** An Ethereum account: secp256k1, EIP-191, any EIP-155 chain. */
    EVM,
    /** A Solana account: Ed25519. */
    SOLANA
}
