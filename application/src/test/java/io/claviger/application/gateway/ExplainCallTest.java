package io.claviger.application.gateway;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.StoredKeys;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.policy.CallExplanation;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.sharing.Role;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExplainCallTest {
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
    CallExplanation explanation = explained(w.as(alice));

    assertThat(explanation.source()).contains(KeySource.CENTRAL);
    assertThat(explanation.steps())
        .extracting(step -> step.rule().wireName())
        .containsExactly(
            "use",
            "enabled",
            "keyless",
            "user_key",
            "fallback",
            "central_key",
            "rate",
            "destination");
  }

  @Test
  void each_is_told_of_their_own_key() {
    share(Role.READER);
    keys.ofUser(service, bob, "sk-of-bob-0123");

    assertThat(explained(w.as(bob)).source()).contains(KeySource.USER);
    assertThat(explained(w.as(alice)).source()).contains(KeySource.CENTRAL);
  }

  @Test
  void a_key_that_does_not_open_is_told_of() {
    keys.ofUser(
        service,
        alice,
        keys.value(KeyBinding.ofApiKey(service.id(), service.destination()), "sk-moved-0123"));

    assertThat(explained(w.as(alice)).reason()).contains("key_unusable");
  }

  /**
   * As in calls: the credential decides whether a secret is sent, not how the standard sends keys.
   */
  @Test
  void a_destination_without_tls_is_refused_exactly_if_a_secret_would_be_sent() {
    w.claviger.destinations().allowWithoutSecret("203.0.113.7");
    Instance keyless =
        AnInstance.of(alice, "keyless")
            .endpoint("http://203.0.113.7/v1")
            .credential(CredentialSettings.NONE)
            .build();
    Instance minting =
        keys.minting(
            AnInstance.of(alice, "minting")
                .provider(Provider.VLLM)
                .endpoint("http://203.0.113.7/v1"));

    assertThat(explained(w.as(alice), w.stored(keyless)).reason()).isEmpty();
    assertThat(explained(w.as(alice), minting).reason()).contains("destination_not_allowed");
  }

  @Test
  void an_administrator_who_may_not_use_it_is_told_so() {
    assertThat(explained(w.as(root)).reason()).contains("not_permitted");
  }

  @Test
  void to_who_cannot_see_it_there_is_nothing_to_explain() {
    assertThat(because(explain(w.as(bob)))).isEqualTo("not_found");
    assertThat(because(explain(w.using(root)))).isEqualTo("not_found");
  }

  @Test
  void a_token_that_only_uses_is_told() {
    assertThat(explained(w.using(alice)).source()).contains(KeySource.CENTRAL);
  }

  @Test
  void a_restricted_token_is_told_of_its_own_service_alone() {
    Instance other = w.stored(AnInstance.of(alice, "other").build());

    assertThat(explained(w.with(alice, AToken.of(alice).onlyFor(service).build())).source())
        .contains(KeySource.CENTRAL);
    assertThat(because(explain(w.with(alice, AToken.of(alice).onlyFor(other).build()))))
        .isEqualTo("not_found");
  }

  @Test
  void nothing_is_told_of_what_the_key_is_and_nothing_put_on_record() {
    w.forget();

    assertThat(explained(w.as(alice)).toString()).doesNotContain(Wiring.CANARY);
    assertThat(w.recorded()).isEmpty();
  }

  @Test
  void only_who_sees_the_shares_asks_about_another() {
    share(Role.READER);

    assertThat(because(about(w.as(bob), "alice"))).isEqualTo("forbidden");
    assertThat(because(about(w.using(alice), "bob"))).isEqualTo("forbidden");
    assertThat(about(w.as(alice), "bob").orThrow().source()).isEmpty();
    assertThat(about(w.as(alice), "bob").orThrow().reason()).isEmpty();
  }

  /**
   * If owners were told, every owner of a service could find out which users exist, and no record
   * would show it.
   */
  @Test
  void only_administrators_are_told_that_a_user_does_not_exist() {
    User carol = w.user("carol");
    CallExplanation ofNobody = about(w.as(alice), "nobody").orThrow();

    assertThat(ofNobody.reason()).contains("not_permitted");
    assertThat(ofNobody)
        .usingRecursiveComparison()
        .isEqualTo(about(w.as(alice), carol.handle().value()).orThrow());
    assertThat(because(about(w.as(root), "nobody"))).isEqualTo("/user unknown_reference");
  }

  private Outcome<CallExplanation> about(Actor actor, String user) {
    return w.explanations.explain(
        actor,
        service.ref(),
        new CallExplanations.ExplanationQuery(
            Optional.empty(), Optional.empty(), Optional.of(new Handle(user))));
  }

  private void share(Role role) {
    assertThat(w.stored(service, AShare.with(bob).role(role).build()).grantee().id())
        .isEqualTo(bob.id());
  }

  private Outcome<CallExplanation> explain(Actor actor) {
    return explain(actor, service);
  }

  private Outcome<CallExplanation> explain(Actor actor, Instance what) {
    return w.explanations.explain(actor, what.ref(), CallExplanations.ExplanationQuery.NONE);
  }

  private CallExplanation explained(Actor actor) {
    return explained(actor, service);
  }

  private CallExplanation explained(Actor actor, Instance what) {
    Outcome<CallExplanation> outcome = explain(actor, what);
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow();
  }
}
