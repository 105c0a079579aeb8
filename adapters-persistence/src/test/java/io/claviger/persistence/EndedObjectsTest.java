package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.many;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.objects.port.ObjectLedger.Ended;
import io.claviger.application.objects.port.ObjectLedger.NewObject;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.application.objects.port.ObjectRemovalStore.Places;
import io.claviger.application.objects.port.ObjectRemovalStore.Removal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.EndReason;
import io.claviger.domain.objects.ObjectCaller;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectQuota;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.projects.Project;
import io.claviger.persistence.objects.JdbcObjectRemovals;
import io.claviger.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Tests which objects end, and which node deletes them at the provider. */
final class EndedObjectsTest extends ObjectLedgerFixture {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();

  EndedObjectsTest() {
    super(PORTS);
  }

  private static final Places TEN = new Places(10, 10, 10);

  @Test
  void a_container_leaves_a_day_after_its_last_use_and_makes_room() {
    ObjectName container = new ObjectName(ObjectKind.CONTAINERS, "cntr_1");
    ObjectName part = new ObjectName(ObjectKind.CONTAINERS, "cfile_1");
    ObjectCaller maker = caller(bob, holder(bob), false);
    Instant now = Instant.now();
    record(made(maker, container));
    record(made(maker, part).expiring(now.plusSeconds(86_400)));
    assertThat(
            PORTS
                .sql()
                .sql("update provider_objects set parent = 'cntr_1' where object_id = 'cfile_1'")
                .update())
        .isEqualTo(1);
    assertThat(expiry(container)).isBetween(now.plusSeconds(86_000), now.plusSeconds(87_000));
    for (long aged : new long[] {80_000, 40_000}) {
      assertThat(
              PORTS
                  .sql()
                  .sql(
                      """
                      update provider_objects set last_used_at = null,
                        expires_at = expires_at - make_interval(secs => :aged)
                      """)
                  .param("aged", aged)
                  .update())
          .isEqualTo(2);
      // An answer states it once more, because a call has used it without naming it.
      assertThat(record(made(maker, container))).isEqualTo(Recorded.RECORDED);
      uses.flush();
      long left = aged == 80_000 ? 86_000 : 46_000;
      assertThat(expiry(container)).isBetween(now.plusSeconds(left), now.plusSeconds(left + 999));
      assertThat(expiry(part)).isBetween(now.plusSeconds(left), now.plusSeconds(left + 999));
    }

    age(50_000);
    assertThat(removals.sweep()).isEqualTo(2);

    assertThat(rows("state = 'expired' and retry_at is null")).isEqualTo(2);
    assertThat(holding(bob)).isEqualTo("0 0 0");
  }

  /** Makes all objects older by this time. */
  private static void age(long seconds) {
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    update provider_objects
                    set made_at = made_at - s.age, expires_at = expires_at - s.age,
                      ended_at = ended_at - s.age, retry_at = retry_at - s.age,
                      retry_until = retry_until - s.age
                    from (select make_interval(secs => :seconds) as age) s
                    """)
                .param("seconds", seconds)
                .update())
        .isPositive();
  }

  private Instant expiry(ObjectName name) {
    return ledger
        .find(service.id(), bob.id(), List.of(name))
        .getFirst()
        .object()
        .orElseThrow()
        .expiresAt()
        .orElseThrow();
  }

  @Test
  void the_results_of_a_batch_that_claviger_has_ended_are_deleted_like_the_batch() {
    record(bob, "file-read");
    for (String id : List.of("batch_1", "batch_2", "batch_3")) {
      batch(id);
    }
    for (String id : List.of("batch_1", "batch_2")) {
      assertThat(stored.end(service.id(), new ObjectName(ObjectKind.BATCHES, id), Optional.empty()))
          .isTrue();
    }
    // The provider has already been told to cancel it.
    Removal cancelled =
        removals.takeDue(TEN, List.of(), Set.of()).stream()
            .filter(due -> due.name().id().equals("batch_2"))
            .findFirst()
            .orElseThrow();
    assertThat(removals.settle(cancelled, ObjectState.LEFT)).isTrue();
    assertThat(stored.leave(service.id(), new ObjectName(ObjectKind.BATCHES, "batch_3"))).isTrue();

    keepResults("batch_1", "file-1", "file-read");
    keepResults("batch_2", "file-2");
    keepResults("batch_2", "file-2");
    keepResults("batch_3", "file-3");

    assertThat(removals.takeDue(TEN, List.of(), Set.of()))
        .extracting(due -> due.name().id() + " " + due.why())
        .containsExactlyInAnyOrder("file-1 REQUEST", "file-2 REQUEST");
    assertThat(mayRead(bob, "file-1")).isFalse();
    assertThat(mayRead(bob, "file-read")).isTrue();
    assertThat(find("file-3")).isEmpty();
  }

  /** A provider that refuses every deletion must not fill the database. */
  @Test
  void of_too_many_objects_of_an_owner_those_that_ended_first_are_given_up() {
    Instance other = PORTS.stored(AnInstance.of(alice, "other").build());
    Instance ofEve = PORTS.stored(AnInstance.of(eve, "e").build());
    for (int i = 1; i <= 3; i++) {
      for (Instance each : List.of(service, other, ofEve)) {
        NewObject made =
            in(each, made(bob, "file-" + each.ref().handle().value() + i, Optional.empty()));
        assertThat(record(made)).isEqualTo(Recorded.RECORDED);
        assertThat(stored.end(each.id(), made.name(), Optional.empty())).isTrue();
      }
    }
    batch("batch_1");
    assertThat(
            stored.end(
                service.id(), new ObjectName(ObjectKind.BATCHES, "batch_1"), Optional.empty()))
        .isTrue();

    int unused = new JdbcObjectRemovals(PORTS.database(), 4).sweep();

    assertThat(removals.takeOverdue(10))
        .extracting(given -> given.name().id())
        .containsExactlyInAnyOrder("file-s1", "file-other1");
    assertThat(rows("retry_at is not null")).isEqualTo(10);
  }

  /**
   * If the rows stayed, somebody who stores and deletes a file again and again would fill the
   * database.
   */
  @Test
  void rows_of_ended_objects_leave_after_an_hour_unless_something_needs_them() {
    record(bob, "file-1");
    batch("batch_1");
    batch("batch_2");
    ledger.end(
        List.of(deleted(name("file-1")), deleted(new ObjectName(ObjectKind.BATCHES, "batch_1"))));
    assertThat(
            stored.end(
                service.id(), new ObjectName(ObjectKind.BATCHES, "batch_2"), Optional.empty()))
        .isTrue();
    Removal ended = removals.takeDue(TEN, List.of(), Set.of()).getFirst();
    assertThat(removals.settle(ended, ObjectState.LEFT)).isTrue();

    age(3_000);
    int unused = removals.sweep();
    assertThat(rows("state <> 'live'")).isEqualTo(3);
    age(1_000);
    unused = removals.sweep();
    assertThat(rows("state <> 'live'")).isEqualTo(rows("object_id = 'batch_2'")).isOne();
    age(2_600_000);
    unused = removals.sweep();
    assertThat(rows("true")).isZero();
  }

  private Ended deleted(ObjectName name) {
    return new Ended(service.id(), name, ObjectState.DELETED, Optional.empty());
  }

  @Test
  void owners_list_what_is_live_and_end_it_so_that_it_is_deleted_at_the_provider() {
    record(bob, "file-1");
    record(eve, "file-2");
    record(bob, "file-3");

    assertThat(listed(Optional.empty())).containsExactly("file-3 bob", "file-2 eve", "file-1 bob");
    assertThat(listed(Optional.of(bob.handle()))).containsExactly("file-3 bob", "file-1 bob");
    assertThat(listed(Optional.of(new Handle("nobody")))).isEmpty();
    assertThat(stored.end(service.id(), name("file-2"), Optional.of(bob.id()))).isFalse();
    assertThat(stored.end(service.id(), name("file-2"), Optional.of(eve.id()))).isTrue();
    assertThat(stored.end(service.id(), name("file-2"), Optional.empty())).isFalse();
    assertThat(mayRead(eve, "file-2")).isFalse();
    assertThat(stored.serviceHolding(service.ref(), name("file-1"), bob.id()))
        .contains(service.id());
    assertThat(stored.serviceHolding(service.ref(), name("file-1"), eve.id())).isEmpty();
    assertThat(stored.serviceHolding(service.ref(), name("file-2"), eve.id())).isEmpty();
    assertThat(stored.servicesHolding(name("file-1"), bob.id())).containsExactly(service.id());
    assertThat(stored.servicesHolding(name("file-1"), eve.id())).isEmpty();
    assertThat(stored.servicesHolding(name("file-2"), eve.id())).isEmpty();
    assertThat(
            stored.recorded(
                service.id(), ObjectKind.FILES, List.of("file-1", "file-2", "made-elsewhere")))
        .containsExactlyInAnyOrder("file-1", "file-2");
    assertThat(stored.recorded(service.id(), ObjectKind.CACHES, List.of("file-1"))).isEmpty();

    assertThat(removals.anyToDelete()).isTrue();
    List<Removal> due = removals.takeDue(TEN, List.of(), Set.of());
    assertThat(removals.anyToDelete()).isTrue();
    assertThat(due).extracting(removal -> removal.name().id()).containsExactly("file-2");
    assertThat(removals.takeDue(TEN, List.of(), Set.of())).isEmpty();
    removals.giveBack(due);
    assertThat(removals.takeDue(TEN, List.of(), Set.of())).isEqualTo(due);
    assertThat(due.getFirst().whole()).isEmpty();
    assertThat(due.getFirst().why()).isEqualTo(EndReason.REQUEST);
    assertThat(due.getFirst().ref()).isEqualTo(service.ref());
    assertThat(removals.settle(due.getFirst(), ObjectState.DELETED)).isTrue();
    assertThat(removals.settle(due.getFirst(), ObjectState.LEFT)).isFalse();
    removals.giveBack(due);
    assertThat(rows("state = 'deleted' and retry_at is null")).isEqualTo(1);
    assertThat(removals.anyToDelete()).isFalse();
  }

  @Test
  void what_a_call_ended_that_may_still_be_there_is_due_to_be_deleted_and_makes_room_meanwhile() {
    record(bob, "resp_1");
    record(withParent(bob, "msg_1", "resp_1"));

    Ended ended = new Ended(service.id(), name("resp_1"), ObjectState.DELETING, Optional.empty());
    held.ended(ended).toCompletableFuture().join();

    assertThat(mayRead(bob, "resp_1")).isFalse();
    assertThat(holding(bob)).isEqualTo("0 0 0");
    assertThat(rows("state = 'deleted' and retry_at is null and object_id = 'msg_1'")).isOne();
    List<Removal> due = removals.takeDue(TEN, List.of(), Set.of());
    assertThat(due).extracting(removal -> removal.name().id()).containsExactly("resp_1");
    assertThat(due.getFirst().why()).isEqualTo(EndReason.REQUEST);
    assertThat(removals.settle(due.getFirst(), ObjectState.DELETED)).isTrue();
  }

  @Test
  void what_is_left_at_the_provider_is_nobodys_with_its_parts_and_is_never_due_to_be_deleted() {
    record(bob, "resp_1");
    record(withParent(bob, "msg_1", "resp_1"));
    record(withParent(eve, "msg_2", "resp_1"));

    assertThat(stored.leave(service.id(), name("resp_1"))).isTrue();
    assertThat(stored.leave(service.id(), name("resp_1"))).isFalse();
    assertThat(rows("state = 'left' and retry_at is null and end_reason is null")).isEqualTo(2);
    assertThat(rows("state = 'live' and object_id = 'msg_2'")).isEqualTo(1);
    assertThat(removals.takeDue(TEN, List.of(), Set.of())).isEmpty();
    assertThat(mayRead(bob, "resp_1")).isFalse();
    assertThat(holding(bob)).isEqualTo("0 0 0");
    assertThat(record(eve, "resp_1")).isEqualTo(Recorded.RECORDED);
  }

  @Test
  void a_batch_is_not_charged_while_its_reservation_is_open() {
    for (String id : List.of("batch_1", "batch_2", "batch_3")) {
      record(made(bob, ObjectKind.BATCHES, id, FIVE, 1));
      assertThat(stored.end(service.id(), new ObjectName(ObjectKind.BATCHES, id), Optional.empty()))
          .isTrue();
    }
    reserve("batch_1", "open");
    reserve("batch_2", "settled");

    assertThat(held.isUncharged(service.id(), batchName("batch_1"))).isTrue();
    assertThat(held.isUncharged(service.id(), batchName("batch_2"))).isFalse();
    assertThat(held.isUncharged(service.id(), batchName("batch_3"))).isFalse();
    assertThat(held.isUncharged(new Instance.Id(UUID.randomUUID()), batchName("batch_1")))
        .isFalse();
    assertThat(removals.takeDue(TEN, List.of(), Set.of()))
        .extracting(due -> due.name().id() + " " + due.isUncharged())
        .containsExactlyInAnyOrder("batch_1 true", "batch_2 false", "batch_3 false");
  }

  @Test
  void the_results_of_a_batch_wait_for_the_charge_before_they_are_deleted() {
    batch("batch_1");
    batch("batch_2");
    reserve("batch_1", "open");
    reserve("batch_2", "settled");
    record(made(bob, "file-1", Optional.empty()).comingWith(batchName("batch_1")));
    record(made(bob, "file-2", Optional.empty()).comingWith(batchName("batch_2")));
    record(bob, "file-3");

    assertThat(held.isUncharged(service.id(), name("file-1"))).isTrue();
    assertThat(held.isUncharged(service.id(), name("file-2"))).isFalse();
    assertThat(held.isUncharged(service.id(), name("file-3"))).isFalse();
    for (String id : List.of("file-1", "file-2", "file-3")) {
      assertThat(stored.end(service.id(), name(id), Optional.empty())).isTrue();
    }
    assertThat(removals.takeDue(TEN, List.of(), Set.of()))
        .extracting(due -> due.name().id() + " " + due.isUncharged())
        .containsExactlyInAnyOrder("file-1 true", "file-2 false", "file-3 false");
  }

  private static ObjectName batchName(String id) {
    return new ObjectName(ObjectKind.BATCHES, id);
  }

  @Test
  void an_id_is_free_again_once_its_object_is_deleted_and_nobody_uses_it_before() {
    record(bob, "file-1");
    assertThat(stored.end(service.id(), name("file-1"), Optional.empty())).isTrue();

    assertThat(record(bob, "file-1")).isEqualTo(Recorded.ENDING);
    assertThat(record(made(bob, "file-1", Optional.empty()).orphaned()))
        .isEqualTo(Recorded.RECORDED);
    assertThat(mayRead(bob, "file-1")).isFalse();
    ObjectCaller owner = caller(alice, holder(alice), true);
    assertThat(held.decide(service.id(), owner, List.of(read("file-1"))).isAllowed()).isFalse();
    fresh.set(true);
    assertThat(held.decideAtOnce(service.id(), owner, List.of(read("file-1")))).isEmpty();

    Removal due = removals.takeDue(TEN, List.of(), Set.of()).getFirst();
    assertThat(removals.settle(due, ObjectState.DELETED)).isTrue();
    assertThat(record(eve, "file-1")).isEqualTo(Recorded.RECORDED);
    assertThat(removals.settle(due, ObjectState.DELETED)).isFalse();
    assertThat(mayRead(eve, "file-1")).isTrue();
    assertThat(removals.takeDue(TEN, List.of(), Set.of())).isEmpty();
  }

  @Test
  void what_is_made_for_a_user_who_is_gone_is_left_to_be_deleted_at_the_provider() {
    PORTS.users().delete(bob.id());

    NewObject late = made(bob, "file-1", Optional.empty());
    assertThat(record(late)).isEqualTo(Recorded.GONE);
    assertThat(record(late.orphaned())).isEqualTo(Recorded.RECORDED);
    assertThat(record(late.orphaned())).isEqualTo(Recorded.RECORDED);
    assertThat(rows("holder_user_id is null and borrower_id is null and maker_id is not null"))
        .isOne();

    assertThat(removals.takeDue(TEN, List.of(), Set.of()))
        .extracting(Removal::name, Removal::why)
        .containsExactly(tuple(name("file-1"), EndReason.UNRECORDED));
    SharedQuotaTest.assertCounted(PORTS.sql());
  }

  @Test
  void what_a_project_makes_that_is_gone_is_the_owners_like_what_it_made_before() {
    Project project = AProject.of(bob, "p").using(service).build();
    PORTS.projects().insert(project);
    ObjectCaller member = caller(eve, ObjectHolder.project(project.id().value()), false);
    change("update instances set on_end = 'delete'");
    assertThat(record(made(member, "file-1"))).isEqualTo(Recorded.RECORDED);
    change("delete from projects");

    assertThat(record(made(member, "file-2"))).isEqualTo(Recorded.RECORDED);

    assertThat(removals.sweep()).isZero();
    assertThat(find("file-1").orElseThrow().holder()).isEmpty();
    assertThat(find("file-2").orElseThrow().holder()).isEmpty();
  }

  @Test
  void what_is_made_without_a_token_or_while_suspended_is_its_makers_until_the_share_ends() {
    give(service, AShare.with(bob));
    assertThat(PORTS.accessTokens().delete(bob.id(), token.id())).isTrue();
    change("update users set suspended_at = now() where handle = 'bob'");
    change("update instances set enabled = false, on_end = 'delete'");

    assertThat(record(bob, "file-1")).isEqualTo(Recorded.RECORDED);
    assertThat(find("file-1").orElseThrow().holder()).contains(holder(bob));
    assertThat(holding(bob)).isEqualTo("1 0 10");
    assertThat(removals.sweep()).isZero();

    change("delete from shares");
    assertThat(record(bob, "file-2")).isEqualTo(Recorded.RECORDED);
    assertThat(removals.sweep()).isEqualTo(2);
    assertThat(rows("state = 'deleting'")).isEqualTo(2);
  }

  @Test
  void what_is_made_in_an_account_that_is_gone_is_not_recorded() {
    NewObject late = made(bob, "file-1", Optional.empty());
    change("update instances set account = 2");
    assertThat(record(late)).isEqualTo(Recorded.GONE);
    assertThat(record(late.orphaned())).isEqualTo(Recorded.GONE);

    PORTS.instances().delete(service.id());
    assertThat(record(late)).isEqualTo(Recorded.GONE);
    assertThat(record(late.orphaned())).isEqualTo(Recorded.GONE);
    assertThat(rows("true")).isZero();
  }

  private static void change(String statement) {
    assertThat(PORTS.sql().sql(statement).update()).isPositive();
  }

  @Test
  void what_is_due_is_taken_a_few_at_a_time_and_from_each_service() {
    Instance other = PORTS.stored(AnInstance.of(alice, "other").build());
    ObjectQuota many = new ObjectQuota(1_000, 1_000_000);
    for (int i = 0; i < 6; i++) {
      record(made(bob, ObjectKind.FILES, "file-" + i, many, 1));
      assertThat(stored.end(service.id(), name("file-" + i), Optional.empty())).isTrue();
    }
    NewObject there = made(bob, "file-9", Optional.empty()).orphaned();
    record(in(other, there));

    assertThat(removals.takeDue(new Places(10, 2, 10), List.of(), Set.of()))
        .extracting(due -> due.name().id())
        .containsExactlyInAnyOrder("file-0", "file-1", "file-9");
    assertThat(removals.takeDue(new Places(10, 2, 10), List.of(), Set.of(service.id()))).isEmpty();
    assertThat(removals.takeDue(new Places(1, 2, 10), List.of(), Set.of(other.id())))
        .extracting(due -> due.name().id())
        .containsExactly("file-2");
    assertThat(removals.takeOverdue(10)).isEmpty();
    assertThat(PORTS.sql().sql("update provider_objects set retry_until = now()").update())
        .isEqualTo(7);
    assertThat(removals.takeDue(TEN, List.of(), Set.of())).isEmpty();
    assertThat(removals.takeOverdue(10)).hasSize(7);
    assertThat(removals.takeOverdue(10)).isEmpty();
  }

  @Test
  void objects_that_ended_while_the_clock_was_ahead_are_deleted_in_time_and_not_all_the_time() {
    record(made(bob, "file-1", Optional.empty()));
    assertThat(stored.end(service.id(), name("file-1"), Optional.empty())).isTrue();
    age(-100_000);
    assertThat(removals.takeDue(TEN, List.of(), Set.of())).isEmpty();

    int unused = removals.sweep();

    assertThat(removals.takeDue(TEN, List.of(), Set.of())).hasSize(1);
    assertThat(removals.takeDue(TEN, List.of(), Set.of())).isEmpty();
    unused = removals.sweep();
    assertThat(removals.takeDue(TEN, List.of(), Set.of())).isEmpty();
  }

  @Test
  void services_of_one_owner_take_only_a_part_of_the_places() {
    ObjectQuota many = new ObjectQuota(1_000, 1_000_000);
    for (Instance of :
        List.of(
            service,
            PORTS.stored(AnInstance.of(alice, "other").build()),
            PORTS.stored(AnInstance.of(alice, "third").build()),
            PORTS.stored(AnInstance.of(eve, "of-eve").build()))) {
      for (int i = 0; i < 4; i++) {
        record(in(of, made(bob, ObjectKind.FILES, "file-" + i, many, 1)));
        assertThat(stored.end(of.id(), name("file-" + i), Optional.empty())).isTrue();
      }
    }

    List<Removal> first = removals.takeDue(new Places(10, 2, 3), List.of(), Set.of());

    assertThat(first)
        .extracting(Removal::owner)
        .containsExactlyInAnyOrder(alice.id(), alice.id(), alice.id(), eve.id(), eve.id());
    assertThat(removals.takeDue(new Places(10, 2, 3), first, Set.of())).isEmpty();
    assertThat(removals.takeDue(new Places(7, 2, 4), first, Set.of()))
        .extracting(Removal::owner)
        .containsExactly(alice.id());
    assertThat(removals.takeDue(new Places(5, 2, 10), first, Set.of())).isEmpty();
    List<Removal> eves = first.stream().filter(due -> due.owner().equals(eve.id())).toList();
    assertThat(removals.takeDue(new Places(3, 2, 10), eves, Set.of())).hasSize(1);
  }

  @Race.Repeated
  void each_object_is_taken_by_one_of_many_nodes() {
    ObjectQuota many = new ObjectQuota(1_000, 1_000_000);
    for (int i = 0; i < 5; i++) {
      record(made(bob, ObjectKind.FILES, "file-" + i, many, 1));
      assertThat(stored.end(service.id(), name("file-" + i), Optional.empty())).isTrue();
    }

    List<String> taken =
        many(
            n ->
                removals.takeDue(new Places(2, 2, 2), List.of(), Set.of()).stream()
                    .map(due -> due.name().id())
                    .collect(Collectors.joining(" ")));

    assertThat(String.join(" ", taken).trim().split(" +"))
        .containsExactlyInAnyOrder("file-0", "file-1", "file-2", "file-3", "file-4");
  }

  @Race.Repeated
  void many_make_list_end_and_remove_the_same_ids() {
    many(
        n -> {
          User user = n % 2 == 0 ? bob : eve;
          String id = "file-" + n % 3;
          Recorded made = record(user, id);
          boolean ended = stored.end(service.id(), name(id), Optional.of(user.id()));
          for (Removal due : removals.takeDue(new Places(2, 2, 2), List.of(), Set.of())) {
            assertThat(mayRead(bob, due.name().id()) || mayRead(eve, due.name().id())).isFalse();
            assertThat(removals.settle(due, ObjectState.DELETED)).isTrue();
          }
          return made + " " + ended;
        });

    removals
        .takeDue(new Places(100, 100, 100), List.of(), Set.of())
        .forEach(due -> removals.settle(due, ObjectState.DELETED));
    SharedQuotaTest.assertCounted(PORTS.sql());
    assertThat(rows("state = 'deleting'")).isZero();
    assertThat(rows("state = 'live'"))
        .isEqualTo(
            PORTS.sql().sql("select sum(objects) from object_holdings").query(Long.class).single());
  }

  @Test
  void parts_end_with_the_whole_of_their_holder_alone() {
    record(bob, "resp_1");
    record(withParent(bob, "msg_1", "resp_1"));
    record(withParent(eve, "msg_2", "resp_1"));
    record(bob, "resp_2");
    record(withParent(bob, "msg_3", "resp_2"));

    assertThat(stored.end(service.id(), name("resp_1"), Optional.empty())).isTrue();
    assertThat(find("msg_1")).isEmpty();
    assertThat(find("msg_2")).isPresent();
    assertThat(stored.end(service.id(), name("msg_3"), Optional.empty())).isTrue();
    assertThat(removals.takeDue(TEN, List.of(), Set.of()))
        .extracting(due -> due.name().id() + due.whole().orElse(""))
        .containsExactlyInAnyOrder("resp_1", "msg_3resp_2");
  }

  @Test
  void many_objects_of_a_user_leave_together() {
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    insert into provider_objects (
                      service_id, kind, object_id, holder_user_id, maker_id, borrower_id,
                      made_with, bytes, state)
                    select :service, 'files', 'file-' || n, :bob, :bob, :bob, '{}', 1, 'live'
                    from generate_series(1, 3000) n
                    """)
                .param("service", service.id().value())
                .param("bob", bob.id().value())
                .update())
        .isEqualTo(3_000);
    record(made(bob, ObjectKind.RESPONSES, "resp_1", new ObjectQuota(3_000, 3_000), 0));
    record(withParent(bob, "msg_1", "resp_1"));
    assertThat(holding(bob)).isEqualTo("3000 2 3000");
    assertThat(PORTS.sql().sql("update instances set on_end = 'delete'").update()).isPositive();

    // A part is counted unless an earlier round ended its whole, and the rounds are in no order.
    assertThat(removals.sweep()).isBetween(3_001, 3_002);
    assertThat(rows("state in ('deleting', 'deleted')")).isEqualTo(3_002);
    assertThat(holding(bob)).isEqualTo("0 0 0");
    assertThat(record(bob, "resp_2")).isEqualTo(Recorded.RECORDED);
    assertThat(record(withParent(bob, "msg_2", "resp_2"))).isEqualTo(Recorded.RECORDED);
    PORTS.users().delete(bob.id());
    assertThat(holding(bob)).isEqualTo("0 0 0");
    assertThat(rows("state = 'deleting' and end_reason = 'share_end'")).isEqualTo(3_002);
    assertThat(rows("state = 'deleted' and object_id in ('msg_1', 'msg_2')")).isEqualTo(2);
  }

  @Test
  void what_ended_is_swept_and_a_service_may_delete_what_leavers_stored() {
    record(made(bob, "file-1", Optional.of(Instant.now().minusSeconds(1))));
    record(eve, "file-2");
    record(alice, "file-3");
    assertThat(removals.sweep()).isEqualTo(1);
    assertThat(find("file-2")).isPresent();

    assertThat(PORTS.sql().sql("update instances set on_end = 'delete'").update()).isPositive();
    assertThat(removals.sweep()).isEqualTo(1);

    assertThat(find("file-2")).isEmpty();
    assertThat(find("file-3")).isPresent();
    assertThat(removals.takeDue(TEN, List.of(), Set.of())).hasSize(1);
    age(29 * 86_400);
    assertThat(removals.sweep()).isEqualTo(1);
    assertThat(rows("state = 'deleting'")).isEqualTo(1);
    age(3 * 86_400);
    assertThat(removals.sweep()).isEqualTo(1);
    assertThat(rows("true")).isEqualTo(1);
  }

  @Test
  void the_sweep_leaves_what_those_stored_who_may_still_use_the_service() {
    Instance other = PORTS.stored(AnInstance.of(alice, "other").build());
    Instance keeping = PORTS.stored(AnInstance.of(alice, "keeping").build());
    User carol = PORTS.stored(AUser.called("carol").build());
    User dave = PORTS.stored(AUser.called("dave").build());
    Group team = AGroup.called("team");
    PORTS.groups().insert(team);
    PORTS
        .groups()
        .putMember(
            team.id(), new GroupMember(dave.id(), dave.handle(), GroupRole.MEMBER, Instant.EPOCH));
    Instant past = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.MICROS);
    give(service, AShare.with(bob).expiresAt(past.plus(Duration.ofDays(9))));
    give(service, AShare.with(team));
    give(service, AShare.with(carol).expiresAt(past));
    give(other, AShare.with(eve));
    Project ofBob = AProject.of(bob, "p").using(service).build();
    Project ofEve = AProject.of(eve, "q").using(service).build();
    PORTS.projects().insert(ofBob);
    PORTS.projects().insert(ofEve);
    record(bob, "file-bob");
    record(dave, "file-dave");
    record(alice, "file-alice");
    record(in(other, made(eve, "file-other", Optional.empty())));
    record(in(keeping, made(eve, "file-keeping", Optional.empty())));
    record(made(caller(carol, ObjectHolder.project(ofBob.id().value()), false), "file-of-bob"));
    record(eve, "gone-eve");
    record(carol, "gone-carol");
    record(made(caller(bob, ObjectHolder.project(ofEve.id().value()), false), "gone-of-eve"));
    int deleting =
        PORTS
            .sql()
            .sql("update instances set on_end = 'delete' where handle in ('s', 'other')")
            .update();
    assertThat(deleting).isEqualTo(2);

    assertThat(removals.sweep()).isEqualTo(3);

    assertThat(rows("state = 'deleting' and object_id like 'gone-%'")).isEqualTo(3);
    assertThat(rows("state = 'live' and object_id like 'file-%'")).isEqualTo(6);
  }

  private void give(Instance of, AShare share) {
    PORTS.shares().insert(of.id(), share.build(), alice.id());
  }

  @Test
  void nobody_leaves_a_service_that_everybody_may_use_through_a_project() {
    Project project = AProject.of(alice, "p").using(service).build();
    PORTS.projects().insert(project);
    record(eve, "file-1");
    assertThat(PORTS.sql().sql("update instances set on_end = 'delete'").update()).isPositive();
    open(project, "everybody");
    assertThat(removals.sweep()).isZero();
    assertThat(find("file-1")).isPresent();

    open(project, "members");
    assertThat(removals.sweep()).isEqualTo(1);
    assertThat(find("file-1")).isEmpty();
  }
}
