package io.claviger.domain.policy;

import static io.claviger.domain.policy.KeyCandidates.KeyCandidate.ABSENT;
import static io.claviger.domain.policy.KeyCandidates.KeyCandidate.PRESENT;
import static io.claviger.domain.policy.KeyCandidates.KeyCandidate.UNCONFIRMED;
import static io.claviger.domain.policy.KeyCandidates.KeyCandidate.UNUSABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.EveryCase;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyDecisionTest {
  /**
   * A sentence of the rules: the decision that it ends in, and when it is the one that counts,
   * provided none above it was. That header values are sealed like a key, and so keep a call from
   * being made when they don't open, comes before each sentence that ends in a call.
   */
  private record Rule(String sentence, Predicate<KeyCandidates> applies, KeyDecision ends) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule("1. no use by this path", c -> !c.mayUse(), KeyDecision.NOT_PERMITTED),
          new Rule("1. the instance is disabled", c -> !c.enabled(), KeyDecision.DISABLED),
          new Rule(
              "7. no key is needed, but the header values do not open",
              c -> c.keyless() && !c.headersOpen(),
              KeyDecision.KEY_UNUSABLE),
          new Rule("2. the placement is none", c -> c.keyless(), KeyDecision.KEYLESS),
          new Rule(
              "7. the user key that is due does not open",
              c -> c.policy().userKeys() && c.userKey() == UNUSABLE,
              KeyDecision.KEY_UNUSABLE),
          new Rule(
              "7. the user key would be used, but the header values do not open",
              c -> c.policy().userKeys() && c.userKey() == PRESENT && !c.headersOpen(),
              KeyDecision.KEY_UNUSABLE),
          new Rule(
              "3. user_keys is on and the caller has one",
              c -> c.policy().userKeys() && c.userKey() == PRESENT,
              KeyDecision.USER),
          new Rule(
              "4. user_keys is on, the caller has none, and there is no fallback",
              c ->
                  c.policy().userKeys() && c.userKey() == ABSENT && !c.policy().fallbackToCentral(),
              KeyDecision.USER_API_KEY_REQUIRED),
          new Rule(
              "7. where the credential that is due is used is not confirmed",
              c -> c.policy().centralKey() && c.centralKey() == UNCONFIRMED,
              KeyDecision.CREDENTIAL_UNCONFIRMED),
          new Rule(
              "7. the central key that is due does not open",
              c -> c.policy().centralKey() && c.centralKey() == UNUSABLE,
              KeyDecision.KEY_UNUSABLE),
          new Rule(
              "7. the central key would be used, but the header values do not open",
              c -> c.policy().centralKey() && c.centralKey() == PRESENT && !c.headersOpen(),
              KeyDecision.KEY_UNUSABLE),
          new Rule(
              "5. central_key is on and the instance stores one",
              c -> c.policy().centralKey() && c.centralKey() == PRESENT,
              KeyDecision.CENTRAL),
          new Rule(
              "7. a deployment key would be used, but the header values do not open",
              c -> c.policy().centralKey() && c.deploymentKey() && !c.headersOpen(),
              KeyDecision.KEY_UNUSABLE),
          new Rule(
              "6. central_key is on and a deployment key may go there",
              c -> c.policy().centralKey() && c.deploymentKey(),
              KeyDecision.DEPLOYMENT),
          new Rule("7. otherwise", c -> true, KeyDecision.MISSING_API_KEY));

  static Stream<KeyCandidates> all() {
    return Candidates.all();
  }

  @Test
  void the_first_rule_that_applies_decides() {
    EveryCase.of(
        all(),
        candidates -> {
          Rule first =
              RULES.stream().filter(r -> r.applies().test(candidates)).findFirst().orElseThrow();
          assertThat(KeyDecision.decide(candidates)).as(first.sentence()).isEqualTo(first.ends());
        });
  }

  @Test
  void all_combinations_are_tried() {
    assertThat(all().distinct()).hasSize(2 * 2 * 2 * 2 * 2 * 3 * 4 * 8);
  }

  @Test
  void every_rule_decides_something() {
    assertThat(all().map(KeyDecision::decide).distinct())
        .containsExactlyInAnyOrder(KeyDecision.values());
  }

  @ParameterizedTest
  @EnumSource
  void a_decision_is_a_source_or_a_reason_and_never_both(KeyDecision decision) {
    assertThat(decision.source().isPresent()).isNotEqualTo(decision.reason().isPresent());
  }

  @ParameterizedTest
  @EnumSource
  void a_decision_is_named_as_its_source_or_reason(KeyDecision decision) {
    Optional<String> name =
        decision.source().map(Enum::name).or(() -> decision.reason().map(Enum::name));
    assertThat(name).hasValue(decision.name());
  }

  @Test
  void no_key_is_used_without_permission() {
    assertThat(all().filter(c -> !c.mayUse()).map(KeyDecision::decide))
        .allMatch(decision -> decision.source().isEmpty());
  }

  @Test
  void no_key_is_used_and_none_done_without_where_the_headers_do_not_open() {
    assertThat(all().filter(c -> !c.headersOpen()).map(KeyDecision::decide))
        .allMatch(decision -> decision.source().isEmpty());
  }

  @Test
  void headers_that_do_not_open_hide_no_other_reason() {
    assertThat(all().filter(c -> !c.headersOpen()))
        .allSatisfy(
            c -> {
              KeyDecision withHeaders = KeyDecision.decide(Candidates.withOpenHeaders(c));
              assertThat(KeyDecision.decide(c))
                  .isEqualTo(
                      withHeaders.source().isPresent() ? KeyDecision.KEY_UNUSABLE : withHeaders);
            });
  }

  @Test
  void a_central_key_is_never_used_where_central_keys_are_off() {
    assertThat(all().filter(c -> !c.policy().centralKey()).map(KeyDecision::decide))
        .doesNotContain(KeyDecision.CENTRAL, KeyDecision.DEPLOYMENT);
  }

  @Test
  void a_user_key_is_never_used_where_user_keys_are_off() {
    assertThat(all().filter(c -> !c.policy().userKeys()).map(KeyDecision::decide))
        .doesNotContain(KeyDecision.USER, KeyDecision.USER_API_KEY_REQUIRED);
  }

  @Test
  void no_other_key_takes_the_place_of_one_that_does_not_open() {
    KeyPolicy fallback = new KeyPolicy(true, true, true);
    assertThat(
            KeyDecision.decide(
                new KeyCandidates(true, true, false, fallback, UNUSABLE, PRESENT, true, true)))
        .isEqualTo(KeyDecision.KEY_UNUSABLE);
    assertThat(
            KeyDecision.decide(
                new KeyCandidates(true, true, false, fallback, ABSENT, UNUSABLE, true, true)))
        .isEqualTo(KeyDecision.KEY_UNUSABLE);
  }
}
