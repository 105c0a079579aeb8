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
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Tests the rules for all sealed values with random values. The message of a failure contains the
 * seed.
 */
class SealedValuesTest {
  private static final int ROUNDS = 300;
  private static final byte[] KEY =
      "an-encryption-key-of-more-than-32-characters".getBytes(StandardCharsets.UTF_8);

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final TinkSealer sealer = new TinkSealer(Keyring.of(KEY));

  @Test
  void a_value_opens_under_its_own_binding_and_with_no_bit_changed_in_either() {
    EncryptionKey key = EncryptionKey.derivedFrom(KEY);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] plain = plain();
      byte[] binding = binding().associatedData();
      byte[] value = key.seal(plain, binding);
      assertThat(opens(key, value, binding)).as("seed %d", seed).isTrue();
      assertThat(opens(key, flipped(value), binding)).as("value, seed %d", seed).isFalse();
      assertThat(opens(key, value, flipped(binding))).as("binding, seed %d", seed).isFalse();
      assertThat(opens(key, shortened(value), binding)).as("shortened, seed %d", seed).isFalse();
      assertThat(opens(key, Arrays.copyOf(value, value.length + 1), binding))
          .as("lengthened, seed %d", seed)
          .isFalse();
    }
  }

  @Test
  void of_two_values_that_changed_places_neither_opens() {
    for (int round = 0; round < ROUNDS; round++) {
      KeyBinding here = binding();
      KeyBinding there = binding();
      SealedValue one = sealed(here);
      SealedValue other = sealed(there);
      assertThat(sealer.open(one, there)).as("seed %d", seed).isEmpty();
      assertThat(sealer.open(other, here)).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void no_two_bindings_have_the_same_bytes() {
    Map<String, KeyBinding> seen = new HashMap<>();
    for (int round = 0; round < 20 * ROUNDS; round++) {
      KeyBinding binding = closeBinding();
      KeyBinding before =
          seen.putIfAbsent(
              new String(binding.associatedData(), StandardCharsets.ISO_8859_1), binding);
      assertThat(before == null || before.equals(binding)).as("seed %d", seed).isTrue();
    }
  }

  private SealedValue sealed(KeyBinding binding) {
    try (Secret secret = Secret.takingOver(plain())) {
      return sealer.seal(secret, binding);
    }
  }

  private static boolean opens(EncryptionKey key, byte[] value, byte[] binding) {
    try {
      return key.open(value, binding).length > 0;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private byte[] plain() {
    byte[] plain = new byte[8 + random.nextInt(200)];
    random.nextBytes(plain);
    return plain;
  }

  private byte[] flipped(byte[] bytes) {
    byte[] flipped = bytes.clone();
    int bit = random.nextInt(bytes.length * 8);
    flipped[bit / 8] ^= (byte) (1 << (bit % 8));
    return flipped;
  }

  private byte[] shortened(byte[] bytes) {
    return Arrays.copyOf(bytes, random.nextInt(bytes.length));
  }

  private KeyBinding binding() {
    return binding(
        new Instance.Id(new UUID(random.nextLong(), random.nextLong())),
        new User.Id(new UUID(random.nextLong(), random.nextLong())),
        "https://h%d.example:%d/p%d"
            .formatted(random.nextInt(), 1 + random.nextInt(65_535), random.nextInt())
            .replace("h-", "h"));
  }

  /** Returns one of a few bindings, whose parts resemble the parts of other bindings. */
  private KeyBinding closeBinding() {
    return binding(
        new Instance.Id(new UUID(0, random.nextInt(2))),
        new User.Id(new UUID(0, random.nextInt(2))),
        "http%s://%s%s/%s"
            .formatted(
                random.nextBoolean() ? "" : "s",
                "a".repeat(1 + random.nextInt(3)),
                random.nextBoolean() ? "" : ":8" + "0".repeat(random.nextInt(3)),
                "a".repeat(1 + random.nextInt(3))));
  }

  private KeyBinding binding(Instance.Id instance, User.Id user, String endpoint) {
    KeyPlacement placement =
        switch (random.nextInt(3)) {
          case 0 -> KeyPlacement.BEARER;
          case 1 ->
              new KeyPlacement(KeyMethod.CUSTOM_HEADER, "x-" + "k".repeat(1 + random.nextInt(3)));
          default -> new KeyPlacement(KeyMethod.QUERY_PARAM, "k".repeat(1 + random.nextInt(3)));
        };
    Destination destination = new Destination(Endpoint.of(endpoint), placement);
    return switch (random.nextInt(3)) {
      case 0 -> KeyBinding.ofApiKey(instance, destination);
      case 1 -> KeyBinding.ofHeaders(instance, destination);
      default -> new KeyBinding(KeyBinding.Kind.USER_KEY, instance, Optional.of(user), destination);
    };
  }
}
