package io.perpetua.testkit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Holds a service's {@code openapi.yaml} against what the service serves; {@code
 * -Dopenapi.write=true} writes it anew.
 */
public abstract class OpenApiContract {
    private static final Path GOLDEN = Path.of("openapi.yaml");

    @Test
    void shouldServeTheDescriptionThatIsCommitted() throws IOException {
        String served =
                given().queryParam("format", "yaml")
                        .get("/q/openapi")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString();
        if (Boolean.getBoolean("openapi.write")) {
            Files.writeString(GOLDEN, served);
        }

        assertThat(GOLDEN).as("write it with -Dopenapi.write=true").exists();
        assertThat(served)
                .as("openapi.yaml is out of date: write it with -Dopenapi.write=true")
                .isEqualTo(Files.readString(GOLDEN));
    }
}
