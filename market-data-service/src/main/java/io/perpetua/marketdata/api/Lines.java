package io.perpetua.marketdata.api;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows as lines of JSON or of comma-separated values. A row has a cell a column, in their order;
 * one without a value is left out of JSON and is empty in CSV.
 */
interface Lines extends AutoCloseable {
    /** JSON, an object a line. */
    static Lines json(OutputStream output, List<String> columns) throws IOException {
        return new Json(output, columns);
    }

    /** Comma-separated values below a header. */
    static Lines csv(OutputStream output, List<String> columns) {
        return new Csv(output, columns);
    }

    /** The next cell, written as text. */
    Lines text(@Nullable Object value);

    /** The next cell, {@code units} of 10^-{@code scale}, written as text. */
    Lines decimal(long units, int scale);

    /** The next cell, a number. */
    Lines number(long value);

    /** The next cell, a number where there is one. */
    default Lines number(@Nullable Long value) {
        return value == null ? text(null) : number(value.longValue());
    }

    /** Ends the row. */
    void end();

    @Override
    void close();

    /** Each row is an object. */
    final class Json implements Lines {
        private static final JsonFactory JSON = new JsonFactory();

        private final List<SerializedString> columns;
        private final JsonGenerator out;
        private final DecimalText decimal = new DecimalText();
        private int column;

        private Json(OutputStream output, List<String> columns) throws IOException {
            this.columns = columns.stream().map(SerializedString::new).toList();
            this.out = JSON.createGenerator(output, JsonEncoding.UTF8);
            out.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            out.setRootValueSeparator(null);
        }

        @Override
        public Lines text(@Nullable Object value) {
            try {
                begin();
                if (value != null) {
                    out.writeFieldName(columns.get(column));
                    out.writeString(value.toString());
                }
                column++;
                return this;
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }

        @Override
        public Lines decimal(long units, int scale) {
            try {
                begin();
                out.writeFieldName(columns.get(column));
                decimal.set(units, scale);
                out.writeString(decimal.buffer(), decimal.begin(), decimal.length());
                column++;
                return this;
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }

        @Override
        public Lines number(long value) {
            try {
                begin();
                out.writeFieldName(columns.get(column));
                out.writeNumber(value);
                column++;
                return this;
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }

        private void begin() throws IOException {
            if (column == 0) {
                out.writeStartObject();
            }
        }

        @Override
        public void end() {
            try {
                out.writeEndObject();
                out.writeRaw('\n');
                column = 0;
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }

        @Override
        public void close() {
            try {
                out.flush();
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }
    }

    /** A cell with a comma, a quote or the end of a line in it is quoted (RFC 4180). */
    final class Csv implements Lines {
        private static final int BUFFER = 1 << 16;

        private final OutputStream out;
        private final byte[] buffer = new byte[BUFFER];
        private final DecimalText decimal = new DecimalText();
        private int used;
        private boolean begun;

        private Csv(OutputStream output, List<String> columns) {
            out = output;
            put(String.join(",", columns));
            put('\n');
        }

        @Override
        public Lines text(@Nullable Object value) {
            begin();
            if (value != null) {
                put(quoted(value.toString()));
            }
            return this;
        }

        @Override
        public Lines number(long value) {
            return decimal(value, 0);
        }

        @Override
        public Lines decimal(long units, int scale) {
            begin();
            decimal.set(units, scale);
            char[] text = decimal.buffer();
            int end = decimal.begin() + decimal.length();
            for (int i = decimal.begin(); i < end; i++) {
                put(text[i]);
            }
            return this;
        }

        private void begin() {
            if (begun) {
                put(',');
            }
            begun = true;
        }

        private void put(String text) {
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) > 127) {
                    for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
                        put((char) (next & 0xff));
                    }
                    return;
                }
            }
            for (int i = 0; i < text.length(); i++) {
                put(text.charAt(i));
            }
        }

        private void put(char octet) {
            if (used == BUFFER) {
                send();
            }
            buffer[used++] = (byte) octet;
        }

        private void send() {
            try {
                out.write(buffer, 0, used);
                used = 0;
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }

        private static String quoted(String text) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == ',' || c == '"' || c == '\n' || c == '\r') {
                    return '"' + text.replace("\"", "\"\"") + '"';
                }
            }
            return text;
        }

        @Override
        public void end() {
            put('\n');
            begun = false;
        }

        @Override
        public void close() {
            send();
            try {
                out.flush();
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }
    }
}
