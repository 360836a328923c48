package io.perpetua.accounts.domain.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvmSignatureTest {
    /** Signed by other people's wallets and published with the EIP's reference library. */
    private static final String EXAMPLE =
            """
            login.xyz wants you to sign in with your Ethereum account:
            0x9D85ca56217D2bb651b00f15e694EB7E713637D4

            Sign-In With Ethereum Example Statement

            URI: https://login.xyz
            Version: 1
            Chain ID: 1
            Nonce: bTyXgcQxn2htgkjJn
            Issued At: 2022-01-27T17:09:38.578Z
            Expiration Time: 2100-01-07T14:31:43.952Z\
            """;

    private static final String EXAMPLE_SIGNATURE =
            "0xdc35c7f8ba2720df052e0092556456127f00f7707eaa8e3bbff7e56774e7f2e0"
                    + "5a093cfc9e02964c33d86e8e066e221b7d153d27e5a2e97ccd5ca7d3f2ce06cb1b";

    private static final String RECOVERY_FROM_ZERO =
            """
            www.tally.xyz wants you to sign in with your Ethereum account:
            0xc95EB884FE852e241D409234bfC7045CB9E31BD7

            Sign in with Ethereum to Tally

            URI: https://tally.xyz
            Version: 1
            Chain ID: 1
            Nonce: 15050747
            Issued At: 2022-06-30T14:08:51.382Z\
            """;

    private static final String RECOVERY_FROM_ZERO_SIGNATURE =
            "0x8c46b6eb8505939892d8e9b075f89f8277321b17b993151f37810cdda38cce6f"
                    + "4a85909d2b53e6a14629c74c0ac38bf4becde78ee5b2529812bf6cceaf7b2a2501";

    @Test
    void shouldRecoverTheSignerWhenTheVectorIsAPublishedOne() {
        assertThat(EvmSignature.parse(EXAMPLE_SIGNATURE).signerOf(EXAMPLE))
                .contains(EvmAddress.parse("0x9D85ca56217D2bb651b00f15e694EB7E713637D4"));
        assertThat(EvmSignature.parse(RECOVERY_FROM_ZERO_SIGNATURE).signerOf(RECOVERY_FROM_ZERO))
                .contains(EvmAddress.parse("0xc95EB884FE852e241D409234bfC7045CB9E31BD7"));
    }

    @Test
    void shouldReadAndWriteThePublishedMessageWithoutChangingIt() {
        assertThat(SignInMessage.parse(EXAMPLE).text()).isEqualTo(EXAMPLE);
        assertThat(SignInMessage.parse(RECOVERY_FROM_ZERO).text()).isEqualTo(RECOVERY_FROM_ZERO);
    }

    @ParameterizedTest
    @CsvSource({"bTyXgcQxn2htgkjJn,bTyXgcQxn2htgkjJm", "Chain ID: 1,Chain ID: 2", "2100,2101"})
    void shouldRecoverAnotherSignerWhenTheTextWasTamperedWith(String was, String is) {
        assertThat(EvmSignature.parse(EXAMPLE_SIGNATURE).signerOf(EXAMPLE.replace(was, is)))
                .isNotEqualTo(
                        java.util.Optional.of(
                                EvmAddress.parse("0x9D85ca56217D2bb651b00f15e694EB7E713637D4")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1a", "1d", "02", "ff"})
    void shouldBeNobodysWhenTheRecoveryByteIsNone(String recovery) {
        String text = EXAMPLE_SIGNATURE.substring(0, 130) + recovery;

        assertThat(EvmSignature.parse(text).signerOf(EXAMPLE)).isEmpty();
    }

    @Test
    void shouldBeNobodysWhenItsNumbersAreOutOfRange() {
        assertThat(EvmSignature.parse("0x" + "0".repeat(128) + "1b").signerOf("x")).isEmpty();
        assertThat(EvmSignature.parse("0x" + "f".repeat(128) + "1b").signerOf("x")).isEmpty();
        String order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
        String one = "0".repeat(63) + "1";
        assertThat(EvmSignature.parse("0x" + order + one + "1b").signerOf("x")).isEmpty();
        assertThat(EvmSignature.parse("0x" + one + order + "1b").signerOf("x")).isEmpty();
        assertThat(EvmSignature.parse("0x" + order + order + "1c").signerOf("x")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0x", "0x1b", "dc35", "not a signature"})
    void shouldRefuseWhenItIsNoSignature(String text) {
        assertThatThrownBy(() -> EvmSignature.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
