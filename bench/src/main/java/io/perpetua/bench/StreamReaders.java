package io.perpetua.bench;

import io.perpetua.testkit.StreamClient;
import io.perpetua.testkit.StreamSequences;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Streams of a service, each subscribed to the same topics, read and checked by one thread, so that
 * a thousand of them leave the machine to the service. Opened by one thread.
 */
final class StreamReaders implements AutoCloseable {
    /** Fewer than the service takes from an address. */
    private static final int STREAMS_AN_ADDRESS = 40;

    private static final String ACCEPTED = "HTTP/1.1 101 ";
    private static final int MESSAGE_BYTES_MAX = 65_536;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final URI url;
    private final List<String> topics;
    private final Selector selector;
    private final Thread thread;
    private final List<Reader> readers = new ArrayList<>();
    private volatile boolean over;

    StreamReaders(URI url, List<String> topics) throws IOException {
        this.url = url;
        this.topics = topics;
        this.selector = Selector.open();
        this.thread = Thread.ofPlatform().name("stream-readers").start(this::read);
    }

    /** One stream: what came and is not a whole message yet, and whether there were gaps. */
    private static final class Reader {
        private final SocketChannel channel;
        private final StreamSequences sequences = new StreamSequences();
        private final ByteBuffer bytes = ByteBuffer.allocate(2 * MESSAGE_BYTES_MAX);
        private volatile @Nullable String closed;

        Reader(SocketChannel channel) {
            this.channel = channel;
        }

        void read() throws IOException {
            if (channel.read(bytes) < 0) {
                closed = closed == null ? "cut" : closed;
                channel.close();
                return;
            }
            bytes.flip();
            while (frame()) {
                // the next one
            }
            bytes.compact();
        }

        /** Takes a frame of the service, which is not masked; false when it is not all there. */
        private boolean frame() throws IOException {
            if (bytes.remaining() < 4) {
                // A ping of the service is empty.
                return bytes.remaining() >= 2 && bytes.get(bytes.position() + 1) == 0 && control();
            }
            int at = bytes.position();
            int length = bytes.get(at + 1) & 0x7f;
            int head = 2;
            if (length == 126) {
                length = bytes.getShort(at + 2) & 0xffff;
                head = 4;
            } else if (length == 127) {
                throw new IOException("a longer message than there is");
            }
            if (bytes.remaining() < head + length) {
                return false;
            }
            int kind = bytes.get(at) & 0x0f;
            if (kind == PING) {
                return control();
            }
            String text = new String(bytes.array(), at + head, length, StandardCharsets.ISO_8859_1);
            bytes.position(at + head + length);
            if (kind == TEXT) {
                sequences.take(text);
            } else if (kind == CLOSE) {
                closed = text.length() < 2 ? "closed" : text.substring(2);
            }
            return true;
        }

        private boolean control() throws IOException {
            bytes.position(bytes.position() + 2);
            ByteBuffer pong =
                    ByteBuffer.wrap(new byte[] {(byte) (0x80 | PONG), (byte) 0x80, 0, 0, 0, 0});
            channel.write(pong);
            return true;
        }
    }

    /** Opens one more, with all topics. */
    void open() throws IOException {
        int address = readers.size() / STREAMS_AN_ADDRESS;
        InetAddress from =
                InetAddress.getByAddress(
                        new byte[] {
                            127, 0, (byte) (1 + address / 250), (byte) (1 + address % 250)
                        });
        SocketChannel channel = SocketChannel.open();
        channel.bind(new InetSocketAddress(from, 0));
        channel.connect(new InetSocketAddress(url.getHost(), url.getPort()));
        Reader reader = new Reader(channel);
        readers.add(reader);
        write(channel, StreamClient.handshake(url, from.getHostAddress()));
        awaitHandshake(channel);
        for (String topic : topics) {
            write(channel, StreamClient.frame(topic));
        }
        channel.configureBlocking(false);
        selector.wakeup();
        channel.register(selector, SelectionKey.OP_READ, reader);
    }

    /** The service says nothing more before it was asked for topics. */
    private static void awaitHandshake(SocketChannel channel) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(1_024);
        String said = "";
        while (!said.endsWith("\r\n\r\n")) {
            if (channel.read(answer) < 0 || !answer.hasRemaining()) {
                throw new IOException("no stream was opened: " + said);
            }
            said = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
            if (said.length() >= ACCEPTED.length() && !said.startsWith(ACCEPTED)) {
                throw new IOException("no stream was opened: " + said);
            }
        }
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(bytes);
        while (all.hasRemaining()) {
            channel.write(all);
        }
    }

    private void read() {
        while (!over) {
            try {
                selector.select(key -> read((Reader) key.attachment()), 100);
            } catch (IOException failed) {
                throw new IllegalStateException(failed);
            }
        }
    }

    private static void read(Reader reader) {
        try {
            reader.read();
        } catch (IOException broken) {
            reader.closed = "broken: " + broken;
            try {
                reader.channel.close();
            } catch (IOException closing) {
                broken.addSuppressed(closing);
            }
        }
    }

    /** How many have every topic. */
    long subscribed() {
        return readers.stream()
                .filter(reader -> reader.sequences.seqs().size() == topics.size())
                .count();
    }

    /** How many changes came, of all streams. */
    long changes() {
        return readers.stream().mapToLong(reader -> reader.sequences.deltas()).sum();
    }

    /** The first gap of each stream that had one. */
    List<String> gaps() {
        return readers.stream()
                .map(reader -> reader.sequences.firstGap())
                .filter(Objects::nonNull)
                .toList();
    }

    /** Of each stream that ended, why. */
    List<String> closed() {
        return readers.stream().map(reader -> reader.closed).filter(Objects::nonNull).toList();
    }

    @Override
    public void close() throws IOException {
        over = true;
        selector.wakeup();
        while (thread.isAlive()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        for (Reader reader : readers) {
            reader.channel.close();
        }
        selector.close();
    }
}
