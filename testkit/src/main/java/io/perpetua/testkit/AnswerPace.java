package io.perpetua.testkit;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;

/** How soon a server of the tests answers. One that holds back does so until nobody waits. */
enum AnswerPace {
    AT_ONCE {
        @Override
        void write(HttpExchange exchange, int status, byte[] body) throws IOException {
            begin(exchange, status, body).write(body);
        }
    },
    /** It has begun, and a byte comes now and then. */
    SLOW {
        @Override
        void write(HttpExchange exchange, int status, byte[] body)
                throws IOException, InterruptedException {
            OutputStream out = begin(exchange, status, body);
            for (int i = 0; i < body.length; i++) {
                out.write(body, i, 1);
                out.flush();
                Thread.sleep(UNTIL_NOBODY_WAITS_MILLIS / body.length);
            }
        }
    },
    /** Not a byte comes. */
    SILENT {
        @Override
        void write(HttpExchange exchange, int status, byte[] body)
                throws IOException, InterruptedException {
            Thread.sleep(UNTIL_NOBODY_WAITS_MILLIS);
            AT_ONCE.write(exchange, status, body);
        }
    };

    private static final long UNTIL_NOBODY_WAITS_MILLIS = 60_000;

    abstract void write(HttpExchange exchange, int status, byte[] body)
            throws IOException, InterruptedException;

    private static OutputStream begin(HttpExchange exchange, int status, byte[] body)
            throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        return exchange.getResponseBody();
    }
}
