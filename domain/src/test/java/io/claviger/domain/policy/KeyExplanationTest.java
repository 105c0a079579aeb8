package io.claviger.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.EveryCase;
import io.claviger.domain.policy.KeyExplanation.Step;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyExplanationTest {
  static Stream<KeyCandidates> all() {
    return Candidates.all();
  }

  @Test
  void an_explanation_ends_in_the_decision_and_only_its_last_step_decides() {
    EveryCase.of(
        all(),
        given -> {
          KeyExplanation explanation = KeyExplanation.of(given);
          List<Step> steps = explanation.steps();

          assertThat(explanation.decision()).isEqualTo(KeyDecision.decide(given));
          assertThat(steps.get(steps.size() - 1).decision()).contains(explanation.decision());
          assertThat(steps.subList(0, steps.size() - 1)).allMatch(s -> s.decision().isEmpty());
        });
  }

  @Test
  void the_steps_are_the_rules_from_the_first_to_the_one_that_decided() {
    EveryCase.of(
        all(),
        given -> {
          List<KeyRule> asked = KeyExplanation.of(given).steps().stream().map(Step::rule).toList();

          assertThat(asked).isEqualTo(Arrays.asList(KeyRule.values()).subList(0, asked.size()));
        });
  }

  @Test
  void every_step_says_why() {
    EveryCase.of(
        all(),
        given -> {
          assertThat(KeyExplanation.of(given).steps())
              .allSatisfy(s -> assertThat(s.why()).isNotBlank().endsWith("."));
        });
  }

  @Test
  void every_rule_decides_somewhere_and_all_but_the_last_are_passed_somewhere() {
    List<Step> steps = all().flatMap(c -> KeyExplanation.of(c).steps().stream()).toList();

    assertThat(steps.stream().filter(s -> s.decision().isPresent()).map(Step::rule))
        .contains(KeyRule.values());
    assertThat(steps.stream().filter(s -> s.decision().isEmpty()).map(Step::rule).distinct())
        .hasSize(KeyRule.values().length - 1);
  }

  @Test
  void a_rule_that_is_passed_says_something_else_than_one_that_decides() {
    all()
        .flatMap(c -> KeyExplanation.of(c).steps().stream())
        .distinct()
        .forEach(
            s ->
                assertThat(s.why().startsWith(s.rule().why(true)))
                    .isEqualTo(s.decision().isPresent()));
  }

  @Test
  void a_key_that_cannot_be_decrypted_is_reported() {
    assertThat(all().map(KeyExplanation::of))
        .allSatisfy(
            e ->
                assertThat(e.steps().get(e.steps().size() - 1).why().contains("can't be decrypted"))
                    .isEqualTo(e.decision() == KeyDecision.KEY_UNUSABLE));
  }

  @ParameterizedTest
  @EnumSource
  void a_rule_is_named_in_small_letters(KeyRule rule) {
    assertThat(rule.wireName()).matches("[a-z]+(_[a-z]+)*").isEqualToIgnoringCase(rule.name());
  }
}
