package io.perpetua.systemtests.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One connection to one address that sends what it is given, byte for byte: a well-behaved client
 * would not let a hostile request out.
 */
final class RawHttp implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 40_000;
    private static final int LONGEST_BODY = 50_000_000;

    private final URI origin;
    private Socket socket;
    private InputStream in;

    RawHttp(URI origin) {
        this.origin = origin;
    }

    /** An answer; names of headers are in lower case. */
    record Answer(int status, Map<String, String> headers, byte[] body) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /**
     * Sends a request and reads its answer; a connection that was closed while nothing was under
     * way is opened anew.
     *
     * @throws IOException when there is no whole answer
     */
    Answer send(String requestLine, List<byte[]> headers, byte[] body, boolean isHead)
            throws IOException {
        boolean isReused = socket != null;
        try {
            return exchange(requestLine, headers, body, isHead);
        } catch (IOException broken) {
            close();
            if (!isReused) {
                throw broken;
            }
            return exchange(requestLine, headers, body, isHead);
        }
    }

    private Answer exchange(String requestLine, List<byte[]> headers, byte[] body, boolean isHead)
            throws IOException {
        if (socket == null) {
            socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(READ_MILLIS);
            socket.connect(
                    new InetSocketAddress(
                            InetAddress.ofLiteral(origin.getHost()), origin.getPort()),
                    CONNECT_MILLIS);
            in = new BufferedInputStream(socket.getInputStream());
        }
        try {
            socket.getOutputStream().write(bytes(requestLine, headers, body));
            socket.getOutputStream().flush();
        } catch (IOException notTaken) {
            // A refusal may have been sent before the whole request was taken.
        }
        Answer answer = read(isHead);
        if (answer.header("connection").equalsIgnoreCase("close")) {
            close();
        }
        return answer;
    }

    private byte[] bytes(String requestLine, List<byte[]> headers, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes((requestLine + " HTTP/1.1\r\n").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(
                ("Host: " + origin.getHost() + ":" + origin.getPort() + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        for (byte[] header : headers) {
            out.writeBytes(header);
            out.writeBytes(new byte[] {'\r', '\n'});
        }
        out.writeBytes(new byte[] {'\r', '\n'});
        out.writeBytes(body);
        return out.toByteArray();
    }

    private Answer read(boolean isHead) throws IOException {
        String[] status = line().split(" ", 3);
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int code = Integer.parseInt(status[1]);
        if (code == 100) {
            return read(isHead);
        }
        return new Answer(code, headers, isHead || code == 204 ? new byte[0] : body(headers));
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            int length = Integer.parseInt(line().strip(), 16);
            while (length > 0 && whole.size() < LONGEST_BODY) {
                whole.writeBytes(in.readNBytes(length));
                line();
                length = Integer.parseInt(line().strip(), 16);
            }
            line();
            return whole.toByteArray();
        }
        if (!headers.containsKey("content-length")) {
            return headers.getOrDefault("connection", "").equalsIgnoreCase("close")
                    ? in.readAllBytes()
                    : new byte[0];
        }
        int length = Integer.parseInt(headers.get("content-length"));
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the answer ends before its length");
        }
        return body;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection was closed without an answer");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException alreadyClosed) {
            // nothing is left to close
        }
        socket = null;
    }
}
