package io.claviger.custody;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TinkSealerTest {
  private static final String OLD = "first-encryption-key-of-32-characters";
  private static final String NEW = "other-encryption-key-of-32-characters";
  private static final Instance.Id INSTANCE = new Instance.Id(new UUID(1, 2));
  private static final Destination DESTINATION =
      to("https://api.openai.com/v1", KeyPlacement.BEARER);
  private static final KeyBinding BINDING = KeyBinding.ofApiKey(INSTANCE, DESTINATION);

  private final TinkSealer sealer = sealer(OLD);

  @Test
  void what_was_sealed_opens_where_it_belongs() {
    assertThat(text(sealer.open(sealed(), BINDING))).contains("sk-canary-0001");
  }

  @Test
  void a_value_names_the_key_it_was_sealed_under() {
    assertThat(sealed().sealedUnder()).isEqualTo(sealer.sealingKey());
  }

  @Test
  void the_same_secret_is_never_sealed_to_the_same_bytes() {
    assertThat(sealed()).isNotEqualTo(sealed());
  }

  @Test
  void a_value_opens_under_no_other_binding() {
    SealedValue value = sealed();
    KeyPlacement header = new KeyPlacement(KeyMethod.CUSTOM_HEADER, "api-key");
    List<KeyBinding> others =
        List.of(
            KeyBinding.ofApiKey(new Instance.Id(new UUID(1, 3)), DESTINATION),
            KeyBinding.ofHeaders(INSTANCE, DESTINATION),
            new KeyBinding(
                KeyBinding.Kind.USER_KEY, INSTANCE, Optional.of(User.Id.SYSTEM), DESTINATION),
            KeyBinding.ofApiKey(INSTANCE, to("http://api.openai.com/v1", KeyPlacement.BEARER)),
            KeyBinding.ofApiKey(INSTANCE, to("https://api.openai.org/v1", KeyPlacement.BEARER)),
            KeyBinding.ofApiKey(INSTANCE, to("https://api.openai.com:444/v1", KeyPlacement.BEARER)),
            KeyBinding.ofApiKey(INSTANCE, to("https://api.openai.com/v2", KeyPlacement.BEARER)),
            KeyBinding.ofApiKey(INSTANCE, to("https://api.openai.com/v1", header)));

    assertThat(others).allSatisfy(other -> assertThat(sealer.open(value, other)).isEmpty());
  }

  @Test
  void any_bit_flipped_and_it_does_not_open() {
    byte[] bytes = sealed().bytes();
    for (int bit = 8; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));

      assertThat(sealer.open(new SealedValue(flipped), BINDING)).as("bit %d", bit).isEmpty();
    }
  }

  @Test
  void an_added_key_leaves_what_is_sealed_readable() {
    SealedValue value = sealed();

    assertThat(text(sealer(NEW + "," + OLD).open(value, BINDING))).contains("sk-canary-0001");
    assertThat(sealer(NEW).open(value, BINDING)).isEmpty();
  }

  @Test
  void a_sentinel_opens_under_its_own_key_only() {
    SealedValue sentinel = sealer.sentinel(sealer.sealingKey());

    assertThat(sealer.opensSentinel(sentinel)).isTrue();
    assertThat(sealer(NEW).opensSentinel(sentinel)).isFalse();
  }

  private SealedValue sealed() {
    try (Secret secret = Secret.apiKey("sk-canary-0001".getBytes(StandardCharsets.US_ASCII))) {
      return sealer.seal(secret, BINDING);
    }
  }

  private static Optional<String> text(Optional<Secret> secret) {
    return secret.map(s -> s.lend(bytes -> new String(bytes, StandardCharsets.US_ASCII)));
  }

  private static TinkSealer sealer(String keys) {
    return new TinkSealer(Keyring.of(keys.getBytes(StandardCharsets.UTF_8)));
  }

  private static Destination to(String endpoint, KeyPlacement placement) {
    return new Destination(Endpoint.of(endpoint), placement);
  }
}
