package io.claviger.domain.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The decision about which key a call uses, with its reasons.
 *
 * @param steps the rules that were tried, in their order. The last of these rules made the decision
 */
record KeyExplanation(KeyDecision decision, List<Step> steps) {

  /**
   * A rule that was tried.
   *
   * @param decision the rule's decision; empty if the rule did not apply and the next rule was
   *     tried
   * @param why the reason, in words for people
   */
  public record Step(KeyRule rule, Optional<KeyDecision> decision, String why) {}

  public KeyExplanation {
    steps = List.copyOf(steps);
  }

  public static KeyExplanation of(KeyCandidates given) {
    List<Step> steps = new ArrayList<>();
    for (KeyRule rule : KeyRule.IN_ORDER) {
      Optional<KeyDecision> decision = Optional.ofNullable(rule.judge(given));
      steps.add(new Step(rule, decision, why(rule, decision)));
      if (decision.isPresent()) {
        return new KeyExplanation(decision.get(), steps);
      }
    }
    throw new IllegalStateException(
        "no rule applied, although the last rule applies to everything");
  }

  private static String why(KeyRule rule, Optional<KeyDecision> decision) {
    String why = rule.why(decision.isPresent());
    return decision.equals(Optional.of(KeyDecision.KEY_UNUSABLE))
        ? why + " The stored value can't be decrypted."
        : why;
  }
}
