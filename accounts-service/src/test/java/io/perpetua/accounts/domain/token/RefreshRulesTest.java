package io.perpetua.accounts.domain.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.contracts.value.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefreshRulesTest {
    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
    private static final RefreshRules RULES =
            new RefreshRules(Duration.ofDays(7), Duration.ofDays(30), Duration.ofSeconds(30));
    private static final RefreshTokens TOKENS = new RefreshTokens(List.of(new byte[] {1, 2, 3}));
    private static final SignInId SIGN_IN = new SignInId(new UUID(17, 18));

    /** Generation 5 is the newest, given out at NOW; the sign-in expires in 20 days. */
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
            5,       0, ROTATE
            5,  604799, ROTATE
            5,  604800, EXPIRED
            4,       0, REPEAT
            4,      29, REPEAT
            4,      30, REUSED
            4,  604800, EXPIRED
            3,       0, REUSED
            0,       0, REUSED
            6,       0, REUSED
            """)
    void shouldAnswerByGenerationAndAge(int generation, long seconds, RefreshDecision expected) {
        RefreshRules.State state = stateOf(5, NOW.plus(Duration.ofDays(20)));

        assertThat(RULES.decide(state, token(generation), NOW.plusSeconds(seconds)))
                .isEqualTo(expected);
    }

    @Test
    void shouldExpireWhenTheSignInIsOldHoweverOftenItWasRefreshed() {
        RefreshRules.State state = stateOf(5, NOW.plusSeconds(60));

        assertThat(RULES.decide(state, token(5), NOW.plusSeconds(59)))
                .isEqualTo(RefreshDecision.ROTATE);
        assertThat(RULES.decide(state, token(5), NOW.plusSeconds(60)))
                .isEqualTo(RefreshDecision.EXPIRED);
    }

    @Test
    void shouldTakeNoTokenOfTheRightGenerationWithAnotherSecret() {
        RefreshToken other = TOKENS.first(new UserId(7), SIGN_IN, new byte[32]);

        assertThat(RULES.decide(stateOf(0, NOW.plusSeconds(60)), other, NOW))
                .isEqualTo(RefreshDecision.REUSED);
    }

    @Test
    void shouldRecogniseItsOwnTokensAndNoOthers() {
        RefreshToken third = token(3);

        assertThat(TOKENS.recognise(third.text())).contains(third);
        assertThat(third.user()).isEqualTo(new UserId(7));
        assertThat(third.toString()).doesNotContain(third.text());
        assertThat(new RefreshTokens(List.of(new byte[] {9})).recognise(third.text())).isEmpty();
        SplittableRandom random = new SplittableRandom(4711);
        for (int i = 0; i < 300; i++) {
            StringBuilder changed = new StringBuilder(third.text());
            int place = random.nextInt(changed.length());
            changed.setCharAt(place, changed.charAt(place) == 'A' ? 'B' : 'A');
            assertThat(TOKENS.recognise(changed.toString())).as(changed.toString()).isEmpty();
        }
    }

    @Test
    void shouldFollowATokenByTheSameOneEachTime() {
        Set<String> texts = new HashSet<>();
        for (int generation = 0; generation < 20; generation++) {
            assertThat(token(generation)).isEqualTo(token(generation));
            texts.add(token(generation).text());
        }
        assertThat(texts).hasSize(20);
        assertThat(new RefreshTokens(List.of(new byte[] {9})).successor(token(0)).text())
                .isNotEqualTo(token(1).text());
    }

    @Test
    void shouldFindTheTokenThatFollowedWhenAnotherKeyMakesThemNow() {
        RefreshTokens both = new RefreshTokens(List.of(new byte[] {1, 2, 3}, new byte[] {9}));
        String hash = RefreshTokens.hashOf(token(1));

        assertThat(both.recognise(token(1).text())).contains(token(1));
        assertThat(both.successor(token(0), hash)).contains(token(1));
        assertThat(both.successor(token(0))).isNotEqualTo(token(1));
        assertThat(new RefreshTokens(List.of(new byte[] {9})).successor(token(0), hash)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "xx", "=", "AAAA", "\u0000"})
    void shouldRefuseWhatHasNoTokensForm(String text) {
        assertThatThrownBy(() -> TOKENS.recognise(text))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TOKENS.recognise("A".repeat(106) + text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static RefreshRules.State stateOf(int generation, Instant expiresAt) {
        return new RefreshRules.State(
                generation,
                RefreshTokens.hashOf(token(generation)),
                generation == 0 ? null : RefreshTokens.hashOf(token(generation - 1)),
                NOW,
                expiresAt);
    }

    private static RefreshToken token(int generation) {
        byte[] secret = new byte[RefreshTokens.SECRET_BYTES];
        secret[3] = 42;
        RefreshToken token = TOKENS.first(new UserId(7), SIGN_IN, secret);
        for (int i = 0; i < generation; i++) {
            token = TOKENS.successor(token);
        }
        return token;
    }
}
