package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.audit.AuditKeys;
import io.claviger.application.audit.AuditPush;
import io.claviger.application.audit.AuditSealer;
import io.claviger.application.audit.port.AuditChainStore.StoredLink;
import io.claviger.application.audit.port.AuditPushStore;
import io.claviger.application.audit.port.AuditReceiver;
import io.claviger.application.audit.port.AuditReceiver.Undelivered;
import io.claviger.application.builders.AnEvent;
import io.claviger.application.fakes.InMemoryHeadSigner;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.shared.MissingEncryptionKey;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.ChainHead;
import io.claviger.persistence.audit.JdbcAuditChain;
import io.claviger.persistence.audit.JdbcAuditPush;
import io.claviger.testkit.Race;
import io.claviger.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the push of the audit trail with the cursor in PostgreSQL and a simulated receiver. */
final class AuditPushTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();

  private final SettableClock clock = new SettableClock(NOW);
  private final InMemorySealer sealer = InMemorySealer.withOneKey();
  private final Played receiver = new Played();
  private AuditKeys keys;
  private AuditSealer sealing;

  /** A receiver that keeps the numbers of the received events, unless it is unavailable. */
  private static final class Played implements AuditReceiver {
    private final List<Long> numbers = new ArrayList<>();
    private final List<Long> heads = new ArrayList<>();
    private final List<List<StoredLink>> pieces = new ArrayList<>();
    private final List<Long> places = new ArrayList<>();
    private boolean away;
    private int accepted = Integer.MAX_VALUE;
    private Runnable meanwhile = () -> {};

    @Override
    public synchronized void deliver(List<StoredLink> links, Optional<ChainHead> head) {
      if (away) {
        throw new Undelivered("away", false);
      }
      if (links.size() > accepted) {
        throw new Undelivered("too large", true);
      }
      pieces.add(links);
      meanwhile.run();
      assertThat(links).allSatisfy(link -> assertThat(link.event()).isPresent());
      links.forEach(link -> numbers.add(link.link().number()));
      head.ifPresent(signed -> heads.add(signed.number()));
    }

    @Override
    public synchronized void continueAfter(long number, String hash, Instant at) {
      if (away) {
        throw new Undelivered("away", false);
      }
      assertThat(hash).isEqualTo(hashOf(number));
      places.add(number);
    }

    private static String hashOf(long number) {
      return PORTS
          .sql()
          .sql("select encode(hash, 'hex') from audit_chain where number = :number")
          .param("number", number)
          .query(String.class)
          .optional()
          .orElse("");
    }
  }

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    PORTS.encryptionKeys().add(sealer.sealingKey(), sealer.sentinel(sealer.sealingKey()));
    keys = keys(sealer);
    sealing =
        new AuditSealer(
            new JdbcAuditChain(PORTS.database()), keys, PORTS.transactions(), clock, clock);
  }

  private AuditKeys keys(InMemorySealer opening) {
    return new AuditKeys(
        new JdbcAuditChain(PORTS.database()), new InMemoryHeadSigner(), opening, clock, clock);
  }

  private AuditPush node() {
    return node(clock);
  }

  /** A node whose own clock shows another time than that of the database. */
  private AuditPush node(InstantSource own) {
    return node(own, keys);
  }

  private AuditPush node(InstantSource own, AuditKeys keys) {
    return node(own, keys, new JdbcAuditPush(PORTS.database()));
  }

  private AuditPush node(InstantSource own, AuditKeys keys, AuditPushStore store) {
    return new AuditPush(
        store,
        new JdbcAuditChain(PORTS.database()),
        keys,
        receiver,
        PORTS.transactions(),
        clock,
        own,
        UUID.randomUUID());
  }

  private void seal(int many) {
    for (int n = 0; n < many; n++) {
      PORTS.auditTrail().record(AnEvent.of(AuditAction.USER_UPDATE).at(clock.instant()).build());
    }
    while (sealing.seal()) {
      // More may be waiting.
    }
  }

  private static void pushAll(AuditPush node) {
    while (node.push()) {
      // More may be waiting.
    }
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void everything_arrives_in_order_and_heads_after_what_they_cover() {
    AuditPush node = node();
    pushAll(node);
    assertThat(receiver.numbers).isEmpty();
    seal(3);
    pushAll(node);
    assertThat(receiver.numbers).isEqualTo(upTo(3));
    assertThat(receiver.heads).isEmpty();
    assertThat(sealing.signHead()).isPresent();
    pushAll(node);
    pushAll(node);
    assertThat(receiver.heads).containsExactly(3L);
    seal(1_201);
    assertThat(sealing.signHead()).isPresent();
    pushAll(node);
    assertThat(receiver.numbers).isEqualTo(upTo(1_204));
    assertThat(receiver.heads).containsExactly(3L, 1_204L);
  }

  /** Receivers often accept only requests of up to a mebibyte. */
  @Test
  void a_piece_has_few_bytes_although_events_are_long() {
    AuditPush node = node();
    for (int n = 0; n < 8; n++) {
      PORTS
          .auditTrail()
          .record(
              AnEvent.of(AuditAction.SERVICE_SHARE).at(NOW).showing("x".repeat(150_000)).build());
    }
    PORTS
        .auditTrail()
        .record(AnEvent.of(AuditAction.SERVICE_SHARE).at(NOW).showing("x".repeat(900_000)).build());
    seal(5);

    pushAll(node);

    assertThat(receiver.numbers).isEqualTo(upTo(14));
    assertThat(receiver.pieces)
        .allSatisfy(
            piece ->
                assertThat(piece.stream().mapToInt(link -> link.event().orElseThrow().size()).sum())
                    .satisfiesAnyOf(
                        bytes -> assertThat(bytes).isLessThan(524_288),
                        bytes -> assertThat(piece).hasSize(1)));
  }

  @Test
  void a_receiver_that_finds_pieces_too_large_gets_smaller_ones_and_loses_nothing() {
    AuditPush node = node();
    seal(700);
    receiver.accepted = 9;
    assertThat(refusedBeforeAllArrive(node)).isLessThan(40);
    assertThat(receiver.numbers).isEqualTo(upTo(700));

    receiver.accepted = 0;
    seal(3);
    for (int n = 0; n < 5; n++) {
      assertThatExceptionOfType(Undelivered.class).isThrownBy(node::push);
    }
    receiver.accepted = 1;
    assertThat(refusedBeforeAllArrive(node)).isLessThan(4);
    assertThat(receiver.numbers).as("no line is skipped").isEqualTo(upTo(703));
  }

  private static int refusedBeforeAllArrive(AuditPush node) {
    int refused = 0;
    boolean more = true;
    while (more && refused < 40) {
      try {
        more = node.push();
      } catch (Undelivered e) {
        refused++;
      }
    }
    return refused;
  }

  @Test
  void a_receiver_that_is_away_for_a_day_loses_nothing() {
    AuditPush node = node();
    seal(2);
    pushAll(node);
    receiver.away = true;
    for (int hour = 0; hour < 24; hour++) {
      seal(5);
      clock.advance(Duration.ofHours(1));
      assertThatExceptionOfType(Undelivered.class).isThrownBy(node::push);
    }
    assertThat(node.backlog().events()).isEqualTo(120);
    assertThat(node.lag()).isEqualTo(Duration.ofHours(24));

    receiver.away = false;
    AuditPush another = node();
    endLease();
    pushAll(another);
    assertThat(receiver.numbers).isEqualTo(upTo(122));
    assertThat(another.backlog().events()).isZero();
    assertThat(another.lag()).isZero();
  }

  @Test
  void events_that_nobody_seals_are_a_part_of_what_has_not_arrived() {
    AuditPush node = node();
    clock.advance(Duration.between(NOW, Instant.now().truncatedTo(ChronoUnit.MILLIS)));
    PORTS.auditTrail().record(AnEvent.of(AuditAction.USER_UPDATE).at(clock.instant()).build());
    clock.advance(Duration.ofHours(1));
    pushAll(node);
    assertThat(receiver.numbers).isEmpty();
    assertThat(node.backlog().events()).isOne();
    assertThat(node.lag()).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
  }

  @Test
  void one_node_pushes_until_it_leaves_or_is_gone() {
    AuditPush one = node();
    AuditPush other = node();
    seal(1);
    pushAll(one);
    seal(1);
    pushAll(other);
    assertThat(receiver.numbers).isEqualTo(upTo(1));
    assertThat(other.backlog().events()).isOne();
    one.leave();
    pushAll(other);
    assertThat(receiver.numbers).isEqualTo(upTo(2));
    seal(1);
    pushAll(one);
    assertThat(receiver.numbers).isEqualTo(upTo(2));
    endLease();
    pushAll(one);
    assertThat(receiver.numbers).isEqualTo(upTo(3));
  }

  @Test
  void a_node_with_a_wrong_clock_pushes_neither_beside_another_one_nor_longer_than_others() {
    AuditPush one = node();
    AuditPush ahead = node(new SettableClock(NOW.plus(Duration.ofDays(1))));
    seal(1);
    pushAll(one);
    seal(1);
    pushAll(ahead);
    assertThat(receiver.numbers).isEqualTo(upTo(1));
    one.leave();
    pushAll(ahead);
    assertThat(receiver.numbers).isEqualTo(upTo(2));
    assertThat(
            PORTS
                .sql()
                .sql("select leased_until <= clock_timestamp() + interval '90 s' from audit_push")
                .query(Boolean.class)
                .single())
        .isTrue();
  }

  @Test
  void who_lost_the_right_to_push_meanwhile_moves_no_cursor() {
    AuditPush slow = node();
    AuditPush other = node();
    seal(2);
    receiver.meanwhile =
        () -> {
          receiver.meanwhile = () -> {};
          endLease();
          pushAll(other);
          seal(1);
        };
    assertThat(slow.push()).isFalse();
    assertThat(other.backlog().events()).isZero();
    pushAll(other);
    assertThat(receiver.numbers).containsExactly(1L, 2L, 1L, 2L, 3L);
  }

  @Test
  void many_nodes_push_each_event_once_and_in_order() {
    seal(2_600);
    List<Boolean> unused =
        Race.of(
            16,
            n -> {
              AuditPush node = node();
              pushAll(node);
              node.leave();
              return true;
            },
            2);
    assertThat(receiver.numbers).isEqualTo(upTo(2_600));
  }

  /** A dump has the cursor together with the trail, so they fit each other after a restore. */
  @Test
  void after_the_restore_of_a_dump_the_whole_trail_is_sent_again_once() {
    AuditPush elsewhere = nodeElsewhere();
    seal(2);
    pushAll(elsewhere);
    elsewhere.leave();
    AuditPush node = node();

    pushAll(node);

    assertThat(receiver.numbers).containsExactly(1L, 2L, 1L, 2L);
    assertThat(receiver.places).containsExactly(0L);
    assertThat(node.takeRestored()).isOne();
    assertThat(node.takeForged()).isZero();
    seal(1);
    pushAll(node);
    node.leave();
    pushAll(node());
    assertThat(receiver.numbers).containsExactly(1L, 2L, 1L, 2L, 3L);
    assertThat(node.takeRestored()).isZero();
  }

  /** A node in another database, from which a dump was restored. */
  private AuditPush nodeElsewhere() {
    AuditPushStore here = new JdbcAuditPush(PORTS.database());
    return node(
        clock,
        keys,
        new AuditPushStore() {
          @Override
          public Optional<StoredCursor> lease(UUID node, Duration time) {
            return here.lease(node, time)
                .map(
                    stored ->
                        new StoredCursor(
                            stored.cursor(),
                            stored.signature(),
                            stored.fromBefore(),
                            stored.history(),
                            "1/2/3",
                            stored.lastServer(),
                            stored.server()));
          }

          @Override
          public boolean advance(
              UUID node,
              Cursor to,
              String signature,
              String history,
              String server,
              Duration time) {
            return here.advance(node, to, signature, history, server, time);
          }

          @Override
          public void release(UUID node) {
            here.release(node);
          }

          @Override
          public Optional<StoredCursor> cursor() {
            return here.cursor();
          }

          @Override
          public Backlog backlogAfter(long number) {
            return here.backlogAfter(number);
          }
        });
  }

  /** A node of an earlier version moves the cursor and leaves the name of the database as it is. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_cursor_that_an_earlier_version_moved_counts(boolean never) {
    AuditPush node = node();
    seal(1);
    pushAll(node);
    String kept = never ? "" : history();
    seal(1);
    pushAll(node);
    assertThat(kept).isNotEqualTo(history());
    assertThat(
            PORTS.sql().sql("update audit_push set history = :kept").param("kept", kept).update())
        .isOne();

    seal(1);
    pushAll(node);
    node.leave();
    pushAll(node());

    assertThat(receiver.numbers).isEqualTo(upTo(3));
    assertThat(node.takeRestored()).isZero();
    assertThat(node.takeForged()).isZero();
  }

  private static String history() {
    return PORTS.sql().sql("select history from audit_push").query(String.class).single();
  }

  @Test
  void the_receiver_is_told_once_where_the_trail_continues_after_a_start_of_the_server() {
    AuditPush node = node();
    seal(2);
    pushAll(node);
    assertThat(receiver.places).as("nothing came before").isEmpty();
    startServer();
    receiver.away = true;
    assertThatExceptionOfType(Undelivered.class).isThrownBy(node::push);
    receiver.away = false;

    pushAll(node);
    seal(1);
    pushAll(node);
    node.leave();
    pushAll(node());

    assertThat(receiver.places).containsExactly(2L);
    assertThat(receiver.numbers).isEqualTo(upTo(3));
    assertThat(node.takeLost()).isZero();
    assertThat(node.takeRestored()).isZero();
  }

  /** Restored files have the cursor together with the trail, and the database keeps its name. */
  @Test
  void after_the_restore_of_files_the_push_goes_on_where_the_receiver_can_follow() {
    AuditPush node = node();
    seal(2);
    pushAll(node);
    run("create table backup as select * from audit_push");
    seal(2);
    pushAll(node);
    run("alter table audit_chain disable trigger user");
    run("delete from audit_chain where number > 2");
    run("alter table audit_chain enable trigger user");
    run("delete from audit_push");
    run("insert into audit_push select * from backup");
    run("drop table backup");
    startServer();
    endLease();
    AuditPush fresh = node();
    pushAll(fresh);
    assertThat(fresh.takeLost()).as("a node that was started again can't know").isZero();
    fresh.leave();

    pushAll(node);

    assertThat(node.takeLost()).isOne();
    assertThat(receiver.places).containsExactly(2L, 2L);
    seal(1);
    pushAll(node);
    assertThat(receiver.numbers).containsExactly(1L, 2L, 3L, 4L, 3L);
    assertThat(node.takeLost()).isZero();
    assertThat(node.takeForged()).isZero();
  }

  /** Acts as if the database server had been restarted since the cursor was moved. */
  private static void startServer() {
    run("update audit_push set server = '1' where server <> ''");
  }

  @Test
  void after_a_physical_restore_the_whole_trail_is_sent_again_if_the_cursor_does_not_fit() {
    AuditPush node = node();
    seal(2);
    pushAll(node);
    int unused = PORTS.sql().sql("update audit_push set number = 9, head_number = 9").update();
    pushAll(node);
    seal(1);
    assertThat(sealing.signHead()).isPresent();
    pushAll(node);
    assertThat(receiver.numbers).containsExactly(1L, 2L, 1L, 2L, 3L);
    assertThat(receiver.heads).containsExactly(3L);
    int another = PORTS.sql().sql("update audit_push set hash = repeat('0', 64)").update();
    assertThat(another).isOne();
    pushAll(node);
    assertThat(receiver.numbers).containsExactly(1L, 2L, 1L, 2L, 3L, 1L, 2L, 3L);
    assertThat(receiver.heads).containsExactly(3L, 3L);
  }

  /** Somebody who can write to the database can't prevent an event from reaching the receiver. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "number = 3, hash = (select encode(hash, 'hex') from audit_chain where number = 3)",
        "head_number = 9000000000000000000",
        "number = 3, signature = '', from_before = true,"
            + " hash = (select encode(hash, 'hex') from audit_chain where number = 3)",
        "number = 0, hash = '', head_number = 9000000000000000000"
      })
  void a_cursor_that_no_node_has_signed_counts_as_the_beginning(String edit) {
    AuditPush node = node();
    seal(2);
    assertThat(sealing.signHead()).isPresent();
    pushAll(node);
    seal(2);
    int edited = PORTS.sql().sql("update audit_push set " + edit).update();
    assertThat(edited).isOne();
    assertThat(sealing.signHead()).isPresent();

    pushAll(node);

    assertThat(receiver.numbers).containsExactly(1L, 2L, 1L, 2L, 3L, 4L);
    assertThat(receiver.heads).containsExactly(2L, 4L);
    assertThat(node.takeForged()).isOne();
    pushAll(node);
    assertThat(node.takeForged()).isZero();
  }

  /**
   * Neither somebody who can write to the database nor a clock that is set back can stop the push.
   */
  @ParameterizedTest
  @ValueSource(strings = {"'infinity'", "clock_timestamp() + interval '1 day'"})
  void a_right_to_push_that_no_node_can_have_keeps_no_node_from_pushing(String until) {
    AuditPush node = node();
    seal(2);
    pushAll(node);
    run("update audit_push set leased_by = gen_random_uuid(), leased_until = " + until);
    seal(1);

    pushAll(node);

    assertThat(receiver.numbers).isEqualTo(upTo(3));
    assertThat(node.takeForged()).isZero();
  }

  /**
   * If the cursor with this number were believed, nobody would notice that somebody prevents all
   * nodes from pushing.
   */
  @Test
  void a_number_that_no_node_has_signed_does_not_hide_what_has_not_arrived() {
    AuditPush node = node();
    seal(2);
    pushAll(node);
    run(
        """
        update audit_push set number = 9000000000000000000, leased_by = gen_random_uuid(),
          leased_until = clock_timestamp() + interval '1 minute'
        """);
    seal(1);
    clock.advance(Duration.ofHours(1));

    pushAll(node);

    assertThat(receiver.numbers).isEqualTo(upTo(2));
    assertThat(node.backlog().events()).isEqualTo(3);
    assertThat(node.lag()).isEqualTo(Duration.ofHours(1));
    assertThat(node.takeForged()).as("the node does not begin again").isZero();
  }

  /** The alert takes the smallest age of all nodes, so a node that knows nothing must not say 0. */
  @Test
  void a_node_that_does_not_look_any_more_does_not_say_that_everything_has_arrived() {
    AuditPush node = node();
    seal(1);
    pushAll(node);
    assertThat(node.lag()).isZero();
    clock.advance(AuditPush.LEASE);
    assertThat(node.lag()).isZero();

    clock.advance(Duration.ofHours(1));

    assertThat(node.lag()).isEqualTo(Duration.ofHours(1));
    pushAll(node);
    assertThat(node.lag()).isZero();
  }

  /** Other nodes have rotated to a key that this node lacks. */
  @Test
  void a_node_that_lacks_the_encryption_key_of_the_signing_key_pushes_nothing_and_makes_way() {
    AuditPush node = node();
    seal(2);
    assertThat(sealing.signHead()).isPresent();
    pushAll(node);
    node.leave();
    seal(1);
    AuditKeys lacking = keys(InMemorySealer.withOneKey());
    AuditPush paused = node(clock, lacking);

    assertThatExceptionOfType(MissingEncryptionKey.class).isThrownBy(paused::push);

    assertThat(paused.takeForged()).isZero();
    assertThat(receiver.numbers).isEqualTo(upTo(2));
    pushAll(node);
    assertThat(receiver.numbers).isEqualTo(upTo(3));
    assertThat(node.takeForged()).isZero();
  }

  /** A push ends with a signature, even the first one, and this node can't sign. */
  @Test
  void a_node_without_the_encryption_key_does_not_begin_the_push_either() {
    seal(1);
    assertThat(sealing.signHead()).isPresent();
    AuditKeys lacking = keys(InMemorySealer.withOneKey());

    assertThatExceptionOfType(MissingEncryptionKey.class).isThrownBy(node(clock, lacking)::push);

    assertThat(receiver.numbers).isEmpty();
  }

  @Test
  void a_cursor_from_before_signatures_counts_until_a_node_has_moved_it() {
    seal(3);
    run("insert into audit_push values (true, 0, '', 0, gen_random_uuid(), '-infinity')");
    run("alter table audit_push disable trigger audit_push_is_signed");
    run(
        """
        update audit_push set from_before = true, number = 2,
          hash = (select encode(hash, 'hex') from audit_chain where number = 2)
        """);
    run("alter table audit_push enable always trigger audit_push_is_signed");
    AuditPush node = node();
    pushAll(node);
    assertThat(receiver.numbers).containsExactly(3L);
    assertThat(node.takeForged()).isZero();
    AuditPush other = node();
    node.leave();
    pushAll(other);
    assertThat(other.takeForged()).isZero();

    run("update audit_push set from_before = true, signature = ''");
    pushAll(other);
    assertThat(other.takeForged()).isOne();
    assertThat(receiver.numbers).containsExactly(3L, 1L, 2L, 3L);
  }

  /** Acts as if the pushing node had been silent for longer than its lease. */
  private static void endLease() {
    run("update audit_push set leased_until = clock_timestamp()");
  }

  private static void run(String statement) {
    int unused = PORTS.sql().sql(statement).update();
  }
}
