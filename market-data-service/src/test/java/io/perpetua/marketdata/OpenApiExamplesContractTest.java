package io.perpetua.marketdata;

import io.perpetua.testkit.OpenApiExamplesContract;

class OpenApiExamplesContractTest extends OpenApiExamplesContract {}
