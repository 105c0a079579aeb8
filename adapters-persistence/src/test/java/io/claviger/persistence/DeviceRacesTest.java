package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.MANY;
import static io.claviger.persistence.ConcurrentAttempts.count;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static io.claviger.persistence.ConcurrentAttempts.manyBehind;
import static io.claviger.persistence.ConcurrentAttempts.oneAgainstMany;
import static io.claviger.persistence.ConcurrentAttempts.whileUncommitted;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.builders.AUser;
import io.claviger.application.fakes.SeededRandomBytes;
import io.claviger.application.oauth.DeviceGrants;
import io.claviger.application.oauth.DeviceGrants.DeviceGrantStart.Begun;
import io.claviger.application.oauth.DeviceGrants.Granting;
import io.claviger.application.oauth.DeviceGrants.Requester;
import io.claviger.application.oauth.port.DeviceCodeStore;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.oauth.DeviceAuthorization;
import io.claviger.domain.oauth.DeviceAuthorization.UserDecision;
import io.claviger.domain.oauth.RefreshToken;
import io.claviger.domain.oauth.UserCode;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sessions.SignInMethod;
import io.claviger.testkit.Race;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The codes and refresh tokens of device sign-ins, each used by many at once. */
@SuppressWarnings("NullAway.Init") // set before each test
final class DeviceRacesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final Requester DEVICE = new Requester("192.0.2.9", "device");

  private User alice;
  private Begun device;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    alice = AUser.called("alice").build();
    PORTS.users().insert(alice);
    device = begun();
    approve();
  }

  @Race.Repeated
  void a_device_code_is_exchanged_once() {
    List<String> outcomes = many(n -> poll());

    assertThat(count(outcomes, DONE)).isEqualTo(1);
    assertThat(outcomes).isSubsetOf(DONE, "invalid_grant");
    assertThat(tokens()).hasSize(1);
  }

  @Race.Repeated
  void a_refresh_token_that_many_use_at_once_gives_one_pair_and_ends_the_sign_in() {
    RefreshToken token = granted().refreshToken();

    List<String> outcomes = many(n -> refresh(token));

    assertThat(count(outcomes, DONE)).isEqualTo(1);
    assertThat(outcomes).isSubsetOf(DONE, "invalid_grant");
    assertThat(tokens()).isEmpty();
  }

  @Test
  void a_sign_in_that_can_not_be_changed_at_the_moment_has_not_ended() {
    assertThat(said(whileOthersAreInTheWay().redeem(device.deviceCode(), DEVICE)))
        .isEqualTo("temporarily_unavailable");
    RefreshToken token = granted().refreshToken();

    assertThat(said(whileOthersAreInTheWay().refresh(token, Optional.empty(), DEVICE)))
        .isEqualTo("temporarily_unavailable");
    assertThat(refresh(token)).isEqualTo(DONE);
  }

  /** Each transaction of the first change loses against another one. */
  private static DeviceGrants whileOthersAreInTheWay() {
    AtomicInteger left = new AtomicInteger(5);
    Transactions losing =
        new Transactions() {
          @Override
          public <T> T inTransaction(Supplier<T> work) {
            return PORTS
                .transactions()
                .inTransaction(
                    () -> {
                      T done = work.get();
                      if (done instanceof Outcome.Done<?> && left.getAndDecrement() > 0) {
                        throw new ConcurrencyConflict(
                            ConcurrencyConflict.How.LOCKED, new IllegalStateException("waited"));
                      }
                      return done;
                    });
          }
        };
    return DeviceGrants.of(
        PORTS.users(),
        PORTS.accessTokens(),
        PORTS.deviceCodes(),
        PORTS.refreshTokens(),
        new SeededRandomBytes(45),
        new RejectedTokens(PORTS.auditTrail(), PORTS.ids(), PORTS.accessTokens()),
        new AuditedChanges(
            losing, PORTS.auditTrail(), PORTS.credentials(), PORTS.ids(), InstantSource.system()));
  }

  @Test
  void a_code_that_is_answered_while_room_is_made_stays() {
    device = begun();
    DeviceCodeStore codes = PORTS.deviceCodes();
    DeviceAuthorization waiting = codes.find(device.deviceCode().hash()).orElseThrow();

    List<String> outcomes =
        manyBehind(
            PORTS,
            () ->
                codes.recordAnswer(
                    waiting.id(), new UserDecision.Denied(alice.id(), alice.handle())),
            n -> String.valueOf(codes.deleteOldestOfMostCrowded(1)));

    assertThat(outcomes).hasSize(MANY).containsOnly("0");
    assertThat(codes.find(device.deviceCode().hash())).isPresent();
  }

  /**
   * Without the lock, two polls, two answers or two refreshes could both decide by the same row.
   */
  @Test
  void what_decides_about_a_sign_in_is_locked_until_the_decision_is_stored() {
    device = begun();
    DeviceCodeStore codes = PORTS.deviceCodes();
    UserCode shown = codes.find(device.deviceCode().hash()).orElseThrow().userCode();
    assertWaitsFor(
        () -> assertThat(codes.lock(device.deviceCode().hash())).isPresent(),
        () -> assertThat(codes.lock(device.deviceCode().hash())).isPresent());
    assertWaitsFor(
        () -> assertThat(codes.lock(shown)).isPresent(),
        () -> assertThat(codes.lock(shown)).isPresent());
    approve();
    RefreshToken token = granted().refreshToken();
    assertWaitsFor(
        () ->
            assertThat(PORTS.accessTokens().delete(alice.id(), tokens().getFirst().id())).isTrue(),
        () -> assertThat(PORTS.refreshTokens().lock(token.familyHash())).isEmpty());
  }

  private static void assertWaitsFor(Runnable first, Runnable other) {
    assertThat(
            whileUncommitted(
                PORTS,
                first,
                () -> {
                  boolean unused =
                      PORTS
                          .transactions()
                          .inTransaction(
                              () -> {
                                other.run();
                                return true;
                              });
                }))
        .isTrue();
  }

  /** Of networks that are equally crowded, the one with the oldest sign-in is chosen. */
  @Test
  void the_oldest_sign_ins_of_the_most_crowded_address_make_room() {
    int rows =
        PORTS
            .sql()
            .sql(
                """
                delete from device_codes;
                insert into device_codes (
                  id, device_code_hash, user_code, scope, address, address_block, wide_block, site_block,
                  created_at, expires_at, interval_seconds)
                select
                  gen_random_uuid(), sha256(int4send(age)), translate(
                    lpad(to_hex(age), 8, '0'), '0123456789abcdef', 'BCDFGHJKLMNPQRST'), 'use', block,
                  block, wide, site, now() - age * interval '1 minute', now() + interval '1 hour', 5
                from (values
                  (1, 'b1', 'w1', 's1'), (20, 'b1', 'w1', 's1'), (18, 'b2', 'w1', 's1'),
                  (17, 'b2', 'w1', 's1'), (16, 'b3', 'w1', 's1'), (15, 'b4', 'w2', 's1'),
                  (14, 'b4', 'w2', 's1'), (13, 'b4', 'w2', 's1'), (12, 'b5', 'w2', 's1'),
                  (11, 'b6', 'w2', 's1'), (19, 'b7', 'w3', 's2'), (10, 'b7', 'w3', 's2'),
                  (9, 'b7', 'w3', 's2'), (8, 'b7', 'w3', 's2'), (7, 'b7', 'w3', 's2'),
                  (6, 'b7', 'w3', 's2'), (5, 'b7', 'w3', 's2'), (4, 'b7', 'w3', 's2'),
                  (3, 'b7', 'w3', 's2'), (2, 'b7', 'w3', 's2'), (21, 'b8', 'w4', 's3')
                ) made (age, block, wide, site)
                """)
            .update();
    assertThat(rows).isGreaterThanOrEqualTo(0);

    assertThat(PORTS.deviceCodes().deleteOldestOfMostCrowded(1)).isEqualTo(1);

    assertThat(
            PORTS
                .sql()
                .sql(
                    "select count(*) from device_codes where device_code_hash = sha256(int4send(20))")
                .query(Integer.class)
                .single())
        .isZero();
  }

  @Race.Repeated
  void nothing_of_a_deleted_user_remains() {
    RefreshToken token = granted().refreshToken();
    device = begun();
    approve();

    List<String> outcomes =
        oneAgainstMany(this::deleteUser, n -> n % 2 == 0 ? refresh(token) : poll());

    assertThat(outcomes.getFirst()).isEqualTo(DONE);
    assertThat(tokens()).isEmpty();
    assertThat(poll()).isEqualTo("invalid_grant");
    assertThat(refresh(token)).isEqualTo("invalid_grant");
  }

  @Race.Repeated
  void a_sign_in_that_many_report_as_leaked_ends_once() {
    RefreshToken token = granted().refreshToken();

    List<String> outcomes = oneAgainstMany(() -> refresh(token), n -> report(token));

    assertThat(outcomes.getFirst()).isIn(DONE, "invalid_grant");
    assertThat(outcomes.subList(1, outcomes.size())).containsOnly(DONE);
    assertThat(tokens()).isEmpty();
    assertThat(PORTS.auditEvents().stream().map(AuditEvent::action))
        .filteredOn(action -> action == AuditAction.TOKEN_LEAKED)
        .hasSize(1);
  }

  @Test
  void a_suspension_ends_device_sign_ins_for_good() {
    RefreshToken token = granted().refreshToken();
    device = begun();
    approve();

    PORTS.users().update(alice.withSuspension(Optional.of(Instant.now()), Instant.now()));
    PORTS.users().update(alice.withSuspension(Optional.empty(), Instant.now()));

    assertThat(tokens()).isEmpty();
    assertThat(refresh(token)).isEqualTo("invalid_grant");
    assertThat(poll()).isEqualTo("invalid_grant");
  }

  @Race.Repeated
  void one_address_begins_only_so_many() {
    Requester other = new Requester("198.51.100.7", "many");
    for (int i = 0; i < 45; i++) {
      assertThat(USE.deviceGrants.begin(TokenScope.USE, other)).isInstanceOf(Begun.class);
    }

    List<String> outcomes =
        many(
            n ->
                USE.deviceGrants.begin(TokenScope.USE, other) instanceof Begun ? DONE : "too_many");

    assertThat(count(outcomes, DONE)).isEqualTo(5);
    assertThat(USE.deviceGrants.begin(TokenScope.USE, DEVICE)).isInstanceOf(Begun.class);
  }

  private static Begun begun() {
    return (Begun) USE.deviceGrants.begin(TokenScope.USE, DEVICE);
  }

  private void approve() {
    Instant now = Instant.now();
    SessionActor session =
        new SessionActor(
            new Session(
                new Session.Id(UUID.randomUUID()),
                alice.id(),
                new SignInMethod.Link(),
                "192.0.2.1",
                "browser",
                now,
                now),
            new Actor(alice.id(), alice.handle(), false, Optional.empty(), "192.0.2.1", "browser"),
            "page");
    assertThat(USE.deviceSignIn.approve(session, device.userCode().shown()).orThrow().scope())
        .isEqualTo(TokenScope.USE);
  }

  private Granting.Granted granted() {
    return (Granting.Granted) USE.deviceGrants.redeem(device.deviceCode(), DEVICE);
  }

  private String poll() {
    return said(USE.deviceGrants.redeem(device.deviceCode(), DEVICE));
  }

  private static String refresh(RefreshToken token) {
    return said(USE.deviceGrants.refresh(token, Optional.empty(), DEVICE));
  }

  private static String report(RefreshToken token) {
    USE.deviceGrants.endLeaked(token, DEVICE);
    return DONE;
  }

  private String deleteUser() {
    PORTS.deleteLocked(alice);
    return DONE;
  }

  private List<AccessToken> tokens() {
    return PORTS.accessTokens().listOf(alice.id(), Optional.empty(), 100);
  }

  private static String said(Granting granting) {
    return switch (granting) {
      case Granting.Granted granted -> DONE;
      case Granting.Refused refused -> refused.why().name().toLowerCase(Locale.ROOT);
    };
  }
}
