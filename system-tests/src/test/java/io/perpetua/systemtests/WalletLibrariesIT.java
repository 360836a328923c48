package io.perpetua.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.perpetua.testkit.NodeFolder;
import io.perpetua.testkit.Repository;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Wallet libraries that nobody here wrote sign in, refresh, sign out, are linked, and sign the
 * requests of agents: {@code src/test/node/wallets.mjs}, run by Node.js. Without Node.js it is
 * skipped, unless the environment says {@code CI}.
 */
class WalletLibrariesIT {
    private static final int STORIES = 10;

    private final Path root = Repository.root().resolve("system-tests");

    @Test
    void shouldSignInWithWalletsOfOthersWhenTheyDoAsTheirDocumentsSay() throws Exception {
        assumeFalse(NodeFolder.isMissing(), "Node.js and npm are not installed");
        NodeFolder node =
                NodeFolder.install(root.resolve("src/test/node"), root.resolve("target/node"));

        String said = node.run("node", "wallets.mjs", Stack.shared().frontDoor().toString());

        assertThat(said.lines().filter(line -> line.startsWith("ok: "))).hasSize(STORIES);
    }
}
