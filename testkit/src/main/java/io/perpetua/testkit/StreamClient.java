package io.perpetua.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client of {@code /v1/stream} that checks what it gets: in each topic every change must name the
 * change before it, beginning with the snapshot.
 */
public final class StreamClient implements WebSocket.Listener, AutoCloseable {
    private static final int KEPT = 1_000;

    /** What the kernel takes for who does not read: little, so that it shows soon. */
    private static final int DEAF_BYTES = 4_096;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final StreamSequences sequences = new StreamSequences();
    private final Deque<String> messages = new ArrayDeque<>();
    private final StringBuilder part = new StringBuilder();
    private @Nullable WebSocket socket;
    private @Nullable String closed;

    private StreamClient() {}

    /** Opens a stream as from the address {@code forwardedFor}; as from its own when null. */
    public static StreamClient connect(HttpClient http, URI uri, @Nullable String forwardedFor)
            throws Exception {
        StreamClient client = new StreamClient();
        WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(PATIENCE);
        if (forwardedFor != null) {
            builder.header("X-Forwarded-For", forwardedFor);
        }
        client.socket = builder.buildAsync(uri, client).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return client;
    }

    /**
     * A connection on which a stream was opened and the messages, each of at most 125 bytes, were
     * sent, and from which nothing more is read: its holder may.
     */
    public static Socket deaf(URI uri, String forwardedFor, String... messages) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(DEAF_BYTES);
        socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
        OutputStream out = socket.getOutputStream();
        out.write(handshake(uri, forwardedFor));
        int lineEnds = 0;
        while (lineEnds < 4) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("no stream was opened");
            }
            lineEnds = next == '\r' || next == '\n' ? lineEnds + 1 : 0;
        }
        for (String message : messages) {
            out.write(frame(message));
        }
        return socket;
    }

    /** The request that opens a stream as from the address {@code forwardedFor}. */
    public static byte[] handshake(URI uri, String forwardedFor) {
        return """
        GET %s HTTP/1.1\r
        Host: %s:%d\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Version: 13\r
        X-Forwarded-For: %s\r
        \r
        """
                .formatted(uri.getPath(), uri.getHost(), uri.getPort(), forwardedFor)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** A final frame of text of at most 125 bytes, masked with zeros. */
    public static byte[] frame(String message) {
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[6 + text.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | text.length);
        System.arraycopy(text, 0, frame, 6, text.length);
        return frame;
    }

    /** Sends one message of text. */
    public void send(String text) throws Exception {
        WebSocket open = socket;
        if (open == null) {
            throw new IllegalStateException("not connected");
        }
        open.sendText(text, true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            take(part.toString());
            part.setLength(0);
        }
        from.request(1);
        return null;
    }

    private synchronized void take(String text) {
        sequences.take(text);
        messages.addLast(text);
        if (messages.size() > KEPT) {
            messages.removeFirst();
        }
        notifyAll();
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onClose(
            WebSocket from, int code, String reason) {
        closed = code + " " + reason;
        notifyAll();
        return null;
    }

    @Override
    public synchronized void onError(WebSocket from, Throwable failure) {
        closed = "broken: " + failure;
        notifyAll();
    }

    /** Waits for a message that is so, and takes it with all that came before it. */
    public String await(Predicate<String> wanted) throws InterruptedException {
        return await(() -> take(wanted));
    }

    private @Nullable String take(Predicate<String> wanted) {
        while (!messages.isEmpty()) {
            String message = messages.removeFirst();
            if (wanted.test(message)) {
                return message;
            }
        }
        return null;
    }

    /** Takes the next message without waiting; null when there is none. */
    public synchronized @Nullable String poll() {
        return messages.pollFirst();
    }

    /** Waits until the stream is closed and tells the code and the reason. */
    public String awaitClose() throws InterruptedException {
        return await(() -> closed);
    }

    private synchronized String await(Supplier<@Nullable String> attempt)
            throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String found = attempt.get();
        while (found == null) {
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (millis <= 0) {
                throw new AssertionError("not within " + PATIENCE);
            }
            wait(millis);
            found = attempt.get();
        }
        return found;
    }

    /** The first change that did not name the one before it, or null. */
    public @Nullable String firstGap() {
        return sequences.firstGap();
    }

    /** How many changes came. */
    public long deltas() {
        return sequences.deltas();
    }

    /** The newest change of each topic. */
    public Map<String, Long> seqs() {
        return sequences.seqs();
    }

    /** The close code and reason, or null while it is open. */
    public synchronized @Nullable String closed() {
        return closed;
    }

    @Override
    public void close() {
        WebSocket open = socket;
        if (open != null) {
            open.abort();
        }
    }
}
