package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.MANY;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.IgnoredProgress;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.UserKey;
import io.claviger.testkit.Race;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

/**
 * Two rotations at once, while everybody else stores, replaces and clears keys. It fails when
 * values are replaced without comparing: those of services by a constraint, users' keys by a lost
 * update.
 */
@SuppressWarnings("NullAway.Init") // set before each test
final class RotationRacesTest {
  private static final int ROTATING = 2;
  private static final int WRITES = 25;
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();

  private final InMemorySealer old = InMemorySealer.withOneKey();
  private final InMemorySealer fresh = old.behindANewKey();
  private final AtomicInteger writing = new AtomicInteger(MANY - ROTATING);
  private final AtomicReferenceArray<Optional<String>> central = new AtomicReferenceArray<>(MANY);
  private final AtomicReferenceArray<Optional<String>> own = new AtomicReferenceArray<>(MANY);
  private List<User> users;
  private List<Instance> services;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    PORTS.encryptionKeys().add(old.sealingKey(), old.sentinel(old.sealingKey()));
    PORTS.encryptionKeys().add(fresh.sealingKey(), fresh.sentinel(fresh.sealingKey()));
    users =
        IntStream.range(0, MANY)
            .mapToObj(n -> AUser.called("user-" + n).build())
            .peek(user -> PORTS.users().insert(user))
            .toList();
    services =
        users.stream()
            .map(user -> AnInstance.of(user, "s").build())
            .peek(
                s -> PORTS.instances().insert(s, new SecretChange.Keep(), new SecretChange.Keep()))
            .toList();
    IntStream.range(0, MANY).forEach(n -> write(n, 0));
  }

  @Race.Repeated
  void no_update_made_meanwhile_is_lost() {
    List<String> outcomes = many(n -> n < ROTATING ? rotateWhileOthersWrite() : writeOften(n));

    assertThat(outcomes).containsOnly(DONE);
    assertThat(rotated()).isInstanceOf(EncryptionKeys.RotationOutcome.Done.class);
    assertThat(PORTS.sealedValues().counts())
        .isNotEmpty()
        .allMatch(count -> count.under().equals(fresh.sealingKey()));
    for (int n = 0; n < MANY; n++) {
      Instance service = services.get(n);
      VisibleInstance seen =
          PORTS.instances().find(service.id(), users.get(n).id(), Seeds.SEEDED_AT).orElseThrow();
      assertThat(
              opened(
                  seen.keys().apiKey(), KeyBinding.ofApiKey(service.id(), service.destination())))
          .isEqualTo(central.get(n));
      assertThat(opened(seen.keys().userKey(), ofUser(n))).isEqualTo(own.get(n));
    }
  }

  private String rotateWhileOthersWrite() {
    do {
      EncryptionKeys.RotationOutcome outcome = rotated();
      if (!(outcome instanceof EncryptionKeys.RotationOutcome.Done done) || done.unopened() > 0) {
        return outcome.toString();
      }
    } while (writing.get() > 0);
    return DONE;
  }

  private String writeOften(int n) {
    try {
      for (int time = 1; time <= WRITES; time++) {
        write(n, time);
      }
      return DONE;
    } finally {
      writing.decrementAndGet();
    }
  }

  /** Stores or clears keys, sealed under the old or the new encryption key. */
  private void write(int n, int time) {
    Sealer sealer = time % 2 == 0 || time < 3 ? old : fresh;
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    Instance service = services.get(n);
    boolean clears = time % 5 == 4;
    String text = "sk-" + n + "-at-" + time;
    boolean unused =
        PORTS
            .transactions()
            .inTransaction(
                () -> {
                  Instance locked = AnInstance.of(users.get(n), "s").id(service.id()).build();
                  PORTS
                      .instances()
                      .update(
                          clears ? locked : keyed(n, now),
                          clears
                              ? new SecretChange.Clear()
                              : new SecretChange.Replace(
                                  sealed(
                                      sealer,
                                      text,
                                      KeyBinding.ofApiKey(service.id(), service.destination()))),
                          new SecretChange.Keep());
                  return clears
                      ? PORTS.userKeys().delete(service.id(), users.get(n).id())
                      : PORTS
                          .userKeys()
                          .save(
                              new UserKey(service.id(), users.get(n).id(), now),
                              sealed(sealer, text, ofUser(n)));
                });
    central.set(n, clears ? Optional.empty() : Optional.of(text));
    own.set(n, clears ? Optional.empty() : Optional.of(text));
  }

  private Instance keyed(int n, Instant now) {
    return AnInstance.of(users.get(n), "s").id(services.get(n).id()).apiKeySetAt(now).build();
  }

  private KeyBinding ofUser(int n) {
    return KeyBinding.ofUserKey(
        services.get(n).id(), users.get(n).id(), services.get(n).destination());
  }

  private EncryptionKeys.RotationOutcome rotated() {
    return RacingUseCases.encryptionKeys(PORTS, Optional.of(fresh)).rotate(new IgnoredProgress());
  }

  private Optional<String> opened(Optional<SealedValue> value, KeyBinding binding) {
    List<String> texts = new ArrayList<>();
    value.ifPresent(
        v -> {
          try (Secret secret = fresh.open(v, binding).orElseThrow()) {
            texts.add(secret.lend(bytes -> new String(bytes, StandardCharsets.US_ASCII)));
          }
        });
    return texts.stream().findFirst();
  }

  private static SealedValue sealed(Sealer sealer, String text, KeyBinding binding) {
    try (Secret secret = Secret.takingOver(text.getBytes(StandardCharsets.US_ASCII))) {
      return sealer.seal(secret, binding);
    }
  }
}
