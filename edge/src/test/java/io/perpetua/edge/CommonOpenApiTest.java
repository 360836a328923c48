package io.perpetua.edge;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.Test;

@QuarkusTest
class CommonOpenApiTest {
    private static ValidatableResponse description() {
        return given().queryParam("format", "json").get("/q/openapi").then().statusCode(200);
    }

    @Test
    void shouldDescribeValuesAsTextWhenTheyAreTextInJson() {
        description()
                .body("openapi", startsWith("3.1"))
                .body("components.schemas.Price.type", equalTo("string"));
    }

    @Test
    void shouldAskForATokenWhenAnEndpointIsNotOpenToAll() {
        description()
                .body("components.securitySchemes.accessToken.scheme", equalTo("bearer"))
                .body("paths.'/v1/samples'.post.security[0]", hasKey("accessToken"))
                .body("paths.'/v1/samples/{id}'.get.security[0]", hasKey("accessToken"))
                .body("paths.'/v1/samples/public'.get.security", empty());
    }

    @Test
    void shouldDeclareWhatEveryOperationCanBeRefusedWith() {
        String problem = "content.'application/problem+json'.schema.$ref";
        String schema = "#/components/schemas/Problem";
        description()
                .body("paths.'/v1/samples'.post.responses.'400'." + problem, equalTo(schema))
                .body("paths.'/v1/samples'.post.responses.'401'." + problem, equalTo(schema))
                .body("paths.'/v1/samples'.post.responses.'503'." + problem, equalTo(schema))
                .body("paths.'/v1/samples/public'.get.responses", not(hasKey("401")))
                .body("paths.'/v1/samples/public'.get.responses", hasKey("503"));
    }

    @Test
    void shouldDescribeTheProblemWhenSomethingGoesWrong() {
        description()
                .body(
                        "paths.'/v1/samples'.post.responses.default.content"
                                + ".'application/problem+json'.schema.$ref",
                        equalTo("#/components/schemas/Problem"))
                .body("components.schemas.Problem.properties.code.type", equalTo("string"));
    }
}
