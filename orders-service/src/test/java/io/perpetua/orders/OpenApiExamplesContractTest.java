package io.perpetua.orders;

import io.perpetua.testkit.OpenApiExamplesContract;

class OpenApiExamplesContractTest extends OpenApiExamplesContract {}
