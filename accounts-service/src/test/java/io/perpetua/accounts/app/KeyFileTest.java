package io.perpetua.accounts.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.accounts.domain.vault.KeyEncryptionKey;
import io.perpetua.accounts.domain.vault.KeyRing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
    @TempDir Path folder;

    @Test
    void shouldMakeAKeyForItsOwnersEyesOnly() throws Exception {
        KeyFile file = file("state/accounts-key");
        assertThat(file.exists()).isFalse();

        file.create();

        Path path = folder.resolve("state/accounts-key");
        assertThat(file.exists()).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(path.getParent())) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void shouldKeepTheFirstKeyWhenTwoInstancesMakeOne() throws Exception {
        file("key").create();
        String first = Files.readString(folder.resolve("key"));

        file("key").create();

        assertThat(Files.readString(folder.resolve("key"))).isEqualTo(first);
        assertThat(file("key").read().newest().derive("x"))
                .isEqualTo(file("key").read().newest().derive("x"));
    }

    @Test
    void shouldWrapWithTheLastKeyOfSeveral() throws Exception {
        Files.writeString(
                folder.resolve("key"),
                "00".repeat(32) + "\n\n2026-11:" + "11".repeat(32) + "\nb:" + "22".repeat(32));

        KeyRing ring = file("key").read();

        assertThat(ring.all())
                .extracting(KeyEncryptionKey::id)
                .containsExactly("first", "2026-11", "b");
        assertThat(ring.newest().id()).isEqualTo("b");
    }

    @Test
    void shouldSayWhereTheFileIsAndNotWhatIsInItWhenItHoldsNoKey() throws Exception {
        for (String content :
                new String[] {
                    "",
                    "secret",
                    "00",
                    "zz".repeat(32),
                    "Secret:" + "00".repeat(32),
                    ":" + "00".repeat(32),
                    "00".repeat(32) + "\n" + "11".repeat(32),
                    "a:" + "00".repeat(32) + "\na:" + "11".repeat(32)
                }) {
            Files.writeString(folder.resolve("key"), content);

            assertThatThrownBy(() -> file("key").read())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(folder.resolve("key").toString())
                    .hasMessageNotContaining("secret");
        }
    }

    private KeyFile file(String name) {
        return new KeyFile(folder.resolve(name), new SecureRandom());
    }
}
