package io.perpetua.signatures;

import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Signatures in the forms that wallet libraries write, by keys that are named by an address. */
public final class KeySignature {
    private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]{130}");
    private static final int BASE64_LENGTH = 88;
    private static final String BASE64_END = "==";

    private KeySignature() {}

    /**
     * Whether {@code signature} is the one of {@code text} by the key of {@code address}: 0x and
     * hex digits for an address of secp256k1, in lower case; base58 or base64 for one of Ed25519,
     * which is the base58 of a sound public key.
     */
    public static boolean isOf(String address, String text, String signature) {
        try {
            return address.startsWith("0x")
                    ? Eip191.signerOf(text, ofHex(signature)).filter(address::equals).isPresent()
                    : Ed25519.isSignedBy(
                            Base58.decode(address, Ed25519.KEY_BYTES), text, ed25519(signature));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static byte[] ofHex(String signature) {
        if (!HEX.matcher(signature).matches()) {
            throw new IllegalArgumentException("expected 0x and 130 hexadecimal digits");
        }
        return HexFormat.of().parseHex(signature, 2, signature.length());
    }

    /**
     * The 64 bytes of an Ed25519 signature: they end with {@code ==} in base64, and never in
     * base58.
     *
     * @throws IllegalArgumentException if the text is neither's
     */
    public static byte[] ed25519(String signature) {
        return signature.length() == BASE64_LENGTH && signature.endsWith(BASE64_END)
                ? Base64.getDecoder().decode(signature)
                : Base58.decode(signature, Ed25519.SIGNATURE_BYTES);
    }
}
