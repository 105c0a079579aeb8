package io.claviger.bootstrap.telemetry;

import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageModel;
import io.claviger.gateway.events.CallDescription;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import io.claviger.gateway.events.GatewayEvents.Used;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.Optional;

/**
 * What spans and metrics say of a call alike.
 *
 * @param operation by the conventions
 * @param model that the request asks for, if it is known
 * @param error why the call failed: the code of a refusal, or the status; empty if it did not
 * @param attributes of the conventions for generative AI
 */
record GenAiCall(
    String operation, Optional<String> model, Optional<String> error, Attributes attributes) {
  private static final int FIRST_ERROR = 400;

  static GenAiCall of(CallDescription call, FinishedCall result) {
    String operation = GenAiOperation.of(call.path());
    Optional<String> model =
        result
            .used()
            .map(Used::model)
            .filter(UsageModel::isKnown)
            .map(UsageModel::name)
            .or(call::models);
    Optional<String> error =
        result
            .code()
            .or(
                () ->
                    result.status() >= FIRST_ERROR
                        ? Optional.of(Integer.toString(result.status()))
                        : Optional.empty());
    AttributesBuilder attributes = Attributes.builder();
    attributes.put("gen_ai.operation.name", operation);
    result.format().ifPresent(format -> attributes.put("gen_ai.provider.name", provider(format)));
    model.ifPresent(name -> attributes.put("gen_ai.request.model", name));
    error.ifPresent(why -> attributes.put("error.type", why));
    return new GenAiCall(operation, model, error, attributes.build());
  }

  /** The conventions name a span after the operation and the model. */
  String name() {
    return model.map(name -> operation + " " + name).orElse(operation);
  }

  boolean isFailed() {
    return error.isPresent();
  }

  /** The conventions want the provider as far as the client knows it, which is by its format. */
  private static String provider(WireFormat format) {
    return format == WireFormat.GEMINI ? "gcp.gemini" : format.wireName();
  }
}
