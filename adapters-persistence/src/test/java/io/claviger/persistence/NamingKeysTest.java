package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.keys.EncryptionKeys.DiscardOutcome;
import io.claviger.application.keys.EncryptionKeys.Progress;
import io.claviger.application.keys.EncryptionKeys.RetirementOutcome;
import io.claviger.application.keys.EncryptionKeys.RotationOutcome;
import io.claviger.application.keys.NamingKeys;
import io.claviger.application.keys.SecretOpener.Bound;
import io.claviger.application.keys.port.SealedValueStore.Concerned;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.application.sharing.port.AttributedUsers.AttributedUser;
import io.claviger.application.usage.port.UsageStore.UsageBatch;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.CallerNames;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.names.NamingRules;
import io.claviger.domain.names.PromptCache;
import io.claviger.domain.policy.KeySource;
import io.claviger.persistence.keys.JdbcNamingKeys;
import io.claviger.persistence.sharing.JdbcAttributedUsers;
import io.claviger.testkit.Race;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The keys from which services make the names of their callers, and whom the names mean. */
@SuppressWarnings("NullAway.Init") // set before each test
final class NamingKeysTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final RandomBytes BYTES =
      count -> {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
      };

  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();

  private final InMemorySealer old = InMemorySealer.withOneKey();
  private final InMemorySealer fresh = old.behindANewKey();
  private JdbcNamingKeys store;
  private User alice;
  private User bob;
  private Instance service;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    PORTS.encryptionKeys().add(old.sealingKey(), old.sentinel(old.sealingKey()));
    store = new JdbcNamingKeys(PORTS.database());
    alice = PORTS.stored(AUser.called("alice").build());
    bob = PORTS.stored(AUser.called("bob").build());
    service = AnInstance.of(alice, "s").build();
    PORTS.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
  }

  @Test
  void of_sixteen_that_make_a_key_at_once_all_get_the_same() {
    for (int round = 0; round < Race.ROUNDS; round++) {
      int unused = PORTS.sql().sql("delete from naming_keys").update();
      NamingKeys keys = new NamingKeys(store, old, BYTES);

      List<Optional<Bound>> made =
          Race.of(ConcurrentAttempts.MANY, n -> keys.make(service.id()), 1);

      assertThat(made).hasSize(ConcurrentAttempts.MANY).containsOnly(made.getFirst());
      assertThat(store.find(service.id())).isEqualTo(made.getFirst().map(Bound::value));
    }
  }

  @Test
  void a_service_that_does_not_exist_gets_none() {
    assertThat(new NamingKeys(store, old, BYTES).make(AnInstance.of(alice, "x").build().id()))
        .isEmpty();
  }

  /** A first call while the service is deleted must not fail. */
  @Test
  void a_service_that_is_deleted_meanwhile_gets_none() {
    NamingKeys keys = new NamingKeys(store, old, BYTES);
    CompletableFuture<Optional<Bound>> made =
        PORTS
            .transactions()
            .inTransaction(
                () -> {
                  PORTS.instances().delete(service.id());
                  CompletableFuture<Optional<Bound>> making =
                      CompletableFuture.supplyAsync(
                          () -> keys.make(service.id()), Thread::startVirtualThread);
                  ConcurrentAttempts.untilSomebodyWaits(PORTS.sql());
                  return making;
                });

    assertThat(made.join()).isEmpty();
  }

  @Test
  void a_rotation_seals_it_anew_and_changes_no_name() {
    SealedValue made = made();
    String name = name(old);

    assertThat(rotated()).isEqualTo(new RotationOutcome.Done(fresh.sealingKey(), 1, 0, List.of()));

    assertThat(store.find(service.id()).orElseThrow()).isNotEqualTo(made);
    assertThat(name(fresh)).isEqualTo(name);
    assertThat(RacingUseCases.encryptionKeys(PORTS, Optional.empty()).retire(old.sealingKey()))
        .isEqualTo(new RetirementOutcome.Done());
  }

  @Test
  void a_key_in_another_services_row_does_not_open() {
    SealedValue made = made();
    Instance other = AnInstance.of(alice, "other").build();
    assertThat(old.open(made, KeyBinding.ofNamingKey(other.id()))).isEmpty();
  }

  @Test
  void a_service_whose_key_was_lost_with_its_encryption_key_gets_another() {
    SealedValue made = made();
    String name = name(old);
    PORTS.encryptionKeys().add(fresh.sealingKey(), fresh.sentinel(fresh.sealingKey()));

    assertThat(
            RacingUseCases.encryptionKeys(PORTS, Optional.of(InMemorySealer.withOneKey()))
                .discard(old.sealingKey()))
        .isEqualTo(new DiscardOutcome.Concerns(new Concerned(1, 0)));

    assertThat(store.find(service.id())).isEmpty();
    assertThat(new NamingKeys(store, fresh, BYTES).make(service.id()).map(Bound::value))
        .isNotEqualTo(Optional.of(made));
    assertThat(name(fresh)).isNotEqualTo(name);
  }

  @Test
  void whoever_called_with_anothers_key_is_found_by_the_owner_of_that_time() {
    LocalDate day = AUsage.DAY;
    JdbcAttributedUsers users = new JdbcAttributedUsers(PORTS.database());
    User carol = PORTS.stored(AUser.called("carol").build());
    add(AUsage.of(bob, service), AUsage.of(carol, service).source(KeySource.USER));
    add(AUsage.of(bob, service).on(day.plusDays(2)), AUsage.of(bob, service).on(day.plusDays(1)));
    add(AUsage.of(bob, service).on(day.minusDays(9)));

    assertThat(users.of(service.id(), alice.id(), day, Optional.empty(), 9))
        .containsExactly(new AttributedUser(bob.id(), bob.handle(), day.plusDays(2)));
    assertThat(users.of(service.id(), alice.id(), day, Optional.of(bob.id()), 9)).isEmpty();
    assertThat(users.of(service.id(), alice.id(), day.plusDays(3), Optional.empty(), 9)).isEmpty();
    assertThat(users.of(service.id(), carol.id(), day, Optional.empty(), 9)).isEmpty();
    assertThat(users.called(service.id(), alice.id(), bob.id())).isTrue();
    assertThat(users.called(service.id(), alice.id(), carol.id())).isFalse();
    assertThat(users.called(service.id(), carol.id(), bob.id())).isFalse();
  }

  @Test
  void after_400_days_nobody_is_found_and_the_row_is_gone() {
    add(AUsage.of(bob, service).on(LocalDate.now().minusDays(402)));
    add(AUsage.of(alice, service).on(LocalDate.now().minusDays(398)));

    assertThat(PORTS.usage().removeOldCharges()).isEqualTo(1);

    assertThat(
            PORTS
                .sql()
                .sql("select user_handle from attributed_users where instance_id = :service")
                .param("service", service.id().value())
                .query(String.class)
                .list())
        .containsExactly("alice");
  }

  private static void add(AUsage... rows) {
    PORTS.usage().add(UsageBatch.alone(List.of(rows).stream().map(AUsage::build).toList()));
  }

  private SealedValue made() {
    return new NamingKeys(store, old, BYTES).make(service.id()).orElseThrow().value();
  }

  private String name(Sealer sealer) {
    Secret key =
        sealer
            .open(store.find(service.id()).orElseThrow(), KeyBinding.ofNamingKey(service.id()))
            .orElseThrow();
    try (CallerNames names =
        new CallerNames(
            key, bob.id(), new NamingRules(PromptCache.PER_CALLER, Attribution.ON, Set.of()))) {
      return names.of(CallerField.PROMPT_CACHE_KEY, Optional.empty());
    }
  }

  private RotationOutcome rotated() {
    return RacingUseCases.encryptionKeys(PORTS, Optional.of(fresh)).rotate(Progress.IGNORED);
  }
}
