package io.perpetua.accounts.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        assertThat(file("key").read().derive("x")).isEqualTo(file("key").read().derive("x"));
    }

    @Test
    void shouldSayWhereTheFileIsAndNotWhatIsInItWhenItHoldsNoKey() throws Exception {
        for (String content : new String[] {"", "secret", "00", "zz".repeat(32)}) {
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
