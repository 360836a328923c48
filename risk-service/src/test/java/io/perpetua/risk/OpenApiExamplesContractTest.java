package io.perpetua.risk;

import io.perpetua.testkit.OpenApiExamplesContract;

class OpenApiExamplesContractTest extends OpenApiExamplesContract {}
