package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.many;
import static io.claviger.persistence.ConcurrentAttempts.whileUncommitted;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.objects.port.ObjectLedger.Ended;
import io.claviger.application.objects.port.ObjectLedger.NewObject;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectQuota;
import io.claviger.domain.objects.ObjectState;
import io.claviger.persistence.objects.JdbcObjectLedger;
import io.claviger.persistence.shared.UuidV7Ids;
import io.claviger.testkit.Race;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many rows the objects of one maker have at all services together, and how many are new. */
final class RecordsOfMakersTest extends ObjectLedgerFixture {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();

  RecordsOfMakersTest() {
    super(PORTS);
  }

  private static JdbcObjectLedger bounded(long live, long added) {
    return new JdbcObjectLedger(
        PORTS.database(),
        new UuidV7Ids(InstantSource.system()),
        InstantSource.system(),
        new ObjectQuota.Records(live, added));
  }

  /** The hour of these lines does not end during a test. */
  @BeforeEach
  void begin_an_hour() {
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    insert into object_records (recorder_id, hour, records)
                    select id, present_hour() + interval '1 hour', 0 from users
                    """)
                .update())
        .isGreaterThan(2);
  }

  private static void passHours(User user, int hours) {
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    update object_records set hour = hour + make_interval(hours => :hours)
                    where recorder_id = :user
                    """)
                .param("hours", hours)
                .param("user", user.id().value())
                .update())
        .isOne();
  }

  private List<Instance> services(int count) {
    List<Instance> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(PORTS.stored(AnInstance.of(alice, "s" + i).build()));
    }
    return all;
  }

  private Recorded record(JdbcObjectLedger bounded, User maker, Instance at, String id) {
    return bounded.record(List.of(in(at, made(maker, id, Optional.empty())))).getFirst();
  }

  private static void end(JdbcObjectLedger bounded, Instance at, String id) {
    bounded.end(List.of(new Ended(at.id(), name(id), ObjectState.DELETED, Optional.empty())));
  }

  @Test
  void live_objects_at_all_services_are_too_many_together_and_nobody_else_is_refused() {
    JdbcObjectLedger four = bounded(4, 100);
    List<Instance> services = services(3);
    User program = PORTS.stored(AUser.called("program").serviceAccountOf(bob).build());
    for (int i = 0; i < 3; i++) {
      assertThat(record(four, bob, services.get(i), "file-" + i)).isEqualTo(Recorded.RECORDED);
    }
    assertThat(record(four, program, service, "resp_1")).isEqualTo(Recorded.RECORDED);

    assertThat(record(four, bob, services.get(0), "file-4")).isEqualTo(Recorded.FULL);
    assertThat(record(four, program, services.get(1), "resp_2")).isEqualTo(Recorded.FULL);
    assertThat(record(four, bob, services.get(0), "file-0")).isEqualTo(Recorded.RECORDED);
    assertThat(record(four, eve, services.get(0), "file-5")).isEqualTo(Recorded.RECORDED);

    end(four, services.get(2), "file-2");
    assertThat(record(four, bob, services.get(0), "file-4")).isEqualTo(Recorded.RECORDED);
    assertThat(rows("state = 'live'")).isEqualTo(5);
    SharedQuotaTest.assertCounted(PORTS.sql());
  }

  @Race.Repeated
  void calls_that_race_at_several_services_exceed_neither_limit() {
    List<Instance> services = services(4);
    JdbcObjectLedger eight = bounded(8, 100);
    List<String> live = many(n -> record(eight, bob, services.get(n % 4), "file-" + n).name());
    assertThat(ConcurrentAttempts.count(live, "RECORDED")).isEqualTo(8);
    assertThat(ConcurrentAttempts.count(live, "FULL")).isEqualTo(8);

    JdbcObjectLedger six = bounded(100, 6);
    List<String> added = many(n -> record(six, eve, services.get(n % 4), "late-" + n).name());
    assertThat(ConcurrentAttempts.count(added, "RECORDED")).isEqualTo(6);
    assertThat(ConcurrentAttempts.count(added, "FULL")).isEqualTo(10);
    SharedQuotaTest.assertCounted(PORTS.sql());
  }

  @Test
  void who_stores_and_deletes_adds_only_so_many_rows_in_an_hour() {
    JdbcObjectLedger three = bounded(100, 3);
    for (int i = 0; i < 3; i++) {
      assertThat(record(three, bob, service, "resp_" + i)).isEqualTo(Recorded.RECORDED);
      assertThat(record(three, bob, service, "resp_" + i)).isEqualTo(Recorded.RECORDED);
      end(three, service, "resp_" + i);
    }

    assertThat(record(three, bob, service, "resp_3")).isEqualTo(Recorded.FULL);
    for (int i = 3; i <= 6; i++) {
      assertThat(three.record(List.of(made(bob, "resp_" + i, Optional.empty()).orphaned())))
          .containsExactly(i < 6 ? Recorded.RECORDED : Recorded.FULL);
    }
    assertThat(record(three, eve, service, "resp_7")).isEqualTo(Recorded.RECORDED);

    passHours(bob, -2);
    passHours(eve, -2);
    assertThat(record(three, bob, service, "resp_8")).isEqualTo(Recorded.RECORDED);
    passHours(bob, 1);
    int unused = removals.sweep();
    assertThat(PORTS.sql().sql("select recorder_id from object_records").query(UUID.class).list())
        .contains(bob.id().value())
        .doesNotContain(eve.id().value());
  }

  @Test
  void parts_count_for_the_maker_of_their_object_and_are_rows_of_whoever_reads_them() {
    JdbcObjectLedger two = bounded(2, 3);
    assertThat(record(two, bob, service, "resp_1")).isEqualTo(Recorded.RECORDED);

    assertThat(two.record(List.of(part("msg_1"), part("msg_2"))))
        .containsExactly(Recorded.RECORDED, Recorded.FULL);
    end(two, service, "msg_1");
    for (int i = 3; i <= 4; i++) {
      assertThat(two.record(List.of(part("msg_" + i)))).containsExactly(Recorded.RECORDED);
      end(two, service, "msg_" + i);
    }
    assertThat(two.record(List.of(part("msg_5")))).containsExactly(Recorded.FULL);
    assertThat(record(two, bob, service, "resp_2")).isEqualTo(Recorded.RECORDED);
    SharedQuotaTest.assertCounted(PORTS.sql());
  }

  @Test
  void beyond_the_live_objects_a_new_response_ends_an_old_one_of_the_same_maker() {
    JdbcObjectLedger four = bounded(4, 100);
    assertThat(record(four, eve, service, "resp_1")).isEqualTo(Recorded.RECORDED);
    for (int i = 2; i <= 4; i++) {
      assertThat(record(four, bob, service, "resp_" + i)).isEqualTo(Recorded.RECORDED);
    }
    assertThat(record(four, bob, service, "file-1")).isEqualTo(Recorded.RECORDED);
    assertThat(record(four, bob, service, "file-2")).isEqualTo(Recorded.FULL);

    assertThat(record(four, bob, service, "resp_5")).isEqualTo(Recorded.RECORDED);
    NewObject six = made(bob, "resp_6", Optional.empty());
    assertThat(four.record(List.of(six, withParent(bob, "msg_6", "resp_6"))))
        .containsOnly(Recorded.RECORDED);
    assertThat(four.record(List.of(part("msg_5", "resp_5")))).containsExactly(Recorded.FULL);
    assertThat(ended()).containsExactly("resp_2", "resp_3", "resp_4");

    NewObject seven = made(bob, "resp_7", Optional.empty());
    assertThat(
            four.record(
                List.of(
                    seven,
                    withParent(bob, "msg_7", "resp_7"),
                    withParent(bob, "msg_8", "resp_7"),
                    withParent(bob, "msg_9", "resp_7"))))
        .containsExactly(Recorded.RECORDED, Recorded.RECORDED, Recorded.RECORDED, Recorded.FULL);
    assertThat(ended()).contains("resp_6").doesNotContain("resp_7", "msg_7", "msg_8");
    SharedQuotaTest.assertCounted(PORTS.sql());
  }

  private static List<String> ended() {
    return PORTS
        .sql()
        .sql("select object_id from provider_objects where end_reason = 'quota' order by id")
        .query(String.class)
        .list();
  }

  @Test
  void a_response_stays_while_one_of_its_parts_changes() {
    JdbcObjectLedger two = bounded(2, 100);
    assertThat(record(two, bob, service, "resp_1")).isEqualTo(Recorded.RECORDED);
    assertThat(two.record(List.of(part("msg_1")))).containsExactly(Recorded.RECORDED);

    assertThat(
            whileUncommitted(
                PORTS,
                () ->
                    assertThat(
                            PORTS
                                .database()
                                .jdbc()
                                .sql(
                                    """
                                    select id from provider_objects where object_id = 'msg_1'
                                    for no key update
                                    """)
                                .query()
                                .listOfRows())
                        .hasSize(1),
                () -> assertThat(record(two, bob, service, "resp_2")).isEqualTo(Recorded.FULL)))
        .isFalse();
    assertThat(ended()).isEmpty();
  }

  @Test
  void the_oldest_response_that_nobody_changes_makes_room() {
    JdbcObjectLedger five = bounded(5, 100);
    for (int i = 1; i <= 4; i++) {
      assertThat(record(five, bob, service, "resp_" + i)).isEqualTo(Recorded.RECORDED);
    }
    assertThat(five.record(List.of(part("msg_1", "resp_2")))).containsExactly(Recorded.RECORDED);

    assertThat(
            whileUncommitted(
                PORTS,
                () ->
                    assertThat(
                            PORTS
                                .database()
                                .jdbc()
                                .sql(
                                    """
                                    select id from provider_objects
                                    where object_id in ('resp_1', 'msg_1')
                                    for no key update
                                    """)
                                .query()
                                .listOfRows())
                        .hasSize(2),
                () ->
                    assertThat(record(five, bob, service, "resp_5")).isEqualTo(Recorded.RECORDED)))
        .isFalse();
    assertThat(ended()).containsExactly("resp_3");
    SharedQuotaTest.assertCounted(PORTS.sql());
  }

  @Test
  void what_adds_nothing_takes_no_place_in_a_batch() {
    JdbcObjectLedger three = bounded(3, 3);
    NewObject known = made(bob, "file-1", Optional.empty());
    NewObject upload = made(bob, "file-2", Optional.empty());
    assertThat(three.record(List.of(known, upload)))
        .containsExactly(Recorded.RECORDED, Recorded.RECORDED);

    assertThat(
            three.record(
                List.of(
                    known,
                    known,
                    made(bob, "file-3", Optional.empty()),
                    made(bob, "file-4", Optional.empty()))))
        .containsExactly(Recorded.RECORDED, Recorded.RECORDED, Recorded.RECORDED, Recorded.FULL);

    JdbcObjectLedger ten = bounded(3, 10);
    assertThat(ten.record(List.of(made(bob, "file-5", Optional.empty()).replacing("file-2"))))
        .containsExactly(Recorded.RECORDED);
    SharedQuotaTest.assertCounted(PORTS.sql());
  }

  /** A part of Bob's response, which Eve reads first. */
  private NewObject part(String id) {
    return part(id, "resp_1");
  }

  private NewObject part(String id, String whole) {
    return withParent(eve, id, whole).comingWith(name(whole));
  }
}
