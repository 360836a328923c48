package io.perpetua.orders.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.orders.RealInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest {
    private static final String HEADER = "seq,taker_order_id,maker_order_id,price_ticks,size\n";

    @TempDir Path folder;

    @Test
    void shouldPrintTheFillsTheExchangeMadeWhenReplayingItsSession() throws IOException {
        Path commands = RealInput.find("replay-sample-commands.csv.gz");
        Path fills = RealInput.find("replay-sample-fills.csv");

        String printed = replay(commands);

        assertThat(printed.lines()).containsExactlyElementsOf(Files.readAllLines(fills));
    }

    @Test
    void shouldLetAnOrderTakeFirstWhenItRestsItself() throws IOException {
        String printed =
                replay(
                        """
                        seq,ts_ns,op,order_id,side,price_ticks,size
                        1,10,add,100,buy,50,2
                        2,10,add,101,sell,52,3
                        3,10,ioc,101,sell,50,1
                        4,10,replace,101,sell,50,2
                        """);

        assertThat(printed).isEqualTo(HEADER + "3,101,100,50,1\n4,101,100,50,1\n");
    }

    @Test
    void shouldLosePriorityWhenReplacedAndKeepItWhenReduced() throws IOException {
        String printed =
                replay(
                        """
                        1,10,add,100,buy,50,5
                        2,10,add,101,buy,50,5
                        3,10,add,102,buy,50,5
                        4,10,replace,100,buy,50,4
                        5,10,reduce,101,buy,50,1
                        6,10,ioc,200,sell,50,20
                        """);

        assertThat(printed).isEqualTo(HEADER + "6,200,101,50,1\n6,200,102,50,5\n6,200,100,50,4\n");
    }

    @Test
    void shouldGoOnWhenACommandHasNoEffect() throws IOException {
        String printed =
                replay(
                        """
                        1,10,cancel,9,,0,0
                        2,10,reduce,9,buy,50,1
                        3,10,add,100,buy,50,5
                        4,10,add,100,buy,60,5
                        5,10,reduce,100,buy,50,7
                        6,10,add,101,buy,50,0
                        7,10,ioc,200,sell,50,9
                        8,10,cancel,100,,0,0
                        9,10,replace,100,buy,51,2
                        10,10,reduce,100,buy,51,0
                        11,10,ioc,201,sell,1,9
                        """);

        assertThat(printed).isEqualTo(HEADER + "7,200,100,50,5\n");
    }

    @Test
    void shouldBookAReplacedOrderWhenItDoesNotRest() throws IOException {
        String printed =
                replay(
                        """
                        1,10,add,100,buy,50,5\r
                        2,10,ioc,200,sell,50,5\r
                        3,10,replace,100,buy,50,3\r
                        4,10,ioc,201,sell,50,5\r
                        """);

        assertThat(printed).isEqualTo(HEADER + "2,200,100,50,5\n4,201,100,50,3\n");
    }

    @Test
    void shouldNameTheLineWhenItCannotBeRead() {
        assertThatThrownBy(() -> replay("1,10,add,100,buy,50,5\n2,10,add,x,buy,50,5\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2: order_id is no whole number: 'x'");
    }

    private String replay(String commands) throws IOException {
        return replay(Files.writeString(folder.resolve("commands.csv"), commands));
    }

    private static String replay(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, false, StandardCharsets.US_ASCII)) {
            ReplayCommand.run(file, out);
        }
        return bytes.toString(StandardCharsets.US_ASCII);
    }
}
