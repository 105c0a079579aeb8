package io.claviger.application.fakes;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.standards.KeyPlacement;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class InMemorySealerTest {
  private static final Instance.Id INSTANCE = new Instance.Id(UUID.randomUUID());
  private static final KeyBinding HERE = binding("https://api.openai.com/v1");
  private static final KeyBinding ELSEWHERE = binding("https://example.org/v1");

  private final InMemorySealer sealer = InMemorySealer.withOneKey();

  @Test
  void what_was_sealed_opens_under_its_binding_only() {
    SealedValue sealed = seal(sealer);

    assertThat(opened(sealer, sealed, HERE)).contains("sk-0123456789");
    assertThat(opened(sealer, sealed, ELSEWHERE)).isEmpty();
  }

  @Test
  void an_older_key_still_opens() {
    SealedValue sealed = seal(sealer);
    InMemorySealer rotated = sealer.behindANewKey();

    assertThat(opened(rotated, sealed, HERE)).contains("sk-0123456789");
    assertThat(rotated.sealingKey()).isNotEqualTo(sealer.sealingKey());
    assertThat(rotated.keys()).contains(sealer.sealingKey(), rotated.sealingKey()).hasSize(2);
    assertThat(opened(sealer, seal(rotated), HERE)).isEmpty();
  }

  @Test
  void a_wrong_key_of_the_same_id_is_noticed() {
    SealedValue sentinel = sealer.sentinel(sealer.sealingKey());

    assertThat(sealer.opensSentinel(sentinel)).isTrue();
    assertThat(sealer.withWrongKeys().opensSentinel(sentinel)).isFalse();
    assertThat(sealer.withWrongKeys().keys()).isEqualTo(sealer.keys());
  }

  private static SealedValue seal(InMemorySealer with) {
    try (Secret secret = Secret.apiKey("sk-0123456789".getBytes(StandardCharsets.US_ASCII))) {
      return with.seal(secret, HERE);
    }
  }

  private static Optional<String> opened(
      InMemorySealer with, SealedValue sealed, KeyBinding binding) {
    return with.open(sealed, binding)
        .map(s -> s.lend(bytes -> new String(bytes, StandardCharsets.US_ASCII)));
  }

  private static KeyBinding binding(String endpoint) {
    return KeyBinding.ofApiKey(
        INSTANCE, new Destination(Endpoint.of(endpoint), KeyPlacement.BEARER));
  }
}
