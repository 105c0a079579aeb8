package io.claviger.bootstrap.telemetry;

import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageModel;
import io.claviger.gateway.events.CallDescription;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import io.claviger.gateway.events.GatewayEvents.RecordedUse;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The attributes that the spans and metrics of similar calls have in common.
 *
 * @param name the name of the calls' spans: the operation and the model, as the conventions require
 * @param isFailed whether the calls failed
 * @param attributes the span's attributes in the conventions for generative AI
 * @param ofInput the attributes for the metric of input tokens
 * @param ofOutput the attributes for the metric of output tokens
 */
record GenAiCall(
    String name, boolean isFailed, Attributes attributes, Attributes ofInput, Attributes ofOutput) {
  private static final int FIRST_ERROR = 400;

  /** The conventions' value for errors of which no type is stated. */
  private static final String OTHER_ERROR = "_OTHER";

  private static final AttributeKey<String> TOKEN_TYPE =
      AttributeKey.stringKey("gen_ai.token.type");

  /**
   * The values of a call that determine its attributes.
   *
   * @param operation the operation's name in the conventions
   * @param model the model that the request names; empty if unknown
   * @param error why the call failed: a refusal's code or the answer's status; empty if the call
   *     succeeded
   */
  record Kind(
      String operation,
      Optional<WireFormat> format,
      Optional<String> model,
      Optional<String> error) {
    /**
     * @param call the supplier of the call's description. The description is needed only if the
     *     call's result does not name the model
     */
    static Kind of(String operation, Supplier<CallDescription> call, FinishedCall result) {
      return new Kind(operation, result.format(), model(call, result), error(result));
    }

    /**
     * Returns a more general kind of calls. If there are too many kinds, calls of this kind are
     * counted under the more general kind.
     */
    Kind folded() {
      return new Kind(
          operation,
          format,
          model.map(name -> UsageModel.OTHER.name()),
          error.map(why -> OTHER_ERROR));
    }

    private static Optional<String> model(Supplier<CallDescription> call, FinishedCall result) {
      return result
          .used()
          .map(RecordedUse::model)
          .filter(UsageModel::isKnown)
          .map(UsageModel::name)
          .or(() -> call.get().models());
    }

    private static Optional<String> error(FinishedCall result) {
      return result.code().isPresent() || result.status() < FIRST_ERROR
          ? result.code()
          : Optional.of(Integer.toString(result.status()));
    }
  }

  static GenAiCall of(Kind kind) {
    AttributesBuilder builder = Attributes.builder();
    builder.put("gen_ai.operation.name", kind.operation());
    kind.format().ifPresent(format -> builder.put("gen_ai.provider.name", provider(format)));
    kind.model().ifPresent(name -> builder.put("gen_ai.request.model", name));
    kind.error().ifPresent(why -> builder.put("error.type", why));
    Attributes attributes = builder.build();
    return new GenAiCall(
        kind.model().map(name -> kind.operation() + " " + name).orElse(kind.operation()),
        kind.error().isPresent(),
        attributes,
        attributes.toBuilder().put(TOKEN_TYPE, "input").build(),
        attributes.toBuilder().put(TOKEN_TYPE, "output").build());
  }

  /**
   * Returns the provider to which a call's wire format belongs. According to the conventions, this
   * has to be the provider that the client believes it is calling.
   */
  private static String provider(WireFormat format) {
    return format.api().telemetryName().orElse(format.wireName());
  }
}
