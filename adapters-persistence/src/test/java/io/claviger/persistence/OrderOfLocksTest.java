package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.instances.InstanceWriteBuilder;
import io.claviger.application.objects.ServiceObjects;
import io.claviger.application.objects.port.ObjectLedger.Ended;
import io.claviger.application.objects.port.ObjectLedger.NewObject;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.application.objects.port.ObjectLedger.Stated;
import io.claviger.application.objects.port.ObjectRemovalStore.Places;
import io.claviger.application.objects.port.StoredObjectStore.Terms;
import io.claviger.application.objects.port.StoredObjectStore.UsedObject;
import io.claviger.application.projects.Projects.ProjectCommand;
import io.claviger.application.requests.BorrowRequests.RequestGrant;
import io.claviger.application.requests.BorrowRequests.Wish;
import io.claviger.application.reviews.Reviews;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shares.Grantees;
import io.claviger.application.sharing.ShareGrants;
import io.claviger.application.transfers.Transfers.NewHandles;
import io.claviger.application.transfers.Transfers.TransferOffer;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.ResponsibleName;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectCaller;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectQuota;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.objects.SharedObject;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.Visibility;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.reviews.Review;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.transfers.Transfer;
import io.claviger.persistence.objects.JdbcObjectLedger;
import io.claviger.persistence.objects.JdbcObjectRemovals;
import io.claviger.persistence.objects.JdbcStoredObjects;
import io.claviger.persistence.reviews.JdbcReviews;
import io.claviger.persistence.shared.UuidV7Ids;
import io.claviger.testkit.Race;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Acts of all kinds at once, in a random order. Decision 3 says in which order they lock rows. */
@SuppressWarnings("NullAway.Init") // set before the acts
final class OrderOfLocksTest {
  @AutoClose private static final PostgresPorts EMPTIED = EmptiedDatabases.lend();
  private static final int THREADS = 16;
  private static final Duration TIME =
      Duration.ofMillis(Integer.getInteger("test.acts.millis", 1_200));

  /** On a busy machine, the time may be over before a thread has begun. */
  private static final int LEAST_ACTS = 3;

  private static final ObjectQuota FOUR = new ObjectQuota(4, 400);
  private static final Instance.Ref LENT = Instance.Ref.of("alice/lent");
  private static final GranteeName BOB = GranteeName.user(new Handle("bob"));

  private final Queue<String> circles = new ConcurrentLinkedQueue<>();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();
  private final PostgresPorts ports = EMPTIED.through(new Circles(EMPTIED.dataSource(), circles));
  private final RacingUseCases use = new RacingUseCases(ports);
  private final Transferring transferring = new Transferring(ports, use);
  private final Reviews reviews =
      Reviews.of(
          new JdbcReviews(ports.database()),
          ports.users(),
          ports.instances(),
          ports.groups(),
          new ShareGrants(
              ports.instances(),
              ports.shares(),
              ports.borrowRequests(),
              new Grantees(ports.users(), ports.groups()),
              RacingUseCases.changes(ports)),
          use.groups,
          RacingUseCases.changes(ports));
  private final JdbcObjectLedger ledger =
      new JdbcObjectLedger(
          ports.database(), new UuidV7Ids(InstantSource.system()), InstantSource.system());
  private final JdbcStoredObjects stored = new JdbcStoredObjects(ports.database());
  private final ServiceObjects objects =
      ServiceObjects.of(ports.instances(), stored, use.projects, RacingUseCases.changes(ports));
  private final JdbcObjectRemovals removals = new JdbcObjectRemovals(ports.database());
  private final AtomicInteger names = new AtomicInteger();
  private User root;

  /** The acts, all of which concern the same few things. */
  private final Map<String, Consumer<Random>> acts =
      Map.ofEntries(
          Map.entry("record", this::record),
          Map.entry("record more", this::record),
          Map.entry("record parts", this::recordParts),
          Map.entry("end", this::end),
          Map.entry("end one", this::endOne),
          Map.entry("share one", this::shareOne),
          Map.entry("state", this::state),
          Map.entry("use", this::use),
          Map.entry("sweep", this::sweep),
          Map.entry("transfer", this::transfer),
          Map.entry("share", this::share),
          Map.entry("end share", this::endShare),
          Map.entry("ask", this::ask),
          Map.entry("answer", this::answer),
          Map.entry("review", this::review),
          Map.entry("share project", this::shareProject),
          Map.entry("keep up", this::keepUp),
          Map.entry("bind", this::bind),
          Map.entry("make", this::make),
          Map.entry("delete", this::delete),
          Map.entry("delete user", this::deleteUser),
          Map.entry("answer for", this::answerFor),
          Map.entry("suspend", this::suspend),
          Map.entry("member", this::member),
          Map.entry("token", this::token),
          Map.entry("account", this::account),
          Map.entry("default", this::choose));

  @Test
  void no_two_acts_wait_for_each_other_in_a_circle() {
    begin();
    long seed = Long.getLong("test.acts.seed", System.nanoTime());
    List<String> kinds = acts.keySet().stream().sorted().toList();
    long end = System.nanoTime() + TIME.toNanos();

    List<Integer> counts =
        Race.of(
            THREADS,
            n -> {
              Random random = new Random(seed + n);
              int done = 0;
              for (; done < LEAST_ACTS || System.nanoTime() < end; done++) {
                String kind = kinds.get(random.nextInt(kinds.size()));
                try {
                  acts.get(kind).accept(random);
                } catch (ConcurrencyConflict e) {
                  // Somebody else was faster, and the caller would try again.
                  done--;
                } catch (RuntimeException e) {
                  faults.add(kind + ": " + e);
                }
              }
              return done;
            },
            1);

    assertThat(circles).as("seed %d", seed).isEmpty();
    assertThat(faults).as("seed %d", seed).isEmpty();
    assertThat(counts).allMatch(count -> count >= LEAST_ACTS);
    SharedQuotaTest.assertCounted(ports.sql());
  }

  /** A share of the user is changed by somebody who then needs the user's row. */
  @Test
  void the_deletion_of_a_user_gives_up_before_it_waits_in_a_circle() throws Exception {
    begin();
    User dave = ports.stored(AUser.called("dave").build());
    User alice = ports.users().find(new Handle("alice")).orElseThrow();
    Instance service = ports.stored(AnInstance.of(alice, "lent").build());
    ports.shares().insert(service.id(), AShare.with(dave).build(), alice.id());

    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<String> deletion =
          ports
              .transactions()
              .inTransaction(
                  () -> {
                    assertThat(rows("update shares set version = version where user_id = ?", dave))
                        .isEqualTo(1);
                    Future<String> begun = thread.submit(() -> deletionOf(dave));
                    Race.until(
                        () -> begun.isDone() || ConcurrentAttempts.countWaiting(ports.sql()) > 0);
                    assertThat(
                            rows(
                                "update users set version = version"
                                    + " where id in (select id from users where id = ?"
                                    + " for key share)",
                                dave))
                        .isEqualTo(1);
                    return begun;
                  });
      assertThat(deletion.get()).isEqualTo(ConcurrencyConflict.How.LOCKED.name());
    }

    assertThat(circles).isEmpty();
    assertThat(deletionOf(dave)).isEqualTo(ConcurrentAttempts.DONE);
  }

  /** The record of objects of a user and of the user's service account locks both. */
  @Test
  void the_deletion_of_a_user_gives_up_if_a_record_has_locked_the_user_first() throws Exception {
    begin();
    User dave = ports.stored(AUser.called("dave").build());
    User bot = ports.stored(AUser.called("dave-bot").serviceAccountOf(dave).build());

    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<String> deletion =
          ports
              .transactions()
              .inTransaction(
                  () -> {
                    locked("key share", dave);
                    Future<String> begun = thread.submit(() -> deletionOf(dave));
                    Race.until(
                        () -> begun.isDone() || ConcurrentAttempts.countWaiting(ports.sql()) > 0);
                    locked("share", bot);
                    return begun;
                  });
      assertThat(deletion.get()).isEqualTo(ConcurrencyConflict.How.LOCKED.name());
    }

    assertThat(circles).isEmpty();
  }

  /** A response that is stored again after it has expired comes after the parts that it had. */
  @Test
  void an_object_that_is_left_does_not_wait_for_a_part_while_it_is_locked() throws Exception {
    begin();
    User alice = ports.users().find(new Handle("alice")).orElseThrow();
    Instance.Id service = ports.stored(AnInstance.of(alice, "lent").build()).id();
    ObjectName whole = new ObjectName(ObjectKind.RESPONSES, "resp_1");
    ObjectName part = new ObjectName(ObjectKind.RESPONSES, "msg_1");
    NewObject expired =
        made(alice, service, whole, Optional.of(Instant.now().minusSeconds(9)), Optional.empty());
    assertThat(ledger.record(List.of(expired))).containsOnly(Recorded.RECORDED);
    assertThat(
            ledger.record(
                List.of(
                    made(alice, service, part, Optional.empty(), Optional.of(whole.id()))
                        .comingWith(whole))))
        .containsOnly(Recorded.RECORDED);
    assertThat(
            ledger.record(List.of(made(alice, service, whole, Optional.empty(), Optional.empty()))))
        .containsOnly(Recorded.RECORDED);

    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<Boolean> leaving =
          ports
              .transactions()
              .inTransaction(
                  () -> {
                    locked(part);
                    Future<Boolean> begun = thread.submit(() -> stored.leave(service, whole));
                    Race.until(
                        () -> begun.isDone() || ConcurrentAttempts.countWaiting(ports.sql()) > 0);
                    locked(whole);
                    return begun;
                  });
      assertThat(leaving.get()).isTrue();
    }

    assertThat(circles).isEmpty();
    assertThat(
            ports
                .sql()
                .sql("select object_id from provider_objects where state = 'left' order by id")
                .query(String.class)
                .list())
        .containsExactly("msg_1", "resp_1");
  }

  /** Bob's project is open to everybody, because Alice's share permits him to open it. */
  @Test
  void the_end_of_a_share_waits_for_the_project_that_it_closes_before_it_locks_anything()
      throws Exception {
    beginOpen();

    assertThat(
            behind(
                "select id from projects where handle = 'open' for update",
                "select instance_id from shares for share",
                () ->
                    ConcurrentAttempts.code(
                        use.sharing.end(RacingUseCases.as(alice()), LENT, BOB, Precondition.NONE))))
        .isEqualTo(ConcurrentAttempts.DONE);

    assertThat(circles).isEmpty();
  }

  @Test
  void a_share_that_permits_less_waits_for_the_project_that_it_closes_before_it_locks_anything()
      throws Exception {
    beginOpen();
    Share.Terms less = AShare.with(AUser.called("bob").build()).mayReshare().build().terms();

    assertThat(
            behind(
                "select id from projects where handle = 'open' for update",
                "select instance_id from shares for share",
                () ->
                    ConcurrentAttempts.code(
                        use.sharing.share(
                            RacingUseCases.as(alice()), LENT, BOB, Precondition.NONE, less))))
        .isEqualTo(ConcurrentAttempts.DONE);

    assertThat(circles).isEmpty();
  }

  @Test
  void a_transfer_waits_for_projects_of_others_that_it_closes_before_it_locks_the_service()
      throws Exception {
    beginOpen();
    User carol = ports.users().find(new Handle("carol")).orElseThrow();
    Transfer offer = transferring.offered(alice(), carol, List.of(LENT.toString()));

    assertThat(
            behind(
                "select id from projects where handle = 'open' for update",
                "select id from instances where handle = 'lent' for share",
                () -> transferring.accept(carol, offer)))
        .isEqualTo(ConcurrentAttempts.DONE);

    assertThat(circles).isEmpty();
    assertThat(
            ports
                .sql()
                .sql("select visibility from projects where handle = 'open'")
                .query(String.class)
                .single())
        .isEqualTo("members");
  }

  /** An offer ends offers that have expired. */
  @Test
  void an_offer_does_not_wait_for_other_offers_while_it_holds_the_receiver() throws Exception {
    begin();
    User bob = ports.users().find(new Handle("bob")).orElseThrow();
    Transfer unused = transferring.offered(alice(), bob, List.of("alice/s"));
    assertThat(
            ports
                .sql()
                .sql(
                    """
                    update transfers
                    set offered_at = now() - interval '30 days', expires_at = now() - interval '1 day'
                    """)
                .update())
        .isEqualTo(1);
    assertThat(ports.transfers().listOpenTo(bob.id(), 9)).isEmpty();

    assertThat(
            behind(
                "select id from transfers for update",
                "select id from users where handle = 'bob' for no key update",
                () ->
                    ConcurrentAttempts.code(transferring.offer(alice(), bob, List.of("alice/s")))))
        .isEqualTo(ConcurrentAttempts.DONE);

    assertThat(circles).isEmpty();
  }

  /** Otherwise, the new owner could not offer the service until the other offer ends. */
  @Test
  void an_offer_that_waits_for_the_transfer_of_its_item_is_not_stored() throws Exception {
    begin();
    User bob = ports.users().find(new Handle("bob")).orElseThrow();
    AtomicReference<String> outcome = new AtomicReference<>();

    assertThat(
            ConcurrentAttempts.whileUncommitted(
                ports,
                () ->
                    assertThat(
                            ports
                                .database()
                                .jdbc()
                                .sql(
                                    """
                                    update instances i
                                    set owner_id = u.id, owner_handle = u.handle, handle = 's-2'
                                    from users u
                                    where i.handle = 's' and i.owner_handle = 'alice'
                                      and u.handle = 'carol'
                                    """)
                                .update())
                        .isEqualTo(1),
                () ->
                    outcome.set(
                        ConcurrentAttempts.code(
                            transferring.offer(alice(), bob, List.of("alice/s"))))))
        .isTrue();

    assertThat(outcome.get()).isNotEqualTo(ConcurrentAttempts.DONE);
    assertThat(ports.transfers().listOpenTo(bob.id(), 9)).isEmpty();
  }

  /** The deletion of the giver locks the services of the giver and then all administrators. */
  @Test
  void an_offer_does_not_wait_for_its_items_while_it_holds_the_receiver() throws Exception {
    begin();
    User bob = ports.users().find(new Handle("bob")).orElseThrow();

    assertThat(
            behind(
                "select id from instances where owner_handle = 'alice' for update",
                "select id from users where handle = 'bob' for no key update",
                () ->
                    ConcurrentAttempts.code(transferring.offer(alice(), bob, List.of("alice/s")))))
        .isEqualTo(ConcurrentAttempts.DONE);

    assertThat(circles).isEmpty();
  }

  /** The deletion of another user can lock the project and then wait for all administrators. */
  @Test
  void an_acceptance_does_not_wait_for_its_items_while_it_holds_the_suspended_giver()
      throws Exception {
    begin();
    User bob = ports.users().find(new Handle("bob")).orElseThrow();
    suspended("alice");
    Transfer offer =
        transferring
            .transfers
            .offer(
                RacingUseCases.as(root),
                new TransferOffer(List.of(), List.of(Project.Ref.of("alice/p")), new Handle("bob")))
            .orThrow();

    assertThat(
            behind(
                "select id from projects where owner_handle = 'alice' for update",
                "select id from users where handle = 'alice' for no key update",
                () ->
                    ConcurrentAttempts.code(
                        transferring.transfers.accept(
                            RacingUseCases.as(bob),
                            offer.id(),
                            new NewHandles(
                                Map.of(),
                                Map.of(Project.Ref.of("alice/p"), new Handle("moved")))))))
        .isEqualTo(ConcurrentAttempts.DONE);

    assertThat(circles).isEmpty();
  }

  /** Whoever makes a token of an account locks the account before the manager's membership. */
  @Test
  void a_service_account_that_removes_a_manager_holds_itself_first() throws Exception {
    for (boolean demotes : new boolean[] {false, true}) {
      begin();
      Group team = ports.groups().find(new Handle("team")).orElseThrow();
      User bot = ports.users().find(new Handle("alice-bot")).orElseThrow();
      manages(team, bot);
      manages(team, alice());
      Actor actor = RacingUseCases.as(bot);

      assertThat(
              behind(
                  "select id from users where handle = 'alice-bot' for update",
                  "select user_id from group_members where user_handle = 'alice' for share",
                  () ->
                      ConcurrentAttempts.code(
                          demotes
                              ? use.groups.putMember(
                                  actor,
                                  team.handle(),
                                  alice().handle(),
                                  Precondition.NONE,
                                  GroupRole.MEMBER,
                                  Field.absent())
                              : use.groups.removeMember(
                                  actor, team.handle(), alice().handle(), Precondition.NONE))))
          .isEqualTo(ConcurrentAttempts.DONE);

      assertThat(circles).isEmpty();
    }
  }

  private void manages(Group team, User user) {
    ports
        .groups()
        .putMember(
            team.id(), new GroupMember(user.id(), user.handle(), GroupRole.MANAGER, Instant.now()));
  }

  private void suspended(String handle) {
    assertThat(
            ports
                .sql()
                .sql("update users set suspended_at = now() where handle = :handle")
                .param("handle", handle)
                .update())
        .isEqualTo(1);
  }

  @Test
  void the_upkeep_of_transfers_waits_for_nobody() {
    begin();
    User bob = ports.users().find(new Handle("bob")).orElseThrow();
    Transfer unused = transferring.offered(alice(), bob, List.of("alice/s"));
    int expired =
        ports
            .sql()
            .sql("update transfers set offered_at = now() - interval '1 year', expires_at = now()")
            .update();
    assertThat(expired).isEqualTo(1);

    assertThat(
            ConcurrentAttempts.whileUncommitted(
                ports, this::lockTransfers, () -> ports.transfers().expire()))
        .isFalse();
    ports.transfers().expire();
    assertThat(
            ConcurrentAttempts.whileUncommitted(
                ports,
                this::lockTransfers,
                () -> assertThat(ports.transfers().deleteEnded(Duration.ZERO)).isZero()))
        .isFalse();
    assertThat(ports.transfers().deleteEnded(Duration.ZERO)).isEqualTo(1);
  }

  private void lockTransfers() {
    assertThat(
            ports.database().jdbc().sql("select id from transfers for update").query().listOfRows())
        .hasSize(1);
  }

  /** Lends a service to Bob, who opens a project that uses the service. */
  private void beginOpen() {
    begin();
    User bob = ports.users().find(new Handle("bob")).orElseThrow();
    Instance lent = ports.stored(AnInstance.of(alice(), "lent").build());
    ports.shares().insert(lent.id(), AShare.with(bob).toEverybody().build(), alice().id());
    ports.projects().insert(AProject.of(bob, "open").using(lent).openToEverybody().build());
  }

  private User alice() {
    return ports.users().find(new Handle("alice")).orElseThrow();
  }

  private String behind(String first, String later, Supplier<String> act) {
    return ConcurrentAttempts.behind(ports, first, later, act);
  }

  private static NewObject made(
      User maker,
      Instance.Id service,
      ObjectName name,
      Optional<Instant> expiresAt,
      Optional<String> parent) {
    UUID id = maker.id().value();
    return new NewObject(
        service,
        name,
        new ObjectCaller(
            id,
            ObjectHolder.user(id),
            false,
            false,
            id,
            Optional.empty(),
            UUID.randomUUID(),
            false,
            1),
        FOUR,
        4,
        ObjectState.LIVE,
        expiresAt,
        10,
        parent,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private void locked(ObjectName name) {
    assertThat(
            ports
                .database()
                .jdbc()
                .sql(
                    """
                    select id from provider_objects where object_id = ? and state = 'live'
                    for no key update
                    """)
                .param(name.id())
                .query(Long.class)
                .list())
        .hasSize(1);
  }

  private void locked(String how, User user) {
    assertThat(
            ports
                .database()
                .jdbc()
                .sql("select id from users where id = ? for " + how)
                .param(user.id().value())
                .query(UUID.class)
                .list())
        .hasSize(1);
  }

  private int rows(String update, User user) {
    return ports.database().jdbc().sql(update).param(user.id().value()).update();
  }

  private String deletionOf(User user) {
    try {
      return ports
          .transactions()
          .inTransaction(
              () -> {
                ports.users().lockForDeletion(user.id());
                ports.users().delete(user.id());
                return ConcurrentAttempts.DONE;
              });
    } catch (ConcurrencyConflict e) {
      return e.how().name();
    }
  }

  private void begin() {
    assertThat(EMPTIED.emptied().users().isEmpty()).isTrue();
    root = RacingUseCases.storedFirst(ports, AUser.called("root").administrator().build());
    List<User> people = new ArrayList<>();
    for (String name : List.of("alice", "bob", "carol")) {
      User person = ports.stored(AUser.called(name).build());
      people.add(person);
      people.add(ports.stored(AUser.called(name + "-bot").serviceAccountOf(person).build()));
    }
    for (User each : people) {
      ports.accessTokens().save(AToken.of(each).build(), hash());
      Instance service = ports.stored(AnInstance.of(each, "s").build());
      ports.projects().insert(AProject.of(each, "p").using(service).build());
    }
    ports.groups().insert(AGroup.called("team"));
  }

  private static TokenHash hash() {
    byte[] bytes = new byte[32];
    new Random().nextBytes(bytes);
    return new TokenHash(bytes);
  }

  private Optional<Map<String, Object>> any(Random random, String table) {
    List<Map<String, Object>> rows = ports.sql().sql("select * from " + table).query().listOfRows();
    return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(random.nextInt(rows.size())));
  }

  private Optional<User> person(Random random) {
    return any(random, "users where handle not in ('_system', 'root')")
        .flatMap(row -> ports.users().find(new Handle((String) row.get("handle"))));
  }

  private Optional<Instance.Ref> service(Random random) {
    return any(random, "instances where owner_handle <> '_system'")
        .map(row -> Instance.Ref.of(row.get("owner_handle") + "/" + row.get("handle")));
  }

  private Optional<Project.Ref> project(Random random) {
    return any(random, "projects")
        .map(row -> Project.Ref.of(row.get("owner_handle") + "/" + row.get("handle")));
  }

  private Actor owner(Handle handle) {
    return ports.users().find(handle).map(RacingUseCases::as).orElse(RacingUseCases.as(root));
  }

  private static ObjectName name(Random random) {
    int n = random.nextInt(6);
    return random.nextBoolean()
        ? new ObjectName(ObjectKind.FILES, "file-" + n)
        : new ObjectName(ObjectKind.RESPONSES, "resp_" + n);
  }

  private Optional<NewObject> made(Random random, ObjectName name, Optional<String> parent) {
    Optional<Map<String, Object>> user =
        any(random, "users where handle not in ('_system', 'root')");
    Optional<Map<String, Object>> project =
        random.nextBoolean()
            ? any(random, "projects where instance_id is not null")
            : Optional.empty();
    Optional<UUID> service =
        project
            .map(row -> (UUID) row.get("instance_id"))
            .or(
                () ->
                    any(random, "instances where owner_handle <> '_system'")
                        .map(row -> (UUID) row.get("id")));
    if (user.isEmpty() || service.isEmpty()) {
      return Optional.empty();
    }
    UUID maker = (UUID) user.get().get("id");
    boolean stranger = random.nextInt(4) == 0;
    return Optional.of(
        new NewObject(
            new Instance.Id(service.get()),
            name,
            new ObjectCaller(
                maker,
                project
                    .filter(row -> !stranger)
                    .map(row -> ObjectHolder.project((UUID) row.get("id")))
                    .orElse(ObjectHolder.user(maker)),
                false,
                false,
                project.map(row -> (UUID) row.get("owner_id")).orElse(maker),
                Optional.empty(),
                UUID.randomUUID(),
                false,
                1),
            FOUR,
            4,
            ObjectState.LIVE,
            random.nextInt(3) == 0
                ? Optional.of(Instant.now().plusMillis(random.nextInt(60) - 30))
                : Optional.empty(),
            random.nextInt(3) * 10L,
            parent,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  private void record(Random random) {
    List<NewObject> all = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      made(random, name(random), Optional.empty()).ifPresent(all::add);
    }
    if (!all.isEmpty()) {
      assertThat(ledger.record(all)).hasSameSizeAs(all);
    }
  }

  private void recordParts(Random random) {
    List<NewObject> all = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      ObjectName whole = new ObjectName(ObjectKind.RESPONSES, "resp_" + random.nextInt(6));
      made(
              random,
              new ObjectName(ObjectKind.RESPONSES, "msg_" + random.nextInt(9)),
              Optional.of(whole.id()))
          .ifPresent(part -> all.add(part.comingWith(whole)));
    }
    if (!all.isEmpty()) {
      assertThat(ledger.record(all)).hasSameSizeAs(all);
    }
  }

  private void end(Random random) {
    List<Ended> all = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      ObjectName name =
          random.nextInt(3) == 0
              ? new ObjectName(ObjectKind.RESPONSES, "msg_" + random.nextInt(9))
              : name(random);
      any(random, "instances where owner_handle <> '_system'")
          .ifPresent(
              row ->
                  all.add(
                      new Ended(
                          new Instance.Id((UUID) row.get("id")),
                          name,
                          random.nextBoolean() ? ObjectState.DELETED : ObjectState.DELETING,
                          Optional.empty())));
    }
    ledger.end(all);
  }

  private void endOne(Random random) {
    any(random, "instances where owner_handle <> '_system'")
        .map(row -> new Instance.Id((UUID) row.get("id")))
        .ifPresent(
            service -> {
              boolean unused =
                  random.nextBoolean()
                      ? stored.end(service, name(random), Optional.empty())
                      : stored.leave(service, name(random));
            });
  }

  /** Does what an owner does with one object: shares it or not, deletes it, or leaves it. */
  private void shareOne(Random random) {
    service(random)
        .ifPresent(
            ref -> {
              Actor owner = owner(ref.owner());
              ObjectName name = name(random);
              var unused =
                  switch (random.nextInt(4)) {
                    case 0 -> objects.unshare(owner, ref, name);
                    case 1 -> objects.delete(owner, ref, name);
                    case 2 -> objects.leave(owner, ref, name);
                    default ->
                        objects.share(
                            owner,
                            ref,
                            name,
                            new Terms(
                                SharedObject.Access.READ,
                                person(random).map(user -> Set.of(GranteeName.user(user.handle()))),
                                Field.absent()));
                  };
            });
  }

  private void state(Random random) {
    List<Stated> all =
        any(random, "instances where owner_handle <> '_system'").stream()
            .flatMap(
                row ->
                    IntStream.range(0, 3)
                        .mapToObj(
                            n ->
                                new Stated(
                                    new Instance.Id((UUID) row.get("id")),
                                    name(random),
                                    Optional.empty(),
                                    10)))
            .toList();
    ledger.change(all);
  }

  private void use(Random random) {
    List<UsedObject> all =
        any(random, "instances where owner_handle <> '_system'").stream()
            .flatMap(
                row ->
                    IntStream.range(0, 3)
                        .mapToObj(
                            n ->
                                new UsedObject(
                                    new Instance.Id((UUID) row.get("id")), name(random))))
            .toList();
    stored.used(all);
  }

  private void sweep(Random random) {
    if (random.nextBoolean()) {
      int unused = removals.sweep();
    } else {
      removals
          .takeDue(new Places(9, 9, 9), List.of(), Set.of())
          .forEach(
              due -> {
                boolean unused = removals.settle(due, ObjectState.DELETED);
              });
    }
  }

  private void transfer(Random random) {
    Optional<Instance.Ref> service = service(random);
    Optional<User> receiver = person(random);
    if (service.isEmpty() || receiver.isEmpty()) {
      return;
    }
    Optional<User> giver = ports.users().find(service.get().owner());
    List<String> projects =
        ports
            .sql()
            .sql(
                """
                select p.owner_handle || '/' || p.handle
                from projects p join instances i on i.id = p.instance_id
                where i.owner_handle = :owner and i.handle = :handle and p.owner_id = i.owner_id
                """)
            .param("owner", service.get().owner().value())
            .param("handle", service.get().handle().value())
            .query(String.class)
            .list();
    giver.ifPresent(
        from -> {
          var offered =
              transferring.offer(
                  from,
                  receiver.get(),
                  List.of(service.get().toString()),
                  projects.toArray(String[]::new));
          offered
              .asOptional()
              .ifPresent(
                  offer -> {
                    Map<Instance.Ref, Handle> services =
                        Map.of(service.get(), new Handle("s" + names.incrementAndGet()));
                    Map<Project.Ref, Handle> moved = new HashMap<>();
                    projects.forEach(
                        ref ->
                            moved.put(
                                Project.Ref.of(ref), new Handle("p" + names.incrementAndGet())));
                    var unused =
                        transferring.transfers.accept(
                            RacingUseCases.as(receiver.get()),
                            offer.id(),
                            new NewHandles(services, moved));
                  });
        });
  }

  private GranteeName grantee(Random random) {
    return random.nextInt(3) == 0
        ? GranteeName.group(new Handle("team"))
        : person(random)
            .map(user -> GranteeName.user(user.handle()))
            .orElse(GranteeName.group(new Handle("team")));
  }

  private void share(Random random) {
    User anybody = AUser.called("anybody").build();
    Share.Terms terms =
        random.nextBoolean()
            ? AShare.with(anybody).toEverybody().build().terms()
            : AShare.with(anybody).mayReshare().build().terms();
    service(random)
        .ifPresent(
            ref -> {
              var unused =
                  use.sharing.share(
                      owner(ref.owner()), ref, grantee(random), Precondition.NONE, terms);
            });
  }

  private void endShare(Random random) {
    service(random)
        .ifPresent(
            ref -> {
              var unused =
                  use.sharing.end(owner(ref.owner()), ref, grantee(random), Precondition.NONE);
            });
  }

  /** Asks for more rights. Removes all requests now and then, because they are limited per day. */
  private void ask(Random random) {
    if (random.nextInt(8) == 0) {
      int unused = ports.borrowRequests().deleteOlderThan(Duration.ofDays(-9));
    }
    any(
            random,
            """
            (select u.handle as asker, i.owner_handle || '/' || i.handle as service
            from shares s join users u on u.id = s.user_id join instances i on i.id = s.instance_id)
            as borrowed
            """)
        .ifPresent(
            row -> {
              var unused =
                  use.borrowRequests.ask(
                      owner(new Handle((String) row.get("asker"))),
                      Instance.Ref.of((String) row.get("service")),
                      new Wish(RequestedTerms.of(Role.WRITER), Optional.empty()));
            });
  }

  private void answer(Random random) {
    any(random, "borrow_requests where state = 'open'")
        .ifPresent(
            row -> {
              BorrowRequest.Id id = new BorrowRequest.Id((UUID) row.get("id"));
              Actor owner = owner(new Handle((String) row.get("asked_owner")));
              var unused =
                  switch (random.nextInt(4)) {
                    case 0 -> use.borrowRequests.decline(owner, id);
                    case 1 ->
                        use.borrowRequests.withdraw(
                            owner(new Handle((String) row.get("asker_handle"))), id);
                    default -> use.borrowRequests.grant(owner, id, RequestGrant.AS_ASKED);
                  };
            });
  }

  /** Starts a review of a service or of the group, or decides about a grant in a review. */
  private void review(Random random) {
    Optional<Map<String, Object>> line = any(random, "review_lines where decision is null");
    if (line.isPresent() && random.nextInt(3) > 0) {
      var unused =
          reviews.decide(
              RacingUseCases.as(root),
              new Review.Id((UUID) line.get().get("review_id")),
              (String) line.get().get("name"),
              random.nextBoolean() ? Review.Decision.KEEP : Review.Decision.END);
    } else if (random.nextBoolean()) {
      var unused = reviews.startOfGroup(RacingUseCases.as(root), new Handle("team"));
    } else {
      service(random)
          .ifPresent(
              ref -> {
                var unused = reviews.startOfService(RacingUseCases.as(root), ref);
              });
    }
  }

  private void shareProject(Random random) {
    project(random)
        .ifPresent(
            ref -> {
              Actor owner = owner(ref.owner());
              GranteeName member = grantee(random);
              var unused =
                  random.nextBoolean()
                      ? use.projects.share(
                          owner, ref, member, Precondition.NONE, Role.READER, Field.absent())
                      : use.projects.endShare(owner, ref, member, Precondition.NONE);
            });
  }

  /** Expires half of the offers, and removes what has ended. */
  private void keepUp(Random random) {
    int unused =
        ports
            .sql()
            .sql(
                """
                update transfers set offered_at = now() - interval '1 year', expires_at = now()
                where id in (
                  select id from transfers where state = 'offered' and random() < 0.5
                  for update skip locked)
                """)
            .update();
    if (random.nextBoolean()) {
      ports.transfers().expire();
    } else {
      int unusedToo = ports.transfers().deleteEnded(Duration.ZERO);
    }
  }

  private void bind(Random random) {
    Optional<Instance.Ref> service = service(random);
    project(random)
        .ifPresent(
            ref -> {
              var unused =
                  use.projects.patch(
                      owner(ref.owner()),
                      ref,
                      Precondition.NONE,
                      new ProjectCommand(
                          random.nextBoolean()
                              ? FieldWrites.NONE
                              : FieldWrites.NONE.with(
                                  Project.VISIBILITY,
                                  Field.of(
                                      random.nextBoolean()
                                          ? Visibility.EVERYBODY
                                          : Visibility.MEMBERS)),
                          service.<Field<Instance.Ref>>map(Field::of).orElse(Field.absent()),
                          true));
            });
  }

  private void make(Random random) {
    person(random)
        .filter(user -> !user.handle().value().startsWith("n"))
        .ifPresent(
            user -> {
              Actor actor = RacingUseCases.as(user);
              if (count("instances where owner_handle <> '_system'") < 9) {
                var unused =
                    use.instances.put(
                        actor,
                        Instance.Ref.of(user.handle() + "/n" + names.incrementAndGet()),
                        Precondition.NONE,
                        InstanceWriteBuilder.of().from("_system/openai-large").command());
              }
              Optional<Instance.Ref> service = service(random);
              if (count("projects") < 9 && service.isPresent()) {
                var unused =
                    use.projects.put(
                        actor,
                        Project.Ref.of(user.handle() + "/n" + names.incrementAndGet()),
                        Precondition.NONE,
                        new ProjectCommand(FieldWrites.NONE, Field.of(service.get()), false));
              }
            });
  }

  private int count(String table) {
    return ports.sql().sql("select count(*) from " + table).query(Integer.class).single();
  }

  private void delete(Random random) {
    if (random.nextBoolean()) {
      service(random)
          .ifPresent(
              ref -> {
                var unused = use.instances.delete(owner(ref.owner()), ref, Precondition.NONE);
              });
    } else {
      project(random)
          .ifPresent(
              ref -> {
                var unused = use.projects.delete(owner(ref.owner()), ref, Precondition.NONE);
              });
    }
  }

  /** Deletes a user who owns things, and creates a user who owns things. */
  private void deleteUser(Random random) {
    any(random, "users where handle like 'n%'")
        .ifPresent(
            row -> {
              var unused =
                  use.users.delete(
                      RacingUseCases.as(root),
                      new Handle((String) row.get("handle")),
                      Precondition.NONE,
                      true);
            });
    int number = names.incrementAndGet();
    User next = AUser.called("n" + number).build();
    boolean unused =
        ports
            .transactions()
            .inTransaction(
                () -> {
                  ports.users().insert(next);
                  ports.users().insert(AUser.called("bot" + number).serviceAccountOf(next).build());
                  Instance service = ports.stored(AnInstance.of(next, "s").build());
                  ports.projects().insert(AProject.of(next, "p").using(service).build());
                  return true;
                });
  }

  private void answerFor(Random random) {
    Optional<User> successor = person(random).filter(user -> !user.isServiceAccount());
    Optional<Map<String, Object>> account = any(random, "users where kind = 'service'");
    if (successor.isPresent() && account.isPresent()) {
      var unused =
          use.users.update(
              RacingUseCases.as(root),
              new Handle((String) account.get().get("handle")),
              Precondition.NONE,
              FieldWrites.NONE.with(
                  User.RESPONSIBLE,
                  Field.of(ResponsibleName.of(successor.get().handle().value()))));
    }
  }

  private void suspend(Random random) {
    person(random)
        .ifPresent(
            user -> {
              Optional<User> unused =
                  ports
                      .transactions()
                      .inTransaction(
                          () -> {
                            Optional<User> locked = ports.users().lock(user.handle());
                            locked.ifPresent(
                                found ->
                                    ports
                                        .users()
                                        .update(
                                            found.withSuspension(
                                                random.nextInt(4) == 0
                                                    ? Optional.of(Instant.now())
                                                    : Optional.empty(),
                                                Instant.now())));
                            return locked;
                          });
            });
  }

  private void member(Random random) {
    person(random)
        .ifPresent(
            user -> {
              Handle team = new Handle("team");
              var unused =
                  random.nextBoolean()
                      ? use.groups.putMember(
                          RacingUseCases.as(root),
                          team,
                          user.handle(),
                          GroupRole.MEMBER,
                          Field.absent())
                      : use.groups.removeMember(RacingUseCases.as(root), team, user.handle());
            });
  }

  private void token(Random random) {
    person(random)
        .ifPresent(
            user -> {
              AccessToken token = AToken.of(user).build();
              ports.accessTokens().save(token, hash());
              boolean unused = ports.accessTokens().delete(user.id(), token.id());
            });
  }

  private void account(Random random) {
    service(random)
        .ifPresent(
            ref -> {
              var unused =
                  use.instances.patch(
                      owner(ref.owner()),
                      ref,
                      Precondition.NONE,
                      InstanceWriteBuilder.of()
                          .endpoint("https://" + names.incrementAndGet() + ".example.com/v1")
                          .sameAccount(false)
                          .command());
            });
  }

  private void choose(Random random) {
    Optional<Instance.Ref> service = service(random);
    if (service.isPresent()) {
      Handle owner = service.get().owner();
      var unused = use.defaults.choose(owner(owner), owner, service.get());
    }
  }

  /**
   * Notes which statements the database has broken off, because they waited in a circle, and which
   * statements the transactions of the circle have begun.
   */
  private static final class Circles extends DelegatingDataSource {
    private static final Pattern PROCESS = Pattern.compile("[Pp]rocess (\\d+)");

    private final Queue<String> found;
    private final Map<Integer, Queue<String>> begun = new ConcurrentHashMap<>();

    Circles(DataSource source, Queue<String> found) {
      super(source);
      this.found = found;
    }

    @Override
    public Connection getConnection() throws SQLException {
      Connection real = super.getConnection();
      try (Statement setting = real.createStatement()) {
        boolean unused = setting.execute("set deadlock_timeout = '30ms'");
      }
      Queue<String> statements = new ConcurrentLinkedQueue<>();
      Queue<String> unused = begun.put(real.unwrap(PGConnection.class).getBackendPID(), statements);
      return proxy(
          Connection.class,
          (self, method, arguments) -> {
            switch (method.getName()) {
              case "prepareStatement" -> {
                boolean unusedToo =
                    statements.add(String.valueOf(arguments[0]).replaceAll("\\s+", " "));
              }
              case "commit", "rollback", "close" -> statements.clear();
              default -> {}
            }
            Object result = call(real, method, arguments);
            return method.getName().equals("prepareStatement")
                ? proxy(
                    PreparedStatement.class,
                    (statement, step, values) -> call(result, step, values))
                : result;
          });
    }

    private Object call(Object real, Method method, Object[] arguments) throws Throwable {
      try {
        return method.invoke(real, arguments);
      } catch (InvocationTargetException e) {
        if (e.getCause() instanceof SQLException told && "40P01".equals(told.getSQLState())) {
          found.add(
              PROCESS
                  .matcher(told.getMessage())
                  .results()
                  .map(match -> Integer.valueOf(match.group(1)))
                  .distinct()
                  .map(process -> process + ": " + begun.get(process))
                  .collect(Collectors.joining("\n", told.getMessage() + "\n", "\n")));
        }
        throw e.getCause();
      }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
      return type.cast(
          Proxy.newProxyInstance(Circles.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
  }
}
