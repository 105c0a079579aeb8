package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.audit.port.AuditChainStore.StoredLink;
import io.claviger.application.audit.port.AuditFilter;
import io.claviger.application.audit.port.AuditSubject;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.fakes.Ports;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.persistence.StatementRecorder.RecordedStatement;
import io.claviger.persistence.audit.JdbcAuditChain;
import io.claviger.persistence.shared.Database;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Query plans for an audit trail of 100,000 events, one a minute, of 100 actors, 50 owners with 500
 * services, and 7 actions of which one is rare.
 */
@Tag("thorough")
final class AuditPlansTest {
  private static final int EVENTS = 100_000;
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant MIDDLE = BEGIN.plusSeconds(60L * EVENTS / 2);
  private static final Instant LATE = BEGIN.plusSeconds(60L * EVENTS * 9 / 10);

  @AutoClose private static final PostgresPorts PORTS = new PostgresPorts();
  private static final StatementRecorder STATEMENTS = new StatementRecorder(PORTS.dataSource());
  private static final Ports OVERHEARD_PORTS = PORTS.through(STATEMENTS);

  @BeforeAll
  static void fill() throws SQLException {
    BulkFill.of(
        PORTS.dataSource(),
        """
        insert into audit_events (
          id, at, actor_id, actor, address, request_id, action, target_type, target_id,
          target_ref, target_owner_id, outcome, fields)
        select
          md5('e' || n)::uuid, timestamptz '2026-01-01T00:00:00Z' + n * interval '1 min',
          md5('u' || n * 31 % 100)::uuid, 'user-' || n * 31 % 100, '192.0.2.1',
          '0198a1b2-c3d4-7e5f-8a6b-0123456789ab',
          case when n % 10000 = 0 then 'standard.delete'
            else (array['service.update', 'service.share', 'token.create', 'project.update',
              'user_key.update', 'service.key_set'])[1 + n / 7 % 6] end,
          'service', md5('t' || n * 17 % 500)::uuid,
          'user-' || n * 17 % 50 || '/thing-' || n * 17 % 500,
          md5('u' || n * 17 % 50)::uuid, case when n % 331 = 0 then 'refused' else 'done' end,
          array['description']
        from generate_series(0, 99999) n;
        """);
    assertThat(PORTS.sql().sql("select count(*) from audit_events").query(Integer.class).single())
        .isEqualTo(EVENTS);
  }

  /**
   * Checks every combination of filters, both from the newest event and from a position far behind
   * it.
   */
  static List<Asked> combinations() {
    List<Asked> all = new ArrayList<>();
    for (Optional<User.Id> owner :
        List.of(AuditPlansTest.<User.Id>none(), Optional.of(new User.Id(md5("u7"))))) {
      for (Optional<Handle> actor :
          List.of(AuditPlansTest.<Handle>none(), Optional.of(new Handle("user-3")))) {
        for (Optional<AuditAction> action : actions()) {
          for (Optional<AuditSubject> target : targets()) {
            for (TimeSpan span : spans()) {
              for (Optional<TimeCursor> after : positions()) {
                for (Optional<AuditOutcome> outcome : outcomes()) {
                  all.add(
                      new Asked(
                          owner, new AuditFilter(actor, action, target, outcome, span), after));
                }
              }
            }
          }
        }
      }
    }
    return all;
  }

  record Asked(Optional<User.Id> owner, AuditFilter filter, Optional<TimeCursor> after) {}

  private static List<Optional<AuditAction>> actions() {
    return List.of(
        Optional.empty(),
        Optional.of(AuditAction.SERVICE_UPDATE),
        Optional.of(AuditAction.STANDARD_DELETE));
  }

  private static List<Optional<AuditOutcome>> outcomes() {
    return List.of(Optional.empty(), Optional.of(AuditOutcome.REFUSED));
  }

  private static List<Optional<AuditSubject>> targets() {
    return List.of(
        Optional.empty(),
        Optional.of(AuditSubject.of("user-7/thing-57")),
        Optional.of(AuditSubject.of(md5("t57").toString())));
  }

  private static List<TimeSpan> spans() {
    return List.of(
        TimeSpan.ALWAYS,
        new TimeSpan(Optional.of(LATE), Optional.empty()),
        new TimeSpan(Optional.empty(), Optional.of(MIDDLE)),
        new TimeSpan(Optional.of(BEGIN.plusSeconds(3600)), Optional.of(MIDDLE)));
  }

  private static List<Optional<TimeCursor>> positions() {
    return List.of(
        Optional.empty(), Optional.of(new TimeCursor(MIDDLE.minusSeconds(86_400), md5("x"))));
  }

  @Test
  void no_combination_of_filters_reads_the_trail_whole_or_sorts_much() throws SQLException {
    List<Asked> all = combinations();
    assertThat(all).hasSize(2 * 2 * 3 * 3 * 4 * 2 * 2);
    for (Asked asked : all) {
      QueryPlan plan = planOfPage(asked);

      assertThat(plan.pagesTouched()).as("%s%n%s", asked, plan.text()).isLessThan(1_500);
      assertThat(plan.rowsSorted()).as("%s%n%s", asked, plan.text()).isLessThan(2_500);
    }
  }

  /**
   * What is asked most often, one filter each: at most the few there are sorted, and little more
   * than a page read.
   */
  static List<Asked> single() {
    return combinations().stream().filter(AuditPlansTest::isSingle).toList();
  }

  private static boolean isSingle(Asked asked) {
    AuditFilter filter = asked.filter();
    int filters =
        (asked.owner().isPresent() ? 1 : 0)
            + (filter.actor().isPresent() ? 1 : 0)
            + (filter.action().isPresent() ? 1 : 0)
            + (filter.target().isPresent() ? 1 : 0)
            + (filter.outcome().isPresent() ? 1 : 0)
            + (filter.span().equals(TimeSpan.ALWAYS) ? 0 : 1);
    return filters <= 1;
  }

  @ParameterizedTest
  @MethodSource("single")
  void one_filter_has_its_lines_from_its_index_newest_first(Asked asked) throws SQLException {
    QueryPlan plan = planOfPage(asked);

    // If the planner expects fewer lines than a page has, it may sort the lines of two pages.
    assertThat(plan.rowsSorted()).as(plan.text()).isLessThan(110);
    // Each of the 51 events has its link and the one before it, by index: up to eight pages more.
    assertThat(plan.pagesTouched()).as(plan.text()).isLessThan(150 + 51 * 8);
  }

  private static QueryPlan planOfPage(Asked asked) throws SQLException {
    List<AuditEvent> page = new ArrayList<>();
    OVERHEARD_PORTS
        .auditEventStore()
        .newest(asked.owner(), asked.filter(), asked.after(), 51, page::add);
    assertThat(page).hasSizeLessThanOrEqualTo(51);
    return QueryPlan.of(PORTS.dataSource(), STATEMENTS.last(), "force_custom_plan");
  }

  @Test
  void the_chain_is_read_by_index_however_far_it_is() throws SQLException {
    int rows =
        PORTS
            .sql()
            .sql(
                """
                insert into audit_chain (number, event_id, event_at, content_hash, hash)
                select row_number() over (order by at, id), id, at, sha256('c'), sha256('h')
                from audit_events
                """)
            .update();
    int unused = PORTS.sql().sql("analyze audit_chain").update();
    JdbcAuditChain chain = new JdbcAuditChain(new Database(STATEMENTS));
    for (long after : List.of(0L, rows / 2L, rows - 1_500L)) {
      List<StoredLink> links = new ArrayList<>();
      chain.links(after, 1_000, links::add);
      assertThat(links).hasSize(1_000);
      QueryPlan plan = QueryPlan.of(PORTS.dataSource(), STATEMENTS.last(), "force_custom_plan");

      assertThat(plan.text()).contains("audit_chain_pkey", "audit_events_before_newest_first");
      assertThat(plan.pagesTouched()).as(plan.text()).isLessThan(10_000);
    }
    Instant end = BEGIN.plusSeconds(60L * EVENTS);
    for (TimeSpan span :
        List.of(
            new TimeSpan(Optional.of(LATE), Optional.of(end)),
            new TimeSpan(Optional.of(end), Optional.empty()),
            TimeSpan.ALWAYS)) {
      assertThat(chain.range(span).isPresent()).isEqualTo(!span.since().equals(Optional.of(end)));
      QueryPlan plan = QueryPlan.of(PORTS.dataSource(), STATEMENTS.last(), "force_custom_plan");

      assertThat(plan.pagesTouched()).as(plan.text()).isLessThan(800);
    }
    for (Asked asked : single()) {
      QueryPlan plan = planOfPage(asked);
      assertThat(plan.text()).contains("audit_chain_event_key");
      assertThat(plan.pagesTouched()).as(plan.text()).isLessThan(150 + 51 * 8);
    }
  }

  @Test
  void events_from_before_the_chain_are_not_looked_for_among_all_events() throws SQLException {
    JdbcAuditChain chain = new JdbcAuditChain(new Database(STATEMENTS));
    assertThat(chain.noteOlder(1_000)).isZero();
    QueryPlan idle = QueryPlan.of(PORTS.dataSource(), STATEMENTS.last(), "force_custom_plan");
    assertThat(idle.pagesTouched()).as(idle.text()).isLessThan(50);

    int begun =
        PORTS
            .sql()
            .sql("insert into audit_older (at, id) select at, id from audit_events where at = :at")
            .param("at", Timestamp.from(LATE))
            .update();
    assertThat(begun).isOne();
    assertThat(chain.noteOlder(1_000)).isEqualTo(1_000);
    // The plan of a call does not show those of the statements in the function.
    String body =
        PORTS
            .sql()
            .sql("select prosrc from pg_proc where proname = 'note_older_events'")
            .query(String.class)
            .single();
    RecordedStatement within =
        new RecordedStatement(
            body.replaceAll("\\bmost\\b", "?"),
            Map.of(1, Optional.of(1_000), 2, Optional.of(1_000)));
    assertThat(QueryPlan.of(PORTS.dataSource(), within, "force_custom_plan").text())
        .contains("Index Cond: (ROW(at, id) > ROW(");
  }

  private static UUID md5(String text) {
    return PORTS
        .sql()
        .sql("select md5(:text)::uuid")
        .param("text", text)
        .query(UUID.class)
        .single();
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }
}
