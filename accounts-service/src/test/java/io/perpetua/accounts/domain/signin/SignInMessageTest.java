package io.perpetua.accounts.domain.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignInMessageTest {
    private static final String FULL =
            """
            example.org:8080 wants you to sign in with your Ethereum account:
            0xe5A12547fe4E872D192E3eCecb76F2Ce1aeA4946

            I accept the terms: https://example.org/tos

            URI: https://example.org:8080/login
            Version: 1
            Chain ID: 10
            Nonce: 12341234
            Issued At: 2022-03-17T12:45:13.610Z
            Expiration Time: 2023-03-17T12:45:13Z
            Not Before: 2022-03-17T12:45:13Z
            Request ID: some_id
            Resources:
            - ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/
            - https://example.org/claim.json\
            """;

    @Test
    void shouldReadEveryField() {
        SignInMessage message = SignInMessage.parse(FULL);

        assertThat(message.domain()).isEqualTo("example.org:8080");
        assertThat(message.address().shown())
                .isEqualTo("0xe5A12547fe4E872D192E3eCecb76F2Ce1aeA4946");
        assertThat(message.statement()).isEqualTo("I accept the terms: https://example.org/tos");
        assertThat(message.uri()).isEqualTo("https://example.org:8080/login");
        assertThat(message.chain()).isEqualTo(Chain.evm(10));
        assertThat(message.nonce()).isEqualTo("12341234");
        assertThat(message.issuedAt()).isEqualTo(Instant.parse("2022-03-17T12:45:13.610Z"));
        assertThat(message.expiresAt()).isEqualTo(Instant.parse("2023-03-17T12:45:13Z"));
        assertThat(message.notBefore()).isEqualTo(Instant.parse("2022-03-17T12:45:13Z"));
        assertThat(message.requestId()).isEqualTo("some_id");
        assertThat(message.resources()).hasSize(2);
        assertThat(message.text()).isEqualTo(FULL);
    }

    @Test
    void shouldReadALongRequestId() {
        String id = "a".repeat(3_000) + "%20".repeat(100);

        assertThat(SignInMessage.parse(FULL.replace("some_id", id)).requestId()).isEqualTo(id);
    }

    @Test
    void shouldReadAMessageWithoutWhatIsOptional() {
        String text =
                """
                example.org wants you to sign in with your Ethereum account:
                0xe5A12547fe4E872D192E3eCecb76F2Ce1aeA4946


                URI: https://example.org
                Version: 1
                Chain ID: 1
                Nonce: 12341234
                Issued At: 2022-03-17T12:45:13+02:00\
                """;

        SignInMessage message = SignInMessage.parse(text);

        assertThat(message.statement()).isNull();
        assertThat(message.expiresAt()).isNull();
        assertThat(message.issuedAt()).isEqualTo(Instant.parse("2022-03-17T10:45:13Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "example.org:8080 wants                     | \" wants\"",
                "example.org:8080 wants                     | example.org wants not",
                "0xe5A12547fe4E872D192E3eCecb76F2Ce1aeA4946 | \"\"",
                "0xe5A12547fe4E872D192E3eCecb76F2Ce1aeA4946"
                        + " | 0xe5a12547fe4e872d192e3ececb76f2ce1aea4946",
                "0xe5A12547fe4E872D192E3eCecb76F2Ce1aeA4946"
                        + " | 0xE5A12547fe4E872D192E3eCecb76F2Ce1aeA4946",
                "I accept the terms                         | I accept the \"\"terms\"\"",
                "I accept the terms                         | I accept\tthe terms",
                "URI: https://example.org:8080/login        | URI: _not_a_uri_",
                "Version: 1                                 | Version: 2",
                "Chain ID: 10                               | Chain ID: ?",
                "Chain ID: 10                               | Chain ID: 0",
                "Chain ID: 10                               | Chain ID: -1",
                "Chain ID: 10                               | Chain ID: 99999999999999999999",
                "Nonce: 12341234                            | Nonce: 1234567",
                "Nonce: 12341234                            | Nonce: 1234-1234",
                "2022-03-17T12:45:13.610Z                   | Wed Oct 05 2011 16:48:00 GMT+0200",
                "2022-03-17T12:45:13.610Z                   | 2022-02-30T12:45:13Z",
                "2022-03-17T12:45:13.610Z                   | 2022-03-17",
                "Expiration Time: 2023-03-17T12:45:13Z      | Expiration Time: later",
                "Not Before: 2022-03-17T12:45:13Z           | Not Before: sooner",
                "Request ID: some_id                        | Request ID: some id",
                "- https://example.org/claim.json           | - _not_a_uri_",
                "- https://example.org/claim.json           | -",
            })
    void shouldRefuseWhenALineIsMalformed(String was, String is) {
        assertThat(FULL).contains(was);

        assertThatThrownBy(() -> SignInMessage.parse(FULL.replace(was, is)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"URI", "Version", "Chain ID", "Nonce", "Issued At"})
    void shouldRefuseWhenAMandatoryLineIsMissing(String field) {
        String without = FULL.replaceFirst("(?m)^" + field + ": .*\\n", "");

        assertThatThrownBy(() -> SignInMessage.parse(without))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + field + ":'");
    }

    @Test
    void shouldRefuseWhenLinesAreOutOfOrder() {
        String swapped = FULL.replace("Version: 1\nChain ID: 10", "Chain ID: 10\nVersion: 1");

        assertThatThrownBy(() -> SignInMessage.parse(swapped))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\nNonce: 99999999", " ", "\r", "\nRequest ID: again"})
    void shouldRefuseWhenAnythingFollows(String tail) {
        assertThatThrownBy(() -> SignInMessage.parse(FULL + tail))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseWhenItUsesOtherLineEndsOrIsHuge() {
        assertThatThrownBy(() -> SignInMessage.parse(FULL.replace("\n", "\r\n")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SignInMessage.parse("x".repeat(1_000_000)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SignInMessage.parse(""))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
