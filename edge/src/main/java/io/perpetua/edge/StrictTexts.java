package io.perpetua.edge;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.time.Instant;

/** Texts and times of JSON bodies, as far as the database can take them. */
final class StrictTexts {
    private StrictTexts() {}

    static SimpleModule module() {
        return new SimpleModule("texts")
                .addDeserializer(String.class, new Text())
                .addDeserializer(Instant.class, new Time());
    }

    /** Whether a text can be stored and read back: no U+0000, no half of a surrogate pair. */
    private static boolean isWhole(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static final class Text extends StringDeserializer {
        private static final long serialVersionUID = 1L;

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            String text = super.deserialize(parser, context);
            return text == null || isWhole(text)
                    ? text
                    : (String)
                            context.handleWeirdStringValue(
                                    String.class,
                                    text,
                                    "no text holds U+0000 or half of a surrogate pair");
        }
    }

    private static final class Time extends StdScalarDeserializer<Instant> {
        private static final long serialVersionUID = 1L;

        Time() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return (Instant) context.handleUnexpectedToken(Instant.class, parser);
            }
            String text = parser.getText();
            try {
                return Times.parse(text);
            } catch (IllegalArgumentException refused) {
                return (Instant)
                        context.handleWeirdStringValue(
                                Instant.class, text, "%s", refused.getMessage());
            }
        }
    }
}
