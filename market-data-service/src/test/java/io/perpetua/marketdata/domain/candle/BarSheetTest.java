package io.perpetua.marketdata.domain.candle;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.value.MarketId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarSheetTest {
    private static final long NOW = Instant.parse("2022-02-01T00:00:30Z").toEpochMilli();
    private static final long KEPT = Instant.parse("2015-01-01T00:00:00Z").toEpochMilli();
    private static final String GOOD = "2022-01-01 00:00:00.000000,10,12,9,11,1000.5";

    /** In order of precedence: each row has the faults of all those below it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            nullValues = "-",
            textBlock =
                    """
                    yesterday,x,1,2,y                | CELLS_NOT_SIX              | -
                    yesterday,x,1,2,3,y              | TIMESTAMP_MALFORMED        | timestamp
                    2021-02-29T00:00:00Z,1,1,1,1,1   | TIMESTAMP_MALFORMED        | timestamp
                    2022-01-01T00:00:00+01:00,1,1,1,1,1 | TIMESTAMP_MALFORMED     | timestamp
                    +999999999-01-01 00:00:00,1,1,1,1,1 | TIMESTAMP_MALFORMED     | timestamp
                    +292278994-08-17 07:12:00,1,1,1,1,1 | TIMESTAMP_OUT_OF_RANGE  | timestamp
                    2022-01-01T00:00:00Z,1,1,1,1,1000000000 | VOLUME_MALFORMED    | volume
                    2022-01-01T00:00:01Z,x,1,2,3,y   | PRICE_MALFORMED            | open
                    2022-01-01T00:00:01Z,1,0,2,3,y   | PRICE_MALFORMED            | high
                    2022-01-01T00:00:01Z,1,3,-2,3,y  | PRICE_MALFORMED            | low
                    2022-01-01T00:00:01Z,1,3,2,1e3,y | PRICE_MALFORMED            | close
                    2022-01-01T00:00:01Z,1,46116861,2,3,y | PRICE_MALFORMED       | high
                    2022-01-01T00:00:01Z,1,3,2,3,y   | PRICES_CONTRADICT          | -
                    2022-01-01T00:00:01Z,1,3,1,4,y   | PRICES_CONTRADICT          | -
                    2022-01-01T00:00:01Z,1,3,1,3,y   | VOLUME_MALFORMED           | volume
                    2022-01-01T00:00:01Z,1,3,1,3,-1  | VOLUME_MALFORMED           | volume
                    2022-01-01T00:00:01Z,1,3,1,3,1   | TIMESTAMP_BEGINS_NO_MINUTE | timestamp
                    2014-12-31T23:59:00Z,1,3,1,3,1   | TIMESTAMP_OUT_OF_RANGE     | timestamp
                    2022-02-01T00:00:00Z,1,3,1,3,1   | TIMESTAMP_OUT_OF_RANGE     | timestamp
                    2022-01-01T00:00:00Z,1,3,1,3,1   | MINUTE_REPEATED            | timestamp
                    """)
    void shouldSayWhyWhenARowIsNotTaken(String row, RowRejection code, String column) {
        BarSheet sheet = BarSheet.read(List.of(GOOD, row), 7, KEPT, NOW);

        assertThat(sheet.taken()).hasSize(1);
        assertThat(sheet.rejected()).hasSize(1);
        BarRow.Rejected rejected = sheet.rejected().getFirst();
        assertThat(rejected.row()).isEqualTo(8);
        assertThat(rejected.code()).isEqualTo(code);
        assertThat(rejected.column()).isEqualTo(column);
        assertThat(rejected.detail()).isNotBlank();
    }

    @Test
    void shouldTakeTheLastMinuteThatIsOver() {
        BarSheet sheet =
                BarSheet.read(
                        List.of("2022-01-31T23:59:00Z,1,3,1,3,0", "2015-01-01T00:00:00Z,1,1,1,1,0"),
                        2,
                        KEPT,
                        NOW);

        assertThat(sheet.rejected()).isEmpty();
        assertThat(sheet.taken()).hasSize(2);
    }

    @Test
    void shouldTakeEachMinuteOnceWhenItWasImportedBefore() {
        BarSheet sheet =
                BarSheet.read(
                        List.of(
                                GOOD,
                                "2022-01-01 00:01:00,11,11,11,11,0",
                                "nonsense",
                                "2022-01-01 00:02:00,11,11,11,11,0"),
                        2,
                        KEPT,
                        NOW);
        BarSheet before =
                BarSheet.read(List.of(GOOD, "2022-01-01 00:01:00,11,12,11,11,0"), 2, KEPT, NOW);
        CandleFold known = new CandleFold(new MarketId(1), Series.IMPORT);
        before.taken().values().forEach(row -> known.add(Candle.of(row.bar())));

        BarSheet.Outcome outcome = sheet.against(List.copyOf(known.candles(Frame.MINUTE)));

        assertThat(outcome.imported())
                .extracting(bar -> Instant.ofEpochMilli(bar.atMillis()).toString())
                .containsExactly("2022-01-01T00:02:00Z");
        assertThat(outcome.unchanged()).isEqualTo(1);
        assertThat(outcome.rejected())
                .extracting(BarRow.Rejected::row, BarRow.Rejected::code)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(3, RowRejection.MINUTE_DIFFERS),
                        org.assertj.core.groups.Tuple.tuple(4, RowRejection.CELLS_NOT_SIX));
    }
}
