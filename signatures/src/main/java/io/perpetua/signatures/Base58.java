package io.perpetua.signatures;

import java.math.BigInteger;
import java.util.Arrays;

/** Bytes as Bitcoin and Solana write them; a sequence of bytes has one text. */
public final class Base58 {
    private static final String ALPHABET =
            "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(58);

    private Base58() {}

    /** The text of the bytes. */
    public static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        BigInteger rest = new BigInteger(1, bytes);
        while (rest.signum() > 0) {
            BigInteger[] parts = rest.divideAndRemainder(BASE);
            text.append(ALPHABET.charAt(parts[1].intValue()));
            rest = parts[0];
        }
        for (int i = 0; i < bytes.length && bytes[i] == 0; i++) {
            text.append(ALPHABET.charAt(0));
        }
        return text.reverse().toString();
    }

    /**
     * The bytes of a text that has exactly so many.
     *
     * @throws IllegalArgumentException if it has not
     */
    public static byte[] decode(String text, int length) {
        // A digit is worth 5.86 bits: what is longer has more bytes.
        if (text.length() > length * 7 / 5 + 1) {
            throw new IllegalArgumentException("more than " + length + " bytes in base58");
        }
        BigInteger value = BigInteger.ZERO;
        for (int i = 0; i < text.length(); i++) {
            int digit = ALPHABET.indexOf(text.charAt(i));
            if (digit < 0) {
                throw new IllegalArgumentException("not base58");
            }
            value = value.multiply(BASE).add(BigInteger.valueOf(digit));
        }
        byte[] number = value.toByteArray();
        int first = number.length > 1 && number[0] == 0 ? 1 : 0;
        byte[] bytes = new byte[length];
        if (number.length - first > length) {
            throw new IllegalArgumentException("more than " + length + " bytes in base58");
        }
        byte[] digits = Arrays.copyOfRange(number, first, number.length);
        System.arraycopy(digits, 0, bytes, length - digits.length, digits.length);
        if (!encode(bytes).equals(text)) {
            throw new IllegalArgumentException("not " + length + " bytes in base58");
        }
        return bytes;
    }
}
