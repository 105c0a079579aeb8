package io.claviger.application.instances;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.StoredKeys;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.policy.KeyDecision;
import io.claviger.domain.policy.KeyExplanation;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeyRule;
import io.claviger.domain.sharing.Role;
import org.junit.jupiter.api.Test;

class ExplainKeyTest {
  private static final KeyPolicy BOTH = new KeyPolicy(true, true, true);

  private final Wiring w = new Wiring();
  private final StoredKeys keys = new StoredKeys(w);
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final Instance service =
      keys.withKey(AnInstance.of(alice, "s").keyPolicy(BOTH), Wiring.CANARY);

  @Test
  void it_tells_the_source_rule_by_rule() {
    KeyExplanation explanation = explained(w.as(alice));

    assertThat(explanation.decision()).isEqualTo(KeyDecision.CENTRAL);
    assertThat(explanation.steps())
        .extracting(KeyExplanation.Step::rule)
        .containsExactly(
            KeyRule.USE,
            KeyRule.ENABLED,
            KeyRule.KEYLESS,
            KeyRule.USER_KEY,
            KeyRule.FALLBACK,
            KeyRule.CENTRAL_KEY);
  }

  @Test
  void each_is_told_of_their_own_key() {
    share(Role.READER);
    keys.ofUser(service, bob, "sk-of-bob-0123");

    assertThat(explained(w.as(bob)).decision()).isEqualTo(KeyDecision.USER);
    assertThat(explained(w.as(alice)).decision()).isEqualTo(KeyDecision.CENTRAL);
  }

  @Test
  void a_key_that_does_not_open_is_told_of() {
    keys.ofUser(
        service,
        alice,
        keys.value(KeyBinding.ofApiKey(service.id(), service.destination()), "sk-moved-0123"));

    assertThat(explained(w.as(alice)).decision()).isEqualTo(KeyDecision.KEY_UNUSABLE);
  }

  @Test
  void an_administrator_who_may_not_use_it_is_told_so() {
    assertThat(explained(w.as(root)).decision()).isEqualTo(KeyDecision.NOT_PERMITTED);
  }

  @Test
  void to_who_cannot_see_it_there_is_nothing_to_explain() {
    assertThat(because(explain(w.as(bob)))).isEqualTo("not_found");
    assertThat(because(explain(w.using(root)))).isEqualTo("not_found");
  }

  @Test
  void a_token_that_only_uses_is_told() {
    assertThat(explained(w.using(alice)).decision()).isEqualTo(KeyDecision.CENTRAL);
  }

  @Test
  void a_restricted_token_is_told_of_its_own_service_alone() {
    Instance other = w.stored(AnInstance.of(alice, "other").build());

    assertThat(explained(w.with(alice, AToken.of(alice).onlyFor(service).build())).decision())
        .isEqualTo(KeyDecision.CENTRAL);
    assertThat(because(explain(w.with(alice, AToken.of(alice).onlyFor(other).build()))))
        .isEqualTo("not_found");
  }

  @Test
  void nothing_is_told_of_what_the_key_is_and_nothing_put_on_record() {
    w.forget();

    assertThat(explained(w.as(alice)).toString()).doesNotContain(Wiring.CANARY);
    assertThat(w.recorded()).isEmpty();
  }

  private void share(Role role) {
    assertThat(w.stored(service, AShare.with(bob).role(role).build()).grantee())
        .isEqualTo(bob.id());
  }

  private Outcome<KeyExplanation> explain(Actor actor) {
    return w.instances.explainKey(actor, service.ref());
  }

  private KeyExplanation explained(Actor actor) {
    Outcome<KeyExplanation> outcome = explain(actor);
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow();
  }
}
