package io.perpetua.devstack;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Swagger UI over the OpenAPI documents of all services, from the jar it comes in. */
final class ApiPages {
    private static final Map<String, String> TYPES =
            Map.of(
                    "/index.html", "text/html; charset=utf-8",
                    "/index.css", "text/css",
                    "/swagger-ui.css", "text/css",
                    "/swagger-ui-bundle.js", "text/javascript",
                    "/swagger-ui-standalone-preset.js", "text/javascript",
                    "/favicon-16x16.png", "image/png",
                    "/favicon-32x32.png", "image/png");

    private final Map<String, Page> loaded = new ConcurrentHashMap<>();

    /** A file and its media type. */
    record Page(String type, Buffer body) {
        void send(HttpServerResponse response) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, type).end(body.copy());
        }
    }

    Optional<Page> find(String path) {
        if (path.equals("/swagger-initializer.js")) {
            return Optional.of(new Page("text/javascript", initializer()));
        }
        String file = path.equals("/") ? "/index.html" : path;
        @Nullable String type = TYPES.get(file);
        if (type == null) {
            return Optional.empty();
        }
        return Optional.of(loaded.computeIfAbsent(file, name -> new Page(type, read(name))));
    }

    private static Buffer initializer() {
        StringBuilder urls = new StringBuilder();
        for (Service service : Service.values()) {
            urls.append("{url: '/openapi/%1$s.yaml', name: '%1$s'},".formatted(service.label()));
        }
        return Buffer.buffer(
                """
                window.onload = () => {
                  window.ui = SwaggerUIBundle({
                    urls: [%s],
                    dom_id: '#swagger-ui',
                    deepLinking: true,
                    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
                    layout: 'StandaloneLayout'
                  });
                };
                """
                        .formatted(urls));
    }

    private static Buffer read(String file) {
        try {
            Properties pom = new Properties();
            try (InputStream in = open("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
                pom.load(in);
            }
            String folder = "/META-INF/resources/webjars/swagger-ui/" + pom.getProperty("version");
            try (InputStream in = open(folder + file)) {
                return Buffer.buffer(in.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String resource) throws IOException {
        InputStream in = ApiPages.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IOException(resource + " is not on the class path");
        }
        return in;
    }
}
