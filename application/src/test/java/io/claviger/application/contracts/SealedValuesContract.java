package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.application.keys.port.SealedValueStore.Cleared;
import io.claviger.application.keys.port.SealedValueStore.Concerned;
import io.claviger.application.keys.port.SealedValueStore.Count;
import io.claviger.application.keys.port.SealedValueStore.Position;
import io.claviger.application.keys.port.SealedValueStore.Replacement;
import io.claviger.application.keys.port.SealedValueStore.SealedValueBatch;
import io.claviger.application.keys.port.SealedValueStore.StoredValue;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.KeyBinding.Kind;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.UserKey;
import io.claviger.domain.sharing.GranteeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What {@link io.claviger.application.keys.port.SealedValueStore} promises: of a service with a key
 * and headers, one with headers alone, one of {@code _system} that is disabled, and two users'
 * keys.
 */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class SealedValuesContract extends TwoUsersContract {
  private final InMemorySealer fresh = InMemorySealer.withOneKey();
  private final InMemorySealer foreign = InMemorySealer.withOneKey();
  private Instance full;
  private Instance headers;
  private Instance systems;
  private EncryptionKeyId old;

  @BeforeEach
  void store() {
    full = AnInstance.of(alice, "full").apiKeySetAt(NOW).headerNames("X-One", "X-Two").build();
    headers = AnInstance.of(alice, "headers").headerNames("X-One").build();
    systems = AnInstance.systemLevel("s").apiKeySetAt(NOW).disabled().build();
    SealedValue key = sealed(full, "sk-of-full");
    old = key.sealedUnder();
    ports.instances().insert(full, replace(key), replace(sealed(full, "headers-of-full")));
    ports.instances().insert(headers, KEEP, replace(sealed(headers, "headers-of-headers")));
    ports.instances().insert(systems, replace(sealed(systems, "sk-of-system")), KEEP);
    SealedValue alices = userKey(systems, alice);
    SealedValue bobs = userKey(systems, bob);
    assertThat(alices).isNotEqualTo(bobs);
    ports.encryptionKeys().add(fresh.sealingKey(), fresh.sentinel(fresh.sealingKey()));
  }

  @Test
  void values_are_counted_by_key_and_kind() {
    assertThat(ports.sealedValues().counts())
        .containsExactly(
            new Count(old, Kind.INSTANCE_API_KEY, 2),
            new Count(old, Kind.INSTANCE_HEADERS, 2),
            new Count(old, Kind.USER_KEY, 2));
    assertThat(ports.sealedValues().concerned(old)).isEqualTo(new Concerned(3, 2));
    assertThat(ports.sealedValues().concerned(fresh.sealingKey())).isEqualTo(new Concerned(0, 0));
  }

  @Test
  void a_walk_finds_each_value_once_however_many_rows_at_a_time() {
    for (int rows = 1; rows < 7; rows++) {
      List<StoredValue> found = walked(fresh.sealingKey(), rows);

      assertThat(found)
          .extracting(s -> s.kind().tag() + " " + s.service() + " " + s.holder().orElse(null))
          .containsExactlyInAnyOrder(
              "instance.api_key alice/full null",
              "instance.headers alice/full null",
              "instance.headers alice/headers null",
              "instance.api_key _system/s null",
              "user_key _system/s alice",
              "user_key _system/s bob");
    }
    assertThat(walked(old, 2)).isEmpty();
  }

  @Test
  void a_value_comes_with_what_it_is_bound_to() {
    assertThat(walked(fresh.sealingKey(), 10))
        .filteredOn(
            s ->
                s.kind() == Kind.USER_KEY
                    && s.holder().equals(Optional.of(GranteeName.user(bob.handle()))))
        .singleElement()
        .matches(s -> s.user().equals(Optional.of(bob.id())))
        .matches(
            s ->
                s.binding()
                    .equals(
                        Optional.of(
                            KeyBinding.ofUserKey(systems.id(), bob.id(), systems.destination()))));
    assertThat(walked(fresh.sealingKey(), 10))
        .filteredOn(s -> s.kind() == Kind.INSTANCE_HEADERS && s.instance().equals(full.id()))
        .singleElement()
        .matches(
            s ->
                s.binding()
                    .equals(Optional.of(KeyBinding.ofHeaders(full.id(), full.destination()))));
  }

  @Test
  void what_is_stored_of_a_credential_comes_with_what_it_is_bound_to_by_its_kind() {
    Map<CredentialKind, KeyBinding> bindings = new EnumMap<>(CredentialKind.class);
    for (CredentialKind kind : CredentialKind.values()) {
      if (kind == CredentialKind.NONE || kind == CredentialKind.AMBIENT) {
        continue;
      }
      Map<CredentialField, String> settings =
          kind == CredentialKind.FEDERATED
              ? Map.of(CredentialField.PROVIDER, "openai", CredentialField.AUDIENCE, "a")
              : Map.of();
      Instance instance =
          AnInstance.of(alice, kind.wireName().replace('_', '-'))
              .credential(CredentialSettings.stored(kind, settings))
              .apiKeySetAt(NOW)
              .build();
      ports.instances().insert(instance, replace(sealed(instance, "sk-secret-" + kind)), KEEP);
      bindings.put(
          kind,
          switch (kind.stored()) {
            case KEY, NOTHING -> KeyBinding.ofApiKey(instance.id(), instance.destination());
            case SECRET -> KeyBinding.ofCredential(instance.credentialBinding());
            case CONFIRMATION ->
                KeyBinding.ofConfirmation(instance.credentialBinding(), alice.id());
          });
    }

    assertThat(walked(fresh.sealingKey(), 3))
        .filteredOn(value -> value.kind() == Kind.INSTANCE_API_KEY)
        .extracting(value -> value.binding().orElseThrow())
        .containsAll(bindings.values());
  }

  @Test
  void to_replace_values_changes_nothing_else() {
    List<StoredValue> all = walked(fresh.sealingKey(), 10);

    assertThat(replaced(all, fresh)).isEqualTo(6);

    assertThat(walked(fresh.sealingKey(), 10)).isEmpty();
    assertThat(walked(old, 10)).hasSize(6);
    VisibleInstance seen = ports.instances().find(full.id(), alice.id(), NOW).orElseThrow();
    assertThat(seen.instance()).isEqualTo(full);
    assertThat(seen.keys().apiKey()).hasValueSatisfying(v -> isUnder(v, fresh));
    assertThat(seen.keys().headers()).hasValueSatisfying(v -> isUnder(v, fresh));
    assertThat(ports.instances().find(headers.id(), alice.id(), NOW).orElseThrow().keys().apiKey())
        .isEmpty();
    assertThat(ports.userKeys().find(systems.id(), bob.id()))
        .contains(new UserKey(systems.id(), bob.id(), NOW));
  }

  @Test
  void one_of_the_two_values_of_a_row_is_replaced_alone() {
    List<StoredValue> key =
        walked(fresh.sealingKey(), 10).stream()
            .filter(s -> s.instance().equals(full.id()) && s.kind() == Kind.INSTANCE_API_KEY)
            .toList();

    assertThat(replaced(key, fresh)).isEqualTo(1);

    SealedKeys now = ports.instances().find(full.id(), alice.id(), NOW).orElseThrow().keys();
    assertThat(now.apiKey()).hasValueSatisfying(v -> isUnder(v, fresh));
    assertThat(now.headers()).hasValueSatisfying(v -> assertThat(v.sealedUnder()).isEqualTo(old));
  }

  @Test
  void what_was_changed_meanwhile_is_not_replaced() {
    List<StoredValue> all = walked(fresh.sealingKey(), 10);
    SealedValue newer = userKey(systems, bob);
    SealedValue key = sealed(full, "sk-newer");
    ports.instances().update(full, replace(key), KEEP);
    assertThat(ports.userKeys().delete(systems.id(), alice.id())).isTrue();

    assertThat(replaced(all, fresh)).isEqualTo(2);

    SealedKeys now = ports.instances().find(full.id(), alice.id(), NOW).orElseThrow().keys();
    assertThat(now.apiKey()).contains(key);
    assertThat(now.headers()).hasValueSatisfying(v -> assertThat(v.sealedUnder()).isEqualTo(old));
    assertThat(ports.instances().find(systems.id(), bob.id(), NOW).orElseThrow().keys().userKey())
        .contains(newer);
    assertThat(ports.userKeys().find(systems.id(), alice.id())).isEmpty();
  }

  @Test
  void nothing_is_replaced_by_what_is_under_a_key_that_is_not_on_record() {
    List<StoredValue> all = walked(fresh.sealingKey(), 10);

    assertLost(REFERENCE_GONE, () -> replaced(all, foreign));
  }

  @Test
  void a_key_is_retired_once_nothing_is_under_it_and_takes_nothing_more() {
    assertThatExceptionOfType(StillReferenced.class)
        .isThrownBy(() -> ports.encryptionKeys().retire(old));
    assertThat(replaced(walked(fresh.sealingKey(), 10), fresh)).isEqualTo(6);

    ports.encryptionKeys().retire(old);

    assertThat(ports.encryptionKeys().all())
        .filteredOn(k -> k.id().equals(old))
        .allMatch(k -> !k.live());
    assertLost(REFERENCE_GONE, () -> userKey(systems, bob));
  }

  @Test
  void what_is_under_a_key_is_cleared_and_nothing_else() {
    List<StoredValue> headersOfFull =
        walked(fresh.sealingKey(), 10).stream()
            .filter(s -> s.instance().equals(full.id()) && s.kind() == Kind.INSTANCE_HEADERS)
            .toList();
    assertThat(replaced(headersOfFull, fresh)).isEqualTo(1);

    List<Cleared> cleared = cleared(1);

    assertThat(cleared)
        .containsExactlyInAnyOrder(
            new Cleared(full.id(), full.ref(), alice.id(), true, false, none()),
            new Cleared(headers.id(), headers.ref(), alice.id(), false, true, none()),
            new Cleared(systems.id(), systems.ref(), systems.owner(), true, false, none()),
            ofUser(alice),
            ofUser(bob));
    VisibleInstance seen = ports.instances().find(full.id(), alice.id(), NOW).orElseThrow();
    assertThat(seen.keys().apiKey()).isEmpty();
    assertThat(seen.keys().headers()).isPresent();
    assertThat(seen.instance().apiKeySetAt()).isEmpty();
    assertThat(seen.instance().customHeaderNames()).isEqualTo(full.customHeaderNames());
    assertThat(seen.instance().version()).isEqualTo(full.version() + 1);
    Instance bare = ports.instances().find(headers.id(), alice.id(), NOW).orElseThrow().instance();
    assertThat(bare.customHeaderNames()).isEmpty();
    assertThat(ports.sealedValues().counts())
        .containsExactly(new Count(fresh.sealingKey(), Kind.INSTANCE_HEADERS, 1));
    assertThat(cleared(10)).isEmpty();
  }

  private Cleared ofUser(User user) {
    return new Cleared(
        systems.id(), systems.ref(), systems.owner(), true, false, Optional.of(user.id()));
  }

  private List<Cleared> cleared(int rows) {
    List<Cleared> all = new ArrayList<>();
    Optional<Position> next = Optional.of(Position.BEGINNING);
    while (next.isPresent()) {
      SealedValueBatch<Cleared> batch =
          ports.sealedValues().clear(old, next.get(), rows, NOW.plus(Duration.ofDays(1)));
      all.addAll(batch.found());
      next = batch.next();
    }
    return all;
  }

  private List<StoredValue> walked(EncryptionKeyId key, int rows) {
    List<StoredValue> all = new ArrayList<>();
    Optional<Position> next = Optional.of(Position.BEGINNING);
    while (next.isPresent()) {
      SealedValueBatch<StoredValue> batch = ports.sealedValues().notUnder(key, next.get(), rows);
      all.addAll(batch.found());
      next = batch.next();
    }
    return all;
  }

  /** Values that only look sealed. The store never opens them. */
  private int replaced(List<StoredValue> which, InMemorySealer with) {
    return ports
        .transactions()
        .inTransaction(
            () ->
                ports
                    .sealedValues()
                    .replace(
                        which.stream()
                            .map(s -> new Replacement(s, sealedBy(with, full, "sk-sealed-anew")))
                            .toList()));
  }

  private static void isUnder(SealedValue value, InMemorySealer sealer) {
    assertThat(value.sealedUnder()).isEqualTo(sealer.sealingKey());
  }
}
