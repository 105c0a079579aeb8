package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.MANY;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.bills.BillingCalls;
import io.claviger.application.bills.BillingCredentials;
import io.claviger.application.bills.BillingCredentials.NewCredential;
import io.claviger.application.bills.BillingCredentials.SavedCredential;
import io.claviger.application.bills.ReadingPlaces;
import io.claviger.application.bills.port.BillReadingStore.Readings;
import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.application.bills.port.BillingCheck.Checked;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.gateway.RateLimiter;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.PermitLeases;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.EncryptionKeys.DiscardOutcome;
import io.claviger.application.keys.EncryptionKeys.Progress;
import io.claviger.application.keys.EncryptionKeys.RetirementOutcome;
import io.claviger.application.keys.EncryptionKeys.RotationOutcome;
import io.claviger.application.keys.port.SealedValueStore.Concerned;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.bills.BillingCredential.ModelAccess;
import io.claviger.domain.bills.BillingCredential.StatedScope;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.transfers.Transfer;
import io.claviger.persistence.bills.JdbcBillingCredentials;
import io.claviger.testkit.Race;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests billing credentials: races between writes, the row to which a secret is sealed, and the
 * deletions that end them.
 */
@SuppressWarnings("NullAway.Init") // set before each test
final class BillingCredentialsTest {
  private static final String HERE = "https://here.example/v1";
  private static final String ELSEWHERE = "https://elsewhere.example/v1";
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final ServiceWrites SERVICES = new ServiceWrites(USE);
  private static final InMemorySealer OLD = RacingUseCases.SEALER;

  private final InMemorySealer fresh = OLD.behindANewKey();
  private final JdbcBillingCredentials store = new JdbcBillingCredentials(PORTS.database());
  private User alice;
  private Instance service;

  @BeforeEach
  void begin() {
    RacingUseCases.begin(PORTS);
    alice = PORTS.stored(AUser.called("alice").build());
    service = AnInstance.of(alice, "s").endpoint(HERE).build();
    PORTS.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
  }

  @Test
  void of_sixteen_that_put_and_delete_at_once_one_wins_and_leaves_what_opens() {
    for (int round = 0; round < Race.ROUNDS; round++) {
      List<String> outcomes =
          ConcurrentAttempts.many(n -> n % 2 == 0 ? put(text(n), Optional.empty()) : delete());

      assertThat(outcomes).contains(DONE).isSubsetOf(DONE, "not_found");
      assertThat(outcomes.stream().filter(DONE::equals)).hasSizeGreaterThanOrEqualTo(MANY / 2);
      assertThat(rows()).isLessThanOrEqualTo(1);
      Optional<String> opened = opened(OLD);
      assertThat(opened.isPresent()).isEqualTo(rows() == 1);
      opened.ifPresent(
          key ->
              assertThat(IntStream.range(0, MANY).mapToObj(BillingCredentialsTest::text))
                  .contains(key));
      long stored = done(AuditAction.BILLING_PUT);
      assertThat(stored).isEqualTo((round + 1) * (MANY / 2L));
    }
  }

  @Test
  void of_sixteen_that_replace_the_same_credential_one_does() {
    put(text(0), Optional.empty());
    for (int round = 0; round < Race.ROUNDS; round++) {
      Precondition unchanged =
          Precondition.version(store.find(service.id()).orElseThrow().version());
      List<String> outcomes =
          ConcurrentAttempts.many(n -> put(text(n), Optional.empty(), unchanged));

      assertThat(outcomes).containsOnlyOnce(DONE).isSubsetOf(DONE, "precondition_failed");
    }
  }

  @Test
  void a_credential_ends_with_its_service_and_with_a_transfer() {
    assertThat(put(text(1), Optional.of(ELSEWHERE))).isEqualTo(DONE);
    User bob = PORTS.stored(AUser.called("bob").build());
    Transferring transferring = new Transferring(PORTS, USE);
    Transfer offer = transferring.offered(alice, bob, List.of("alice/s"));
    assertThat(rows()).isEqualTo(1);
    failReading();
    assertThat(transferring.accept(bob, offer)).isEqualTo(DONE);
    assertThat(rows()).isZero();
    assertThat(readings()).isEqualTo(Readings.NONE);
    assertThat(PORTS.billReadings().takeRequested(service.id(), Instant.now())).isTrue();

    Instance other = AnInstance.of(alice, "t").endpoint(HERE).build();
    PORTS.instances().insert(other, new SecretChange.Keep(), new SecretChange.Keep());
    service = other;
    assertThat(put(text(2), Optional.empty())).isEqualTo(DONE);
    assertThat(SERVICES.delete(alice, other)).isEqualTo(DONE);
    assertThat(rows()).isZero();
  }

  @Test
  void another_credential_and_none_have_nothing_of_the_readings_with_the_former_one() {
    put(text(1), Optional.empty());
    failReading();
    put(text(2), Optional.empty());
    assertThat(readings()).isEqualTo(Readings.NONE);

    failReading();
    assertThat(delete()).isEqualTo(DONE);
    assertThat(readings()).isEqualTo(Readings.NONE);
  }

  @Test
  void a_service_has_nothing_of_the_credential_and_the_readings_of_another() {
    put(text(1), Optional.empty());
    failReading();
    Instance first = service;
    service = PORTS.stored(AnInstance.of(alice, "t").endpoint(HERE).build());
    assertThat(store.find(service.id())).isEmpty();
    assertThat(readings()).isEqualTo(Readings.NONE);
    put(text(2), Optional.empty());
    assertThat(store.find(service.id())).isNotEqualTo(store.find(first.id()));

    assertThat(delete()).isEqualTo(DONE);

    assertThat(store.find(service.id())).isEmpty();
    assertThat(store.find(first.id())).isPresent();
    assertThat(PORTS.billReadings().readings(first.id()).failure()).isPresent();
  }

  private void failReading() {
    Instant now = Instant.now();
    assertThat(PORTS.billReadings().takeRequested(service.id(), now)).isTrue();
    PORTS
        .billReadings()
        .recordFailed(service.id(), BillingFailure.KEY_REJECTED, now, now.plusSeconds(9));
    assertThat(readings().failure()).isPresent();
  }

  private Readings readings() {
    return PORTS.billReadings().readings(service.id());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_credential_ends_when_the_endpoint_changes_that_it_follows(boolean follows) {
    put(text(1), follows ? Optional.empty() : Optional.of(ELSEWHERE));
    assertThat(SERVICES.description(alice, service, Precondition.NONE, "d")).isEqualTo(DONE);
    assertThat(rows()).isEqualTo(1);

    assertThat(SERVICES.endpoint(alice, service, "https://third.example/v1")).isEqualTo(DONE);

    assertThat(rows()).isEqualTo(follows ? 0 : 1);
  }

  @Test
  void a_credential_ends_when_the_provider_changes() {
    put(text(1), Optional.of(ELSEWHERE));

    assertThat(SERVICES.provider(alice, service, Provider.COHERE)).isEqualTo(DONE);

    assertThat(rows()).isZero();
  }

  @Test
  void of_sixteen_that_put_while_the_endpoint_changes_none_leaves_a_key_for_the_old_one() {
    for (int round = 0; round < Race.ROUNDS; round++) {
      String to = "https://moved-%d.example/v1".formatted(round);
      List<String> outcomes =
          ConcurrentAttempts.oneAgainstMany(
              () -> SERVICES.endpoint(alice, service, to), n -> put(text(n), Optional.empty()));

      assertThat(outcomes).contains(DONE).isSubsetOf(DONE, "concurrent_change");
      store
          .find(service.id())
          .ifPresent(left -> assertThat(left.endpoint()).isEqualTo(Endpoint.of(to)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "endpoint = 'https://thief.example/v1'",
        "api = 'anthropic'",
        "id = gen_random_uuid()"
      })
  void a_row_that_was_changed_by_sql_does_not_open(String change) {
    put(text(1), Optional.empty());
    assertThat(opened(OLD)).contains(text(1));

    assertThat(PORTS.sql().sql("update billing_credentials set " + change).update()).isEqualTo(1);

    assertThat(new BillingCalls(store, OLD).open(Account.of(service)))
        .isEqualTo(new BillingCalls.Opened.Failed(BillingFailure.CREDENTIAL_UNUSABLE));
  }

  @Test
  void a_credential_opens_for_the_present_owner_alone() {
    put(text(1), Optional.empty());

    assertThat(
            new BillingCalls(store, OLD)
                .open(new Account(service.id(), new User.Id(new UUID(0, 7)))))
        .isEqualTo(new BillingCalls.Opened.Failed(BillingFailure.NO_CREDENTIAL));
  }

  @Test
  void a_row_that_was_moved_to_another_service_does_not_open() {
    put(text(1), Optional.empty());
    Instance other = AnInstance.of(alice, "t").endpoint(HERE).build();
    PORTS.instances().insert(other, new SecretChange.Keep(), new SecretChange.Keep());
    int unused =
        PORTS
            .sql()
            .sql("update billing_credentials set instance_id = :other")
            .param("other", other.id().value())
            .update();

    assertThat(new BillingCalls(store, OLD).open(Account.of(other)))
        .isEqualTo(new BillingCalls.Opened.Failed(BillingFailure.CREDENTIAL_UNUSABLE));
    assertThat(new BillingCalls(store, OLD).open(Account.of(service)))
        .isEqualTo(new BillingCalls.Opened.Failed(BillingFailure.NO_CREDENTIAL));
  }

  @Test
  void a_rotation_seals_it_anew() {
    put(text(1), Optional.empty());
    PORTS.encryptionKeys().add(fresh.sealingKey(), fresh.sentinel(fresh.sealingKey()));

    assertThat(keys(Optional.of(fresh)).rotate(Progress.IGNORED))
        .isEqualTo(new RotationOutcome.Done(fresh.sealingKey(), 1, 0, List.of()));

    assertThat(store.read(service.id()).orElseThrow().key().sealedUnder())
        .isEqualTo(fresh.sealingKey());
    assertThat(opened(fresh)).contains(text(1));
    assertThat(keys(Optional.empty()).retire(OLD.sealingKey()))
        .isEqualTo(new RetirementOutcome.Done());
  }

  @Test
  void a_credential_whose_encryption_key_was_lost_is_deleted_and_that_is_on_record() {
    put(text(1), Optional.empty());
    PORTS.encryptionKeys().add(fresh.sealingKey(), fresh.sentinel(fresh.sealingKey()));

    assertThat(keys(Optional.of(InMemorySealer.withOneKey())).discard(OLD.sealingKey()))
        .isEqualTo(new DiscardOutcome.Concerns(new Concerned(1, 0)));

    assertThat(rows()).isZero();
    assertThat(done(AuditAction.BILLING_DELETE)).isEqualTo(1);
    assertThat(done(AuditAction.SERVICE_KEY_CLEAR)).isZero();
  }

  private String put(String key, Optional<String> endpoint) {
    return put(key, endpoint, Precondition.NONE);
  }

  private String put(String key, Optional<String> endpoint, Precondition precondition) {
    try (Secret secret = Secret.apiKey(key.getBytes(StandardCharsets.US_ASCII))) {
      return switch (credentials()
          .put(
              RacingUseCases.as(alice),
              service.ref(),
              precondition,
              new NewCredential(
                  secret,
                  endpoint.map(Endpoint::of),
                  new StatedScope(Optional.empty(), Optional.empty()),
                  Optional.of("key_1"),
                  false))) {
        case Outcome.Done<SavedCredential> stored -> DONE;
        case Outcome.Refused<SavedCredential> refused -> refused.why().code();
      };
    }
  }

  private String delete() {
    return code(credentials().delete(RacingUseCases.as(alice), service.ref(), Precondition.NONE));
  }

  private BillingCredentials credentials() {
    return BillingCredentials.of(
        PORTS.instances(),
        PORTS.apiStandards(),
        store,
        (call, credential, day) -> new Checked(Optional.empty(), ModelAccess.NO),
        new RateLimiter(PermitLeases.UNLIMITED, System::nanoTime),
        new ReadingPlaces(),
        OLD,
        changes());
  }

  private Optional<String> opened(Sealer sealer) {
    return switch (new BillingCalls(store, sealer).open(Account.of(service))) {
      case BillingCalls.Opened.Failed failed -> Optional.empty();
      case BillingCalls.Opened.Ready ready -> {
        try (AuthorizedCall call = ready.call()) {
          yield Optional.of(
              call.key().orElseThrow().lend(bytes -> new String(bytes, StandardCharsets.US_ASCII)));
        }
      }
    };
  }

  private static int rows() {
    return PORTS
        .sql()
        .sql("select count(*) from billing_credentials")
        .query(Integer.class)
        .single();
  }

  private static long done(AuditAction action) {
    return PORTS.auditEvents().stream()
        .filter(e -> e.action() == action && e.outcome() == AuditOutcome.DONE)
        .count();
  }

  private static String text(int n) {
    return "sk-admin-%02d".formatted(n);
  }

  private static EncryptionKeys keys(Optional<Sealer> sealer) {
    return RacingUseCases.encryptionKeys(PORTS, sealer);
  }

  private static AuditedChanges changes() {
    return RacingUseCases.changes(PORTS);
  }
}
