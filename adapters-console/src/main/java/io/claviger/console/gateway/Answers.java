package io.claviger.console.gateway;

import io.claviger.application.routing.ModelResolutions.Resolution;
import io.claviger.console.gateway.WhyPages.WhyView;
import io.claviger.console.page.Fact;
import io.claviger.domain.policy.CallExplanation;
import io.claviger.domain.policy.CallExplanation.CallRule;
import io.claviger.domain.policy.KeyRule;
import io.claviger.domain.policy.KeySource;
import io.claviger.web.pages.PageProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Describes in words why calls are allowed or refused, and to which services model names lead. */
final class Answers {
  private static final String NEXT = "next";
  private static final Set<String> GOOD =
      Stream.concat(
              Stream.of("found", NEXT), Stream.of(KeySource.values()).map(KeySource::wireName))
          .collect(Collectors.toUnmodifiableSet());

  /**
   * The verdict if the checked rules allow the call, but the user did not name the model or the
   * operation.
   */
  private static final String PASSES_IF_LENT =
      "The call would pass, if its model and operation are lent";

  private Answers() {}

  /**
   * Describes in words whether a call is permitted.
   *
   * @param named whether the question names both the model and the operation of the call
   */
  static WhyView.Explanation of(CallExplanation explained, RemedyLinks remedies, boolean named) {
    List<Fact> facts = new ArrayList<>();
    explained.source().ifPresent(source -> facts.add(key(source)));
    explained
        .requestsLeft()
        .ifPresent(
            left -> facts.add(new Fact("Requests left this minute", Integer.toString(left))));
    return new WhyView.Explanation(
        explained.reason().isEmpty(),
        explained
            .reason()
            .map(reason -> "The call would be refused: " + words(reason))
            .orElse(named ? "The call would pass" : PASSES_IF_LENT),
        facts,
        explained.steps().stream().map(step -> step(step, remedies)).toList());
  }

  static WhyView.Explanation of(Resolution resolution) {
    List<Fact> facts = new ArrayList<>();
    resolution.target().ifPresent(target -> facts.add(new Fact("Tried first", target)));
    resolution.model().ifPresent(model -> facts.add(new Fact("The provider's name", model)));
    resolution.source().ifPresent(source -> facts.add(key(source)));
    return new WhyView.Explanation(
        resolution.reason().isEmpty(),
        resolution
            .reason()
            .map(reason -> "The name leads to no service: " + words(reason))
            .orElse("The name leads to a service"),
        facts,
        resolution.steps().stream()
            .map(
                step ->
                    new WhyView.Step(
                        Fact.term(step.rule().wireName()),
                        outcome(step.outcome()),
                        tone(step.outcome()),
                        PageProblem.words(step.why()),
                        null))
            .toList());
  }

  private static WhyView.Step step(CallExplanation.Step step, RemedyLinks remedies) {
    String tone = tone(step.outcome());
    return new WhyView.Step(
        rule(step.rule()),
        outcome(step.outcome()),
        tone,
        step.why(),
        tone.equals("bad") ? remedies.of(step.rule(), step.outcome()) : null);
  }

  private static String tone(String outcome) {
    if (outcome.equals("not_told")) {
      return "muted";
    }
    return GOOD.contains(outcome) ? "good" : "bad";
  }

  private static String outcome(String outcome) {
    return outcome.equals(NEXT) ? "passes" : words(outcome);
  }

  /** Returns the name that pages use for a rule. */
  private static String rule(CallExplanation.Rule rule) {
    return switch (rule) {
      case KeyRule.USE -> "Permission to use the service";
      case KeyRule.ENABLED -> "The service's state";
      case KeyRule.KEYLESS -> "A service without a key";
      case KeyRule.USER_KEY -> "The caller's own key";
      case KeyRule.FALLBACK -> "Another key than the caller's own";
      case KeyRule.CENTRAL_KEY -> "The service's key";
      case KeyRule.NOTHING_LEFT -> "A key to call with";
      case CallRule.USER_LIMITS -> "Limits set by administrators";
      case CallRule.RATE -> "Requests per minute";
      case CallRule.TOKEN -> "The access token";
      default -> Fact.term(rule.wireName());
    };
  }

  private static String words(String code) {
    return code.replace('_', ' ');
  }

  private static Fact key(KeySource source) {
    String whose =
        switch (source) {
          case USER -> "the user's own";
          case CENTRAL -> "that of the service";
          case DEPLOYMENT -> "that of the operator";
          case KEYLESS -> "none is needed";
        };
    return new Fact("Key", whose);
  }
}
