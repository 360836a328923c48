package io.perpetua.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the README and CONTRIBUTING tell a newcomer to type and to read is there. */
@Timeout(120)
class ReadmeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern CODE_BLOCK = Pattern.compile("(?s)```bash\\n(.*?)```");
    private static final Pattern LINK = Pattern.compile("]\\((?!http)([^)#]+)\\)");
    private static final Pattern OPTION = Pattern.compile(" (--[a-z-]+)");

    @TempDir Path data;

    static Stream<String> commands() throws IOException {
        return pages().flatMap(page -> CODE_BLOCK.matcher(page).results())
                .flatMap(block -> block.group(1).lines())
                .filter(line -> !line.isBlank())
                .distinct();
    }

    private static Stream<String> pages() throws IOException {
        return Stream.of(
                Files.readString(ROOT.resolve("README.md")),
                Files.readString(ROOT.resolve("CONTRIBUTING.md")));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldKnowTheCommandWhenADocumentShowsIt(String command) throws Exception {
        List<String> words = List.of(command.split(" "));
        assertThat(Files.isExecutable(ROOT.resolve(words.getFirst()))).isTrue();
        if (!words.getFirst().equals("./perpetua")) {
            return;
        }

        Result help = run("./perpetua", "help", words.get(1));

        assertThat(help.exitCode()).isZero();
        assertThat(help.output()).startsWith("./perpetua " + words.get(1));
        List<String> options =
                OPTION.matcher(command).results().map(match -> match.group(1)).toList();
        assertThat(options).allSatisfy(option -> assertThat(help.output()).contains(option));
    }

    @Test
    void shouldFindTheFileWhenADocumentLinksToIt() throws IOException {
        List<String> targets =
                pages().flatMap(page -> LINK.matcher(page).results())
                        .map((MatchResult link) -> link.group(1))
                        .toList();

        assertThat(targets)
                .isNotEmpty()
                .allSatisfy(target -> assertThat(ROOT.resolve(target)).exists());
    }

    @Test
    void shouldListEveryCommandWhenAskedForHelp() throws Exception {
        Result help = run("./perpetua", "help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.output())
                .contains("  up ", "  down ", "  status ", "  restart ", "  test ", "  replay ");
    }

    @Test
    void shouldSayThatNothingRunsWhenNothingDoes() throws Exception {
        assertThat(run("./perpetua", "status", "--data", data.toString()))
                .satisfies(
                        status -> {
                            assertThat(status.exitCode()).isEqualTo(1);
                            assertThat(status.output()).contains("orders       down");
                        });
        assertThat(run("./perpetua", "down", "--data", data.toString()).output())
                .contains("does not run");
        assertThat(run("./perpetua", "restart", "orders", "--data", data.toString()).exitCode())
                .isEqualTo(1);
    }

    @Test
    void shouldPrintAJdk25WhenAskedForIt() throws Exception {
        Result jdk = run("./perpetua", "jdk");

        assertThat(Files.readString(Path.of(jdk.output().strip(), "release")))
                .contains("JAVA_VERSION=\"25");
    }

    @Test
    void shouldSayWhatIsWrongWhenAnOptionIsNotKnown() throws Exception {
        Result up = run("./perpetua", "up", "--no-such-option");
        Result feed = run("./perpetua", "up", "--feed", "replay:/no/such/file");
        Result command = run("./perpetua", "no-such-command");

        assertThat(up.exitCode()).isEqualTo(1);
        assertThat(up.output()).contains("Unknown option: --no-such-option");
        assertThat(feed.output()).contains("Can't read the bars: /no/such/file");
        assertThat(command.output()).contains("Unknown command: no-such-command");
    }

    private record Result(int exitCode, String output) {}

    private static Result run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .directory(ROOT.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
