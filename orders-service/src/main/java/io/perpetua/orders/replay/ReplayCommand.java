package io.perpetua.orders.replay;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * {@code ./perpetua replay FILE}: runs a file of order commands through the matching core and
 * prints its fills, and nothing else, on standard output; counts go to standard error.
 */
public final class ReplayCommand {
    private static final int GZIP_MAGIC_FIRST = 0x1f;

    private ReplayCommand() {}

    /** Takes the file's name, plain or gzipped. */
    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println("usage: perpetua replay FILE.csv[.gz]");
            System.exit(2);
        }
        try (PrintStream out =
                new PrintStream(
                        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
                        false,
                        StandardCharsets.US_ASCII)) {
            SessionReplay replay = run(Path.of(arguments[0]), out);
            System.err.println(replay.summary());
        } catch (IOException | IllegalArgumentException failure) {
            System.err.println("perpetua replay: " + failure.getMessage());
            System.exit(1);
        }
    }

    static SessionReplay run(Path file, PrintStream out) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(file + " can't be read");
        }
        SessionReplay replay = new SessionReplay(out);
        try (BufferedReader reader = open(file)) {
            int number = 0;
            String line = reader.readLine();
            while (line != null) {
                number++;
                try {
                    replay.accept(line);
                } catch (IllegalArgumentException wrong) {
                    throw new IllegalArgumentException(
                            file + ", line " + number + ": " + wrong.getMessage(), wrong);
                }
                line = reader.readLine();
            }
        }
        return replay;
    }

    private static BufferedReader open(Path file) throws IOException {
        PushbackInputStream in = new PushbackInputStream(Files.newInputStream(file), 1);
        int first = in.read();
        if (first >= 0) {
            in.unread(first);
        }
        InputStream text = first == GZIP_MAGIC_FIRST ? new GZIPInputStream(in, 1 << 16) : in;
        return new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8), 1 << 16);
    }
}
