package io.perpetua.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.perpetua.testkit.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Wallet libraries that nobody here wrote sign in, refresh, sign out, are linked, and sign the
 * requests of agents: {@code src/test/node/wallets.mjs}, run by Node.js. Without Node.js it is
 * skipped, unless the environment says {@code CI}.
 */
class WalletLibrariesIT {
    private static final List<String> FILES =
            List.of("package.json", "package-lock.json", "wallets.mjs");
    private static final int STORIES = 8;

    private final Path root = Repository.root().resolve("system-tests");
    private final Path folder = root.resolve("target/node");

    @Test
    void shouldSignInWithWalletsOfOthersWhenTheyDoAsTheirDocumentsSay() throws Exception {
        assumeTrue(
                System.getenv("CI") != null || (isThere("node") && isThere("npm")),
                "Node.js and npm are not installed");
        Files.createDirectories(folder);
        for (String file : FILES) {
            Files.copy(
                    root.resolve("src/test/node").resolve(file),
                    folder.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");

        String said = run("node", "wallets.mjs", Stack.shared().frontDoor().toString());

        assertThat(said.lines().filter(line -> line.startsWith("ok: "))).hasSize(STORIES);
    }

    private static boolean isThere(String command) throws InterruptedException {
        try {
            return new ProcessBuilder(command, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    private String run(String... command) throws IOException, InterruptedException {
        Path output = folder.resolve(command[0] + ".log");
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        boolean isOver = process.waitFor(5, TimeUnit.MINUTES);
        if (!isOver) {
            process.destroyForcibly();
        }
        String said = Files.readString(output);
        assertThat(isOver && process.exitValue() == 0)
                .as("%s said: %s", String.join(" ", command), said)
                .isTrue();
        return said;
    }
}
