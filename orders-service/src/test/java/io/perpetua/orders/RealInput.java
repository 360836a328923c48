package io.perpetua.orders;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Real data that lies beside the repository, in {@code ../shared/data}, where there is any. */
public final class RealInput {
    private RealInput() {}

    /** The file; the test is skipped, and says so, where it is not there. */
    public static Path find(String name) {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null) {
            Path file = folder.resolve("shared/data").resolve(name);
            if (Files.isReadable(file)) {
                return file;
            }
            folder = folder.getParent();
        }
        Assumptions.abort("skipped: no shared/data/" + name + " beside the repository");
        throw new AssertionError();
    }
}
