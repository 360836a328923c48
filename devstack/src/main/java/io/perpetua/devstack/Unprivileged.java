package io.perpetua.devstack;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a command as somebody who is not root, because PostgreSQL refuses to run as root.
 *
 * <p>Where the kernel allows it, root enters a user namespace in which it is nobody: files keep
 * their owner. Where it does not (most containers) the command runs as the real nobody, who then
 * has to own the files.
 */
enum Unprivileged {
    /** Not root in the first place. */
    ALREADY(""),
    USER_NAMESPACE("unshare -U --"),
    NOBODY("setpriv --reuid 65534 --regid 65534 --clear-groups --");

    private static final String OWNER = "65534";
    private static final Unprivileged HERE = find();

    private final String wrapper;

    Unprivileged(String wrapper) {
        this.wrapper = wrapper;
    }

    static Unprivileged here() {
        return HERE;
    }

    List<String> wrap(List<String> command) {
        List<String> whole = new ArrayList<>(wrapper());
        whole.addAll(command);
        return whole;
    }

    private List<String> wrapper() {
        return wrapper.isEmpty() ? List.of() : List.of(wrapper.split(" ", -1));
    }

    /** How many words of a command made by {@link #wrap} are the wrapper. */
    static int wrapperLength(List<String> command) {
        List<String> wrapper = HERE.wrapper();
        int length = wrapper.size();
        boolean isWrapped = command.size() > length && command.subList(0, length).equals(wrapper);
        return isWrapped ? length : 0;
    }

    /** Makes a folder usable by the wrapped command. */
    void own(Path folder) throws IOException {
        if (this != NOBODY) {
            return;
        }
        var nobody =
                folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(OWNER);
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.setOwner(file, nobody);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path dir, BasicFileAttributes attributes) throws IOException {
                        Files.setOwner(dir, nobody);
                        return FileVisitResult.CONTINUE;
                    }
                });
        if (!succeeds(wrap(List.of("test", "-x", folder.toString())))) {
            throw new StackException(
                    "PostgreSQL can't run as root, and user nobody can't reach "
                            + folder
                            + ". Run as another user, or choose --data in a folder that everybody may enter.");
        }
    }

    private static Unprivileged find() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return ALREADY;
        }
        return succeeds(USER_NAMESPACE.wrap(List.of("true"))) ? USER_NAMESPACE : NOBODY;
    }

    private static boolean succeeds(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
