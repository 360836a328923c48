package io.perpetua.orders.api;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What became of several commands. */
@Schema(description = "One result a command, in the order of the request.")
public record OrderResults(List<OrderResult> results) {}
