package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.builders.ARequest;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.instances.CredentialWrite;
import io.claviger.application.instances.InstanceWrite;
import io.claviger.application.instances.InstanceWriteBuilder;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.objects.port.StoredObjectStore;
import io.claviger.application.projects.Projects.ProjectCommand;
import io.claviger.application.routing.port.RoutingContexts.FormerNames;
import io.claviger.application.routing.port.RoutingContexts.SeenService;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.ConsentDemand;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Quotas;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.shared.port.CountedKind;
import io.claviger.application.sharing.port.AccessHistory.AccessQuestion;
import io.claviger.application.transfers.Transfers;
import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.domain.Description;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.fairness.PaceLimits;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.instances.EffectiveDefault;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.SharedObject;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.projects.Project;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestState;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import io.claviger.domain.transfers.TransferState;
import io.claviger.persistence.objects.JdbcStoredObjects;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.sharing.JdbcAccessHistory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * What a transfer changes and what it leaves as it is, and where the references lead that services
 * had before.
 */
final class TransfersTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final Transferring T = new Transferring(PORTS, USE);

  private final TransferScene scene = new TransferScene(PORTS);
  private final User alice = scene.alice;
  private final User bob = scene.bob;
  private final User carol = scene.carol;
  private final User dave = scene.dave;

  @Test
  void what_was_shared_stays_shared_by_the_receiver() {
    Instance x = scene.service("x");
    scene.share(x, AShare.with(carol).role(Role.WRITER), alice);

    bobTakesX();

    assertThat(T.shown(bob, "bob/x")).contains("bob/x");
    assertThat(T.shown(carol, "bob/x")).contains("bob/x");
    assertThat(T.shown(alice, "bob/x")).isEmpty();
    assertThat(scene.share(x, carol).orElseThrow().givenBy()).contains(bob.handle());
    assertThat(scene.share(x, carol).orElseThrow().terms().role()).isEqualTo(Role.WRITER);
  }

  /** Three days ago, Carol's share ended, and Dave's began. */
  @Test
  void only_administrators_are_told_who_could_use_a_service_before_a_transfer() {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    Instance x = scene.service("x");
    scene.share(x, AShare.with(carol), alice);
    assertThat(PORTS.shares().delete(x.id(), carol.id())).isTrue();
    scene.share(x, AShare.with(dave), alice);
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    update access_spans
                    set since = since - interval '3 days', until = until - interval '3 days'
                    """)
                .update())
        .isPositive();

    bobTakesX();

    assertThat(couldUse(x, "alice/x", true, today.minusDays(3)))
        .containsExactly("alice", "carol", "dave");
    assertThat(couldUse(x, "alice/x", false, today.minusDays(3))).isEmpty();
    assertThat(couldUse(x, "alice/x", false, today.minusDays(1))).isEmpty();
    assertThat(couldUse(x, "bob/x", true, today)).containsExactly("alice", "bob", "dave");
    assertThat(couldUse(x, "bob/x", false, today)).containsExactly("bob", "dave");
  }

  /** The history keeps what other tests did with services of the same name. */
  private static List<String> couldUse(
      Instance service, String ref, boolean administrator, LocalDate day) {
    Optional<Instance.Id> only = administrator ? Optional.empty() : Optional.of(service.id());
    return new JdbcAccessHistory(new Database(PORTS.dataSource()))
            .find(
                new AccessQuestion(Instance.Ref.of(ref), only, administrator, day),
                Optional.empty(),
                9_999)
            .stream()
            .filter(access -> access.service().equals(service.id()))
            .map(access -> access.user().orElseThrow().value())
            .toList();
  }

  @Test
  void transfers_are_listed_from_the_oldest_on_and_expired_offers_are_not_open() {
    Transfer newest = stored(Duration.ofHours(1), "z", "a");
    Transfer oldest = stored(Duration.ofHours(3), "y");
    Transfer middle = stored(Duration.ofHours(2), "x");
    Transfer expired = stored(Transfer.OPEN_FOR.plusHours(1), "w");

    for (User party : List.of(alice, bob)) {
      assertThat(PORTS.transfers().list(party.id(), Optional.empty(), 3))
          .containsExactly(expired, oldest, middle);
      TimeCursor last = new TimeCursor(middle.offeredAt(), middle.id().value());
      assertThat(PORTS.transfers().list(party.id(), Optional.of(last), 3)).containsExactly(newest);
    }
    assertThat(PORTS.transfers().listOpenTo(bob.id(), 2)).containsExactly(oldest, middle);
    assertThat(PORTS.transfers().listOpenOf(alice.id(), 3)).containsExactly(oldest, middle, newest);

    PORTS.transfers().expire();
    assertThat(PORTS.transfers().list(bob.id(), Optional.empty(), 2))
        .containsExactly(expired.asOf(Instant.now()), oldest);
  }

  @Test
  void a_transfer_ends_once() {
    Transfer offer = stored(Transfer.OPEN_FOR.plusHours(1), "x");
    Transfer declined = offer.ended(TransferState.DECLINED, offer.items(), offer.offeredAt());
    PORTS.transfers().end(declined);

    assertThatExceptionOfType(ConcurrencyConflict.class)
        .isThrownBy(
            () ->
                PORTS.transfers().end(offer.ended(TransferState.WITHDRAWN, offer.items(), past())));
    PORTS.transfers().expire();
    assertThat(PORTS.transfers().list(bob.id(), Optional.empty(), 2)).containsExactly(declined);
  }

  /** An offer that Alice made to Bob this time ago. */
  private Transfer stored(Duration ago, String... services) {
    Transfer offer =
        Transfer.offered(
            new Transfer.Id(UUID.randomUUID()),
            new Transfer.Party(alice.id(), alice.handle()),
            new Transfer.Party(bob.id(), bob.handle()),
            alice.handle(),
            Stream.of(services)
                .map(
                    name ->
                        new TransferItem(
                            TransferItem.Kind.SERVICE,
                            Optional.of(scene.service(name).id().value()),
                            new Handle(name),
                            Optional.empty()))
                .toList(),
            Instant.now().minus(ago).truncatedTo(ChronoUnit.MICROS));
    PORTS.transfers().insert(offer, alice.id());
    return offer;
  }

  @Test
  void of_the_offers_that_came_to_nothing_only_the_last_hundred_are_kept() {
    Instance unused = scene.service("x");
    int ended =
        PORTS
            .sql()
            .sql(
                """
                insert into transfers (
                  id, from_id, from_handle, to_id, to_handle, state, offered_at, expires_at,
                  ended_at)
                select
                  gen_random_uuid(), :alice, 'alice', :bob, 'bob',
                  (array['declined', 'withdrawn', 'expired', 'accepted'])[1 + n % 4],
                  timestamptz '2026-02-01Z', timestamptz '2026-02-15Z',
                  timestamptz '2026-03-01Z' - make_interval(mins => n)
                from generate_series(1, 400) n
                """)
            .param("alice", alice.id().value())
            .param("bob", bob.id().value())
            .update();

    Transfer open = T.offered(alice, bob, List.of("alice/x"));

    assertThat(ended).isEqualTo(400);
    assertThat(PORTS.transfers().list(alice.id(), Optional.empty(), 500))
        .hasSize(100 + Transfer.MOST_KEPT + 1)
        .extracting(Transfer::id)
        .contains(open.id());
    assertThat(PORTS.endedBeforeMarch("transfers", "state = 'accepted'"))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 400).filter(n -> n % 4 == 3).boxed().toList());
    assertThat(PORTS.endedBeforeMarch("transfers", "state <> 'accepted'"))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 400)
                .filter(n -> n % 4 != 3)
                .limit(Transfer.MOST_KEPT)
                .boxed()
                .toList());
  }

  @Test
  void a_transfer_changes_nothing_about_what_is_not_transferred() {
    Instance x = scene.service("x");
    Instance y = scene.service("y");
    User eve = scene.stored(AUser.called("eve").build());
    for (Instance each : List.of(x, y)) {
      scene.share(each, AShare.with(bob).role(Role.OWNER), alice);
      scene.share(each, AShare.with(eve).role(Role.OWNER), alice);
      scene.share(each, AShare.with(carol).givenVia(bob), bob);
      scene.share(each, AShare.with(dave).givenVia(eve), eve);
    }
    Project p = scene.project(alice, "p", x);
    Project q = scene.project(alice, "q", y);
    for (Project each : List.of(p, q)) {
      join(each, bob);
      join(each, carol);
    }
    BorrowRequest ended = request(ARequest.of(bob, x).asking(model("ended")));
    PORTS
        .borrowRequests()
        .end(ended.ended(RequestState.DECLINED, alice.handle(), Instant.EPOCH), alice.id());
    BorrowRequest ofReceiver = request(ARequest.of(bob, x));
    BorrowRequest ofAnother = request(ARequest.of(dave, x));
    BorrowRequest elsewhere = request(ARequest.of(bob, y));
    List<String> others = rowsOf(y, q);

    Transfer offer = T.offered(alice, bob, List.of("alice/x"), "alice/p");
    assertThat(T.accept(bob, offer)).isEqualTo(DONE);

    assertThat(rowsOf(y, q)).isEqualTo(others).hasSize(8);
    assertThat(scene.share(x, bob)).isEmpty();
    assertThat(scene.share(x, carol).orElseThrow().givenVia()).isEmpty();
    assertThat(scene.share(x, dave).orElseThrow().givenVia()).contains(eve.id());
    assertThat(scene.share(x, dave).orElseThrow().givenBy()).contains(eve.handle());
    assertThat(PORTS.projectShares().find(p.id(), bob.id())).isEmpty();
    assertThat(PORTS.projectShares().find(p.id(), carol.id()).orElseThrow().givenBy())
        .contains(bob.handle());
    assertThat(PORTS.borrowRequests().find(ofReceiver.id())).isEmpty();
    for (BorrowRequest stays : List.of(ended, ofAnother, elsewhere)) {
      assertThat(PORTS.borrowRequests().find(stays.id())).isPresent();
    }
  }

  /** Carol's share is Alice's, Dave's is a co-owner's, Eve's an administrator's, Frank's Bob's. */
  @Test
  void nothing_that_is_transferred_belongs_to_a_file_any_more() {
    Instance x = scene.service("x");
    Instance y = scene.service("y");
    User eve = scene.stored(AUser.called("eve").build());
    User frank = scene.stored(AUser.called("frank").build());
    User gina = scene.stored(AUser.called("gina").build());
    for (Instance each : List.of(x, y)) {
      scene.share(each, AShare.with(bob).role(Role.OWNER), alice);
      scene.share(each, AShare.with(gina).role(Role.OWNER), alice);
      scene.share(each, AShare.with(carol), alice);
      scene.share(each, AShare.with(dave).givenVia(gina), gina);
      scene.share(each, AShare.with(eve), scene.root);
      scene.share(each, AShare.with(frank).givenVia(bob), bob);
      assertThat(
              new JdbcStoredObjects(PORTS.database())
                  .share(
                      each.id(),
                      new ObjectName(ObjectKind.FILES, "file-1"),
                      new StoredObjectStore.Terms(
                          SharedObject.Access.READ, Optional.empty(), Field.absent()),
                      alice.id(),
                      true,
                      Instant.now()))
          .isEqualTo(StoredObjectStore.Sharing.CREATED);
    }
    Project p = scene.project(alice, "p", x);
    Project q = scene.project(alice, "q", y);
    for (Project each : List.of(p, q)) {
      join(each, carol);
    }
    for (String table :
        List.of("instances", "projects", "shares", "project_shares", "shared_objects")) {
      assertThat(PORTS.sql().sql("update " + table + " set applied_by = 'lab'").update())
          .isPositive();
    }
    long version = scene.share(x, dave).orElseThrow().version();

    Transfer offer = T.offered(alice, bob, List.of("alice/x"), "alice/p");
    assertThat(T.accept(bob, offer)).isEqualTo(DONE);

    assertThat(marks(x, p)).hasSize(9).containsOnly("none");
    assertThat(marks(y, q)).hasSize(10).containsOnly("lab");
    assertThat(scene.share(x, dave).orElseThrow().version()).isGreaterThan(version);
  }

  /** The files from which a service, a project and everything in them was applied. */
  private static List<String> marks(Instance service, Project project) {
    return PORTS
        .sql()
        .sql(
            """
            select coalesce(m.applied_by, 'none')
            from (
              select applied_by from instances where id = :service
              union all
              select applied_by from shares where instance_id = :service
              union all
              select applied_by from shared_objects where service_id = :service
              union all
              select applied_by from projects where id = :project
              union all
              select applied_by from project_shares where project_id = :project) m
            """)
        .param("service", service.id().value())
        .param("project", project.id().value())
        .query(String.class)
        .list();
  }

  private static RequestedTerms model(String name) {
    return RequestedTerms.of(new ModelPattern(name));
  }

  private static BorrowRequest request(ARequest request) {
    BorrowRequest made = request.build();
    assertThat(PORTS.borrowRequests().insert(made)).isTrue();
    return made;
  }

  /** The rows of a service, of a project, and of their shares. */
  private static List<String> rowsOf(Instance service, Project project) {
    return PORTS
        .sql()
        .sql(
            """
            select cast(to_jsonb(i) as text) from instances i where i.id = :service
            union all
            select cast(to_jsonb(s) as text) from shares s where s.instance_id = :service
            union all
            select cast(to_jsonb(p) as text) from projects p where p.id = :project
            union all
            select cast(to_jsonb(s) as text) from project_shares s where s.project_id = :project
            order by 1
            """)
        .param("service", service.id().value())
        .param("project", project.id().value())
        .query(String.class)
        .list();
  }

  @Test
  void a_service_leaves_the_capacity_group_of_the_giver_and_keeps_what_is_stated_of_it() {
    ProviderLimits four = new ProviderLimits(PaceLimits.NONE, OptionalInt.of(4));
    Instance x = AnInstance.of(alice, "x").capacityGroup("main").providerLimits(four).build();
    PORTS.instances().insert(x, new SecretChange.Keep(), new SecretChange.Keep());

    bobTakesX();

    InstanceSettings moved =
        PORTS.instances().find(x.id(), bob.id(), Instant.EPOCH).orElseThrow().instance().settings();
    assertThat(moved.capacity().group()).isEmpty();
    assertThat(moved.providerLimits()).isEqualTo(four);
  }

  @Test
  void what_the_receiver_lent_as_a_co_owner_is_lent_as_the_owner() {
    Instance x = scene.service("x");
    scene.share(x, AShare.with(bob).role(Role.OWNER), alice);
    scene.share(x, AShare.with(carol).role(Role.READER).givenVia(bob), bob);

    bobTakesX();

    assertThat(scene.share(x, bob)).isEmpty();
    assertThat(scene.share(x, carol).orElseThrow().givenVia()).isEmpty();
    assertThat(T.shown(carol, "bob/x")).contains("bob/x");
  }

  @Test
  void a_taken_handle_is_refused_by_its_pointer_and_another_one_is_not() {
    Instance unused = scene.service("x");
    assertThat(put(bob, "bob/x")).isEqualTo(DONE);
    Transfer offer = T.offered(alice, bob, List.of("alice/x"));

    assertThat(T.accept(bob, offer)).isEqualTo("handle_taken");
    assertThat(T.acceptAs(bob, offer, "alice/y", "z")).isEqualTo("validation_failed");
    assertThat(T.acceptAs(bob, offer, "alice/x", "x-of-alice")).isEqualTo(DONE);
    assertThat(T.shown(bob, "alice/x")).contains("bob/x-of-alice");
  }

  @Test
  void a_service_and_its_project_move_together_and_members_keep_their_passage() {
    Instance x = scene.service("x");
    Project p = scene.project(alice, "p", x);
    join(p, carol);

    assertThat(T.accept(bob, T.offered(alice, bob, List.of("alice/x"), "alice/p"))).isEqualTo(DONE);

    assertThat(USE.projects.find(RacingUseCases.as(carol), Project.Ref.of("alice/p")).orThrow())
        .satisfies(
            view -> {
              assertThat(view.project().ref()).hasToString("bob/p");
              assertThat(view.access().orElseThrow().wireName()).isEqualTo("ok");
            });
    assertThat(describe(alice, "alice/p")).isEqualTo("handle_reserved");
  }

  @Test
  void what_would_part_members_from_their_service_is_refused_and_named() {
    Instance x = scene.service("x");
    Project p = scene.project(alice, "p", x);
    join(p, carol);
    Transfer service = T.offered(alice, bob, List.of("alice/x"));
    Transfer project = T.offered(alice, bob, List.of(), "alice/p");

    assertThat(T.accept(bob, service)).isEqualTo("members_lose_access");
    assertThat(T.accept(bob, project)).isEqualTo("members_lose_access");

    join(p, bob);
    assertThat(T.transfers.accept(RacingUseCases.as(bob), service.id(), Transfers.NewHandles.NONE))
        .satisfies(
            outcome ->
                assertThat(outcome)
                    .extracting("why")
                    .isInstanceOfSatisfying(
                        Refusal.Conflict.class,
                        conflict -> assertThat(conflict.detail()).contains("alice/p")));
  }

  @Test
  void members_of_a_project_gain_the_receivers_service_only_if_the_receiver_names_it() {
    Instance his = AnInstance.of(bob, "x").build();
    PORTS.instances().insert(his, new SecretChange.Keep(), new SecretChange.Keep());
    scene.share(his, AShare.with(alice), bob);
    Project p = scene.project(alice, "p", his);
    join(p, carol);
    Transfer offer = T.offered(alice, bob, List.of(), "alice/p");

    assertThat(T.accept(bob, offer)).isEqualTo("members_gain_access");
    assertThat(code(accept(offer, "bob/y"))).isEqualTo("members_gain_access");
    assertThat(accept(offer, "bob/y").toString()).contains("bob/x", "(now 1)");
    assertThat(code(accept(offer, "bob/x"))).isEqualTo(DONE);
  }

  @Test
  void members_of_a_project_gain_no_service_that_the_receiver_may_lend_on() {
    Instance x = AnInstance.of(dave, "x").build();
    PORTS.instances().insert(x, new SecretChange.Keep(), new SecretChange.Keep());
    scene.share(x, AShare.with(alice), dave);
    scene.share(x, AShare.with(bob).mayReshare(), dave);
    Project p = scene.project(alice, "p", x);
    Project unused = scene.project(alice, "q", x);
    join(p, carol);

    assertThat(T.accept(bob, T.offered(alice, bob, List.of(), "alice/p")))
        .isEqualTo("members_gain_access");
    assertThat(T.accept(bob, T.offered(alice, bob, List.of(), "alice/q"))).isEqualTo(DONE);
  }

  @Test
  void an_expired_right_to_lend_on_gives_the_members_of_a_project_nothing() {
    Instance x = AnInstance.of(dave, "x").build();
    PORTS.instances().insert(x, new SecretChange.Keep(), new SecretChange.Keep());
    scene.share(x, AShare.with(alice), dave);
    scene.share(x, AShare.with(bob).mayReshare().expiresAt(past()), dave);
    join(scene.project(alice, "p", x), carol);

    assertThat(T.accept(bob, T.offered(alice, bob, List.of(), "alice/p"))).isEqualTo(DONE);
  }

  private static Instant past() {
    return Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.MICROS);
  }

  private static Outcome<Transfer> accept(Transfer offer, String service) {
    User receiver = PORTS.users().find(offer.to().handle()).orElseThrow();
    return T.transfers.accept(
        RacingUseCases.as(receiver),
        offer.id(),
        Transfers.NewHandles.NONE,
        Map.of(Project.Ref.of("alice/p"), Instance.Ref.of(service)));
  }

  @Test
  void members_by_a_group_count_too() {
    Instance x = scene.service("x");
    Project p = scene.project(alice, "p", x);
    int stored =
        PORTS
            .sql()
            .sql(
                """
                with team as (
                  insert into groups (id, handle, display_name, kind, version, created_at, updated_at)
                  values (gen_random_uuid(), 'team', 'Team', 'local', 1, now(), now())
                  returning id),
                member as (
                  insert into group_members select id, :carol, 'member', now() from team)
                insert into project_shares (
                  project_id, owner_handle, project_handle, grantee_id, grantee_handle, role,
                  version, created_at)
                select :project, 'alice', 'p', id, '@team', 'reader', 1, now() from team
                """)
            .param("carol", carol.id().value())
            .param("project", p.id().value())
            .update();
    assertThat(stored).isEqualTo(1);

    assertThat(T.accept(bob, T.offered(alice, bob, List.of("alice/x"))))
        .isEqualTo("members_lose_access");
    changeOne("delete from groups");
  }

  @Test
  void the_receiver_gets_no_more_than_they_may_have() {
    Instance unused = scene.service("x");
    assertThat(put(bob, "bob/y")).isEqualTo(DONE);
    Quotas quotas = new Quotas(Map.of(CountedKind.SERVICE, 1), PORTS.objectCounts());
    Transferring limited = new Transferring(PORTS, USE, quotas);
    Transfer offer = T.offered(alice, bob, List.of("alice/x"));

    assertThat(limited.accept(bob, offer)).isEqualTo("quota_exceeded");
    assertThat(T.shown(alice, "alice/x")).contains("alice/x");
    assertThat(T.accept(bob, offer)).isEqualTo(DONE);
  }

  @Test
  void a_project_without_members_is_parted_and_says_revoked() {
    Instance x = scene.service("x");
    Project unused = scene.project(alice, "p", x);

    bobTakesX();

    assertThat(
            USE.projects
                .find(RacingUseCases.as(alice), Project.Ref.of("alice/p"))
                .orThrow()
                .access()
                .orElseThrow()
                .wireName())
        .isEqualTo("revoked");
  }

  @Test
  void the_version_counts_the_change_and_the_one_who_set_the_endpoint_stays() {
    Instance x = scene.service("x");

    bobTakesX();

    Instance moved =
        PORTS
            .instances()
            .find(x.id(), bob.id(), Instant.EPOCH)
            .map(InstanceStore.VisibleInstance::instance)
            .orElseThrow();
    assertThat(moved.version()).isEqualTo(x.version() + 1);
    assertThat(moved.endpointSetBy()).isEqualTo(x.endpointSetBy());
  }

  @Test
  void who_may_offer_and_to_whom() {
    Instance x = scene.service("x");
    scene.share(x, AShare.with(bob).role(Role.OWNER), alice);
    User suspended = scene.stored(AUser.called("sue").suspendedAt(x.createdAt()).build());
    User robot = scene.stored(AUser.called("robot").serviceAccountOf(alice).build());

    assertThat(code(T.offer(bob, carol, List.of("alice/x")))).isEqualTo("forbidden");
    assertThat(code(T.offer(scene.root, carol, List.of("alice/x")))).isEqualTo("forbidden");
    assertThat(code(T.offer(dave, carol, List.of("alice/x")))).isEqualTo("unknown_reference");
    assertThat(code(T.offer(alice, alice, List.of("alice/x")))).isEqualTo("not_allowed");
    assertThat(code(T.offer(alice, suspended, List.of("alice/x")))).isEqualTo("not_allowed");
    assertThat(code(T.offer(alice, robot, List.of("alice/x")))).isEqualTo("not_allowed");
    assertThat(code(T.offer(alice, bob, List.of()))).isEqualTo("invalid_value");
    assertThat(code(T.offer(alice, bob, List.of("alice/x", "alice/x")))).isEqualTo("not_allowed");
    assertThat(code(T.offer(alice, bob, List.of("alice/x")))).isEqualTo(DONE);
    assertThat(code(T.offer(alice, carol, List.of("alice/x")))).isEqualTo("already_offered");
  }

  @Test
  void the_giver_and_administrators_find_what_is_offered_and_the_receiver_too() {
    Instance unusedX = scene.service("x");
    Instance unusedY = scene.service("y");
    Transfer declined = T.offered(alice, bob, List.of("alice/y"));
    assertThat(code(T.transfers.decline(RacingUseCases.as(bob), declined.id()))).isEqualTo(DONE);
    Transfer open = T.offered(alice, bob, List.of("alice/x"));

    assertThat(T.transfers.openOf(RacingUseCases.as(alice), alice.id()).orThrow())
        .containsExactly(open);
    assertThat(T.transfers.openOf(RacingUseCases.as(scene.root), alice.id()).orThrow())
        .containsExactly(open);
    assertThat(code(T.transfers.openOf(RacingUseCases.as(bob), alice.id()))).isEqualTo("not_found");
    assertThat(T.transfers.openTo(RacingUseCases.as(bob)).orThrow()).containsExactly(open);
    assertThat(T.transfers.openTo(RacingUseCases.as(alice)).orThrow()).isEmpty();
    assertThat(T.offer(alice, carol, List.of("alice/x")))
        .isEqualTo(
            Outcome.refused(
                new Refusal.Conflict(
                    "already_offered",
                    "In an open transfer already: service alice/x (transfer %s). Withdraw that transfer first."
                        .formatted(open.id().value()))));
  }

  @Test
  void administrators_offer_what_a_suspended_user_owns() {
    Instance unused = scene.service("x");
    changeOne("update users set suspended_at = now() where handle = 'alice'");

    Transfer offer = T.offered(scene.root, bob, List.of("alice/x"));

    assertThat(offer.from().handle()).isEqualTo(alice.handle());
    assertThat(offer.offeredBy()).contains(scene.root.handle());
    assertThat(T.accept(bob, offer)).isEqualTo(DONE);
  }

  /** Whoever is back decides about their own things. */
  @Test
  void an_offer_of_an_administrator_ends_with_the_suspension_of_the_owner() {
    Instance unused = scene.service("x");
    changeOne("update users set suspended_at = now() where handle = 'alice'");
    Transfer offer = T.offered(scene.root, bob, List.of("alice/x"));
    changeOne("update users set suspended_at = null where handle = 'alice'");

    assertThat(T.accept(bob, offer)).isEqualTo("offer_changed");

    assertThat(T.shown(alice, "alice/x")).contains("alice/x");
    assertThat(code(T.transfers.withdraw(RacingUseCases.as(alice), offer.id()))).isEqualTo(DONE);
    bobTakesX();
  }

  @Test
  void an_offer_whose_time_has_run_out_is_expired_and_makes_way_for_another() {
    Instance unused = scene.service("x");
    Transfer offer = T.offered(alice, bob, List.of("alice/x"));
    changeOne(
        """
        update transfers
        set offered_at = offered_at - interval '14 days',
          expires_at = expires_at - interval '14 days'
        """);

    assertThat(T.transfers.find(RacingUseCases.as(bob), offer.id()).orThrow().state())
        .isEqualTo(TransferState.EXPIRED);
    assertThat(T.accept(bob, offer)).isEqualTo("not_open");
    assertThat(T.accept(carol, T.offered(alice, carol, List.of("alice/x")))).isEqualTo(DONE);
  }

  @Test
  void an_offer_of_what_was_deleted_can_not_be_accepted() {
    Instance unused = scene.service("x");
    Transfer offer = T.offered(alice, bob, List.of("alice/x"));
    Instance.Ref gone =
        USE.instances
            .delete(RacingUseCases.as(alice), Instance.Ref.of("alice/x"), Precondition.NONE)
            .orThrow(RefusedException::new);

    assertThat(gone).hasToString("alice/x");
    assertThat(T.accept(bob, offer)).isEqualTo("offer_changed");
  }

  @Test
  void an_old_reference_shows_the_service_to_those_who_see_it_and_to_nobody_else() {
    Instance x = scene.service("x");
    scene.share(x, AShare.with(carol).role(Role.READER), alice);
    bobTakesX();

    assertThat(T.shown(bob, "alice/x")).contains("bob/x");
    assertThat(T.shown(carol, "alice/x")).contains("bob/x");
    assertThat(T.shown(dave, "alice/x")).isEmpty();
    assertThat(T.shown(alice, "alice/x")).isEmpty();
  }

  @Test
  void tokens_that_are_restricted_to_a_service_are_listed_by_its_old_reference() {
    Instance x = scene.service("x");
    AccessToken token = AToken.of(carol).onlyFor(x).build();
    PORTS.accessTokens().save(token, new TokenHash(new byte[32]));
    bobTakesX();

    for (String ref : List.of("alice/x", "bob/x")) {
      Optional<Instance.Ref> service = Optional.of(Instance.Ref.of(ref));
      assertThat(PORTS.accessTokens().listOf(carol.id(), service, Optional.empty(), 10))
          .extracting(AccessToken::id)
          .containsExactly(token.id());
      assertThat(PORTS.accessTokens().count(carol.id(), service, 10)).isOne();
    }
  }

  @Test
  void whoever_chooses_a_default_by_an_old_reference_gets_the_present_one_as_answer() {
    Instance x = scene.service("x");
    scene.share(x, AShare.with(carol).role(Role.READER), alice);
    bobTakesX();

    EffectiveDefault chosen =
        USE.defaults
            .choose(RacingUseCases.as(carol), carol.handle(), Instance.Ref.of("alice/x"))
            .orThrow()
            .effective();

    assertThat(chosen.service()).hasToString("bob/x");
    assertThat(USE.defaults.find(RacingUseCases.as(carol), carol.handle()).orThrow())
        .isEqualTo(chosen);
  }

  @Test
  void names_of_models_may_begin_with_an_old_reference_until_its_time_is_over() {
    Instance x = scene.service("x");
    scene.share(x, AShare.with(carol).role(Role.READER), alice);
    assertThat(formerNames(carol, Instant.now())).containsExactly(FormerNames.NONE);

    bobTakesX();

    FormerNames former = formerNames(carol, Instant.now()).getFirst();
    assertThat(former.refs()).containsExactly(Instance.Ref.of("alice/x"));
    assertThat(formerNames(carol, former.until().orElseThrow())).containsExactly(FormerNames.NONE);
    assertThat(formerNames(dave, Instant.now())).isEmpty();
  }

  @Test
  void nodes_learn_who_owns_a_service_now_and_who_did() {
    Instance x = scene.service("x");
    Transfer offer = T.offered(alice, bob, List.of("alice/x"));
    long before = PORTS.changes().since(OptionalLong.empty()).point();

    assertThat(T.accept(bob, offer)).isEqualTo(DONE);

    assertThat(PORTS.changes().since(OptionalLong.of(before)).subjects())
        .contains(x.id().value(), alice.id().value(), bob.id().value());
  }

  @Test
  void a_rotation_reencrypts_the_confirmation_of_whoever_gave_a_service_away() {
    Instance x = federated();
    bobTakesX();

    InMemorySealer fresh = rotated(1);

    assertThat(confirms(alice, "bob/x", x, fresh)).isEqualTo(DONE);
    assertThat(USE.instances.find(RacingUseCases.as(bob), x.id()).orThrow().instance().owner())
        .isEqualTo(bob.id());
  }

  @Test
  void the_confirmation_of_an_owner_between_two_others_is_gone_and_so_stops_no_rotation() {
    Instance x = federated();
    bobTakesX();
    InstanceWrite own =
        InstanceWriteBuilder.of()
            .endpoint(x.endpoint().url())
            .command()
            .withCredential(
                Field.of(
                    new CredentialWrite(
                        CredentialKind.FEDERATED, federation("rule_of_bob"), Optional.empty())));
    assertThat(
            code(
                USE.instances.patch(
                    RacingUseCases.as(bob), Instance.Ref.of("bob/x"), Precondition.NONE, own)))
        .isEqualTo(DONE);
    assertThat(confirms(bob, "bob/x", x, RacingUseCases.SEALER)).isEqualTo(DONE);
    assertThat(T.accept(carol, T.offered(bob, carol, List.of("bob/x")))).isEqualTo(DONE);

    InMemorySealer fresh = rotated(0);

    assertThat(confirms(carol, "carol/x", x, fresh)).isEqualTo(DONE);
  }

  @Test
  void a_rotation_reencrypts_the_confirmation_for_whom_the_first_owner_let_use_the_account() {
    Instance x = federated();
    bobTakesX();
    assertThat(confirms(alice, "bob/x", x, RacingUseCases.SEALER)).isEqualTo(DONE);
    assertThat(T.accept(carol, T.offered(bob, carol, List.of("bob/x")))).isEqualTo(DONE);
    assertThat(confirms(carol, "carol/x", x, RacingUseCases.SEALER))
        .isEqualTo("credential_of_former_owner");

    InMemorySealer fresh = rotated(1);

    assertThat(confirms(bob, "carol/x", x, fresh)).isEqualTo("not_found");
    assertThat(confirms(alice, "carol/x", x, fresh)).isEqualTo(DONE);
  }

  @Test
  void the_confirmation_for_a_later_owner_is_gone_when_the_first_owner_has_the_service_back() {
    Instance x = federated();
    bobTakesX();
    assertThat(confirms(alice, "bob/x", x, RacingUseCases.SEALER)).isEqualTo(DONE);
    assertThat(T.accept(alice, T.offered(bob, alice, List.of("bob/x")))).isEqualTo(DONE);

    InMemorySealer fresh = rotated(0);

    assertThat(confirms(alice, "alice/x", x, fresh)).isEqualTo(DONE);
  }

  /** Stores a service of Alice, who has confirmed its credential. */
  private Instance federated() {
    InMemorySealer sealer = RacingUseCases.SEALER;
    PORTS.encryptionKeys().add(sealer.sealingKey(), sealer.sentinel(sealer.sealingKey()));
    Instance x =
        AnInstance.of(alice, "x")
            .credential(
                CredentialSettings.stored(CredentialKind.FEDERATED, federation("rule_of_alice")))
            .apiKeySetAt(Instant.EPOCH)
            .build();
    try (Secret mark = Secret.takingOver("confirmed".getBytes(StandardCharsets.US_ASCII))) {
      PORTS
          .instances()
          .insert(
              x,
              new SecretChange.Replace(
                  sealer.seal(mark, KeyBinding.ofConfirmation(x.credentialBinding(), alice.id()))),
              new SecretChange.Keep());
    }
    return x;
  }

  private static Map<CredentialField, String> federation(String rule) {
    return Map.of(
        CredentialField.PROVIDER,
        "anthropic",
        CredentialField.FEDERATION_RULE_ID,
        rule,
        CredentialField.ORGANIZATION_ID,
        "org",
        CredentialField.SERVICE_ACCOUNT_ID,
        "account_of_" + rule,
        CredentialField.AUDIENCE,
        "https://api.anthropic.com");
  }

  /** Rotates to a new encryption key, and retires the former key. */
  private static InMemorySealer rotated(long values) {
    InMemorySealer fresh = RacingUseCases.SEALER.behindANewKey();
    assertThat(
            RacingUseCases.encryptionKeys(PORTS, Optional.of(fresh))
                .rotate(EncryptionKeys.Progress.IGNORED))
        .isEqualTo(
            new EncryptionKeys.RotationOutcome.Done(fresh.sealingKey(), values, 0, List.of()));
    assertThat(
            RacingUseCases.encryptionKeys(PORTS, Optional.empty())
                .retire(RacingUseCases.SEALER.sealingKey()))
        .isEqualTo(new EncryptionKeys.RetirementOutcome.Done());
    return fresh;
  }

  private static String confirms(User user, String ref, Instance service, InMemorySealer sealer) {
    return code(
        new RacingUseCases(PORTS, Quotas.NONE, ConsentDemand.NONE, sealer)
            .instances.confirm(
                RacingUseCases.as(user),
                Instance.Ref.of(ref),
                Precondition.NONE,
                service.endpoint(),
                Set.of()));
  }

  private static List<FormerNames> formerNames(User caller, Instant now) {
    return PORTS.routingContexts().of(caller.id(), Optional.empty(), now).services().stream()
        .map(SeenService::former)
        .toList();
  }

  @Test
  void nothing_else_gets_an_old_reference_before_its_new_owner_ends_it() {
    Instance x = scene.service("x");
    bobTakesX();
    assertThat(put(alice, "alice/x")).isEqualTo("handle_reserved");
    assertThat(put(bob, "alice/x")).isEqualTo("handle_reserved");
    assertThat(code(T.references.of(RacingUseCases.as(carol), Instance.Ref.of("bob/x"))))
        .isEqualTo("not_found");
    assertThat(T.references.of(RacingUseCases.as(bob), Instance.Ref.of("bob/x")).orThrow())
        .singleElement()
        .satisfies(former -> assertThat(former.owner()).isEqualTo(alice.handle()));

    assertThat(code(T.references.end(RacingUseCases.as(bob), Instance.Ref.of("bob/x"))))
        .isEqualTo(DONE);

    assertThat(put(alice, "alice/x")).isEqualTo(DONE);
    assertThat(T.shown(alice, "alice/x")).contains("alice/x");
    assertThat(x.ref().toString()).isEqualTo("alice/x");
  }

  @Test
  void the_old_references_of_one_thing_end_alone() {
    Instance x = scene.service("x");
    Instance y = scene.service("y");
    Project p = scene.project(alice, "x", x);
    Transfer offer = T.offered(alice, bob, List.of("alice/x", "alice/y"), "alice/x");
    assertThat(T.accept(bob, offer)).isEqualTo(DONE);
    MovedReferences moved = PORTS.movedReferences();
    assertThat(moved.serviceThatWas(Instance.Ref.of("alice/x"))).contains(Instance.Ref.of("bob/x"));

    assertThat(code(T.references.end(RacingUseCases.as(bob), Instance.Ref.of("bob/x"))))
        .isEqualTo(DONE);

    assertThat(moved.serviceThatWas(Instance.Ref.of("alice/x"))).isEmpty();
    assertThat(moved.of(TransferItem.Kind.SERVICE, x.id().value())).isEmpty();
    assertThat(moved.serviceThatWas(Instance.Ref.of("alice/y"))).contains(Instance.Ref.of("bob/y"));
    assertThat(moved.serviceThatWas(Instance.Ref.of("carol/y"))).isEmpty();
    assertThat(moved.of(TransferItem.Kind.SERVICE, y.id().value())).hasSize(1);
    assertThat(moved.projectThatWas(Project.Ref.of("alice/x"))).contains(Project.Ref.of("bob/x"));
    assertThat(moved.projectThatWas(Project.Ref.of("alice/y"))).isEmpty();
    assertThat(moved.of(TransferItem.Kind.PROJECT, p.id().value())).hasSize(1);

    changeOne("update moved_references set until = now() where service_id is not null");
    assertThat(moved.of(TransferItem.Kind.SERVICE, y.id().value())).isEmpty();
    assertThat(moved.serviceThatWas(Instance.Ref.of("alice/y"))).isEmpty();
    moved.deleteOutdated();
    assertThat(PORTS.sql().sql("select kind from moved_references").query(String.class).list())
        .containsExactly("project");
    assertThat(moved.end(TransferItem.Kind.PROJECT, p.id().value(), bob.id())).isEqualTo(1);
    assertThat(moved.projectThatWas(Project.Ref.of("alice/x"))).isEmpty();
  }

  @Test
  void an_accepted_transfer_tells_the_new_handle_of_each_item() {
    Instance unusedX = scene.service("x");
    Instance unusedY = scene.service("y");
    Transfer declined = T.offered(alice, bob, List.of("alice/x"));
    assertThat(code(T.transfers.decline(RacingUseCases.as(bob), declined.id()))).isEqualTo(DONE);
    Transfer other = T.offered(alice, carol, List.of("alice/y"));
    Transfer offer = T.offered(alice, bob, List.of("alice/x"));

    assertThat(T.acceptAs(bob, offer, "alice/x", "z")).isEqualTo(DONE);

    assertThat(newHandles(bob, offer)).containsExactly(Optional.of(new Handle("z")));
    assertThat(newHandles(bob, declined)).containsExactly(Optional.empty());
    Transfer open = T.transfers.find(RacingUseCases.as(carol), other.id()).orThrow();
    assertThat(open).isEqualTo(other);
    assertThat(T.transfers.openOf(RacingUseCases.as(alice), alice.id()).orThrow())
        .containsExactly(other);
  }

  private static List<Optional<Handle>> newHandles(User user, Transfer transfer) {
    return T.transfers.find(RacingUseCases.as(user), transfer.id()).orThrow().items().stream()
        .map(TransferItem::newHandle)
        .toList();
  }

  @Test
  void an_old_reference_outlives_its_former_owner() {
    Instance unused = scene.service("x");
    bobTakesX();
    assertThat(
            code(
                USE.users.delete(
                    RacingUseCases.as(scene.root), alice.handle(), Precondition.NONE, false)))
        .isEqualTo(DONE);
    User another = scene.stored(AUser.called("alice").build());

    assertThat(T.shown(bob, "alice/x")).contains("bob/x");
    assertThat(put(another, "alice/x")).isEqualTo("handle_reserved");
  }

  @Test
  void after_thirty_days_an_old_reference_is_free() {
    Instance unused = scene.service("x");
    bobTakesX();
    assertThat(isReserved("x")).isTrue();
    changeOne("update moved_references set until = until - interval '30 days'");

    assertThat(T.shown(bob, "alice/x")).isEmpty();
    assertThat(isReserved("x")).isFalse();
    assertThat(put(alice, "alice/x")).isEqualTo(DONE);
  }

  private boolean isReserved(String handle) {
    return PORTS
        .ownerChanges()
        .isReserved(
            TransferItem.Kind.SERVICE, alice.handle(), new Handle(handle), UUID.randomUUID());
  }

  @Test
  void what_comes_back_gets_its_old_reference_again() {
    Instance unused = scene.service("x");
    bobTakesX();
    assertThat(T.accept(alice, T.offered(bob, alice, List.of("bob/x")))).isEqualTo(DONE);

    assertThat(T.shown(alice, "alice/x")).contains("alice/x");
    assertThat(T.shown(alice, "bob/x")).contains("alice/x");
    assertThat(put(bob, "bob/x")).isEqualTo("handle_reserved");
  }

  /** Lets Alice offer her service {@code x} to Bob, who accepts. */
  private void bobTakesX() {
    assertThat(T.accept(bob, T.offered(alice, bob, List.of("alice/x")))).isEqualTo(DONE);
  }

  private static void changeOne(String statement) {
    assertThat(PORTS.sql().sql(statement).update()).isEqualTo(1);
  }

  private void join(Project project, User member) {
    PORTS
        .projectShares()
        .insert(project.id(), AShare.with(member).givenBy(alice).build(), alice.id());
  }

  private static String put(User user, String ref) {
    return code(
        USE.instances.put(
            RacingUseCases.as(user),
            Instance.Ref.of(ref),
            Precondition.NONE,
            InstanceWriteBuilder.of().from("_system/openai-large").command()));
  }

  private static String describe(User user, String ref) {
    return code(
        USE.projects.put(
            RacingUseCases.as(user),
            Project.Ref.of(ref),
            Precondition.NONE,
            new ProjectCommand(
                FieldWrites.NONE.with(CommonFields.DESCRIPTION, Field.of(new Description("D"))),
                Field.absent(),
                false)));
  }
}
