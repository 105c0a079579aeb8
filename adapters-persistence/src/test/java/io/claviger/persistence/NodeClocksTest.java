package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.ATransfer;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.SeededRandomBytes;
import io.claviger.application.health.NodeHealth;
import io.claviger.application.health.SharedTime;
import io.claviger.application.oauth.DeviceGrants;
import io.claviger.application.oauth.DeviceGrants.DeviceGrantStart.Begun;
import io.claviger.application.oauth.DeviceGrants.Granting;
import io.claviger.application.oauth.DeviceGrants.Requester;
import io.claviger.application.oauth.DeviceGrants.Why;
import io.claviger.application.sessions.LocalSignIn;
import io.claviger.application.sessions.NewSession;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.SignInLinks;
import io.claviger.application.sessions.SignedIn;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.application.transfers.TransferUpkeep;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sessions.BrowserSecret;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sessions.SignInMethod;
import io.claviger.domain.transfers.Transfer;
import io.claviger.persistence.sessions.JdbcSignInLinks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two nodes use the same database. The clock of one node is ten minutes ahead of the database's
 * clock, and the clock of the other node is ten minutes behind it.
 */
@SuppressWarnings("NullAway.Init") // set before each test
final class NodeClocksTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final Duration OFF = Duration.ofMinutes(10);
  private static final Duration LITTLE = Duration.ofMinutes(5);
  private static final Requester DEVICE = new Requester("192.0.2.9", "device");
  private static final Handle ALICE = new Handle("alice");
  private static final RandomBytes RANDOM = new SeededRandomBytes(7);

  private final Node ahead = new Node(() -> Instant.now().plus(OFF));
  private final Node behind = new Node(() -> Instant.now().minus(OFF));
  private User alice;

  /** The use cases of a node. */
  private static final class Node {
    private final InstantSource clock;
    private final AuditedChanges changes;
    private final SignInLinks links;
    private final Sessions sessions;
    private final DeviceGrants devices;
    private final RacingSignIns signIns;

    Node(InstantSource clock) {
      this.clock = clock;
      NodeHealth health = new NodeHealth(List::of, PORTS.database()::clock, clock);
      health.look();
      SharedTime time = new SharedTime(clock);
      time.learn(health.clockOffset().orElseThrow());
      changes = PORTS.auditedChanges(clock).decidingBy(time::instant);
      JdbcSignInLinks store = new JdbcSignInLinks(PORTS.database());
      links = SignInLinks.of(store, PORTS.users(), new LocalSignIn(true), RANDOM, changes);
      sessions =
          Sessions.of(
              PORTS.sessions(),
              store,
              PORTS.users(),
              new TokenAcceptance(Optional.empty()),
              new LocalSignIn(true),
              RANDOM,
              changes);
      devices =
          DeviceGrants.of(
              PORTS.users(),
              PORTS.accessTokens(),
              PORTS.deviceCodes(),
              PORTS.refreshTokens(),
              RANDOM,
              new RejectedTokens(PORTS.auditTrail(), PORTS.ids(), PORTS.accessTokens()),
              changes);
      signIns = new RacingSignIns(PORTS, changes);
    }

    void cleanUpTransfers() {
      new TransferUpkeep(PORTS.transfers(), PORTS.movedReferences()).runIfDue(clock.instant());
    }

    String poll(Begun device) {
      return devices.redeem(device.deviceCode(), DEVICE) instanceof Granting.Refused refused
          ? refused.why().name()
          : "granted";
    }
  }

  @BeforeEach
  void begin() {
    RacingUseCases.begin(PORTS);
    alice = PORTS.stored(AUser.called("alice").build());
  }

  @Test
  void a_link_to_sign_in_works_on_every_node_for_its_minute() {
    BrowserSecret early = behind.links.make(ALICE).orThrow();
    assertThat(ahead.links.removeExpired()).isZero();
    assertThat(ahead.links.find(early)).contains(ALICE);
    assertThat(ahead.links.present(early)).isPresent();

    BrowserSecret late = ahead.links.make(ALICE).orThrow();
    change(
        "update sign_in_links set made_at = made_at - interval '1 minute',"
            + " expires_at = expires_at - interval '1 minute'");
    assertThat(behind.links.find(late)).isEmpty();
    assertThat(behind.links.removeExpired()).isEqualTo(2);
  }

  @Test
  void a_sign_in_with_the_identity_provider_may_end_on_another_node_within_ten_minutes() {
    RacingSignIns.Begun begun = behind.signIns.begun();
    assertThat(ahead.signIns.removeAbandoned()).isZero();
    assertThat(ahead.signIns.outcome(begun, "alice alice-id")).isNotEqualTo("UNKNOWN_ATTEMPT");

    RacingSignIns.Begun abandoned = ahead.signIns.begun();
    change("update sign_ins set begun_at = begun_at - interval '11 minutes'");
    assertThat(behind.signIns.outcome(abandoned, "carol carol-id")).isEqualTo("UNKNOWN_ATTEMPT");
    assertThat(behind.signIns.removeAbandoned()).isEqualTo(1);
  }

  @Test
  void a_device_code_may_be_polled_on_every_node_for_ten_minutes() {
    Begun early = (Begun) behind.devices.begin(TokenScope.USE, DEVICE);
    assertThat(ahead.poll(early)).isEqualTo(Why.AUTHORIZATION_PENDING.name());
    assertThat(behind.poll(early)).isEqualTo(Why.SLOW_DOWN.name());

    Begun late = (Begun) ahead.devices.begin(TokenScope.USE, DEVICE);
    change(
        "update device_codes set created_at = created_at - interval '11 minutes',"
            + " expires_at = expires_at - interval '11 minutes', polled_at = null");
    assertThat(behind.poll(late)).isEqualTo(Why.EXPIRED_TOKEN.name());
    assertThat(ahead.devices.removeExpired()).isZero();
    change(
        "update device_codes set created_at = created_at - interval '10 minutes',"
            + " expires_at = expires_at - interval '10 minutes'");
    assertThat(behind.devices.removeExpired()).isEqualTo(2);
  }

  @Test
  void device_codes_of_every_node_count_until_they_expire() {
    for (int n = 0; n < DeviceGrants.MOST_OPEN_OF_ADDRESS; n++) {
      assertThat(behind.devices.begin(TokenScope.USE, DEVICE)).isInstanceOf(Begun.class);
    }

    assertThat(ahead.devices.begin(TokenScope.USE, DEVICE)).isNotInstanceOf(Begun.class);
  }

  @Test
  void a_session_is_removed_when_its_time_is_over() {
    Session lasting = session(1, Session.LONGEST_IDLE.minus(LITTLE));
    assertThat(ahead.sessions.removeEnded()).isZero();

    assertThat(PORTS.sessions().delete(alice.id(), lasting.id())).isTrue();
    Session unused = session(2, Session.LONGEST_IDLE.plus(LITTLE));
    assertThat(behind.sessions.removeEnded()).isEqualTo(1);
  }

  @Test
  void a_sign_in_is_recent_on_every_node_for_five_minutes() {
    NewSession early = started(behind);
    assertThat(isRecent(ahead, early)).isTrue();

    NewSession late = started(ahead);
    change("update sessions set signed_in_at = signed_in_at - interval '6 minutes'");
    assertThat(isRecent(behind, late)).isFalse();
  }

  private NewSession started(Node node) {
    return node.sessions
        .start(new SignedIn(alice.id(), new SignInMethod.Link()), "192.0.2.1", "browser", "request")
        .orThrow();
  }

  @Test
  void all_nodes_decide_by_the_same_time_but_events_keep_the_time_of_the_node() {
    Instant real = Instant.now();
    for (Node node : List.of(ahead, behind)) {
      assertThat(Duration.between(real, node.changes.now()).abs()).isLessThan(LITTLE);
      assertThat(Duration.between(real, node.changes.eventTime()).abs()).isGreaterThan(LITTLE);
    }
  }

  private static boolean isRecent(Node node, NewSession started) {
    SessionActor found = node.sessions.find(started.secret(), "192.0.2.1", "request").orElseThrow();
    return found.session().isRecentAt(node.changes.now());
  }

  @Test
  void the_token_of_a_device_is_removed_a_day_after_it_ended() {
    Duration day = Duration.ofDays(1);
    token(1, day.minus(LITTLE));
    assertThat(ahead.devices.removeExpired()).isZero();

    token(2, day.plus(LITTLE));
    assertThat(behind.devices.removeExpired()).isEqualTo(1);
  }

  @Test
  void an_offer_expires_when_its_time_is_over() {
    offered();
    change("update transfers set expires_at = now() + interval '5 minutes'");
    ahead.cleanUpTransfers();
    assertThat(states()).containsExactly("offered");

    change("update transfers set expires_at = now() - interval '5 minutes'");
    behind.cleanUpTransfers();
    assertThat(states()).containsExactly("expired");
  }

  @Test
  void a_former_reference_leads_to_its_service_until_its_time_is_over() {
    Transfer transfer = offered();
    int unused =
        PORTS
            .ownerChanges()
            .move(transfer, transfer.items().getFirst(), Instant.now(), Instant.now().plus(LITTLE));
    ahead.cleanUpTransfers();
    assertThat(count("moved_references")).isEqualTo(1);

    change("update moved_references set until = now() - interval '5 minutes'");
    behind.cleanUpTransfers();
    assertThat(count("moved_references")).isZero();
  }

  private Session session(int n, Duration idle) {
    Instant seen = Instant.now().minus(idle);
    Session session =
        new Session(
            new Session.Id(PORTS.ids().next()),
            alice.id(),
            new SignInMethod.Link(),
            "192.0.2.1",
            "browser",
            seen,
            seen);
    PORTS.sessions().insert(session, hash(n));
    return session;
  }

  private void token(int n, Duration ended) {
    Instant end = Instant.now().minus(ended);
    PORTS
        .accessTokens()
        .save(
            AToken.of(alice)
                .origin(AccessToken.Origin.DEVICE)
                .createdAt(end.minus(Duration.ofHours(1)))
                .expiresAt(end)
                .build(),
            hash(n));
  }

  private static TokenHash hash(int n) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) n;
    return new TokenHash(bytes);
  }

  /** Alice has offered a service to Bob. */
  private Transfer offered() {
    User bob = PORTS.stored(AUser.called("bob").build());
    Instance service = PORTS.stored(AnInstance.of(alice, "x").build());
    Transfer made =
        ATransfer.of(
            alice,
            bob,
            service,
            service.ref().handle(),
            Instant.now().minus(Duration.ofMinutes(10)));
    PORTS.transfers().insert(made, alice.id());
    return made;
  }

  private static List<String> states() {
    return PORTS.sql().sql("select state from transfers").query(String.class).list();
  }

  private static int count(String table) {
    return PORTS.sql().sql("select count(*) from " + table).query(Integer.class).single();
  }

  private static void change(String statement) {
    assertThat(PORTS.sql().sql(statement).update()).isPositive();
  }
}
