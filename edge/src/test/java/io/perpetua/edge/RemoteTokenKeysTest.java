package io.perpetua.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often the keys are fetched, from an accounts-service that publishes none. */
class RemoteTokenKeysTest {
    private static final byte[] NO_KEYS = "{\"keys\":[]}".getBytes(StandardCharsets.UTF_8);

    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
    private HttpServer accounts;
    private RemoteTokenKeys keys;

    @BeforeEach
    void publish() throws Exception {
        accounts = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        accounts.createContext(
                "/v1/jwks.json",
                exchange -> {
                    fetches.incrementAndGet();
                    exchange.sendResponseHeaders(200, NO_KEYS.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(NO_KEYS);
                    }
                });
        accounts.start();
        InstantSource source = now::get;
        Clock clock = source.withZone(ZoneOffset.UTC);
        keys = new RemoteTokenKeys("http://127.0.0.1:" + accounts.getAddress().getPort(), clock);
    }

    @AfterEach
    void stop() {
        accounts.stop(0);
    }

    @Test
    void shouldFetchAtMostOnceInTwoSecondsForKeysNobodyKnows() {
        assertThat(keys.key("a")).isNull();
        move(Duration.ofMillis(1_999));
        assertThat(keys.key("b")).isNull();
        assertThat(fetches).hasValue(1);

        move(Duration.ofMillis(1));
        assertThat(keys.key("c")).isNull();
        assertThat(fetches).hasValue(2);
    }

    @Test
    void shouldFetchAgainWhenTheClockWasSetBack() {
        assertThat(keys.key("a")).isNull();

        move(Duration.ofHours(-1));
        assertThat(keys.key("b")).isNull();
        assertThat(keys.key("c")).isNull();

        assertThat(fetches).hasValue(2);
    }

    private void move(Duration by) {
        now.updateAndGet(before -> before.plus(by));
    }
}
