package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AStandard;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * A sealed value that was moved or edited in the database can't be opened, and this is recorded.
 */
class TamperedKeysTest {
  private static final SecretChange KEEP = new SecretChange.Keep();

  private final Calls c = new Calls();
  private final Instance service = c.write.withKeyAndHeaders(c.alice, "s");

  @Test
  void a_key_does_not_open_after_the_endpoint_was_edited() {
    edit(TamperedInstances.endpoint(service, "https://evil.example.org/v1"));

    assertUnusable(service);
  }

  @Test
  void a_key_does_not_open_after_the_scheme_was_edited() {
    edit(TamperedInstances.endpoint(service, "http://api.openai.com:443/v1"));

    assertUnusable(service);
  }

  @Test
  void a_key_does_not_open_after_the_base_path_was_edited() {
    edit(TamperedInstances.endpoint(service, "https://api.openai.com/v1/extra"));

    assertUnusable(service);
  }

  @Test
  void a_key_does_not_open_after_the_service_was_given_another_standard() {
    edit(TamperedInstances.apiStandard(service, "azure-openai"));

    assertUnusable(service);
  }

  @Test
  void a_key_does_not_open_after_the_standard_was_given_another_placement() {
    KeyPlacement other = new KeyPlacement(KeyMethod.CUSTOM_HEADER, "x-other");
    c.w.claviger.apiStandards().update(AStandard.called("openai").placement(other).build());

    assertUnusable(service);
  }

  @Test
  void a_key_does_not_open_in_another_row() {
    SealedValue stolen = c.target(service).keys().apiKey().orElseThrow();
    Instance thief = c.write.withKey(c.bob, "thief");
    c.w.claviger.instances().update(thief, new SecretChange.Replace(stolen), KEEP);

    assertThat(Calls.refusal(c.call(c.bobs, thief))).isEqualTo(CallRefusal.KEY_UNUSABLE);
  }

  @Test
  void a_key_does_not_open_as_headers() {
    SealedValue key = c.target(service).keys().apiKey().orElseThrow();
    c.w.claviger.instances().update(service, KEEP, new SecretChange.Replace(key));

    assertUnusable(service);
  }

  @Test
  void headers_do_not_open_as_a_key() {
    SealedValue headers = c.target(service).keys().headers().orElseThrow();
    c.w.claviger.instances().update(service, new SecretChange.Replace(headers), KEEP);

    assertUnusable(service);
  }

  @Test
  void a_changed_bit_does_not_open() {
    byte[] bytes = c.target(service).keys().apiKey().orElseThrow().bytes();
    bytes[bytes.length - 1] ^= 1;
    c.w
        .claviger
        .instances()
        .update(service, new SecretChange.Replace(new SealedValue(bytes)), KEEP);

    assertUnusable(service);
  }

  @Test
  void a_key_that_does_not_open_is_replaced_by_no_other() {
    c.w.claviger.deploymentKeys().put(Provider.OPENAI, "sk-deployment-key");
    Instance systems = c.write.systemLevelWithKey(c.root, "x");
    SealedValue other = c.target(service).keys().apiKey().orElseThrow();
    c.w.claviger.instances().update(systems, new SecretChange.Replace(other), KEEP);

    assertUnusable(systems);
  }

  @Test
  void headers_that_do_not_open_stop_a_service_that_needs_no_key_too() {
    Instance keyless =
        AnInstance.of(c.alice, "o").provider(Provider.OLLAMA).headerNames("X-Team").build();
    c.w
        .claviger
        .instances()
        .insert(
            keyless,
            KEEP,
            new SecretChange.Replace(c.target(service).keys().headers().orElseThrow()));

    assertUnusable(keyless);
  }

  @Test
  void it_is_on_record_with_who_called_from_where() {
    edit(TamperedInstances.endpoint(service, "https://evil.example.org/v1"));
    c.w.forget();

    CallAuthorization.AuthorizationOutcome unused = c.call(c.alices, service);

    assertThat(c.w.recorded()).containsExactly("gateway.key_unusable failed alice/s []");
    assertThat(c.w.events().get(0).actor()).contains(c.alice.id());
    assertThat(c.w.events().get(0).address()).isEqualTo("192.0.2.8");
    assertThat(c.w.events().get(0).requestId()).isEqualTo("request-8");
  }

  /** Callers can repeat calls that fail in this way as often as they like. */
  @Test
  void equal_calls_within_a_minute_are_on_record_together() {
    edit(TamperedInstances.endpoint(service, "https://evil.example.org/v1"));
    c.w.forget();

    for (int i = 0; i < 5; i++) {
      assertUnusable(service);
    }
    assertThat(c.w.events()).singleElement().extracting(AuditEvent::count).isEqualTo(1);

    c.w.refused.settle(c.w.claviger.clock().instant());
    assertThat(c.w.events()).last().extracting(AuditEvent::count).isEqualTo(4);
    assertThat(c.w.events()).hasSize(2);
  }

  @Test
  void the_record_holds_no_key() {
    edit(TamperedInstances.endpoint(service, "https://evil.example.org/v1"));

    CallAuthorization.AuthorizationOutcome unused = c.call(c.alices, service);

    assertThat(c.w.claviger.auditEvents().toString()).doesNotContain(Wiring.CANARY);
  }

  @Test
  void a_node_without_the_encryption_key_does_not_ask_the_owner_to_set_the_key_again() {
    InMemorySealer other = InMemorySealer.withOneKey();
    c.w.claviger.encryptionKeys().add(other.sealingKey(), other.sentinel(other.sealingKey()));
    try (Secret key = Secret.apiKey("sk-0123456789".getBytes(StandardCharsets.US_ASCII))) {
      SealedValue elsewhere =
          other.seal(key, KeyBinding.ofApiKey(service.id(), service.destination()));
      c.w.claviger.instances().update(service, new SecretChange.Replace(elsewhere), KEEP);
    }

    assertThat(Calls.refusal(c.call(c.alices, service))).isEqualTo(CallRefusal.SERVICE_UNAVAILABLE);
    assertThat(c.w.recorded()).isEmpty();
  }

  /** A first call that makes the naming key while the service is deleted. */
  @Test
  void a_service_that_is_deleted_meanwhile_has_no_unusable_key() {
    c.w.namingKeys.delete(service.id());

    assertThat(Calls.refusal(c.call(c.alices, service))).isEqualTo(CallRefusal.SERVICE_CHANGED);
    assertThat(c.w.recorded()).isEmpty();
  }

  @Test
  void a_call_that_finds_its_key_is_not_on_record() {
    Calls.authorized(c.call(c.alices, service)).close();

    assertThat(c.w.recorded()).isEmpty();
  }

  private void edit(Instance edited) {
    c.w.claviger.instances().update(edited, KEEP, KEEP);
  }

  private void assertUnusable(Instance instance) {
    assertThat(Calls.refusal(c.call(c.alices, instance))).isEqualTo(CallRefusal.KEY_UNUSABLE);
  }
}
