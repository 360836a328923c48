package io.perpetua.accounts.domain.withdrawal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.accounts.domain.user.KycStatus;
import io.perpetua.accounts.domain.withdrawal.WithdrawalRules.Counted;
import io.perpetua.accounts.domain.withdrawal.WithdrawalRules.Decision;
import io.perpetua.contracts.value.Usd;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WithdrawalRulesTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final Instant OLDEST = Instant.parse("2026-11-20T11:30:00Z");
    private static final WithdrawalLimit UNVERIFIED =
            limit(RequestRefusal.UNVERIFIED_DAILY_LIMIT_EXCEEDED, false, 24, "1500");
    private static final WithdrawalRules RULES =
            new WithdrawalRules(
                    Usd.parse("10"),
                    Usd.parse("1000"),
                    List.of(
                            limit(RequestRefusal.USER_HOURLY_LIMIT_EXCEEDED, false, 1, "2000"),
                            limit(RequestRefusal.USER_DAILY_LIMIT_EXCEEDED, false, 24, "5000"),
                            limit(RequestRefusal.PLATFORM_HOURLY_LIMIT_EXCEEDED, true, 1, "9000"),
                            limit(RequestRefusal.PLATFORM_DAILY_LIMIT_EXCEEDED, true, 24, "90000")),
                    UNVERIFIED);

    private static WithdrawalLimit limit(
            RequestRefusal refusal, boolean ofPlatform, int hours, String most) {
        return new WithdrawalLimit(refusal, ofPlatform, Duration.ofHours(hours), Usd.parse(most));
    }

    /** In order of precedence; "usable" is in seconds from now, "counted" in dollars. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // amount    | usable | user hour | day  | all hour | day   | refusal
                "5           | -      | 9999      | 9999 | 99999    | 99999 | WITHDRAWAL_ADDRESS_UNKNOWN",
                "5           | 1      | 9999      | 9999 | 99999    | 99999 | WITHDRAWAL_ADDRESS_NOT_YET_USABLE",
                "9.999999    | 0      | 9999      | 9999 | 99999    | 99999 | AMOUNT_BELOW_MINIMUM",
                "1000.000001 | -9     | 9999      | 9999 | 99999    | 99999 | AMOUNT_ABOVE_MAXIMUM",
                "1000        | -9     | 1001      | 9999 | 99999    | 99999 | USER_HOURLY_LIMIT_EXCEEDED",
                "1000        | -9     | 1000      | 4001 | 99999    | 99999 | USER_DAILY_LIMIT_EXCEEDED",
                "1000        | -9     | 1000      | 4000 | 8001     | 99999 | PLATFORM_HOURLY_LIMIT_EXCEEDED",
                "1000        | -9     | 1000      | 4000 | 8000     | 89001 | PLATFORM_DAILY_LIMIT_EXCEEDED",
                "1000        | 0      | 1000      | 4000 | 8000     | 89000 | -",
                "10          | 0      | 0         | 0    | 0        | 0     | -",
            })
    void shouldReportTheFirstRuleThatIsBroken(
            String amount,
            Integer usable,
            long userHour,
            long userDay,
            long allHour,
            long allDay,
            RequestRefusal refusal) {
        Instant usableAt = usable == null ? null : NOW.plusSeconds(usable);

        Decision decision =
                RULES.decide(
                        KycStatus.VERIFIED,
                        Usd.parse(amount),
                        usableAt,
                        NOW,
                        limit -> {
                            boolean isHour = limit.span().equals(Duration.ofHours(1));
                            long dollars =
                                    limit.ofPlatform()
                                            ? (isHour ? allHour : allDay)
                                            : (isHour ? userHour : userDay);
                            return counted(dollars);
                        });

        if (refusal == null) {
            assertThat(decision).isEqualTo(new Decision.Allowed());
        } else {
            assertThat(decision)
                    .isInstanceOfSatisfying(
                            Decision.Refused.class,
                            refused -> assertThat(refused.refusal()).isEqualTo(refusal));
        }
    }

    private static Counted counted(long dollars) {
        return new Counted(BigDecimal.valueOf(Usd.ofDollars(dollars).micros()), OLDEST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // kyc    | counted | refusal
                "SUSPENDED | 0   | KYC_SUSPENDED",
                "PENDING   | 501 | UNVERIFIED_DAILY_LIMIT_EXCEEDED",
                "REJECTED  | 501 | UNVERIFIED_DAILY_LIMIT_EXCEEDED",
                "PENDING   | 500 | -",
                "REJECTED  | 500 | -",
                "VERIFIED  | 501 | -",
            })
    void shouldBindWhoeverIsNotKnown(KycStatus kyc, long dollars, RequestRefusal refusal) {
        Decision decision =
                RULES.decide(kyc, Usd.parse("1000"), NOW, NOW, limit -> counted(dollars));

        if (refusal == null) {
            assertThat(decision).isEqualTo(new Decision.Allowed());
        } else {
            assertThat(decision)
                    .isInstanceOfSatisfying(
                            Decision.Refused.class,
                            refused -> assertThat(refused.refusal()).isEqualTo(refusal));
        }
    }

    @Test
    void shouldTellWhenThereIsRoomAgain() {
        assertThat(
                        RULES.decide(
                                KycStatus.VERIFIED,
                                Usd.parse("10"),
                                NOW.plusSeconds(7),
                                NOW,
                                limit -> counted(0)))
                .isEqualTo(
                        new Decision.Refused(
                                RequestRefusal.WITHDRAWAL_ADDRESS_NOT_YET_USABLE,
                                NOW.plusSeconds(7)));
        assertThat(
                        RULES.decide(
                                KycStatus.VERIFIED,
                                Usd.parse("10"),
                                NOW,
                                NOW,
                                limit -> counted(2000)))
                .isEqualTo(
                        new Decision.Refused(
                                RequestRefusal.USER_HOURLY_LIMIT_EXCEEDED,
                                OLDEST.plus(Duration.ofHours(1))));
        Counted byNobody = new Counted(new BigDecimal("1e30"), null);
        assertThat(RULES.decide(KycStatus.VERIFIED, Usd.parse("10"), NOW, NOW, limit -> byNobody))
                .isEqualTo(new Decision.Refused(RequestRefusal.USER_HOURLY_LIMIT_EXCEEDED, null));
    }

    @Test
    void shouldRefuseBoundsThatLeaveNoAmount() {
        assertThatThrownBy(
                        () ->
                                new WithdrawalRules(
                                        Usd.parse("2"), Usd.parse("1"), List.of(), UNVERIFIED))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> new WithdrawalRules(Usd.ZERO, Usd.parse("1"), List.of(), UNVERIFIED))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
