package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.Organization;
import io.claviger.domain.instances.Timeout;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeySource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which key a call gets, and what is sent with it. */
class KeySourceTest {
  private static final String DEPLOYMENTS = "sk-deployment-key";

  private final Calls c = new Calls();

  @Test
  void a_stored_key_is_opened_for_the_call() {
    Instance service = c.write.withKey(c.alice, "s");

    try (AuthorizedCall authorized = Calls.authorized(c.call(c.alices, service))) {
      assertThat(authorized.source()).isEqualTo(KeySource.CENTRAL);
      assertThat(authorized.key().map(Calls::text)).contains(Wiring.CANARY);
    }
  }

  @Test
  void key_and_endpoint_come_from_one_row() {
    Instance service = c.write.withKey(c.alice, "s");

    try (AuthorizedCall authorized = Calls.authorized(c.call(c.alices, service))) {
      assertThat(authorized.endpoint()).isEqualTo(service.settings().fields().endpoint());
      assertThat(authorized.service()).isEqualTo("alice/s");
      assertThat(authorized.standard().handle().value()).isEqualTo("openai");
    }
  }

  @Test
  void custom_headers_are_opened_for_the_call() {
    Instance service = c.write.withKeyAndHeaders(c.alice, "s");

    try (AuthorizedCall authorized = Calls.authorized(c.call(c.alices, service))) {
      assertThat(authorized.headers().headers())
          .singleElement()
          .matches(h -> h.name().value().equals("X-Team"))
          .matches(h -> Calls.text(h.value()).equals("team-" + Wiring.CANARY));
    }
  }

  @Test
  void timeout_and_organization_come_along() {
    Instance service =
        c.w.stored(AnInstance.of(c.alice, "o").apiStandard("none").organization("org-1").build());

    try (AuthorizedCall authorized = Calls.authorized(c.call(c.alices, service))) {
      assertThat(authorized.organization()).contains(new Organization("org-1"));
      assertThat(authorized.timeout()).isEqualTo(Timeout.DEFAULT);
    }
  }

  @Test
  void a_closed_call_gives_nothing_any_more() {
    Instance service = c.write.withKeyAndHeaders(c.alice, "s");
    AuthorizedCall authorized = Calls.authorized(c.call(c.alices, service));

    authorized.close();

    assertThatThrownBy(() -> Calls.text(authorized.key().orElseThrow()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Calls.text(authorized.headers().headers().get(0).value()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void an_authorized_call_prints_no_secret() {
    Instance service = c.write.withKeyAndHeaders(c.alice, "s");

    try (AuthorizedCall authorized = Calls.authorized(c.call(c.alices, service))) {
      assertThat(authorized.toString()).doesNotContain(Wiring.CANARY);
    }
  }

  @Test
  void a_service_that_needs_no_key_is_given_none() {
    Instance service = c.w.stored(AnInstance.of(c.alice, "o").provider(Provider.OLLAMA).build());

    try (AuthorizedCall authorized = Calls.authorized(c.call(c.alices, service))) {
      assertThat(authorized.source()).isEqualTo(KeySource.KEYLESS);
      assertThat(authorized.key()).isEmpty();
    }
  }

  @Test
  void a_system_level_service_at_the_default_destination_is_given_the_deployments_key() {
    c.w.claviger.deploymentKeys().put(Provider.OPENAI, DEPLOYMENTS);
    Instance service = c.w.stored(AnInstance.systemLevel("x").build());

    try (AuthorizedCall authorized = Calls.authorized(c.call(c.alices, service))) {
      assertThat(authorized.source()).isEqualTo(KeySource.DEPLOYMENT);
      assertThat(authorized.key().map(Calls::text)).contains(DEPLOYMENTS);
      assertThat(authorized.terms().systemLevel()).isTrue();
    }
  }

  @Test
  void a_stored_key_goes_before_the_deployments() {
    c.w.claviger.deploymentKeys().put(Provider.OPENAI, DEPLOYMENTS);
    Instance service = c.write.systemLevelWithKey(c.root, "x");

    try (AuthorizedCall authorized = Calls.authorized(c.call(c.alices, service))) {
      assertThat(authorized.source()).isEqualTo(KeySource.CENTRAL);
    }
  }

  @Test
  void the_deployments_key_goes_to_no_users_service() {
    c.w.claviger.deploymentKeys().put(Provider.OPENAI, DEPLOYMENTS);
    Instance service = c.w.stored(AnInstance.of(c.alice, "s").build());

    assertThat(Calls.refusal(c.call(c.alices, service))).isEqualTo(CallRefusal.MISSING_API_KEY);
  }

  @Test
  void the_deployments_key_goes_to_no_administrators_service_either() {
    c.w.claviger.deploymentKeys().put(Provider.OPENAI, DEPLOYMENTS);
    Instance service = c.w.stored(AnInstance.of(c.root, "s").build());

    assertThat(Calls.refusal(c.call(c.roots, service))).isEqualTo(CallRefusal.MISSING_API_KEY);
  }

  @Test
  void the_deployments_key_goes_to_no_other_endpoint() {
    c.w.claviger.deploymentKeys().put(Provider.OPENAI, DEPLOYMENTS);
    Instance service =
        c.w.stored(AnInstance.systemLevel("x").endpoint("https://api.openai.com/v2").build());

    assertThat(Calls.refusal(c.call(c.alices, service))).isEqualTo(CallRefusal.MISSING_API_KEY);
  }

  @Test
  void the_deployments_key_travels_in_no_other_way() {
    c.w.claviger.deploymentKeys().put(Provider.OPENAI, DEPLOYMENTS);
    Instance service = c.w.stored(AnInstance.systemLevel("x").apiStandard("azure-openai").build());

    assertThat(Calls.refusal(c.call(c.alices, service))).isEqualTo(CallRefusal.MISSING_API_KEY);
  }

  @Test
  void the_deployments_key_of_another_provider_does_not_count() {
    c.w.claviger.deploymentKeys().put(Provider.COHERE, DEPLOYMENTS);
    Instance service = c.w.stored(AnInstance.systemLevel("x").build());

    assertThat(Calls.refusal(c.call(c.alices, service))).isEqualTo(CallRefusal.MISSING_API_KEY);
  }

  @Test
  void the_deployments_key_is_not_used_where_only_users_keys_are() {
    c.w.claviger.deploymentKeys().put(Provider.OPENAI, DEPLOYMENTS);
    Instance service =
        c.w.stored(
            AnInstance.systemLevel("x").keyPolicy(new KeyPolicy(false, true, false)).build());

    assertThat(Calls.refusal(c.call(c.alices, service)))
        .isEqualTo(CallRefusal.USER_API_KEY_REQUIRED);
  }

  @Test
  void who_has_no_key_of_their_own_falls_back_to_the_stored_one() {
    Instance service = c.write.withKey(c.alice, "s");
    c.policy(service, new KeyPolicy(true, true, true));

    try (AuthorizedCall authorized = Calls.authorized(c.call(c.alices, service))) {
      assertThat(authorized.source()).isEqualTo(KeySource.CENTRAL);
    }
  }

  @Test
  void who_has_no_key_of_their_own_needs_one_where_nothing_falls_back() {
    Instance service = c.write.withKey(c.alice, "s");
    c.policy(service, new KeyPolicy(true, true, false));

    assertThat(Calls.refusal(c.call(c.alices, service)))
        .isEqualTo(CallRefusal.USER_API_KEY_REQUIRED);
  }

  @Test
  void where_no_key_is_stored_none_is_found() {
    Instance service = c.w.stored(AnInstance.of(c.alice, "s").build());

    assertThat(Calls.refusal(c.call(c.alices, service))).isEqualTo(CallRefusal.MISSING_API_KEY);
  }

  @Test
  void a_siblings_key_is_not_used() {
    Instance unused = c.write.withKey(c.alice, "sibling");
    Instance service = c.w.stored(AnInstance.of(c.alice, "s").build());

    assertThat(Calls.refusal(c.call(c.alices, service))).isEqualTo(CallRefusal.MISSING_API_KEY);
  }

  @Test
  void a_key_sealed_under_an_elder_encryption_key_still_opens_after_a_new_one_came() {
    Instance service = c.write.withKey(c.alice, "s");
    SealedValue stored = c.target(service).keys().apiKey().orElseThrow();

    Optional<Secret> opened =
        c.w
            .claviger
            .sealer()
            .behindANewKey()
            .open(stored, KeyBinding.ofApiKey(service.id(), service.destination()));

    assertThat(opened.map(Calls::text)).contains(Wiring.CANARY);
  }
}
