package io.perpetua.accounts.domain.signin;

import io.perpetua.signatures.Base58;
import io.perpetua.signatures.Ed25519;
import java.math.BigInteger;
import java.util.Set;

/**
 * The address of a Solana wallet: its Ed25519 public key. It is always a point that a key pair can
 * have: canonically encoded, on the curve, and not one of the eight of small order, under which a
 * signature of one text holds for others too.
 *
 * @param base58 the 32 bytes of the key
 */
public record SolanaAddress(String base58) implements Wallet {
    private static final BigInteger P =
            BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));

    /** -121665/121666, RFC 8032 section 5.1. */
    private static final BigInteger D =
            BigInteger.valueOf(-121_665).multiply(BigInteger.valueOf(121_666).modInverse(P)).mod(P);

    private static final BigInteger ORDER_8 =
            new BigInteger("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16);

    /** The y of the eight points whose order divides 8. */
    private static final Set<BigInteger> SMALL_ORDER =
            Set.of(
                    BigInteger.ZERO,
                    BigInteger.ONE,
                    P.subtract(BigInteger.ONE),
                    ORDER_8,
                    P.subtract(ORDER_8));

    /** Refuses what is no key. */
    public SolanaAddress {
        check(Base58.decode(base58, Ed25519.KEY_BYTES));
    }

    /** From base58. @throws IllegalArgumentException if it is no public key of a wallet */
    public static SolanaAddress parse(String text) {
        return new SolanaAddress(text);
    }

    private static void check(byte[] key) {
        byte[] bigEndian = new byte[Ed25519.KEY_BYTES];
        for (int i = 0; i < Ed25519.KEY_BYTES; i++) {
            bigEndian[i] = key[Ed25519.KEY_BYTES - 1 - i];
        }
        bigEndian[0] &= 0x7f;
        BigInteger y = new BigInteger(1, bigEndian);
        if (y.compareTo(P) >= 0) {
            throw new IllegalArgumentException("not a canonical Ed25519 public key");
        }
        if (SMALL_ORDER.contains(y)) {
            throw new IllegalArgumentException("a public key of small order");
        }
        // On the curve x^2 = u/v, which has a root exactly when u * v has one.
        BigInteger square = y.multiply(y).mod(P);
        BigInteger u = square.subtract(BigInteger.ONE);
        BigInteger v = D.multiply(square).add(BigInteger.ONE);
        BigInteger half = P.subtract(BigInteger.ONE).shiftRight(1);
        if (!u.multiply(v).mod(P).modPow(half, P).equals(BigInteger.ONE)) {
            throw new IllegalArgumentException("not an Ed25519 public key: not on the curve");
        }
    }

    /** The 32 bytes of the key. */
    byte[] publicKey() {
        return Base58.decode(base58, Ed25519.KEY_BYTES);
    }

    @Override
    public WalletKind kind() {
        return WalletKind.SOLANA;
    }

    @Override
    public String stored() {
        return base58;
    }

    @Override
    public String shown() {
        return base58;
    }
}
