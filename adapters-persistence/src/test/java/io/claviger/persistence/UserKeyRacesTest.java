package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.MANY;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static io.claviger.persistence.ConcurrentAttempts.count;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static io.claviger.persistence.ConcurrentAttempts.oneAgainstMany;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.routing.port.ModelListStore.ListOf;
import io.claviger.application.userkeys.UserKeys.NewUserKey;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.UserKey;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.routing.ModelList;
import io.claviger.testkit.Race;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

/** 16 threads store users' own keys for a service while it is changed. */
@SuppressWarnings("NullAway.Init") // set before each test
final class UserKeyRacesTest {
  private static final String HERE = "https://here.example/v1";
  private static final String ELSEWHERE = "https://elsewhere.example/v1";
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final ServiceWrites SERVICES = new ServiceWrites(USE);

  private User root;
  private List<User> users;
  private Instance service;

  @BeforeEach
  void begin() {
    RacingUseCases.begin(PORTS);
    root = PORTS.stored(AUser.called("root").administrator().build());
    users =
        IntStream.range(0, MANY)
            .mapToObj(n -> PORTS.stored(AUser.called("user-" + n).build()))
            .toList();
    service =
        AnInstance.systemLevel("s")
            .endpoint(HERE)
            .keyPolicy(new KeyPolicy(true, true, false))
            .build();
    PORTS.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
  }

  @Race.Repeated
  void what_was_listed_with_a_key_that_is_replaced_meanwhile_is_gone() {
    User user = users.get(0);
    assertThat(store(user, HERE, text(0))).isEqualTo(DONE);
    Optional<Instant> old = PORTS.userKeys().find(service.id(), user.id()).map(UserKey::setAt);
    ListOf list = new ListOf(service.id(), Optional.of(user.id()));
    ModelList models = ModelList.of(List.of("m"));

    List<String> outcomes =
        oneAgainstMany(
            () -> store(user, HERE, text(1)),
            n -> {
              boolean unused =
                  PORTS.modelLists().save(list, service.endpoint(), old, models, old.orElseThrow());
              return DONE;
            });

    assertThat(outcomes).containsOnly(DONE);
    assertThat(PORTS.modelLists().lists(user.id(), List.of(service.id()))).isEmpty();
  }

  @Race.Repeated
  void of_many_keys_that_a_user_stores_one_is_there_and_opens() {
    User user = users.get(0);

    List<String> outcomes = many(n -> store(user, HERE, text(n)));

    assertThat(outcomes).containsOnly(DONE);
    assertThat(PORTS.sql().sql("select count(*) from user_keys").query(Integer.class).single())
        .isEqualTo(1);
    assertThat(opened(user))
        .hasValueSatisfying(
            key ->
                assertThat(IntStream.range(0, MANY).mapToObj(UserKeyRacesTest::text))
                    .contains(key));
    assertThat(done(AuditAction.USER_KEY_CREATE)).hasSize(1);
    assertThat(done(AuditAction.USER_KEY_UPDATE)).hasSize(MANY - 1);
  }

  @Race.Repeated
  void a_key_is_stored_before_users_keys_are_turned_off_or_not_at_all() {
    List<String> outcomes =
        oneAgainstMany(
            () -> {
              String off = SERVICES.userKeys(root, service, false);
              assertThat(store(users.get(0), HERE, text(0))).isEqualTo("user_keys_off");
              return off;
            },
            n -> store(users.get(n), HERE, text(n)));

    assertThat(outcomes).isSubsetOf(DONE, "user_keys_off");
    assertStoredBefore(now().updatedAt(), outcomes);
  }

  @Race.Repeated
  void a_key_is_stored_before_the_service_is_disabled_or_not_at_all() {
    List<String> outcomes =
        oneAgainstMany(
            () -> {
              String disabled = SERVICES.enabled(root, service, false);
              assertThat(store(users.get(0), HERE, text(0))).isEqualTo("service_disabled");
              return disabled;
            },
            n -> store(users.get(n), HERE, text(n)));

    assertThat(outcomes).isSubsetOf(DONE, "service_disabled");
    assertStoredBefore(now().updatedAt(), outcomes);
  }

  @Race.Repeated
  void after_a_service_moved_no_key_for_the_old_destination_is_there() {
    List<String> outcomes =
        oneAgainstMany(
            () -> SERVICES.endpoint(root, service, ELSEWHERE),
            n -> store(users.get(n), HERE, text(n)));

    assertThat(outcomes).contains(DONE).isSubsetOf(DONE, "destination_differs");
    assertThat(now().destination().endpoint()).isEqualTo(Endpoint.of(ELSEWHERE));
    assertThat(users).allMatch(user -> find(user).isEmpty());
  }

  @Race.Repeated
  void whatever_is_there_after_a_service_moved_opens_where_it_stands() {
    List<String> outcomes =
        oneAgainstMany(
            () -> SERVICES.endpoint(root, service, ELSEWHERE),
            n -> store(users.get(n), n % 2 == 0 ? HERE : ELSEWHERE, text(n)));

    assertThat(outcomes).isSubsetOf(DONE, "destination_differs");
    for (int n = 1; n < MANY; n++) {
      boolean meantForThere = n % 2 == 1 && outcomes.get(n).equals(DONE);
      assertThat(opened(users.get(n)))
          .isEqualTo(meantForThere ? Optional.of(text(n)) : Optional.empty());
      assertThat(find(users.get(n)).isPresent()).isEqualTo(meantForThere);
    }
  }

  @Race.Repeated
  void a_service_that_moves_to_and_fro_leaves_no_key_that_does_not_open() {
    List<String> outcomes =
        oneAgainstMany(
            () -> {
              for (int turn = 0; turn < 4; turn++) {
                assertThat(SERVICES.endpoint(root, service, ELSEWHERE)).isEqualTo(DONE);
                assertThat(SERVICES.endpoint(root, service, HERE)).isEqualTo(DONE);
              }
              return DONE;
            },
            n -> {
              String outcome = store(users.get(n), n % 2 == 0 ? HERE : ELSEWHERE, text(n));
              for (int again = 0; again < 4 && !outcome.equals(DONE); again++) {
                outcome = store(users.get(n), n % 2 == 0 ? HERE : ELSEWHERE, text(n));
              }
              return outcome;
            });

    assertThat(outcomes).isSubsetOf(DONE, "destination_differs");
    assertThat(users)
        .allSatisfy(user -> assertThat(opened(user).isPresent()).isEqualTo(find(user).isPresent()));
  }

  @Race.Repeated
  void a_key_ends_with_its_service_or_is_not_stored() {
    List<String> outcomes =
        oneAgainstMany(
            () -> SERVICES.delete(root, service), n -> store(users.get(n), HERE, text(n)));

    assertThat(outcomes).contains(DONE).isSubsetOf(DONE, "not_found");
    assertThat(PORTS.instances().find(service.id(), root.id(), Seeds.SEEDED_AT)).isEmpty();
    assertThat(PORTS.sql().sql("select count(*) from user_keys").query(Integer.class).single())
        .isZero();
  }

  @Race.Repeated
  void a_key_that_is_stored_and_deleted_at_once_is_there_or_not() {
    User user = users.get(0);

    List<String> outcomes = many(n -> n % 2 == 0 ? store(user, HERE, text(n)) : delete(user));

    assertThat(outcomes).containsOnly(DONE);
    assertThat(opened(user).isPresent()).isEqualTo(find(user).isPresent());
    int stored = done(AuditAction.USER_KEY_CREATE).size();
    int ended = done(AuditAction.USER_KEY_DELETE).size();
    assertThat(stored - ended).isEqualTo(find(user).isPresent() ? 1 : 0);
  }

  private void assertStoredBefore(Instant end, List<String> outcomes) {
    List<UserKey> keys = users.stream().map(this::find).flatMap(Optional::stream).toList();
    assertThat(keys)
        .hasSize(count(outcomes, DONE) - 1)
        .allSatisfy(k -> assertThat(k.setAt()).isBeforeOrEqualTo(end));
  }

  private String store(User user, String endpoint, String key) {
    try (Secret secret = Secret.apiKey(key.getBytes(StandardCharsets.US_ASCII))) {
      return code(
          USE.userKeys.save(
              RacingUseCases.as(user),
              service.ref(),
              new NewUserKey(secret, Endpoint.of(endpoint))));
    }
  }

  private String delete(User user) {
    return code(USE.userKeys.delete(RacingUseCases.as(user), service.ref()));
  }

  private Optional<UserKey> find(User user) {
    return PORTS.userKeys().find(service.id(), user.id());
  }

  /** What is stored, by the only binding that it may open under: that of the row it stands in. */
  private Optional<String> opened(User user) {
    InstanceStore.VisibleInstance seen =
        PORTS.instances().find(service.id(), user.id(), Seeds.SEEDED_AT).orElseThrow();
    return seen.keys()
        .userKey()
        .flatMap(
            stored ->
                RacingUseCases.SEALER.open(
                    stored,
                    KeyBinding.ofUserKey(service.id(), user.id(), seen.instance().destination())))
        .map(UserKeyRacesTest::read);
  }

  private static String read(Secret secret) {
    try (secret) {
      return secret.lend(bytes -> new String(bytes, StandardCharsets.US_ASCII));
    }
  }

  private Instance now() {
    return PORTS
        .instances()
        .find(service.id(), root.id(), Seeds.SEEDED_AT)
        .orElseThrow()
        .instance();
  }

  private static String text(int n) {
    return "sk-of-thread-%02d".formatted(n);
  }

  private static List<AuditEvent> done(AuditAction action) {
    return PORTS.auditEvents().stream()
        .filter(e -> e.action() == action && e.outcome() == AuditOutcome.DONE)
        .toList();
  }
}
