package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static io.claviger.persistence.ConcurrentAttempts.count;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.application.accounts.AccessTokens.NewToken;
import io.claviger.application.accounts.port.EndedCredentials;
import io.claviger.application.approvals.ApprovalGate;
import io.claviger.application.approvals.Approvals;
import io.claviger.application.approvals.ConsentedChange;
import io.claviger.application.approvals.port.ApprovalStore;
import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.ARequest;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AStandard;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.IgnoredProgress;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.instances.InstanceFields;
import io.claviger.application.instances.InstanceWriteBuilder;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.requests.BorrowRequests.RequestGrant;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.MissingEncryptionKey;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Quotas;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.shares.Grantees;
import io.claviger.application.sharing.ShareGrants;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.NeededConsents;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.UserKey;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestState;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.transfers.Transfer;
import io.claviger.persistence.approvals.JdbcApprovals;
import io.claviger.testkit.Race;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Changes that wait for the consent of others, on a real database. */
@SuppressWarnings("NullAway.Init") // set before each test
final class ApprovalsTest {
  private static final String ELSEWHERE = "https://elsewhere.example.com/v1";
  private static final PageRequest<TimeCursor> FIRST = new PageRequest<>(Optional.empty(), 50);

  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final ApprovalStore STORE = new JdbcApprovals(PORTS.database());
  private static final ApprovalGate GATE = gate(RacingUseCases.SEALER);
  private static final RacingUseCases USE = new RacingUseCases(PORTS, Quotas.NONE, GATE);
  private static final Transferring T = new Transferring(PORTS, USE, Quotas.NONE, GATE);
  private static final Approvals APPROVALS = approvals(GATE, USE, T);

  private final User alice = RacingUseCases.storedFirst(PORTS, AUser.called("alice").build());
  private final User bob = PORTS.stored(AUser.called("bob").build());
  private final User carol = PORTS.stored(AUser.called("carol").build());
  private final User admin = PORTS.stored(AUser.called("ada").administrator().build());
  private Instance x;

  private static ApprovalGate gate(Sealer sealer) {
    return new ApprovalGate(
        STORE, PORTS.credentials(), sealer, PORTS.ids(), InstantSource.system());
  }

  private static Approvals approvals(ApprovalGate gate, RacingUseCases use, Transferring with) {
    return approvals(STORE, gate, use, with);
  }

  private static Approvals approvals(
      ApprovalStore store, ApprovalGate gate, RacingUseCases use, Transferring with) {
    AuditedChanges changes = changes(gate);
    return Approvals.of(
        store,
        PORTS.credentials(),
        PORTS.instances(),
        new ConsentedChange(
            gate,
            PORTS.shares(),
            use.instances,
            new ShareGrants(
                PORTS.instances(),
                PORTS.shares(),
                PORTS.borrowRequests(),
                new Grantees(PORTS.users(), PORTS.groups()),
                changes),
            with.transfers),
        changes);
  }

  private static AuditedChanges changes(ApprovalGate gate) {
    return RacingUseCases.changes(PORTS, Quotas.NONE, gate);
  }

  private static EncryptionKeys keys(InMemorySealer sealer) {
    return EncryptionKeys.of(
        PORTS.encryptionKeys(),
        PORTS.nodes(),
        PORTS.sealedValues(),
        Optional.of(sealer),
        changes(GATE));
  }

  /** Bob has long been a co-owner. Carol has nothing. */
  @BeforeEach
  void begin() {
    x = AnInstance.of(alice, "x").own(InstanceField.APPROVALS, new NeededConsents(2)).build();
    PORTS.instances().insert(x, new SecretChange.Keep(), new SecretChange.Keep());
    PORTS.shares().insert(x.id(), ownerShare(bob), alice.id());
    madeOwnerBefore(Duration.ofDays(8));
  }

  private Share ownerShare(User holder) {
    return new Share(
        holder.id(),
        holder.handle(),
        Share.Terms.owner(),
        Optional.of(alice.handle()),
        Optional.empty(),
        1,
        Instant.now());
  }

  private static void madeOwnerBefore(Duration age) {
    int unused =
        PORTS
            .sql()
            .sql("update shares set owner_since = now() - make_interval(secs => :age)")
            .param("age", age.toSeconds())
            .update();
  }

  @Test
  void another_endpoint_waits_and_is_made_when_a_co_owner_consents() {
    Approval.Id id = waiting(move(alice));

    assertThat(endpoint()).isEqualTo(x.endpoint().url());
    assertThat(APPROVALS.list(RacingUseCases.as(bob), FIRST).orThrow().items())
        .singleElement()
        .satisfies(each -> assertThat(each.fields()).contains("endpoint"));
    assertThat(approve(bob, id)).isEqualTo(DONE);
    assertThat(endpoint()).isEqualTo(ELSEWHERE);
    assertThat(APPROVALS.find(RacingUseCases.as(bob), id).orThrow().state())
        .isEqualTo(Approval.State.APPLIED);
    assertThat(approve(bob, id)).isEqualTo("not_open");
  }

  /** A Java program that contains Claviger, or a restore, may use any time zone. */
  @Test
  void a_change_waits_for_24_hours_on_a_day_of_23_hours_too() {
    Approval.Id id = waiting(move(alice));

    int changed =
        PORTS
            .transactions()
            .inTransaction(
                () ->
                    PORTS
                        .database()
                        .jdbc()
                        .sql(
                            """
                            with zone as materialized (
                              select set_config('timezone', 'Europe/Berlin', true))
                            update approvals
                            set asked_at = '2026-03-28T12:00Z', until = '2026-03-29T12:00Z'
                            from zone
                            where id = :id
                            """)
                        .param("id", id.value())
                        .update());

    assertThat(changed).isOne();
    assertThat(Approval.WAITS).isEqualTo(Duration.ofHours(24));
  }

  /** Carol's project is open to everybody by a share that does not permit this to a co-owner. */
  @Test
  void a_share_that_was_consented_to_waits_for_what_it_closes_before_it_locks_the_service() {
    PORTS.shares().insert(x.id(), AShare.with(carol).toEverybody().build(), alice.id());
    PORTS.projects().insert(AProject.of(carol, "open").using(x).openToEverybody().build());
    Approval.Id id =
        waiting(
            USE.sharing.share(
                RacingUseCases.as(alice),
                x.ref(),
                GranteeName.user(carol.handle()),
                Precondition.NONE,
                Share.Terms.owner()));

    assertThat(
            ConcurrentAttempts.behind(
                PORTS,
                "select id from projects where handle = 'open' for update",
                "select id from instances for update nowait",
                () -> approve(bob, id)))
        .isEqualTo(DONE);
  }

  @Test
  void a_transfer_that_was_consented_to_does_not_wait_for_its_items() {
    PORTS.projects().insert(AProject.of(alice, "p").using(x).build());
    Approval.Id id = waiting(T.offer(alice, carol, List.of("alice/x"), "alice/p"));

    assertThat(
            ConcurrentAttempts.whileUncommitted(
                PORTS,
                () ->
                    assertThat(
                            PORTS
                                .database()
                                .jdbc()
                                .sql("select id from projects for update")
                                .query()
                                .listOfRows())
                        .hasSize(1),
                () -> assertThat(approve(bob, id)).isEqualTo("concurrent_change")))
        .isFalse();

    assertThat(approve(bob, id)).isEqualTo(DONE);
  }

  @Test
  void who_may_not_consent_makes_nobody_wait() {
    Approval.Id id = waiting(move(alice));

    assertThat(
            ConcurrentAttempts.whileUncommitted(
                PORTS,
                ApprovalsTest::lockEverything,
                () -> {
                  assertThat(approve(carol, id)).isEqualTo("not_found");
                  assertThat(code(APPROVALS.decline(RacingUseCases.as(carol), id)))
                      .isEqualTo("not_found");
                  assertThat(approve(alice, id)).isEqualTo("forbidden");
                }))
        .as("whether they waited for a lock")
        .isFalse();

    assertThat(approve(bob, id)).isEqualTo(DONE);
  }

  private static void lockEverything() {
    for (String table : List.of("instances", "approvals")) {
      assertThat(
              PORTS
                  .database()
                  .jdbc()
                  .sql("select id from %s for update".formatted(table))
                  .query()
                  .listOfRows())
          .isNotEmpty();
    }
  }

  @Test
  void what_would_end_with_a_change_is_among_what_is_consented_to() {
    KeyBinding binding = KeyBinding.ofUserKey(x.id(), carol.id(), x.destination());
    try (Secret key = Secret.takingOver("sk-0123456789".getBytes(StandardCharsets.UTF_8))) {
      boolean created =
          PORTS
              .userKeys()
              .save(
                  new UserKey(x.id(), carol.id(), Instant.now()),
                  RacingUseCases.SEALER.seal(key, binding));
      assertThat(created).isTrue();
    }

    Approval.Id id = waiting(move(alice));

    assertThat(APPROVALS.find(RacingUseCases.as(bob), id).orThrow().fields()).contains("user_keys");
    assertThat(PORTS.userKeys().find(x.id(), carol.id())).isPresent();
    assertThat(approve(bob, id)).isEqualTo(DONE);
    assertThat(PORTS.userKeys().find(x.id(), carol.id())).isEmpty();
  }

  @Test
  void a_recovery_ends_the_changes_and_consents_that_an_intruder_may_have_left_behind() {
    assertThat(patch(alice, approvals(3))).isInstanceOf(Outcome.Done.class);
    Approval.Id ofAlice = waiting(move(alice));
    Approval.Id ofBob = waiting(move(bob));
    assertThat(approve(bob, ofAlice)).isEqualTo(DONE);
    assertThat(approve(alice, ofBob)).isEqualTo(DONE);

    EndedCredentials ended = recovered(bob);

    assertThat(ended.names()).containsExactly("waiting_changes", "consents");
    assertThat(ended.sentence())
        .isEqualTo(
            "This has ended: 1 change that waited for consent, 1 consent to a change of somebody"
                + " else.");
    assertThat(APPROVALS.find(RacingUseCases.as(alice), ofBob).orThrow())
        .satisfies(
            lapsed -> {
              assertThat(lapsed.state()).isEqualTo(Approval.State.LAPSED);
              assertThat(lapsed.reason().orElseThrow()).contains("recovered");
            });
    assertThat(
            PORTS
                .sql()
                .sql("select fields[1] from audit_events where action = 'approval.lapse'")
                .query(String.class)
                .list())
        .containsExactly("recovery");
    assertThat(approve(admin, ofBob)).isEqualTo("not_open");
    assertThat(approve(admin, ofAlice)).isEqualTo(DONE);
    assertThat(endpoint()).isEqualTo(x.endpoint().url());
    assertThat(approve(bob, ofAlice)).isEqualTo(DONE);
    assertThat(endpoint()).isEqualTo(ELSEWHERE);
  }

  @Test
  void a_recovery_changes_neither_what_has_ended_nor_the_consents_of_others() {
    assertThat(patch(alice, approvals(3))).isInstanceOf(Outcome.Done.class);
    Approval.Id declined = waiting(move(bob));
    assertThat(code(APPROVALS.decline(RacingUseCases.as(alice), declined))).isEqualTo(DONE);
    Approval before = APPROVALS.find(RacingUseCases.as(alice), declined).orThrow();
    Approval.Id open = waiting(move(alice));
    assertThat(approve(admin, open)).isEqualTo(DONE);

    EndedCredentials ended = recovered(bob);

    assertThat(ended.changes()).isEmpty();
    assertThat(ended.consents()).isZero();
    assertThat(APPROVALS.find(RacingUseCases.as(alice), declined).orThrow()).isEqualTo(before);
    assertThat(endpoint()).isEqualTo(x.endpoint().url());
    assertThat(approve(bob, open)).isEqualTo(DONE);
    assertThat(endpoint()).isEqualTo(ELSEWHERE);
  }

  @Test
  void a_consent_that_a_recovery_withdraws_while_the_last_one_is_given_does_not_count()
      throws ExecutionException, InterruptedException {
    assertThat(patch(alice, approvals(3))).isInstanceOf(Outcome.Done.class);
    Approval.Id id = waiting(move(alice));
    assertThat(approve(bob, id)).isEqualTo(DONE);
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      Future<String> last =
          PORTS
              .transactions()
              .inTransaction(
                  () -> {
                    assertThat(PORTS.users().lock(bob.handle())).isPresent();
                    assertThat(PORTS.credentials().endAll(bob.id(), Instant.now()).consents())
                        .isOne();
                    Future<String> consent = other.submit(() -> approve(admin, id));
                    // The administrator reads the consents, and then waits for Bob.
                    Race.until(() -> keepsSomebodyWaiting() || consent.isDone());
                    return consent;
                  });
      assertThat(last.get()).isEqualTo(DONE);
    }
    assertThat(endpoint()).isEqualTo(x.endpoint().url());
    assertThat(APPROVALS.find(RacingUseCases.as(alice), id).orThrow().consents())
        .extracting(Approval.Consent::user)
        .containsExactly(admin.id());
    assertThat(approve(bob, id)).isEqualTo(DONE);
    assertThat(endpoint()).isEqualTo(ELSEWHERE);
  }

  private static boolean keepsSomebodyWaiting() {
    return PORTS
        .database()
        .jdbc()
        .sql(
            """
            select exists (
              select from pg_locks
              where not granted and pg_backend_pid() = any(pg_blocking_pids(pid)))
            """)
        .query(Boolean.class)
        .single();
  }

  @Test
  void nobody_requests_a_change_or_consents_to_one_with_a_token_that_has_ended() {
    Approval.Id id = waiting(move(alice));
    assertThat(code(APPROVALS.approve(withEndedToken(bob), id))).isEqualTo("forbidden");
    assertThat(
            code(
                USE.instances.patch(
                    withEndedToken(bob),
                    x.ref(),
                    Precondition.NONE,
                    InstanceFields.none().endpoint(ELSEWHERE).write())))
        .isEqualTo("forbidden");
    assertThat(endpoint()).isEqualTo(x.endpoint().url());
  }

  private EndedCredentials recovered(User user) {
    return USE.accessTokens
        .issue(
            RacingUseCases.as(admin),
            user.handle(),
            new NewToken(
                new TokenName("recovery"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Limits.NONE,
                true))
        .orThrow()
        .ended()
        .orElseThrow();
  }

  private static Actor withEndedToken(User user) {
    return new Actor(
        user.id(),
        user.handle(),
        user.administrator(),
        Optional.of(AToken.of(user).build()),
        "192.0.2.1",
        "late");
  }

  @Test
  void neither_the_asker_nor_a_stranger_nor_a_new_co_owner_consents() {
    Approval.Id id = waiting(move(alice));
    assertThat(approve(alice, id)).isEqualTo("forbidden");
    assertThat(approve(carol, id)).isEqualTo("not_found");
    madeOwnerBefore(Duration.ofDays(6));
    assertThat(approve(bob, id)).isEqualTo("forbidden");
    assertThat(endpoint()).isEqualTo(x.endpoint().url());
    assertThat(approve(admin, id)).isEqualTo(DONE);
    assertThat(endpoint()).isEqualTo(ELSEWHERE);
  }

  @Test
  void who_is_responsible_for_the_service_account_that_asks_does_not_consent() {
    Approval.Id id = waiting(move(coOwner(AUser.called("robot").serviceAccountOf(bob))));
    assertThat(approve(bob, id)).isEqualTo("forbidden");
    assertThat(approve(alice, id)).isEqualTo(DONE);
    assertThat(endpoint()).isEqualTo(x.endpoint().url());
    assertThat(approve(admin, id)).isEqualTo(DONE);
    assertThat(endpoint()).isEqualTo(ELSEWHERE);
  }

  @Test
  void a_new_co_owner_by_a_service_account_consents_to_nothing_even_when_the_account_is_gone() {
    User robot = coOwner(AUser.called("robot").serviceAccountOf(alice));
    PORTS.shares().insert(x.id(), ownerShare(carol), robot.id());
    Approval.Id id = waiting(move(alice));
    assertThat(approve(carol, id)).isEqualTo("forbidden");
    PORTS.users().delete(robot.id());
    assertThat(approve(carol, id)).isEqualTo("forbidden");
    madeOwnerBefore(Duration.ofDays(7));
    assertThat(approve(carol, id)).isEqualTo(DONE);
    assertThat(endpoint()).isEqualTo(ELSEWHERE);
  }

  /** Whoever was responsible may still have its tokens, and consents as nobody but themselves. */
  @Test
  void one_person_moves_nothing_by_a_service_account_for_which_they_are_no_longer_responsible() {
    Approval.Id id = waiting(move(coOwner(AUser.called("robot").serviceAccountOf(carol))));
    assertThat(APPROVALS.find(RacingUseCases.as(bob), id).orThrow().missing()).isEqualTo(2);
    assertThat(approve(bob, id)).isEqualTo(DONE);
    assertThat(approve(bob, id)).isEqualTo(DONE);
    assertThat(endpoint()).isEqualTo(x.endpoint().url());
    assertThat(APPROVALS.find(RacingUseCases.as(bob), id).orThrow().missing()).isEqualTo(1);

    Approval.Id own = waiting(move(bob));
    assertThat(approve(alice, own)).as("bob asks as a person").isEqualTo(DONE);
    assertThat(endpoint()).isEqualTo(ELSEWHERE);
  }

  @Test
  void nor_does_a_manager_of_the_group_that_is_responsible_for_it() {
    Group team = AGroup.called("team");
    PORTS.groups().insert(team);
    PORTS.groups().putMember(team.id(), member(bob, GroupRole.MANAGER));
    PORTS.groups().putMember(team.id(), member(alice, GroupRole.MEMBER));
    Responsible managers = new Responsible.GroupManagers(team.id().value(), team.handle());
    Approval.Id id = waiting(move(coOwner(AUser.called("robot").serviceAccountOf(managers))));
    assertThat(approve(bob, id)).isEqualTo("forbidden");
    assertThat(approve(alice, id)).isEqualTo(DONE);
    assertThat(approve(admin, id)).isEqualTo(DONE);
    assertThat(endpoint()).isEqualTo(ELSEWHERE);
  }

  @Test
  void a_consent_ends_when_who_gave_it_becomes_responsible_for_the_asker() {
    assertThat(code(patch(alice, approvals(3)))).isEqualTo(DONE);
    User robot = coOwner(AUser.called("robot").serviceAccountOf(carol));
    Approval.Id id = waiting(move(robot));
    assertThat(approve(bob, id)).isEqualTo(DONE);
    assertThat(approve(alice, id)).isEqualTo(DONE);
    PORTS
        .users()
        .update(
            robot
                .withResponsible(new Responsible.Person(bob.id(), bob.handle()))
                .with(robot.fields(), Instant.now()));
    assertThat(approve(admin, id)).isEqualTo("lapsed");
    assertThat(endpoint()).isEqualTo(x.endpoint().url());
  }

  private User coOwner(AUser account) {
    User stored = PORTS.stored(account.build());
    PORTS.shares().insert(x.id(), ownerShare(stored), alice.id());
    madeOwnerBefore(Duration.ofDays(8));
    return stored;
  }

  private static GroupMember member(User user, GroupRole role) {
    return new GroupMember(user.id(), user.handle(), role, Instant.now());
  }

  @Test
  void a_new_key_waits_sealed_and_is_forgotten_when_it_is_declined() {
    Approval.Id id = waiting(bringKey());

    byte[] stored = PORTS.sql().sql("select change from approvals").query(byte[].class).single();
    assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain("canary");
    assertThat(APPROVALS.find(RacingUseCases.as(bob), id).orThrow().toString())
        .contains("api_key")
        .doesNotContain("canary");
    assertThat(code(APPROVALS.decline(RacingUseCases.as(alice), id))).isEqualTo(DONE);
    assertThat(STORE.change(id)).isEmpty();
    assertThat(approve(bob, id)).isEqualTo("not_open");
    assertThat(shown().hasApiKey()).isFalse();

    assertThat(approve(bob, waiting(bringKey()))).isEqualTo(DONE);
    assertThat(shown().hasApiKey()).isTrue();
  }

  private Outcome<?> bringKey() {
    return USE.instances.patch(
        RacingUseCases.as(alice),
        x.ref(),
        Precondition.NONE,
        InstanceWriteBuilder.of()
            .endpoint(x.endpoint().url())
            .key("sk-canary-0123456789")
            .command());
  }

  @Test
  void disabling_and_a_higher_number_wait_for_nobody_and_a_lower_one_does() {
    assertThat(code(patch(alice, InstanceFields.none().enabled(false)))).isEqualTo(DONE);
    assertThat(code(patch(alice, approvals(3)))).isEqualTo(DONE);
    Approval.Id id = waiting(patch(alice, approvals(1)));
    assertThat(approve(bob, id)).isEqualTo(DONE);
    assertThat(shown().settings().approvals().count()).isEqualTo(3);
    assertThat(approve(admin, id)).isEqualTo(DONE);
    assertThat(shown().settings().approvals().count()).isEqualTo(1);
  }

  @Test
  void ownership_waits_and_a_reader_does_not() {
    assertThat(code(share(alice, carol, Share.Terms.reader()))).isEqualTo(DONE);
    Approval.Id id = waiting(share(alice, carol, Share.Terms.owner()));
    assertThat(PORTS.shares().find(x.id(), carol.id()).orElseThrow().terms())
        .isEqualTo(Share.Terms.reader());
    assertThat(approve(bob, id)).isEqualTo(DONE);
    assertThat(PORTS.shares().find(x.id(), carol.id()).orElseThrow().terms())
        .isEqualTo(Share.Terms.owner());
    Approval.Id next = waiting(move(alice));
    assertThat(approve(carol, next)).isEqualTo("forbidden");
  }

  @Test
  void ownership_is_not_given_to_somebody_whose_share_was_ended_meanwhile() {
    assertThat(code(share(alice, carol, Share.Terms.reader()))).isEqualTo(DONE);
    Approval.Id ended = waiting(share(alice, carol, Share.Terms.owner()));
    assertThat(code(end(bob, carol))).isEqualTo(DONE);

    assertThat(approve(bob, ended)).isEqualTo("lapsed");
    assertThat(PORTS.shares().find(x.id(), carol.id())).isEmpty();

    assertThat(code(share(alice, carol, Share.Terms.reader()))).isEqualTo(DONE);
    Approval.Id givenAgain = waiting(share(alice, carol, Share.Terms.owner()));
    assertThat(code(end(bob, carol))).isEqualTo(DONE);
    assertThat(code(share(bob, carol, Share.Terms.reader()))).isEqualTo(DONE);

    assertThat(approve(bob, givenAgain)).isEqualTo("lapsed");
    assertThat(PORTS.shares().find(x.id(), carol.id()).orElseThrow().terms().role())
        .isEqualTo(Role.READER);
  }

  /** Others consent to the terms before and after the change, which they read. */
  @Test
  void ownership_is_not_given_instead_of_terms_that_nobody_saw() {
    assertThat(code(share(alice, carol, Share.Terms.reader()))).isEqualTo(DONE);
    Approval.Id id = waiting(share(alice, carol, Share.Terms.owner()));
    Share.Terms shorter = Share.Terms.reader().until(Instant.now().plus(Duration.ofHours(1)));
    assertThat(code(share(alice, carol, shorter))).isEqualTo(DONE);

    assertThat(approve(bob, id)).isEqualTo("lapsed");
    assertThat(PORTS.shares().find(x.id(), carol.id()).orElseThrow().terms().role())
        .isEqualTo(Role.READER);
    assertThat(APPROVALS.find(RacingUseCases.as(bob), id).orThrow().reason().orElseThrow())
        .contains("share");
  }

  /** The owner lends for a shorter time than was asked for, and that is the answer. */
  @Test
  void a_request_waits_with_the_grant_that_others_consent_to_and_ends_with_it() {
    BorrowRequest request = asked(Instant.now().plus(Duration.ofDays(30)));
    Approval.Id id = waiting(grant(request));
    assertThat(stateOf(request)).isEqualTo(RequestState.OPEN);

    assertThat(approve(bob, id)).isEqualTo(DONE);

    assertThat(stateOf(request)).isEqualTo(RequestState.GRANTED);
    assertThat(PORTS.borrowRequests().find(request.id()).orElseThrow().endedBy())
        .contains(alice.handle());
    assertThat(PORTS.shares().find(x.id(), carol.id()).orElseThrow().terms().role())
        .isEqualTo(Role.OWNER);
  }

  @ParameterizedTest
  @EnumSource(names = {"DECLINED", "WITHDRAWN"})
  void a_request_that_was_declined_or_withdrawn_is_not_granted_by_a_later_consent(
      RequestState state) {
    BorrowRequest request = asked(Instant.now().plus(Duration.ofDays(30)));
    Approval.Id id = waiting(grant(request));
    Outcome<?> ended =
        state == RequestState.DECLINED
            ? USE.borrowRequests.decline(RacingUseCases.as(bob), request.id())
            : USE.borrowRequests.withdraw(RacingUseCases.as(carol), request.id());
    assertThat(code(ended)).isEqualTo(DONE);

    assertThat(approve(bob, id)).isEqualTo("lapsed");

    assertThat(APPROVALS.find(RacingUseCases.as(bob), id).orThrow().reason())
        .contains("The request that this share would grant was declined or withdrawn.");
    assertThat(stateOf(request)).isEqualTo(state);
    assertThat(PORTS.shares().find(x.id(), carol.id()).filter(s -> s.terms().role() == Role.OWNER))
        .isEmpty();
  }

  /** A share that another owner gives meanwhile ends the request, but the owners give more. */
  @Test
  void ownership_that_waits_is_given_although_a_lesser_share_ended_the_request() {
    BorrowRequest request = asked(Role.READER, Instant.now().plus(Duration.ofDays(30)));
    Approval.Id id = waiting(grant(request));
    assertThat(code(share(bob, carol, Share.Terms.reader()))).isEqualTo(DONE);
    assertThat(stateOf(request)).isEqualTo(RequestState.GRANTED);

    assertThat(approve(bob, id)).isEqualTo(DONE);

    assertThat(PORTS.shares().find(x.id(), carol.id()).orElseThrow().terms().role())
        .isEqualTo(Role.OWNER);
  }

  @Race.Repeated
  void a_consent_that_races_the_same_grant_ends_the_request() {
    BorrowRequest request = asked(Instant.now().plus(Duration.ofDays(30)));
    Approval.Id id = waiting(grant(request));

    List<String> outcomes =
        manyWhileBobApproves(
            id,
            n ->
                n % 4 == 1
                    ? "share " + code(share(alice, carol, Share.Terms.reader()))
                    : "grant " + code(grant(request)));

    Optional<Approval.Id> again =
        APPROVALS.list(RacingUseCases.as(bob), FIRST).orThrow().items().stream()
            .map(Approval::id)
            .findFirst();
    if (count(outcomes, "approve done") == 0) {
      assertThat(stateOf(request)).isEqualTo(RequestState.OPEN);
      assertThat(approve(bob, again.orElseThrow())).isEqualTo(DONE);
    }
    assertThat(stateOf(request)).isEqualTo(RequestState.GRANTED);
  }

  private BorrowRequest asked(Instant until) {
    return asked(Role.OWNER, until);
  }

  private BorrowRequest asked(Role role, Instant until) {
    BorrowRequest request =
        ARequest.of(carol, x)
            .asking(
                new RequestedTerms(
                    Optional.of(role), Set.of(), Set.of(), Optional.empty(), Optional.of(until)))
            .build();
    assertThat(PORTS.borrowRequests().insert(request)).isTrue();
    return request;
  }

  private Outcome<?> grant(BorrowRequest request) {
    return USE.borrowRequests.grant(
        RacingUseCases.as(alice),
        request.id(),
        RequestGrant.on(Share.Terms.owner().until(Instant.now().plus(Duration.ofDays(1)))));
  }

  private static RequestState stateOf(BorrowRequest request) {
    return PORTS.borrowRequests().find(request.id()).orElseThrow().state();
  }

  @Test
  void a_key_that_waits_is_rotated_and_stored_under_the_new_key() {
    Approval.Id id = waiting(bringKey());
    EncryptionKeyId old = RacingUseCases.SEALER.sealingKey();
    InMemorySealer fresh = RacingUseCases.SEALER.behindANewKey();

    assertThat(keys(fresh).retire(old))
        .isNotInstanceOf(EncryptionKeys.RetirementOutcome.Done.class);
    assertThat(keys(fresh).rotate(new IgnoredProgress()))
        .isInstanceOfSatisfying(
            EncryptionKeys.RotationOutcome.Done.class,
            done -> assertThat(done.resealed()).isEqualTo(1));
    assertThat(keys(fresh).retire(old)).isInstanceOf(EncryptionKeys.RetirementOutcome.Done.class);

    assertThat(code(approvals(fresh).approve(RacingUseCases.as(bob), id))).isEqualTo(DONE);
    assertThat(
            PORTS
                .sql()
                .sql("select api_key_sealed_under from instances")
                .query(String.class)
                .list())
        .containsExactly(fresh.sealingKey().value());
  }

  /** Other nodes have rotated to a key that this node lacks. */
  @Test
  void a_node_that_lacks_the_key_of_a_waiting_change_neither_makes_nor_ends_it() {
    Approval.Id id = waiting(bringKey());
    ApprovalGate gate = gate(InMemorySealer.withOneKey());
    RacingUseCases use = new RacingUseCases(PORTS, Quotas.NONE, gate);
    Approvals paused = approvals(gate, use, new Transferring(PORTS, use, Quotas.NONE, gate));

    assertThatExceptionOfType(MissingEncryptionKey.class)
        .isThrownBy(() -> paused.approve(RacingUseCases.as(bob), id));

    Approval still = APPROVALS.find(RacingUseCases.as(bob), id).orThrow();
    assertThat(still.state()).isEqualTo(Approval.State.WAITING);
    assertThat(still.consents()).isEmpty();
    assertThat(approve(bob, id)).isEqualTo(DONE);
  }

  /** The rotated change contains a key that is still sealed under the former encryption key. */
  @Test
  void a_node_without_the_former_encryption_key_leaves_a_rotated_change_to_others() {
    Approval.Id id = waiting(bringKey());
    EncryptionKeyId old = RacingUseCases.SEALER.sealingKey();
    InMemorySealer fresh = RacingUseCases.SEALER.behindANewKey();
    assertThat(keys(fresh).rotate(new IgnoredProgress()))
        .isInstanceOf(EncryptionKeys.RotationOutcome.Done.class);
    assertThat(keys(fresh).retire(old)).isInstanceOf(EncryptionKeys.RetirementOutcome.Done.class);

    assertThatExceptionOfType(MissingEncryptionKey.class)
        .isThrownBy(() -> approvals(fresh.withoutOlderKeys()).approve(RacingUseCases.as(bob), id));

    Approval still = APPROVALS.find(RacingUseCases.as(bob), id).orThrow();
    assertThat(still.state()).isEqualTo(Approval.State.WAITING);
    assertThat(still.consents()).isEmpty();
    assertThat(code(approvals(fresh).approve(RacingUseCases.as(bob), id))).isEqualTo(DONE);
  }

  private static Approvals approvals(InMemorySealer sealer) {
    ApprovalGate gate = gate(sealer);
    RacingUseCases use = new RacingUseCases(PORTS, Quotas.NONE, gate, sealer);
    return approvals(gate, use, new Transferring(PORTS, use, Quotas.NONE, gate));
  }

  @Test
  void a_change_that_waits_under_a_key_that_is_lost_lapses_with_it() {
    Approval.Id id = waiting(bringKey());
    EncryptionKeyId lost = RacingUseCases.SEALER.sealingKey();
    InMemorySealer other = InMemorySealer.withOneKey();
    PORTS.encryptionKeys().add(other.sealingKey(), other.sentinel(other.sealingKey()));
    assertThat(keys(other).retire(lost)).isEqualTo(new EncryptionKeys.RetirementOutcome.InUse(1));

    assertThat(keys(other).discard(lost))
        .isInstanceOf(EncryptionKeys.DiscardOutcome.Concerns.class);

    Approval lapsed = APPROVALS.find(RacingUseCases.as(bob), id).orThrow();
    assertThat(lapsed.state()).isEqualTo(Approval.State.LAPSED);
    assertThat(lapsed.reason()).contains("It was sealed under a key that is gone.");
    assertThat(
            PORTS
                .sql()
                .sql("select target_ref from audit_events where action = 'approval.lapse'")
                .query(String.class)
                .list())
        .containsExactly("alice/x");
  }

  @Test
  void deletion_waits_and_so_does_that_of_its_owner() {
    Approval.Id id =
        waiting(USE.instances.delete(RacingUseCases.as(admin), x.ref(), Precondition.NONE));
    assertThat(
            code(
                USE.users.delete(
                    RacingUseCases.as(admin), alice.handle(), Precondition.NONE, true)))
        .isEqualTo("approval_required");
    assertThat(approve(admin, id)).isEqualTo("forbidden");
    assertThat(approve(bob, id)).isEqualTo(DONE);
    assertThat(PORTS.instances().find(x.id(), alice.id(), Instant.now())).isEmpty();
  }

  /** The refusal of the deletion names the projects, and is kept as the reason. */
  @Test
  void a_deletion_lapses_if_many_projects_with_long_names_use_the_service_meanwhile() {
    Approval.Id id =
        waiting(USE.instances.delete(RacingUseCases.as(alice), x.ref(), Precondition.NONE));
    for (int n = 10; n < 30; n++) {
      PORTS.projects().insert(AProject.of(alice, "p".repeat(62) + n).using(x).build());
    }

    assertThat(approve(bob, id)).isEqualTo("lapsed");
    Approval lapsed = APPROVALS.find(RacingUseCases.as(alice), id).orThrow();
    assertThat(lapsed.state()).isEqualTo(Approval.State.LAPSED);
    assertThat(lapsed.reason().orElseThrow()).startsWith("20 projects use it").endsWith("…");
  }

  @Test
  void an_offer_waits_and_one_that_was_made_before_is_not_accepted() {
    Approval.Id id = waiting(T.offer(alice, carol, List.of("alice/x")));
    assertThat(T.transfers.find(RacingUseCases.as(carol), new Transfer.Id(id.value())))
        .isInstanceOf(Outcome.Refused.class);
    assertThat(approve(bob, id)).isEqualTo(DONE);
    Transfer offered =
        T.transfers.find(RacingUseCases.as(carol), new Transfer.Id(id.value())).orThrow();
    assertThat(T.accept(carol, offered)).isEqualTo(DONE);

    Instance y = AnInstance.of(alice, "y").build();
    PORTS.instances().insert(y, new SecretChange.Keep(), new SecretChange.Keep());
    Transfer open = T.offered(alice, carol, List.of("alice/y"));
    int unused = PORTS.sql().sql("update instances set approvals = 2").update();
    assertThat(T.accept(carol, open)).isEqualTo("approval_required");
  }

  /** Carol and Bob are co-owners of alice/x. Carol's share ends before dave/new is Dave's. */
  @Test
  void a_transfer_shows_the_asker_nothing_new_and_the_new_owner_nothing_old() {
    User dave = PORTS.stored(AUser.called("dave").build());
    PORTS.shares().insert(x.id(), ownerShare(carol), alice.id());
    madeOwnerBefore(Duration.ofDays(8));
    assertThat(code(patch(alice, approvals(3)))).isEqualTo(DONE);
    Approval.Id id = waiting(move(carol));
    assertThat(approve(bob, id)).isEqualTo(DONE);
    Approval.Id offered = waiting(T.offer(alice, dave, List.of("alice/x")));
    assertThat(approve(bob, offered)).isEqualTo(DONE);
    assertThat(approve(admin, offered)).isEqualTo(DONE);
    assertThat(code(end(alice, carol))).isEqualTo(DONE);
    Transfer open =
        T.transfers.find(RacingUseCases.as(dave), new Transfer.Id(offered.value())).orThrow();
    assertThat(T.acceptAs(dave, open, "alice/x", "new")).isEqualTo(DONE);

    assertThat(APPROVALS.list(RacingUseCases.as(carol), FIRST).orThrow().items())
        .containsExactly(APPROVALS.find(RacingUseCases.as(carol), id).orThrow())
        .allSatisfy(
            seen -> {
              assertThat(seen.ref()).isEqualTo(x.ref());
              assertThat(seen.consents()).isEmpty();
              assertThat(seen.missing()).isEqualTo(1);
            });
    Approval known = APPROVALS.find(RacingUseCases.as(admin), id).orThrow();
    assertThat(known.ref()).isEqualTo(Instance.Ref.of("dave/new"));
    assertThat(known.consents()).hasSize(1);
    for (User owner : List.of(dave, bob)) {
      assertThat(code(APPROVALS.find(RacingUseCases.as(owner), id))).isEqualTo("not_found");
      assertThat(code(APPROVALS.decline(RacingUseCases.as(owner), id))).isEqualTo("not_found");
      assertThat(approve(owner, id)).isEqualTo("not_found");
      assertThat(APPROVALS.list(RacingUseCases.as(owner), FIRST).orThrow().items()).isEmpty();
    }

    assertThat(approve(carol, id)).isEqualTo("forbidden");
    assertThat(APPROVALS.decline(RacingUseCases.as(carol), id).orThrow().ref()).isEqualTo(x.ref());
    assertThat(
            PORTS
                .sql()
                .sql("select target_ref from audit_events where actor_id = :carol")
                .param("carol", carol.id().value())
                .query(String.class)
                .list())
        .doesNotContain("dave/new");
    assertThat(approvalsIn("target_owner_id = '%s'".formatted(dave.id().value()))).isEmpty();
    assertThat(approvalsIn("action = 'approval.decline' and target_owner_id is not null"))
        .containsExactly("alice/x");
  }

  private static List<String> approvalsIn(String condition) {
    return PORTS
        .sql()
        .sql("select target_ref from audit_events where target_type = 'approval' and " + condition)
        .query(String.class)
        .list();
  }

  @Test
  void what_ends_a_change_after_a_transfer_is_an_event_of_the_former_owner() {
    Approval.Id late =
        waiting(USE.instances.delete(RacingUseCases.as(alice), x.ref(), Precondition.NONE));
    Approval.Id lost = waiting(move(alice));
    changeOwner(carol);
    int unused =
        PORTS
            .sql()
            .sql(
                """
                update approvals
                set asked_at = asked_at - interval '2 days', until = until - interval '2 days'
                """)
            .update();
    APPROVALS.lapse();
    assertThat(APPROVALS.find(RacingUseCases.as(alice), late).orThrow().state())
        .isEqualTo(Approval.State.LAPSED);

    assertThat(approvalsIn("action = 'approval.lapse'")).containsExactly("alice/x", "alice/x");
    assertThat(approvalsIn("target_owner_id = '%s'".formatted(carol.id().value()))).isEmpty();
  }

  @Test
  void what_a_recovery_ends_after_a_transfer_is_an_event_of_the_former_owner() {
    Approval.Id asked = waiting(move(alice));
    changeOwner(carol);

    assertThat(PORTS.credentials().endAll(alice.id(), Instant.now()).changes())
        .containsExactly(new EndedCredentials.LapsedChange(asked, x.ref(), alice.id()));
  }

  /** The new owner can't see the waiting changes of the former owner, and can't decline them. */
  @Test
  void what_waited_before_a_transfer_takes_none_of_the_places_of_the_new_owner() {
    for (int n = 0; n < Approval.MOST_OF_SERVICE; n++) {
      User other = PORTS.stored(AUser.called("other-" + n).build());
      assertThat(code(share(alice, other, Share.Terms.owner()))).isEqualTo("pending");
    }
    changeOwner(carol);

    assertThat(
            code(
                USE.instances.delete(
                    RacingUseCases.as(carol), Instance.Ref.of("carol/x"), Precondition.NONE)))
        .isEqualTo("pending");
  }

  private static void changeOwner(User owner) {
    assertThat(
            PORTS
                .sql()
                .sql("update instances set owner_id = :id, owner_handle = :handle")
                .param("id", owner.id().value())
                .param("handle", owner.handle().value())
                .update())
        .isPositive();
  }

  @Test
  void an_offer_with_too_few_consents_since_more_are_needed_is_not_accepted() {
    Approval.Id id = waiting(T.offer(alice, carol, List.of("alice/x")));
    assertThat(approve(bob, id)).isEqualTo(DONE);
    Transfer offered =
        T.transfers.find(RacingUseCases.as(carol), new Transfer.Id(id.value())).orThrow();
    assertThat(code(patch(alice, approvals(3)))).isEqualTo(DONE);

    assertThat(T.accept(carol, offered)).isEqualTo("approval_required");
  }

  /** Others consent to what they read: a name, which somebody else may have by then. */
  @Test
  void neither_ownership_nor_an_offer_goes_to_somebody_new_with_the_name_of_a_former_user() {
    Approval.Id ownership = waiting(share(alice, carol, Share.Terms.owner()));
    Approval.Id offer = waiting(T.offer(alice, carol, List.of("alice/x")));
    PORTS.users().delete(carol.id());
    User newcomer = PORTS.stored(AUser.called("carol").build());

    assertThat(approve(bob, ownership)).isEqualTo("lapsed");
    assertThat(PORTS.shares().find(x.id(), newcomer.id())).isEmpty();
    assertThat(approve(bob, offer)).isEqualTo("lapsed");
    assertThat(PORTS.transfers().list(newcomer.id(), Optional.empty(), 1)).isEmpty();
    assertThat(approve(bob, waiting(share(alice, newcomer, Share.Terms.owner())))).isEqualTo(DONE);
  }

  @Test
  void what_changed_meanwhile_makes_it_lapse() {
    Approval.Id id = waiting(move(alice));
    assertThat(code(patch(alice, InstanceFields.none().description("other")))).isEqualTo(DONE);
    assertThat(approve(bob, id)).isEqualTo("lapsed");
    assertThat(approve(bob, id)).isEqualTo("not_open");
    assertThat(endpoint()).isEqualTo(x.endpoint().url());
  }

  /** A standard that nothing uses yet can change while the write that names it waits. */
  @Test
  void a_standard_that_forwards_more_meanwhile_makes_it_lapse() {
    PORTS.apiStandards().insert(AStandard.called("proxied").build());
    assertThat(approve(bob, waiting(bringKey()))).isEqualTo(DONE);
    Approval.Id id =
        waiting(
            patch(alice, InstanceFields.none().apiStandard("proxied").provider(Provider.OPENAI)));
    PORTS
        .apiStandards()
        .update(AStandard.called("proxied").forwarding("x-portkey-*").version(2).build());

    assertThat(approve(bob, id)).isEqualTo("lapsed");
    assertThat(shown().settings().fields().apiStandard())
        .isEqualTo(x.settings().fields().apiStandard());
  }

  /** Nothing uses the standard or the template yet, so both can be deleted meanwhile. */
  @Test
  void a_standard_or_template_that_is_deleted_meanwhile_makes_it_lapse() {
    PORTS.apiStandards().insert(AStandard.called("proxied").build());
    Definition template = ADefinition.of(alice, "template").build();
    PORTS.definitions().insert(template);
    assertThat(approve(bob, waiting(bringKey()))).isEqualTo(DONE);

    Approval.Id standard =
        waiting(
            patch(alice, InstanceFields.none().apiStandard("proxied").provider(Provider.OPENAI)));
    PORTS.apiStandards().delete(new Handle("proxied"));
    assertThat(approve(bob, standard)).isEqualTo("lapsed");
    Approval.Id made =
        waiting(
            patch(
                alice,
                InstanceFields.none().from("alice/template").endpoint(ELSEWHERE).withoutApiKey()));
    PORTS.definitions().delete(template.id());
    assertThat(approve(bob, made)).isEqualTo("lapsed");

    assertThat(shown().hasApiKey()).isTrue();
    assertThat(endpoint()).isEqualTo(x.endpoint().url());
  }

  @Test
  void an_asker_who_is_suspended_or_no_longer_an_owner_changes_nothing() {
    Approval.Id id = waiting(move(bob));
    assertThat(PORTS.shares().delete(x.id(), bob.id())).isTrue();
    assertThat(approve(alice, id)).isEqualTo("lapsed");

    Approval.Id other = waiting(move(alice));
    User suspended = alice.withSuspension(Optional.of(Instant.now()), Instant.now());
    PORTS.users().update(suspended);
    assertThat(approve(admin, other)).isEqualTo("lapsed");
    assertThat(endpoint()).isEqualTo(x.endpoint().url());
  }

  @Test
  void a_consent_ends_with_the_rights_of_who_gave_it() {
    assertThat(code(patch(alice, approvals(3)))).isEqualTo(DONE);
    Approval.Id id = waiting(move(alice));
    assertThat(approve(bob, id)).isEqualTo(DONE);
    assertThat(approve(bob, id)).isEqualTo(DONE);
    assertThat(endpoint()).isEqualTo(x.endpoint().url());
    assertThat(PORTS.shares().delete(x.id(), bob.id())).isTrue();
    assertThat(approve(admin, id)).isEqualTo("lapsed");
    assertThat(endpoint()).isEqualTo(x.endpoint().url());
  }

  @Test
  void of_the_changes_that_lapsed_or_were_declined_only_the_last_hundred_are_kept() {
    int ended =
        PORTS
            .sql()
            .sql(
                """
                insert into approvals (
                  id, instance_id, version, asker_id, kind, subject, fields, terms, needed, state,
                  asked_at, until, ended_at)
                select
                  gen_random_uuid(), :service, 1, :asker, 'write', 'service', '{endpoint}', '{}', 2,
                  (array['lapsed', 'declined', 'applied'])[1 + n % 3], now() - interval '1 day',
                  now(), timestamptz '2026-03-01Z' - make_interval(mins => n)
                from generate_series(1, 360) n
                """)
            .param("service", x.id().value())
            .param("asker", alice.id().value())
            .update();

    Approval.Id id = waiting(move(alice));

    assertThat(ended).isEqualTo(360);
    assertThat(STORE.find(id)).isPresent();
    assertThat(PORTS.endedBeforeMarch("approvals", "state = 'applied'"))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 360).filter(n -> n % 3 == 2).boxed().toList());
    assertThat(PORTS.endedBeforeMarch("approvals", "state <> 'applied'"))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 360)
                .filter(n -> n % 3 != 2)
                .limit(Approval.MOST_KEPT)
                .boxed()
                .toList());
  }

  @Test
  void it_lapses_after_a_day_and_asking_again_replaces_it() {
    Approval.Id first = waiting(move(alice));
    Approval.Id second = waiting(patch(alice, approvals(1)));
    assertThat(approve(bob, first)).isEqualTo("not_open");

    age(Duration.ofHours(25));
    APPROVALS.lapse();
    assertThat(APPROVALS.find(RacingUseCases.as(alice), second).orThrow().state())
        .isEqualTo(Approval.State.LAPSED);
    age(Duration.ofDays(40));
    APPROVALS.lapse();
    assertThat(code(APPROVALS.find(RacingUseCases.as(alice), second))).isEqualTo("not_found");
  }

  /** A scheduled {@code claviger apply} asks for the same change at each run. */
  @Test
  void whoever_asks_for_the_same_change_again_gets_the_waiting_one_with_its_consents() {
    assertThat(patch(alice, approvals(3))).isInstanceOf(Outcome.Done.class);
    Approval.Id write = waiting(move(alice));
    Approval.Id share = waiting(share(alice, carol, Share.Terms.owner()));
    for (Approval.Id each : List.of(write, share)) {
      assertThat(approve(bob, each)).isEqualTo(DONE);
    }
    int lines = askedAndLapsed();

    assertThat(waiting(move(alice))).isEqualTo(write);
    assertThat(waiting(share(alice, carol, Share.Terms.owner()))).isEqualTo(share);
    assertThat(((Refusal.Waiting) ((Outcome.Refused<?>) move(alice)).why()).needs()).isEqualTo(1);
    assertThat(askedAndLapsed()).isEqualTo(lines);

    assertThat(waiting(move(bob))).isNotEqualTo(write);
    Approval.Id key = waiting(bringKey());
    assertThat(waiting(bringKey())).isNotEqualTo(key).isNotEqualTo(write);
    assertThat(STORE.find(write).orElseThrow().state()).isEqualTo(Approval.State.LAPSED);
    Approval.Id moving = waiting(move(alice));
    assertThat(code(patch(alice, InstanceFields.none().description("changed")))).isEqualTo(DONE);
    assertThat(waiting(move(alice))).isNotEqualTo(moving);
    assertThat(waiting(share(alice, carol, Share.Terms.owner()))).isNotEqualTo(share);
  }

  private static int askedAndLapsed() {
    return PORTS
        .sql()
        .sql("select count(*) from audit_events where action in ('approval.ask', 'approval.lapse')")
        .query(Integer.class)
        .single();
  }

  @Test
  void a_change_that_can_not_lapse_does_not_stop_the_others() {
    Approval.Id first = waiting(move(alice));
    Approval.Id second = waiting(move(bob));
    Approval.Id third = waiting(share(alice, carol, Share.Terms.owner()));
    InvocationHandler failing =
        (proxy, method, arguments) -> {
          if (method.getName().equals("end") && ((Approval) arguments[0]).id().equals(first)) {
            throw new IllegalStateException("can't be recorded");
          }
          return method.invoke(STORE, arguments);
        };
    ApprovalStore store =
        (ApprovalStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ApprovalStore.class}, failing);

    age(Duration.ofHours(25));
    assertThatIllegalStateException().isThrownBy(approvals(store, GATE, USE, T)::lapse);

    assertThat(STORE.find(first).orElseThrow().state()).isEqualTo(Approval.State.WAITING);
    for (Approval.Id other : List.of(second, third)) {
      assertThat(STORE.find(other).orElseThrow().state()).isEqualTo(Approval.State.LAPSED);
    }
  }

  @Race.Repeated
  void of_many_nodes_one_records_that_a_change_lapsed() {
    Approval.Id id = waiting(move(alice));
    age(Duration.ofHours(25));

    List<Boolean> unused =
        Race.of(
            16,
            n -> {
              APPROVALS.lapse();
              return true;
            },
            1);

    assertThat(STORE.find(id).orElseThrow().state()).isEqualTo(Approval.State.LAPSED);
    assertThat(
            PORTS
                .sql()
                .sql("select count(*) from audit_events where action = 'approval.lapse'")
                .query(Integer.class)
                .single())
        .isEqualTo(1);
  }

  /** Makes all changes older, as if this time had passed. */
  private static void age(Duration time) {
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    update approvals
                    set asked_at = asked_at - s.age, until = until - s.age,
                      ended_at = ended_at - s.age
                    from (select make_interval(secs => :seconds) as age) s
                    """)
                .param("seconds", time.toSeconds())
                .update())
        .isPositive();
  }

  @Test
  void a_bounded_number_waits() {
    for (int n = 0; n < Approval.MOST_OF_SERVICE; n++) {
      User other = PORTS.stored(AUser.called("other-" + n).build());
      assertThat(code(share(alice, other, Share.Terms.owner()))).isEqualTo("pending");
    }
    assertThat(code(move(alice))).isEqualTo("too_many_waiting");
  }

  @Race.Repeated
  void consents_and_a_decline_that_race_have_one_outcome() {
    Approval.Id id = waiting(move(alice));

    List<String> outcomes =
        many(
            n ->
                switch (n % 3) {
                  case 0 -> "decline " + code(APPROVALS.decline(RacingUseCases.as(alice), id));
                  case 1 -> "approve " + approve(bob, id);
                  default -> "approve " + approve(admin, id);
                });

    assertThat(outcomes.stream().filter(said -> said.endsWith(DONE))).hasSize(1);
    assertThat(endpoint().equals(ELSEWHERE)).isEqualTo(outcomes.contains("approve done"));
  }

  @Race.Repeated
  void a_consent_that_races_a_change_is_of_what_was_asked_for_or_lapses() {
    Approval.Id id = waiting(move(alice));

    List<String> outcomes =
        manyWhileBobApproves(
            id,
            n -> "change " + code(patch(alice, InstanceFields.none().description("other " + n))));

    int made = count(outcomes, "approve done");
    assertThat(made).isLessThanOrEqualTo(1);
    assertThat(outcomes.contains("approve lapsed")).isEqualTo(made == 0);
    assertThat(endpoint().equals(ELSEWHERE)).isEqualTo(outcomes.contains("approve done"));
  }

  @Race.Repeated
  void a_consent_that_races_the_end_of_the_share_counts_or_does_not() {
    Approval.Id id = waiting(move(alice));

    List<String> outcomes = manyWhileBobApproves(id, n -> "end " + code(end(alice, bob)));

    assertThat(count(outcomes, "approve done")).isLessThanOrEqualTo(1);
    assertThat(endpoint().equals(ELSEWHERE)).isEqualTo(outcomes.contains("approve done"));
    assertThat(outcomes).allMatch(said -> said.endsWith(DONE) || said.startsWith("approve "));
  }

  /** Half of the threads approve, and the others attempt this. */
  private List<String> manyWhileBobApproves(Approval.Id id, IntFunction<String> attempt) {
    return many(n -> n % 2 == 0 ? "approve " + approve(bob, id) : attempt.apply(n));
  }

  private Outcome<?> move(User asker) {
    return patch(asker, InstanceFields.none().endpoint(ELSEWHERE));
  }

  private static InstanceFields approvals(int count) {
    return InstanceFields.none()
        .own(InstanceField.APPROVALS, Optional.of(new NeededConsents(count)));
  }

  private Outcome<?> patch(User asker, InstanceFields fields) {
    return USE.instances.patch(
        RacingUseCases.as(asker), x.ref(), Precondition.NONE, fields.write());
  }

  private Outcome<?> share(User asker, User holder, Share.Terms terms) {
    return USE.sharing.share(
        RacingUseCases.as(asker),
        x.ref(),
        GranteeName.user(holder.handle()),
        Precondition.NONE,
        terms);
  }

  private Outcome<?> end(User actor, User holder) {
    return USE.sharing.end(
        RacingUseCases.as(actor), x.ref(), GranteeName.user(holder.handle()), Precondition.NONE);
  }

  private static Approval.Id waiting(Outcome<?> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    Refusal why = ((Outcome.Refused<?>) outcome).why();
    assertThat(why).isInstanceOf(Refusal.Waiting.class);
    return new Approval.Id(((Refusal.Waiting) why).id());
  }

  private static String approve(User user, Approval.Id id) {
    return code(APPROVALS.approve(RacingUseCases.as(user), id));
  }

  private Instance shown() {
    return PORTS.instances().find(x.id(), alice.id(), Instant.now()).orElseThrow().instance();
  }

  private String endpoint() {
    return shown().endpoint().url();
  }
}
