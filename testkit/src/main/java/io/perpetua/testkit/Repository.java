package io.perpetua.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the checkout is that the tests run in. */
public final class Repository {
    private Repository() {}

    /** The top folder: the nearest one above the working directory that holds the Maven wrapper. */
    public static Path root() {
        @Nullable Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException(
                    "no checkout above the working directory " + Path.of("").toAbsolutePath());
        }
        return folder;
    }
}
