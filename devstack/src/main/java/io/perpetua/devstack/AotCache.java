package io.perpetua.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A JVM's ahead-of-time cache of one program: classes loaded and linked, profiles of methods. A
 * start with it takes half the CPU, and four services on two cores start in CPU time.
 *
 * <p>It is made when a JVM that was told to record ends, so a program is started once to be ready
 * and to end again. It belongs to the jars it was made from and to one build of the JVM.
 *
 * @param file where it is kept, beside what the build made
 * @param jars the class path, in order
 */
record AotCache(Path file, List<Path> jars) {

    AotCache {
        jars = List.copyOf(jars);
    }

    /** For a program of the given module's build folder. */
    static AotCache in(Path target, String program, List<Path> jars) {
        String name = "%s-%s.aot".formatted(program, Runtime.version());
        return new AotCache(target.resolve(name), jars);
    }

    /** For a program whose class path is this process's own. */
    static AotCache ofThisClassPath(Class<?> main) {
        List<Path> jars =
                Stream.of(System.getProperty("java.class.path").split(":", -1))
                        .map(Path::of)
                        .toList();
        return in(PostgresBinaries.buildFolder(), main.getSimpleName(), jars);
    }

    String classPath() {
        return jars.stream().map(Path::toString).collect(Collectors.joining(":"));
    }

    /** Whether the next start can use it. */
    boolean isFresh() {
        try {
            if (!Files.exists(file)) {
                return false;
            }
            for (Path jar : jars) {
                if (Files.getLastModifiedTime(jar).compareTo(Files.getLastModifiedTime(file)) > 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Uses it if it is there and of these jars. */
    List<String> use() {
        return isFresh() ? List.of("-XX:AOTCache=" + file) : List.of();
    }

    /** Makes it when the program ends. */
    List<String> record() {
        return List.of("-XX:AOTCacheOutput=" + draft());
    }

    /** Takes over what a recording JVM left when it ended; it may have left nothing. */
    void keepRecorded() {
        try {
            if (Files.exists(draft())) {
                Files.move(draft(), file, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path draft() {
        return file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
    }
}
