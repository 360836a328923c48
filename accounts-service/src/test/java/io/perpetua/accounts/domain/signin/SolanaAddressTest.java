package io.perpetua.accounts.domain.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.signatures.Base58;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SolanaAddressTest {
    /** RFC 8032, section 7.1, tests 1 to 3: key, message, signature. */
    @ParameterizedTest
    @CsvSource({
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a, '',"
                + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c, r,"
                + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    })
    void shouldTakeTheSignaturesOfTheStandard(String key, String text, String signature) {
        SolanaAddress address = SolanaAddress.parse(base58(key));

        assertThat(new SolanaSignature(base58(signature)).isOf(address, text)).isTrue();
        assertThat(new SolanaSignature(base58(signature)).isOf(address, text + "x")).isFalse();
    }

    @Test
    void shouldReadAnAddressThatEverybodyKnows() {
        assertThat(SolanaAddress.parse("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v").shown())
                .isEqualTo("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v");
    }

    @Test
    void shouldTakeEveryKeyThatTheJdkMakes() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        for (int i = 0; i < 200; i++) {
            KeyPair keys = generator.generateKeyPair();
            byte[] encoded = keys.getPublic().getEncoded();
            byte[] raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(keys.getPrivate());
            signer.update("text".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            SolanaSignature signature = new SolanaSignature(Base58.encode(signer.sign()));

            assertThat(signature.isOf(SolanaAddress.parse(Base58.encode(raw)), "text")).isTrue();
        }
    }

    /** Small order, y of p or more, and points that are not on the curve; little-endian. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "0200000000000000000000000000000000000000000000000000000000000000",
                "0700000000000000000000000000000000000000000000000000000000000000",
            })
    void shouldRefuseWhatIsNoKeyOfAWallet(String key) {
        String text = base58(key);

        assertThatThrownBy(() -> SolanaAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "0", "l", "I", "O", " ", "\u0000", "\uff11"})
    void shouldRefuseWhatIsNotThirtyTwoBytesInBase58(String tail) {
        String whole = "3JF3sEqc6UTNC1u4vVSsbxnJTuW7zbgBQMAZRjz2fpZB";

        for (String text : new String[] {tail, whole + tail + "2", whole.substring(3) + tail}) {
            assertThatThrownBy(() -> SolanaAddress.parse(text))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> SolanaAddress.parse("z".repeat(100_000)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldReadAndWriteSolanasMessageWithAndWithoutAStatement() {
        String head =
                """
                example.org wants you to sign in with your Solana account:
                EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v
                """;
        String fields =
                """

                URI: https://example.org
                Version: 1
                Chain ID: solana:devnet
                Nonce: 12341234
                Issued At: 2022-03-17T12:45:13Z\
                """;

        assertThat(SignInMessage.parse(head + "\nHello.\n" + fields).text())
                .isEqualTo(head + "\nHello.\n" + fields);
        SignInMessage bare = SignInMessage.parse(head + fields);
        assertThat(bare.text()).isEqualTo(head + fields);
        assertThat(bare.statement()).isNull();
        assertThat(bare.chain()).isEqualTo(Chain.solana("devnet"));
        assertThat(SignInMessage.parse((head + fields).replace("solana:devnet", "devnet")).chain())
                .isEqualTo(Chain.solana("devnet"));
        for (String broken :
                new String[] {
                    head + "\n" + fields,
                    (head + fields).replace("Solana", "Ethereum"),
                    (head + fields).replace("solana:devnet", "1"),
                    (head + fields).replace("solana:devnet", "solana:moon"),
                    (head + fields).replace("solana:devnet", "eip155:1"),
                }) {
            assertThatThrownBy(() -> SignInMessage.parse(broken))
                    .as(broken)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static String base58(String hex) {
        return Base58.encode(HexFormat.of().parseHex(hex));
    }
}
