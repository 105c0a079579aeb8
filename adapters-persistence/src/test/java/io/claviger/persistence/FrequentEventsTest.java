package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.MANY;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AnInstance;
import io.claviger.application.objects.port.ObjectLedger.Ended;
import io.claviger.application.objects.port.ObjectLedger.NewObject;
import io.claviger.application.objects.port.ObjectLedger.Origin;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.audit.FrequentEvents;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectQuota;
import io.claviger.domain.objects.ObjectState;
import io.claviger.testkit.Race;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Tests which events of calls have their own line in the audit trail, and which events are summed
 * up.
 */
final class FrequentEventsTest extends ObjectLedgerFixture {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();

  FrequentEventsTest() {
    super(PORTS);
  }

  /** Nobody can fill the audit trail by storing and deleting the same file again and again. */
  @Test
  void beyond_the_limit_of_an_hour_the_first_of_each_kind_stands_alone_and_others_are_summed_up() {
    earlier(bob, FrequentEvents.MOST_AN_HOUR - 1);

    for (int i = 0; i < 4; i++) {
      storeAndEnd(bob, service, "file-" + i);
    }
    assertThat(lines())
        .containsExactly(
            "object.create bob alice/s {files,file-0} 1",
            "object.delete bob alice/s {files,file-0} 1",
            "object.create bob alice/s {files,file-1} 1");
    storeAndEnd(eve, service, "file-9");
    assertThat(lines()).hasSize(5).contains("object.create eve alice/s {files,file-9} 1");

    recordSums();
    assertThat(lines()).as("while the hour lasts").hasSize(5);
    passAnHour();
    recordSums();
    recordSums();
    assertThat(lines())
        .hasSize(7)
        .contains("object.create bob alice/s {files} 2", "object.delete bob alice/s {files} 3");

    storeAndEnd(bob, service, "file-7");
    assertThat(lines())
        .hasSize(9)
        .contains(
            "object.create bob alice/s {files,file-7} 1",
            "object.delete bob alice/s {files,file-7} 1");
  }

  /**
   * The owner of a service learns of what is stored there, whatever the borrower does elsewhere.
   */
  @Test
  void each_service_has_a_line_of_its_own() {
    Instance other = PORTS.stored(AnInstance.of(eve, "other").build());
    earlier(bob, FrequentEvents.MOST_AN_HOUR);

    storeAndEnd(bob, service, "file-1");
    storeAndEnd(bob, other, "file-1");
    storeAndEnd(bob, other, "file-2");
    passAnHour();
    recordSums();

    assertThat(lines())
        .containsExactlyInAnyOrder(
            "object.create bob alice/s {files,file-1} 1",
            "object.delete bob alice/s {files,file-1} 1",
            "object.create bob eve/other {files,file-1} 1",
            "object.delete bob eve/other {files,file-1} 1",
            "object.create bob eve/other {files} 1",
            "object.delete bob eve/other {files} 1");
  }

  /**
   * If the deletion counted for the person who deletes, somebody could delete objects of others
   * without a line that names the objects.
   */
  @Test
  void a_deletion_of_what_somebody_else_stored_counts_for_whoever_stored_it() {
    earlier(bob, FrequentEvents.MOST_AN_HOUR);
    storeAndEnd(bob, service, "file-1");
    storeAndEnd(bob, service, "file-2");

    assertThat(ledger.record(List.of(made(eve, "file-9")))).containsExactly(Recorded.RECORDED);
    ledger.end(List.of(ended(bob, service, "file-9")));
    assertThat(lines()).contains("object.delete bob alice/s {files,file-9} 1");
  }

  /** Java programs have sessions with the time zone of their JVM. */
  @Test
  void an_hour_is_the_same_in_all_time_zones() {
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    with zone as (select set_config('TimeZone', 'Asia/Kolkata', true) as name)
                    select extract(minute from present_hour() at time zone 'UTC')
                    from zone where zone.name <> ''
                    """)
                .query(Integer.class)
                .single())
        .isZero();
  }

  /** A program exchanges JWTs as often as it likes. */
  @Test
  void exchanges_of_jwts_are_summed_up_without_their_tokens_and_subjects() {
    earlier(bob, FrequentEvents.MOST_AN_HOUR);
    for (String subject : List.of("one", "two", "three")) {
      exchange(subject);
    }
    assertThat(lines("token.exchange")).containsExactly("token.exchange bob bob {access_token} 1");

    passAnHour();
    recordSums();
    assertThat(lines("token.exchange"))
        .containsExactly(
            "token.exchange bob bob {access_token} 1", "token.exchange bob bob {access_token} 2");
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    select concat_ws(' ', address, request_id, token_id, presented_subject)
                    from audit_events where count = 2
                    """)
                .query(String.class)
                .single())
        .isEqualTo("192.0.2.three request-three");
  }

  private void exchange(String subject) {
    PORTS
        .auditTrail()
        .recordFrequent(
            new AuditEvent(
                PORTS.ids().next(),
                Instant.now(),
                new AuditEvent.Source(
                    Optional.of(bob.id()),
                    Optional.of(bob.handle()),
                    Optional.of(token.id()),
                    Optional.empty(),
                    Optional.of(subject),
                    "192.0.2." + subject,
                    "request-" + subject),
                AuditAction.TOKEN_EXCHANGE,
                new AuditTarget("user", Optional.of(bob.id().value()), "bob", Optional.empty()),
                AuditOutcome.DONE,
                List.of("access_token"),
                List.of(),
                1,
                Optional.empty()));
  }

  @Test
  void the_database_applies_the_rule() {
    Instance other = PORTS.stored(AnInstance.of(eve, "other").build());
    List<User> people = List.of(bob, eve);
    List<Instance> services = List.of(service, other);
    Random random = new Random(17);
    Map<User, Long> earlier = new HashMap<>();
    Map<List<Object>, Long> ofKind = new HashMap<>();
    long alone = 0;
    for (User each : people) {
      earlier.put(each, FrequentEvents.MOST_AN_HOUR - 20L);
      earlier(each, FrequentEvents.MOST_AN_HOUR - 20);
    }
    for (int i = 0; i < 100; i++) {
      User user = people.get(random.nextInt(2));
      Instance where = services.get(random.nextInt(2));
      storeAndEnd(user, where, "file-" + i);
      for (String action : List.of("create", "delete")) {
        long before = earlier.merge(user, 1L, Long::sum) - 1;
        List<Object> kind = List.of(user, where, action);
        long sameKind = ofKind.getOrDefault(kind, 0L);
        if (before >= FrequentEvents.MOST_AN_HOUR) {
          ofKind.put(kind, sameKind + 1);
        }
        alone += FrequentEvents.standsAlone(before, sameKind) ? 1 : 0;
      }
    }
    assertThat(lines()).hasSize((int) alone);

    passAnHour();
    recordSums();
    assertThat(
            PORTS
                .sql()
                .sql("select sum(count) from audit_events where action like 'object.%'")
                .query(Long.class)
                .single())
        .isEqualTo(200);
  }

  /** Several nodes record objects of the same people in one transaction, in any order. */
  @Race.Repeated
  void many_count_together_and_wait_in_no_circle() {
    earlier(bob, FrequentEvents.MOST_AN_HOUR - 10);
    earlier(eve, FrequentEvents.MOST_AN_HOUR - 10);

    List<String> outcomes =
        many(
            n -> {
              List<User> order = n % 2 == 0 ? List.of(bob, eve) : List.of(eve, bob);
              List<NewObject> objects =
                  order.stream()
                      .map(user -> made(user, "file-" + n + user.handle().value()))
                      .toList();
              List<Recorded> recorded = ledger.record(objects);
              ledger.end(
                  order.reversed().stream()
                      .map(user -> ended(user, service, "file-" + n + user.handle().value()))
                      .toList());
              return recorded.toString();
            });

    assertThat(outcomes).containsOnly("[RECORDED, RECORDED]");
    // For both users, ten events have their own line, and after these the first event of each kind.
    assertThat(lines()).hasSizeBetween(2 * 11, 2 * 12);
    passAnHour();
    many(
        n -> {
          recordSums();
          return "";
        });
    assertThat(
            PORTS
                .sql()
                .sql("select sum(count) from audit_events where action like 'object.%'")
                .query(Long.class)
                .single())
        .isEqualTo(4L * MANY);
  }

  private static final ObjectQuota PLENTY = new ObjectQuota(1_000, 1_000_000);

  private NewObject made(User user, String id) {
    return made(user, ObjectKind.FILES, id, PLENTY, 10).by(origin(user));
  }

  private Origin origin(User user) {
    return new Origin(user.id().value(), token.id().value(), "192.0.2.1", "request-1");
  }

  private void storeAndEnd(User user, Instance where, String id) {
    assertThat(ledger.record(List.of(in(where, made(user, id)))))
        .containsExactly(Recorded.RECORDED);
    ledger.end(List.of(ended(user, where, id)));
  }

  private Ended ended(User user, Instance where, String id) {
    return new Ended(
        where.id(),
        new ObjectName(ObjectKind.FILES, id),
        ObjectState.DELETED,
        Optional.of(origin(user)));
  }

  /** Records earlier events of an hour that does not end during the test. */
  private static void earlier(User user, int events) {
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    insert into frequent_events (counted_for, hour, events)
                    values (:user, present_hour() + interval '1 hour', :events)
                    """)
                .param("user", user.id().value())
                .param("events", events)
                .update())
        .isOne();
  }

  private static void passAnHour() {
    for (String table : List.of("frequent_events", "frequent_event_sums")) {
      int unused =
          PORTS.sql().sql("update " + table + " set hour = hour - interval '2 hours'").update();
    }
  }

  private static void recordSums() {
    PORTS.auditTrail().recordSums(PORTS.ids());
  }

  private static List<String> lines() {
    return lines("object.%");
  }

  private static List<String> lines(String action) {
    return PORTS
        .sql()
        .sql(
            """
            select concat_ws(' ', action, actor, target_ref, fields, count)
            from audit_events where action like :action order by at, id
            """)
        .param("action", action)
        .query(String.class)
        .list();
  }
}
