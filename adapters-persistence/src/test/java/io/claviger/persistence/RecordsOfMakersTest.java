package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.many;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.objects.port.ObjectLedger.Ended;
import io.claviger.application.objects.port.ObjectLedger.NewObject;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
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
        live,
        added);
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
      assertThat(record(four, bob, services.get(i), "resp_" + i)).isEqualTo(Recorded.RECORDED);
    }
    assertThat(record(four, program, service, "file-1")).isEqualTo(Recorded.RECORDED);

    assertThat(record(four, bob, services.get(0), "resp_4")).isEqualTo(Recorded.FULL);
    assertThat(record(four, program, services.get(1), "file-2")).isEqualTo(Recorded.FULL);
    assertThat(record(four, bob, services.get(0), "resp_0")).isEqualTo(Recorded.RECORDED);
    assertThat(record(four, eve, services.get(0), "resp_5")).isEqualTo(Recorded.RECORDED);

    end(four, services.get(2), "resp_2");
    assertThat(record(four, bob, services.get(0), "resp_4")).isEqualTo(Recorded.RECORDED);
    assertThat(rows("state = 'live'")).isEqualTo(5);
    SharedQuotaTest.assertCounted(PORTS.sql());
  }

  @Race.Repeated
  void calls_that_race_at_several_services_exceed_neither_limit() {
    List<Instance> services = services(4);
    JdbcObjectLedger eight = bounded(8, 100);
    List<String> live = many(n -> record(eight, bob, services.get(n % 4), "resp_" + n).name());
    assertThat(ConcurrentAttempts.count(live, "RECORDED")).isEqualTo(8);
    assertThat(ConcurrentAttempts.count(live, "FULL")).isEqualTo(8);

    JdbcObjectLedger six = bounded(100, 6);
    List<String> added = many(n -> record(six, eve, services.get(n % 4), "file-" + n).name());
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
    NewObject orphan = made(bob, "resp_3", Optional.empty()).orphaned();
    assertThat(three.record(List.of(orphan))).containsExactly(Recorded.FULL);
    assertThat(record(three, eve, service, "resp_3")).isEqualTo(Recorded.RECORDED);

    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    update object_records set hour = hour - interval '1 hour'
                    where maker_id in (:bob, :eve)
                    """)
                .param("bob", bob.id().value())
                .param("eve", eve.id().value())
                .update())
        .isEqualTo(2);
    assertThat(record(three, bob, service, "resp_4")).isEqualTo(Recorded.RECORDED);
    int unused = removals.sweep();
    assertThat(PORTS.sql().sql("select maker_id from object_records").query(UUID.class).list())
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

  /** A part of Bob's response, which Eve reads first. */
  private NewObject part(String id) {
    return withParent(eve, id, "resp_1").comingWith(name("resp_1"));
  }
}
