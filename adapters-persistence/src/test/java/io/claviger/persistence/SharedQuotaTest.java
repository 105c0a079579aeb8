package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.many;
import static io.claviger.persistence.ConcurrentAttempts.whileUncommitted;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.objects.port.ObjectLedger.Ended;
import io.claviger.application.objects.port.ObjectLedger.NewObject;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectCaller;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectQuota;
import io.claviger.domain.objects.ObjectQuota.Stored;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.projects.Project;
import io.claviger.persistence.objects.JdbcObjectLedger;
import io.claviger.persistence.shared.UuidV7Ids;
import io.claviger.testkit.Race;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Several makers use up one quota: those who call through a project of its borrower. */
@SuppressWarnings("NullAway.Init") // set before each test
final class SharedQuotaTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final ObjectQuota EIGHT = new ObjectQuota(8, 80);
  private static final Stored NOTHING = new Stored(0, 0);
  private final JdbcObjectLedger ledger =
      new JdbcObjectLedger(
          PORTS.database(), new UuidV7Ids(InstantSource.system()), InstantSource.system());
  private User alice;
  private User bob;
  private User carol;
  private AccessToken token;
  private Instance service;
  private Project project;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    alice = PORTS.stored(AUser.called("alice").build());
    bob = PORTS.stored(AUser.called("bob").build());
    carol = PORTS.stored(AUser.called("carol").build());
    token = AToken.of(alice).build();
    PORTS.accessTokens().save(token, new TokenHash(new byte[32]));
    service = PORTS.stored(AnInstance.of(alice, "s").build());
    project = AProject.of(alice, "p").using(service).build();
    PORTS.projects().insert(project);
  }

  @Test
  void the_oldest_response_of_whoever_has_most_makes_room() {
    store(member(alice), "resp_a1");
    store(stranger(carol), "resp_c1");
    for (int i = 1; i <= 6; i++) {
      store(stranger(bob), "resp_b" + i);
    }

    store(stranger(bob), "resp_b7");
    store(stranger(carol), "resp_c2");
    store(member(alice), "resp_a2");

    assertThat(ended()).containsExactly("resp_b1", "resp_b2", "resp_b3");
    assertThat(counts()).isEqualTo(Map.of("alice", "0 2 20", "bob", "0 4 40", "carol", "0 2 20"));
    assertCounted(PORTS.sql());
  }

  @Test
  void whoever_has_as_many_as_anybody_makes_room_themselves() {
    for (int i = 1; i <= 4; i++) {
      store(member(alice), "resp_a" + i);
      store(stranger(bob), "resp_b" + i);
    }

    store(stranger(bob), "resp_b5");
    store(member(alice), "resp_a5");

    assertThat(ended()).containsExactly("resp_a1", "resp_b1");
    assertCounted(PORTS.sql());
  }

  @Race.Repeated
  void makers_who_race_for_the_last_places_end_with_equal_parts() {
    List<User> people = List.of(alice, bob, carol);
    for (int i = 1; i <= 6; i++) {
      store(stranger(bob), "resp_" + i);
    }

    List<String> outcomes =
        many(
            n -> {
              User maker = people.get(n % 3);
              for (int i = 1; i <= 3; i++) {
                store(maker.equals(alice) ? member(alice) : stranger(maker), "resp_" + n + "_" + i);
              }
              return ConcurrentAttempts.DONE;
            });

    assertThat(outcomes).containsOnly(ConcurrentAttempts.DONE);
    assertThat(responses().values()).extracting(List::size).containsExactlyInAnyOrder(3, 3, 2);
    assertCounted(PORTS.sql());
  }

  @Race.Repeated
  void strangers_who_race_for_the_last_places_leave_some_to_others() {
    List<String> outcomes =
        many(n -> record(stranger(n % 2 == 0 ? bob : carol), "file-" + n).name());

    assertThat(ConcurrentAttempts.count(outcomes, "RECORDED")).isBetween(5, 6);
    assertThat(record(member(alice), "file-of-alice")).isEqualTo(Recorded.RECORDED);
    assertCounted(PORTS.sql());
  }

  @Test
  void what_a_stranger_stores_leaves_as_much_to_others() {
    for (int i = 1; i <= 4; i++) {
      assertThat(record(stranger(bob), "file-b" + i)).isEqualTo(Recorded.RECORDED);
    }
    assertThat(record(stranger(bob), "file-b5")).isEqualTo(Recorded.FULL);
    assertThat(record(stranger(carol), "file-c1")).isEqualTo(Recorded.RECORDED);
    assertThat(record(stranger(carol), "file-c2")).isEqualTo(Recorded.RECORDED);
    assertThat(record(stranger(carol), "file-c3")).isEqualTo(Recorded.FULL);
    assertThat(record(member(bob), "file-b5")).isEqualTo(Recorded.RECORDED);
    assertThat(record(caller(alice, ObjectHolder.user(alice.id().value()), alice), "file-a1"))
        .isEqualTo(Recorded.RECORDED);
    assertThat(record(member(alice), "file-a2")).isEqualTo(Recorded.FULL);
    assertCounted(PORTS.sql());
  }

  @Test
  void what_has_expired_makes_room_for_somebody_who_is_not_a_member() {
    Optional<Instant> past = Optional.of(Instant.now().minusSeconds(5));
    for (int i = 1; i <= 4; i++) {
      assertThat(record(stranger(bob), "file-b" + i, 10, 8, past)).isEqualTo(Recorded.RECORDED);
    }

    assertThat(record(stranger(bob), "file-b5")).isEqualTo(Recorded.RECORDED);

    assertThat(counts()).isEqualTo(Map.of("bob", "1 0 10"));
    assertCounted(PORTS.sql());
  }

  @Test
  void if_several_responses_are_too_many_each_is_chosen_by_the_rule() {
    for (int i = 1; i <= 4; i++) {
      store(member(alice), "resp_a" + i);
      store(stranger(bob), "resp_b" + i);
    }

    assertThat(record(member(alice), "resp_a5", 10, 6, Optional.empty()))
        .isEqualTo(Recorded.RECORDED);

    assertThat(ended()).containsExactly("resp_a1", "resp_b1", "resp_a2");
    assertCounted(PORTS.sql());
  }

  @Test
  void a_response_that_somebody_is_changing_is_passed_over() {
    for (int i = 1; i <= 8; i++) {
      store(stranger(bob), "resp_b" + i);
    }

    Recorded recorded =
        PORTS
            .transactions()
            .inTransaction(
                () -> {
                  int locked =
                      PORTS
                          .database()
                          .jdbc()
                          .sql(
                              "update provider_objects set bytes = bytes where object_id = 'resp_b1'")
                          .update();
                  assertThat(locked).isEqualTo(1);
                  return CompletableFuture.supplyAsync(
                          () -> record(stranger(carol), "resp_c1"), Thread::startVirtualThread)
                      .join();
                });

    assertThat(recorded).isEqualTo(Recorded.RECORDED);
    assertThat(ended()).containsExactly("resp_b2");
    assertCounted(PORTS.sql());
  }

  /** A random history, in which the rule says what becomes of each object. */
  @Test
  void the_database_decides_like_the_rule() {
    Random random = new Random(11);
    User program = PORTS.stored(AUser.called("program").serviceAccountOf(bob).build());
    List<User> people = List.of(alice, bob, carol, program);
    for (int step = 0; step < 80; step++) {
      User user = people.get(random.nextInt(people.size()));
      ObjectCaller caller = user.equals(alice) ? member(alice) : stranger(user);
      if (random.nextInt(3) > 0) {
        storeLikeTheRule(caller, maker(user), "resp_" + step);
      } else if (random.nextInt(3) > 0) {
        int size = random.nextInt(30);
        boolean fits = fits(user, size);
        assertThat(record(caller, "file-" + step, size))
            .isEqualTo(fits ? Recorded.RECORDED : Recorded.FULL);
      } else {
        end("file-" + random.nextInt(step + 1));
      }
      assertCounted(PORTS.sql());
    }
    assertThat(ended()).hasSizeGreaterThan(15);
  }

  /** The user for whom it counts what a user makes. */
  private static UUID maker(User user) {
    return user.responsible().map(Responsible::uuid).orElse(user.id().value());
  }

  private void storeLikeTheRule(ObjectCaller caller, UUID maker, String id) {
    Map<UUID, List<String>> before = responses();
    store(caller, id);
    if (before.values().stream().mapToInt(List::size).sum() < 8) {
      before.computeIfAbsent(maker, key -> new ArrayList<>()).add(id);
      assertThat(responses()).isEqualTo(before);
      return;
    }
    Map<UUID, Long> counts = new HashMap<>();
    before.forEach((each, ids) -> counts.put(each, (long) ids.size()));
    UUID loser = ObjectQuota.losesResponse(counts, maker);
    List<UUID> equals =
        loser.equals(maker)
            ? List.of(loser)
            : counts.keySet().stream()
                .filter(other -> counts.get(other).equals(counts.get(loser)))
                .toList();
    List<Map<UUID, List<String>>> possible = new ArrayList<>();
    for (UUID one : equals) {
      Map<UUID, List<String>> after = new HashMap<>();
      before.forEach((each, ids) -> after.put(each, new ArrayList<>(ids)));
      after.get(one).removeFirst();
      after.computeIfAbsent(maker, key -> new ArrayList<>()).add(id);
      after.values().removeIf(List::isEmpty);
      possible.add(after);
    }
    assertThat(responses()).isIn(possible);
  }

  private boolean fits(User user, int size) {
    Map<UUID, Stored> stored = stored();
    Stored all =
        stored.values().stream()
            .reduce(
                NOTHING, (a, b) -> new Stored(a.objects() + b.objects(), a.bytes() + b.bytes()));
    return EIGHT.hasRoom(
        all,
        user.equals(alice)
            ? Optional.empty()
            : Optional.of(stored.getOrDefault(maker(user), NOTHING)),
        size);
  }

  @Test
  void service_accounts_count_together_with_whoever_is_responsible_for_them() {
    User first = PORTS.stored(AUser.called("first").serviceAccountOf(bob).build());
    User second = PORTS.stored(AUser.called("second").serviceAccountOf(bob).build());
    store(stranger(first), "file-1");
    store(stranger(first), "resp_f1");
    store(stranger(second), "resp_s1");
    store(stranger(bob), "resp_b1");
    store(member(first), "resp_f2");
    for (int i = 1; i <= 4; i++) {
      store(stranger(carol), "resp_c" + i);
    }

    store(stranger(second), "resp_s2");

    assertThat(ended()).containsExactly("resp_f1");
    assertThat(counts()).isEqualTo(Map.of("bob", "1 4 50", "carol", "0 4 40"));
    PORTS.users().replaceResponsible(bob.id(), carol.id(), Instant.now());
    assertThat(counts()).isEqualTo(Map.of("bob", "0 1 10", "carol", "1 7 80"));
    assertCounted(PORTS.sql());
  }

  @Race.Repeated
  void whoever_becomes_responsible_has_what_is_stored_and_ended_meanwhile() {
    User first = PORTS.stored(AUser.called("first").serviceAccountOf(bob).build());
    User second = PORTS.stored(AUser.called("second").serviceAccountOf(bob).build());
    for (int i = 1; i <= 8; i++) {
      store(stranger(i % 2 == 0 ? first : second), "resp_" + i);
    }

    List<String> outcomes =
        many(
            n -> {
              if (n == 0) {
                PORTS.users().replaceResponsible(bob.id(), carol.id(), Instant.now());
              } else if (n <= 8) {
                end("resp_" + n);
              } else {
                store(stranger(n % 2 == 0 ? first : second), "resp_" + n);
              }
              return ConcurrentAttempts.DONE;
            });

    assertThat(outcomes).containsOnly(ConcurrentAttempts.DONE);
    assertThat(counts().keySet()).containsOnly("carol");
    assertCounted(PORTS.sql());
  }

  @Race.Repeated
  void what_is_made_while_its_maker_is_deleted_is_counted_or_deleted_at_the_provider() {
    List<String> outcomes =
        many(
            n -> {
              if (n == 0) {
                PORTS.users().delete(bob.id());
                return ConcurrentAttempts.DONE;
              }
              NewObject made =
                  made(
                      n % 2 == 0 ? member(bob) : stranger(bob),
                      "file-" + n,
                      1,
                      8,
                      Optional.empty());
              Recorded outcome = ledger.record(List.of(made)).getFirst();
              return outcome == Recorded.RECORDED
                  ? outcome.name()
                  : outcome + " " + ledger.record(List.of(made.orphaned())).getFirst();
            });

    assertThat(outcomes)
        .isSubsetOf(ConcurrentAttempts.DONE, "RECORDED", "FULL RECORDED", "GONE RECORDED");
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    select count(*) from provider_objects
                    where state = 'live' or retry_at is not null
                    """)
                .query(Long.class)
                .single())
        .isEqualTo(15);
    assertCounted(PORTS.sql());
  }

  @Test
  void what_is_made_while_the_owner_of_the_project_is_deleted_counts_for_them_as_before() {
    ObjectCaller stranger = caller(bob, ObjectHolder.user(bob.id().value()), carol);
    store(stranger, "file-1");
    PORTS.users().delete(carol.id());

    store(stranger, "file-2");

    assertThat(counts()).isEqualTo(Map.of("bob", "2 0 20"));
    assertCounted(PORTS.sql());
  }

  @Test
  void an_object_that_changes_when_somebody_else_becomes_responsible_counts_for_them() {
    User bot = PORTS.stored(AUser.called("bot").serviceAccountOf(bob).build());
    store(stranger(bot), "resp_1");

    assertThat(
            whileUncommitted(
                PORTS,
                () ->
                    assertThat(
                            PORTS
                                .database()
                                .jdbc()
                                .sql("update provider_objects set bytes = 20")
                                .update())
                        .isEqualTo(1),
                () -> PORTS.users().replaceResponsible(bob.id(), carol.id(), Instant.now())))
        .isTrue();

    assertThat(counts()).isEqualTo(Map.of("carol", "0 1 20"));
    assertCounted(PORTS.sql());
  }

  @Test
  void what_is_stored_while_somebody_else_becomes_responsible_counts_for_them() {
    User bot = PORTS.stored(AUser.called("bot").serviceAccountOf(bob).build());

    assertThat(
            whileUncommitted(
                PORTS,
                () -> PORTS.users().replaceResponsible(bob.id(), carol.id(), Instant.now()),
                () -> store(stranger(bot), "resp_1")))
        .isTrue();

    assertThat(counts()).isEqualTo(Map.of("carol", "0 1 10"));
    assertCounted(PORTS.sql());
  }

  @Test
  void a_part_that_another_user_reads_while_somebody_becomes_responsible_for_its_maker_is_theirs() {
    User bot = PORTS.stored(AUser.called("bot").serviceAccountOf(bob).build());
    store(stranger(bot), "resp_1");
    store(member(bot), "resp_2");

    assertThat(
            whileUncommitted(
                PORTS,
                () -> PORTS.users().replaceResponsible(bob.id(), carol.id(), Instant.now()),
                () -> {
                  assertThat(recordPart(member(alice), "resp_1", "resp_3"))
                      .isEqualTo(Recorded.RECORDED);
                  assertThat(recordPart(member(alice), "resp_2", "resp_4"))
                      .isEqualTo(Recorded.RECORDED);
                }))
        .isTrue();

    assertThat(counts()).isEqualTo(Map.of("carol", "0 4 40"));
    assertCounted(PORTS.sql());
  }

  @Race.Repeated
  void parts_that_others_read_while_somebody_becomes_responsible_for_their_makers_are_theirs() {
    User bot = PORTS.stored(AUser.called("bot").serviceAccountOf(bob).build());
    store(caller(bot, ObjectHolder.user(bot.id().value()), bot), "file-whole");
    store(member(bot), "resp_whole");

    List<String> outcomes =
        many(
            n -> {
              if (n == 0) {
                PORTS.users().replaceResponsible(bob.id(), carol.id(), Instant.now());
                return ConcurrentAttempts.DONE;
              }
              return (n % 2 == 0
                      ? recordPart(member(alice), "file-whole", "file-" + n)
                      : recordPart(member(alice), "resp_whole", "resp_" + n))
                  .name();
            });

    assertThat(outcomes).isSubsetOf(ConcurrentAttempts.DONE, "RECORDED");
    assertThat(counts().keySet()).containsExactly("carol");
    assertThat(
            PORTS
                .sql()
                .sql("select distinct borrower_id from object_holdings where objects > 0")
                .query(UUID.class)
                .list())
        .containsExactly(carol.id().value());
    assertCounted(PORTS.sql());
  }

  @Test
  void members_and_their_objects_keep_their_makers_when_the_project_moves() {
    for (int i = 1; i <= 4; i++) {
      store(member(alice), "resp_a" + i);
    }
    store(member(bob), "resp_b1");
    store(member(bob), "resp_b2");
    ObjectCaller carols = caller(carol, ObjectHolder.user(carol.id().value()), carol);
    for (int i = 1; i <= 5; i++) {
      store(carols, "resp_c" + i);
    }

    assertThat(
            PORTS
                .sql()
                .sql("update projects set owner_id = :owner, owner_handle = 'carol'")
                .param("owner", carol.id().value())
                .update())
        .isEqualTo(1);
    assertCounted(PORTS.sql());
    store(carols, "resp_c6");

    assertThat(ended()).containsExactlyInAnyOrder("resp_c1", "resp_c2", "resp_c3", "resp_a1");
    assertThat(counts()).isEqualTo(Map.of("alice", "0 3 30", "bob", "0 2 20", "carol", "0 3 30"));
    assertCounted(PORTS.sql());
  }

  @Test
  void what_a_deleted_user_stored_as_a_member_stays_counted() {
    store(member(bob), "resp_b1");
    store(stranger(bob), "resp_b2");
    record(stranger(bob), "file-1");

    PORTS.users().delete(bob.id());

    assertThat(counts()).isEqualTo(Map.of("nobody", "0 1 10"));
    assertCounted(PORTS.sql());
  }

  private ObjectCaller member(User user) {
    return caller(user, ObjectHolder.project(project.id().value()), alice);
  }

  /** The caller of the open project who is not a member of it. */
  private ObjectCaller stranger(User user) {
    return caller(user, ObjectHolder.user(user.id().value()), alice);
  }

  private ObjectCaller caller(User user, ObjectHolder holder, User borrower) {
    return new ObjectCaller(
        user.id().value(),
        holder,
        false,
        false,
        borrower.id().value(),
        Optional.empty(),
        token.id().value(),
        false,
        1);
  }

  private void store(ObjectCaller caller, String id) {
    assertThat(record(caller, id)).isEqualTo(Recorded.RECORDED);
  }

  private Recorded record(ObjectCaller caller, String id) {
    return record(caller, id, 10);
  }

  private Recorded record(ObjectCaller caller, String id, int size) {
    return record(caller, id, size, 8, Optional.empty());
  }

  private Recorded record(
      ObjectCaller caller, String id, int size, int mostResponses, Optional<Instant> expiresAt) {
    return ledger.record(List.of(made(caller, id, size, mostResponses, expiresAt))).getFirst();
  }

  /** Records a part of an object that perhaps somebody else has made. */
  private Recorded recordPart(ObjectCaller reader, String whole, String id) {
    NewObject part = made(reader, id, 10, 8, Optional.empty());
    return ledger.record(List.of(part.comingWith(name(whole)))).getFirst();
  }

  private NewObject made(
      ObjectCaller caller, String id, int size, int mostResponses, Optional<Instant> expiresAt) {
    return new NewObject(
        service.id(),
        name(id),
        caller,
        EIGHT,
        mostResponses,
        ObjectState.LIVE,
        expiresAt,
        size,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private void end(String id) {
    ledger.end(List.of(new Ended(service.id(), name(id), ObjectState.DELETED, Optional.empty())));
  }

  private static ObjectName name(String id) {
    return new ObjectName(id.startsWith("resp_") ? ObjectKind.RESPONSES : ObjectKind.FILES, id);
  }

  /** The responses of each maker, the oldest first. */
  private static Map<UUID, List<String>> responses() {
    Map<UUID, List<String>> all = new HashMap<>();
    PORTS
        .sql()
        .sql(
            """
            select coalesce(responsible_id, maker_id) as maker_id, object_id from provider_objects
            where state = 'live' and kind = 'responses' order by id
            """)
        .query(
            rs -> {
              all.computeIfAbsent(rs.getObject("maker_id", UUID.class), key -> new ArrayList<>())
                  .add(rs.getString("object_id"));
            });
    return all;
  }

  private static Map<UUID, Stored> stored() {
    Map<UUID, Stored> all = new HashMap<>();
    PORTS
        .sql()
        .sql("select maker_id, objects, bytes from maker_holdings")
        .query(
            rs -> {
              Stored unused =
                  all.put(
                      rs.getObject("maker_id", UUID.class),
                      new Stored(rs.getLong("objects"), rs.getLong("bytes")));
            });
    return all;
  }

  /** How many objects, responses and bytes are counted for each maker. */
  private static Map<String, String> counts() {
    Map<String, String> all = new HashMap<>();
    PORTS
        .sql()
        .sql(
            """
            select coalesce(u.handle, 'nobody') as maker, concat_ws(' ', objects, responses, bytes) as counts
            from maker_holdings m left join users u on u.id = m.maker_id
            """)
        .query(
            rs -> {
              String unused = all.put(rs.getString("maker"), rs.getString("counts"));
            });
    return all;
  }

  /** The responses that ended because there were too many, the oldest first. */
  private static List<String> ended() {
    return PORTS
        .sql()
        .sql("select object_id from provider_objects where end_reason = 'quota' order by id")
        .query(String.class)
        .list();
  }

  /** The counts are those of the rows, for each maker and for each borrower. */
  static void assertCounted(JdbcClient jdbc) {
    assertThat(
            jdbc.sql(
                    """
                    with rows as (
                      select service_id, borrower_id, coalesce(responsible_id, maker_id) as maker_id,
                        count(*) filter (where kind <> 'responses') as objects,
                        count(*) filter (where kind = 'responses') as responses,
                        sum(bytes) as bytes
                      from provider_objects
                      where state = 'live' and borrower_id is not null
                      group by 1, 2, 3),
                    borrowers as (
                      select service_id, borrower_id, sum(objects), sum(responses), sum(bytes)
                      from rows group by 1, 2)
                    select
                      (select count(*) from (select * from rows except select * from maker_holdings) m)
                      + (select count(*) from (select * from maker_holdings except select * from rows) m)
                      + (select count(*) from (
                        select * from borrowers except select * from object_holdings) h)
                      + (select count(*) from (
                        select * from object_holdings except select * from borrowers) h
                        where (objects, responses, bytes) <> (0, 0, 0))
                    """)
                .query(Long.class)
                .single())
        .isZero();
  }
}
