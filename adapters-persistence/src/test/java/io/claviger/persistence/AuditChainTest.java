package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.claviger.application.audit.AuditChain;
import io.claviger.application.audit.AuditChain.ExportedLine;
import io.claviger.application.audit.AuditSealer;
import io.claviger.application.audit.port.AuditFilter;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.builders.AnEvent;
import io.claviger.application.fakes.InMemoryHeadSigner;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.ChainCheck;
import io.claviger.domain.audit.ChainHead;
import io.claviger.domain.audit.ChainLink;
import io.claviger.persistence.audit.JdbcAuditChain;
import io.claviger.testkit.Race;
import io.claviger.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The chain of the audit trail on PostgreSQL. */
final class AuditChainTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final int EVENTS = 40;

  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();

  private final SettableClock clock = new SettableClock(NOW);
  private final InMemorySealer sealer = InMemorySealer.withOneKey();
  private JdbcAuditChain store;
  private AuditSealer sealing;
  private AuditChain chain;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    PORTS.encryptionKeys().add(sealer.sealingKey(), sealer.sentinel(sealer.sealingKey()));
    store = new JdbcAuditChain(PORTS.database());
    sealing = new AuditSealer(store, new InMemoryHeadSigner(), sealer, PORTS.transactions(), clock);
    chain = AuditChain.of(store, PORTS.transactions(), clock);
  }

  @Test
  void events_get_their_links_in_order_and_show_them() {
    record(3);
    assertThat(newest()).allSatisfy(event -> assertThat(event.link()).isEmpty());

    assertThat(sealing.seal()).isFalse();

    List<AuditEvent> shown = newest().reversed();
    assertThat(shown).extracting(e -> e.link().orElseThrow().number()).containsExactly(1L, 2L, 3L);
    assertThat(shown.get(0).link().orElseThrow().previousHash()).isEqualTo(ChainLink.BEGINNING);
    assertThat(shown.get(2).link().orElseThrow().previousHash())
        .isEqualTo(shown.get(1).link().orElseThrow().hash());
    assertThat(chain.verify(List.of()).isIntact()).isTrue();
    assertThat(chain.verify(List.of()).events()).isEqualTo(3);
  }

  @Test
  void a_head_is_signed_when_there_is_something_new() {
    assertThat(sealing.signHead()).isEmpty();
    record(1);
    boolean unused = sealing.seal();
    ChainHead first = sealing.signHead().orElseThrow();
    assertThat(first.isSigned()).isTrue();
    assertThat(first.number()).isEqualTo(1);
    assertThat(sealing.signHead()).isEmpty();
    assertThat(chain.head()).contains(first);

    record(1);
    boolean again = sealing.seal();
    assertThat(again).isFalse();
    assertThat(sealing.signHead().orElseThrow().number()).isEqualTo(2);
    assertThat(chain.verify(List.of(first)).isIntact()).isTrue();
  }

  /** Whatever nodes do at the same time, each event has one link, and no number is left out. */
  @Test
  void many_nodes_record_and_seal_at_the_same_time() {
    for (int round = 0; round < Race.ROUNDS; round++) {
      List<Boolean> unused =
          Race.of(
              16,
              n -> {
                record(1);
                return sealing.seal();
              },
              10);
    }
    while (sealing.seal()) {
      // More may be waiting.
    }

    long all = Race.ROUNDS * 160L;
    assertThat(numbers())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, all).boxed().toList());
    ChainCheck.Result result = chain.verify(List.of());
    assertThat(result.findings()).isEmpty();
    assertThat(result.events()).isEqualTo(all);
    assertThat(rows("audit_unsealed")).isZero();
  }

  @Test
  void what_is_rolled_back_gets_no_link() {
    AtomicBoolean rolledBack = new AtomicBoolean();
    try {
      PORTS
          .transactions()
          .inTransaction(
              () -> {
                record(1);
                throw new IllegalStateException();
              });
    } catch (IllegalStateException e) {
      rolledBack.set(true);
    }
    assertThat(rolledBack).isTrue();
    assertThat(sealing.seal()).isFalse();
    assertThat(numbers()).isEmpty();
  }

  @Test
  void links_are_neither_changed_nor_removed() {
    record(1);
    boolean unused = sealing.seal();
    for (String change :
        List.of(
            "update audit_chain set number = 2",
            "delete from audit_chain",
            "truncate audit_chain")) {
      assertThat(catchThrowable(() -> run(change)))
          .as(change)
          .rootCause()
          .hasMessageContaining("neither changed nor removed");
    }
  }

  /**
   * An owner of the tables makes one change after the other. With a head that was kept elsewhere,
   * each one is found.
   */
  @Test
  void every_change_by_who_owns_the_tables_is_found() {
    record(EVENTS);
    boolean unused = sealing.seal();
    ChainHead kept = sealing.signHead().orElseThrow();
    assertThat(chain.verify(List.of(kept)).isIntact()).isTrue();

    long seed = Long.getLong("audit.seed", 20_261_124);
    Random random = new Random(seed);
    int edits = Integer.getInteger("audit.edits", 400);
    for (int n = 0; n < edits; n++) {
      String edit = edit(random);
      ChainCheck.Result result = edited(edit, kept);
      assertThat(result.isIntact()).as("edit %s of seed %s: %s", n, seed, edit).isFalse();
    }
    assertThat(chain.verify(List.of(kept)).isIntact()).isTrue();
  }

  private ChainCheck.Result edited(String edit, ChainHead kept) {
    List<ChainCheck.Result> found = new ArrayList<>();
    try {
      PORTS
          .transactions()
          .inTransaction(
              () -> {
                run("alter table audit_events disable trigger user");
                run("alter table audit_chain disable trigger user");
                run(edit);
                clock.advance(Duration.ofMinutes(2));
                found.add(chain.verify(List.of(kept)));
                throw new IllegalStateException("the edit is rolled back");
              });
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("the edit is rolled back");
    }
    return found.getFirst();
  }

  private static String edit(Random random) {
    int number = 1 + random.nextInt(EVENTS);
    int other = 1 + (number + random.nextInt(EVENTS - 1)) % EVENTS;
    String event = "(select event_id from audit_chain where number = " + number + ")";
    List<String> columns =
        List.of(
            "actor = 'mallory'",
            "actor_id = gen_random_uuid()",
            "token_id = gen_random_uuid()",
            "session_id = gen_random_uuid()",
            "presented_subject = 'x'",
            "address = '198.51.100.1'",
            "request_id = request_id || 'x'",
            "action = 'service.delete'",
            "action = 'no.such'",
            "target_type = 'user'",
            "target_id = gen_random_uuid()",
            "target_ref = 'alice/y'",
            "target_owner_id = gen_random_uuid()",
            "outcome = 'refused'",
            "fields = array['x']",
            "fields = array[null]::text[]",
            "fields = array[array['x'], array['y']]",
            "terms = array['role', 'reader', 'owner']",
            "count = count + 1",
            "at = at + interval '1 microsecond'",
            "id = gen_random_uuid()");
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 ->
          "update audit_events set %s where id = %s"
              .formatted(columns.get(random.nextInt(columns.size())), event);
      case 4 -> "delete from audit_events where id = " + event;
      case 5 -> "delete from audit_chain where number = " + number;
      case 6 -> "delete from audit_chain where number >= " + number;
      case 7 ->
          """
          with gone as (delete from audit_chain where number >= %d returning event_id)
          delete from audit_events where id in (select event_id from gone)
          """
              .formatted(number);
      case 8 ->
          """
          insert into audit_events (
            id, at, address, request_id, action, target_type, target_ref, outcome, fields)
          select gen_random_uuid(), at, '', '', 'user.create', 'user', '', 'done', '{}'
          from audit_events where id = %s
          """
              .formatted(event);
      case 9 ->
          """
          update audit_events e set target_ref = 'swapped', request_id = o.request_id
          from audit_events o
          where e.id = %s and o.id = (select event_id from audit_chain where number = %d)
          """
              .formatted(event, other);
      case 10 ->
          "update audit_chain set %s where number = %d"
              .formatted(
                  List.of(
                          "hash = sha256(hash)",
                          "content_hash = sha256(content_hash)",
                          "event_at = event_at + interval '1 second'",
                          "event_id = gen_random_uuid()",
                          "number = 1000")
                      .get(random.nextInt(5)),
                  number);
      default ->
          List.of(
                  "update audit_head set hash = sha256(hash)",
                  "update audit_head set number = number - 1",
                  "update audit_head set at = at + interval '1 day'",
                  "update audit_head set signature = 'AAAA'",
                  "update audit_keys set public_key = sha256(public_key)",
                  "with gone as (delete from audit_head) delete from audit_chain where number > 5")
              .get(random.nextInt(6));
    };
  }

  @Test
  void events_from_before_the_chain_get_their_links_first() {
    record(5);
    run("delete from audit_unsealed");
    run(
        "insert into audit_older values (true, '-infinity', '00000000-0000-0000-0000-000000000000')");
    clock.advance(Duration.ofHours(1));
    assertThat(chain.verify(List.of()).isIntact()).isTrue();

    while (sealing.seal()) {
      // More may be waiting.
    }
    record(1);
    boolean unused = sealing.seal();

    assertThat(numbers()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(rows("audit_older")).isZero();
    assertThat(chain.verify(List.of()).findings()).isEmpty();
  }

  @Test
  void an_export_has_all_links_of_its_span_and_the_events_within_it() {
    record(6);
    boolean unused = sealing.seal();
    record(2);
    TimeSpan span = new TimeSpan(Optional.of(NOW.plusSeconds(2)), Optional.of(NOW.plusSeconds(5)));

    List<ExportedLine> lines = new ArrayList<>();
    Optional<ChainHead> none = chain.export(span, lines::addAll);
    assertThat(none).isEmpty();
    assertThat(lines).extracting(l -> l.link().orElseThrow().number()).containsExactly(3L, 4L, 5L);

    lines.clear();
    Optional<ChainHead> head = chain.export(TimeSpan.ALWAYS, lines::addAll);
    assertThat(head).isEmpty();
    assertThat(lines).hasSize(8);
    assertThat(lines.subList(6, 8)).allSatisfy(line -> assertThat(line.link()).isEmpty());
  }

  @Test
  void an_event_that_was_recorded_late_leaves_no_gap_in_the_export_of_another_span() {
    record(4);
    record(AnEvent.of(AuditAction.USER_UPDATE).at(NOW.minusSeconds(90)));
    boolean unused = sealing.seal();
    record(AnEvent.of(AuditAction.USER_UPDATE).at(NOW.minusSeconds(80)));
    record(AnEvent.of(AuditAction.USER_UPDATE).at(NOW.plusSeconds(90)));
    boolean again = sealing.seal();
    assertThat(again).isFalse();

    List<ExportedLine> lines = new ArrayList<>();
    Optional<ChainHead> head =
        chain.export(new TimeSpan(Optional.of(NOW), Optional.empty()), lines::addAll);

    assertThat(head).isEmpty();
    assertThat(lines)
        .extracting(l -> l.link().orElseThrow().number())
        .containsExactly(2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(lines.get(4).event()).isEmpty();
    assertThat(lines.get(5).event()).isPresent();
  }

  private int recorded;

  private synchronized void record(int many) {
    for (int n = 0; n < many; n++) {
      record(
          AnEvent.of(AuditAction.SERVICE_SHARE).at(NOW.plusSeconds(recorded++)).about("alice/x"));
    }
  }

  private static void record(AnEvent event) {
    PORTS.auditTrail().record(event.build());
  }

  private static List<AuditEvent> newest() {
    return PORTS
        .auditEventStore()
        .newest(Optional.empty(), AuditFilter.NONE, Optional.empty(), 1_000);
  }

  private static List<Long> numbers() {
    return PORTS
        .sql()
        .sql("select number from audit_chain order by number")
        .query(Long.class)
        .list();
  }

  private static int rows(String table) {
    return PORTS.sql().sql("select count(*) from " + table).query(Integer.class).single();
  }

  private static void run(String statement) {
    int unused = PORTS.database().jdbc().sql(statement).update();
  }
}
