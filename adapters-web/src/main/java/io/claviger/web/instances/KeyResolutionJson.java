package io.claviger.web.instances;

import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.KeyExplanation;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.NoKeyReason;
import java.util.List;
import java.util.Optional;

/**
 * The key that a call by the caller would use, or the reason why there is none, with the rules that
 * led to it.
 */
record KeyResolutionJson(Optional<String> source, Optional<String> reason, List<StepJson> steps) {
  static KeyResolutionJson of(KeyExplanation explanation) {
    return new KeyResolutionJson(
        explanation.decision().source().map(KeySource::wireName),
        explanation.decision().reason().map(NoKeyReason::wireName),
        explanation.steps().stream().map(StepJson::of).toList());
  }

  /**
   * One rule that was evaluated.
   *
   * @param outcome the source or the reason that the rule ended with, or {@code next}
   */
  record StepJson(String rule, String outcome, String why) {
    static StepJson of(KeyExplanation.Step step) {
      return new StepJson(
          step.rule().wireName(),
          step.decision().map(KeyDecision::wireName).orElse("next"),
          step.why());
    }
  }
}
