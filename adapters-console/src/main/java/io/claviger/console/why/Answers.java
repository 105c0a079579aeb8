package io.claviger.console.why;

import io.claviger.application.routing.ModelResolutions.Resolution;
import io.claviger.domain.policy.CallExplanation;
import io.claviger.domain.policy.KeySource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Words for what the use cases explain. */
final class Answers {
  private static final Set<String> UNDECIDED = Set.of("next", "not_told");
  private static final Set<String> GOOD =
      Stream.concat(Stream.of("found"), Stream.of(KeySource.values()).map(KeySource::wireName))
          .collect(Collectors.toUnmodifiableSet());

  private Answers() {}

  static WhyModel.Explanation of(CallExplanation explained, RemedyLinks remedies) {
    List<WhyModel.Fact> facts = new ArrayList<>();
    explained.source().ifPresent(source -> facts.add(key(source)));
    explained
        .requestsLeft()
        .ifPresent(
            left ->
                facts.add(new WhyModel.Fact("Requests left this minute", Integer.toString(left))));
    return new WhyModel.Explanation(
        explained.reason().isEmpty(),
        explained
            .reason()
            .map(reason -> "The call would be refused: " + words(reason))
            .orElse("The call would pass"),
        facts,
        explained.steps().stream().map(step -> step(step, remedies)).toList());
  }

  static WhyModel.Explanation of(Resolution resolution) {
    List<WhyModel.Fact> facts = new ArrayList<>();
    resolution.target().ifPresent(target -> facts.add(new WhyModel.Fact("Tried first", target)));
    resolution
        .model()
        .ifPresent(model -> facts.add(new WhyModel.Fact("The provider's name", model)));
    resolution.source().ifPresent(source -> facts.add(key(source)));
    return new WhyModel.Explanation(
        resolution.reason().isEmpty(),
        resolution
            .reason()
            .map(reason -> "The name leads nowhere: " + words(reason))
            .orElse("The name leads to a service"),
        facts,
        resolution.steps().stream()
            .map(
                step ->
                    new WhyModel.Step(
                        words(step.rule().wireName()),
                        words(step.outcome()),
                        tone(step.outcome()),
                        step.why(),
                        null))
            .toList());
  }

  private static WhyModel.Step step(CallExplanation.Step step, RemedyLinks remedies) {
    String tone = tone(step.outcome());
    return new WhyModel.Step(
        words(step.rule()),
        words(step.outcome()),
        tone,
        step.why(),
        tone.equals("bad") ? remedies.of(step.rule(), step.outcome()) : null);
  }

  private static String tone(String outcome) {
    if (UNDECIDED.contains(outcome)) {
      return "muted";
    }
    return GOOD.contains(outcome) ? "good" : "bad";
  }

  private static String words(String code) {
    return code.replace('_', ' ');
  }

  private static WhyModel.Fact key(KeySource source) {
    String whose =
        switch (source) {
          case USER -> "the user's own";
          case CENTRAL -> "that of the service";
          case DEPLOYMENT -> "that of the operator";
          case KEYLESS -> "none is needed";
        };
    return new WhyModel.Fact("Key", whose);
  }
}
