package io.perpetua.accounts;

import io.perpetua.testkit.OpenApiExamplesContract;

class OpenApiExamplesContractTest extends OpenApiExamplesContract {}
