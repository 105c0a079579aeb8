package io.claviger.web.routing;

import io.claviger.application.routing.ModelResolutions.Resolution;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.routing.RouteExplanation;
import java.util.List;
import java.util.Optional;

/** Where the name of a model leads, or why nowhere, with the rules that were asked. */
record ModelResolutionJson(
    String format,
    String name,
    Optional<String> target,
    Optional<String> model,
    Optional<String> keySource,
    Optional<String> reason,
    List<StepJson> steps) {
  static ModelResolutionJson of(Resolution resolution) {
    return new ModelResolutionJson(
        resolution.format().wireName(),
        resolution.name().value(),
        resolution.target(),
        resolution.model(),
        resolution.source().map(KeySource::wireName),
        resolution.reason(),
        resolution.steps().stream().map(StepJson::of).toList());
  }

  /** One rule that was asked. */
  record StepJson(String rule, String outcome, String why) {
    static StepJson of(RouteExplanation.Step step) {
      return new StepJson(step.rule().wireName(), step.outcome(), step.why());
    }
  }
}
