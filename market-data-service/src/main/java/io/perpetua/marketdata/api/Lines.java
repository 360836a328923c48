package io.perpetua.marketdata.api;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
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
    static Lines csv(OutputStream output, List<String> columns) throws IOException {
        return new Csv(output, columns);
    }

    /** The next cell, written as text. */
    Lines text(@Nullable Object value);

    /** The next cell, a number. */
    Lines number(long value);

    /** Ends the row. */
    void end();

    @Override
    void close();

    /** Each row is an object. */
    final class Json implements Lines {
        private static final JsonFactory JSON = new JsonFactory();

        private final List<SerializedString> columns;
        private final JsonGenerator out;
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
        private static final int BUFFER = 1 << 15;

        private final Writer out;
        private boolean begun;

        private Csv(OutputStream output, List<String> columns) throws IOException {
            out =
                    new BufferedWriter(
                            new OutputStreamWriter(output, StandardCharsets.UTF_8), BUFFER);
            out.write(String.join(",", columns));
            out.write('\n');
        }

        @Override
        public Lines text(@Nullable Object value) {
            return cell(value == null ? "" : quoted(value.toString()));
        }

        @Override
        public Lines number(long value) {
            return cell(Long.toString(value));
        }

        private Lines cell(String text) {
            try {
                if (begun) {
                    out.write(',');
                }
                out.write(text);
                begun = true;
                return this;
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
            try {
                out.write('\n');
                begun = false;
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
}
