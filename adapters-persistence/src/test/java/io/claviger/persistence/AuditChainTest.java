package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.application.audit.AuditChain;
import io.claviger.application.audit.AuditChain.ExportedLine;
import io.claviger.application.audit.AuditKeys;
import io.claviger.application.audit.AuditSealer;
import io.claviger.application.audit.port.AuditChainStore;
import io.claviger.application.audit.port.AuditChainStore.StoredLink;
import io.claviger.application.audit.port.AuditFilter;
import io.claviger.application.audit.port.HeadSigner;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.builders.AnEvent;
import io.claviger.application.fakes.InMemoryHeadSigner;
import io.claviger.application.fakes.InMemoryIds;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.retention.Retention;
import io.claviger.application.retention.port.MonthPartitions.KeptByMonth;
import io.claviger.application.retention.port.MonthPartitions.RemovedMonths;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.MissingEncryptionKey;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.ChainCheck;
import io.claviger.domain.audit.ChainHead;
import io.claviger.domain.audit.ChainLink;
import io.claviger.domain.audit.EventTexts;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.retention.RetentionMonths;
import io.claviger.domain.retention.RetentionPolicy;
import io.claviger.persistence.audit.JdbcAuditChain;
import io.claviger.persistence.retention.JdbcMonthPartitions;
import io.claviger.persistence.retention.JdbcRetentionPolicy;
import io.claviger.testkit.Race;
import io.claviger.testkit.SettableClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chain of the audit trail on PostgreSQL. */
final class AuditChainTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final int EVENTS = 40;
  private static final int EDITS_AT_ONCE = 200;

  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();

  private final SettableClock clock = new SettableClock(NOW);
  private final InMemoryIds ids = new InMemoryIds();
  private final InMemorySealer sealer = InMemorySealer.withOneKey();
  private final HeadSigner signer = new InMemoryHeadSigner();
  private JdbcAuditChain store;
  private AuditKeys keys;
  private AuditSealer sealing;
  private AuditChain chain;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    PORTS.encryptionKeys().add(sealer.sealingKey(), sealer.sentinel(sealer.sealingKey()));
    store = new JdbcAuditChain(PORTS.database());
    keys = keys(sealer, clock, clock);
    sealing = new AuditSealer(store, keys, PORTS.transactions(), clock, clock);
    chain = AuditChain.of(store, changes(), clock);
  }

  private AuditKeys keys(InMemorySealer opening, InstantSource database, InstantSource own) {
    return new AuditKeys(store, signer, opening, database, own);
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

  /** One write by the role that serves must not end the signing of heads. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "update audit_head set number = 9223372036854775807",
        "update audit_head set number = 7",
        "update audit_head set hash = sha256(hash)",
        "update audit_head set signature = 'AAAA'",
        "delete from audit_keys"
      })
  void a_head_that_was_not_signed_for_this_trail_is_replaced(String edit) {
    record(2);
    boolean unused = sealing.seal();
    assertThat(sealing.signHead()).isPresent();
    assertThat(sealing.takeForgedHeads()).isZero();
    run(edit);

    ChainHead signed = sealing.signHead().orElseThrow();

    assertThat(signed.number()).isEqualTo(2);
    assertThat(sealing.takeForgedHeads()).isOne();
    assertThat(sealing.signHead()).isEmpty();
    assertThat(chain.head()).contains(signed);
  }

  /** A head of another trail is signed well, but not by a key that this node opens. */
  @Test
  void a_head_that_somebody_signed_with_a_key_of_their_own_is_replaced() {
    record(2);
    boolean unused = sealing.seal();
    HeadSigner signer = new InMemoryHeadSigner();
    HeadSigner.NewKey key = signer.make();
    String hash = store.last().orElseThrow().hash();
    String signature =
        Base64.getEncoder()
            .encodeToString(signer.sign(key.signing(), ChainHead.signed(2, hash, NOW)));
    store.putHead(new ChainHead(2, hash, NOW, key.publicKey(), signature));

    assertThat(sealing.signHead().orElseThrow().publicKey()).isNotEqualTo(key.publicKey());
    assertThat(sealing.takeForgedHeads()).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"infinity", "2026-11-24 12:01:00Z", "-infinity"})
  void a_key_that_nobody_can_open_is_passed_over(String made) {
    record(1);
    boolean unused = sealing.seal();
    String before = sealing.signHead().orElseThrow().publicKey();
    run(
        """
        insert into audit_keys (id, public_key, key_sealed, created_at)
        select repeat('k', 43), public_key, key_sealed, '%s' from audit_keys
        """
            .formatted(made));
    record(1);
    boolean again = sealing.seal();
    assertThat(again).isFalse();

    assertThat(sealing.signHead().orElseThrow().publicKey()).isEqualTo(before);

    assertThat(keys.takePassedOver())
        .isEqualTo(made.equals("infinity") ? Set.of() : Set.of("k".repeat(43)));
    assertThat(sealing.takeForgedHeads()).isZero();
    assertThat(chain.verify(List.of()).findings())
        .extracting(ChainCheck.Finding::what)
        .contains("the public key of the audit trail was changed")
        .hasSize(made.equals("infinity") ? 2 : 1);
  }

  /** Other nodes have rotated to a key that this node lacks. */
  @Test
  void a_node_that_lacks_the_encryption_key_of_the_signing_key_makes_no_other_key() {
    record(1);
    boolean unused = sealing.seal();
    ChainHead first = sealing.signHead().orElseThrow();
    AuditKeys lacking = keys(InMemorySealer.withOneKey(), clock, clock);
    AuditSealer paused = new AuditSealer(store, lacking, PORTS.transactions(), clock, clock);

    assertThatExceptionOfType(MissingEncryptionKey.class).isThrownBy(paused::signHead);
    record(1);
    boolean again = paused.seal();
    assertThat(again).isFalse();
    assertThatExceptionOfType(MissingEncryptionKey.class).isThrownBy(paused::signHead);
    assertThatExceptionOfType(MissingEncryptionKey.class).isThrownBy(paused::look);

    assertThat(paused.takeForgedHeads()).isZero();
    assertThat(lacking.takePassedOver()).isEmpty();
    assertThat(chain.head()).contains(first);
    assertThat(sealing.signHead().orElseThrow().publicKey()).isEqualTo(first.publicKey());
    assertThat(sealing.takeForgedHeads()).isZero();
    assertThat(chain.verify(List.of(first)).isIntact()).isTrue();
  }

  /** The installation is younger than the time by which the clock is behind. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_node_or_a_database_whose_clock_is_a_day_behind_makes_no_other_key(boolean node) {
    record(1);
    boolean unused = sealing.seal();
    ChainHead first = sealing.signHead().orElseThrow();
    SettableClock yesterday = new SettableClock(NOW.minus(Duration.ofDays(1)));
    InstantSource database = node ? clock : yesterday;
    InstantSource own = node ? yesterday : clock;
    AuditKeys known = keys(sealer, database, own);
    AuditSealer behind = new AuditSealer(store, known, PORTS.transactions(), database, own);
    record(1);
    boolean again = behind.seal();
    assertThat(again).isFalse();

    ChainHead second = behind.signHead().orElseThrow();

    assertThat(second.publicKey()).isEqualTo(first.publicKey());
    assertThat(behind.takeForgedHeads()).isZero();
    assertThat(sealing.signHead()).isEmpty();
    assertThat(sealing.takeForgedHeads()).isZero();
    assertThat(chain.verify(List.of(first, second)).isIntact()).isTrue();
  }

  /** Half of the rotation is done: this node opens the older key, but not the newer one. */
  @Test
  void a_node_that_opens_only_an_older_signing_key_signs_nothing() {
    record(1);
    boolean unused = sealing.seal();
    ChainHead older = sealing.signHead().orElseThrow();
    clock.advance(Duration.ofMinutes(1));
    InMemorySealer other = InMemorySealer.withOneKey();
    PORTS.encryptionKeys().add(other.sealingKey(), other.sentinel(other.sealingKey()));
    HeadSigner.NewKey made = new InMemoryHeadSigner().make();
    String id = ChainHead.keyId(made.publicKey());
    store.insertKey(
        new AuditChainStore.StoredKey(
            id,
            made.publicKey(),
            other.seal(made.signing(), KeyBinding.ofAuditKey(id)),
            clock.instant()),
        clock.instant());
    record(1);
    boolean again = sealing.seal();

    assertThat(again).isFalse();
    assertThatExceptionOfType(MissingEncryptionKey.class).isThrownBy(sealing::signHead);
    assertThat(chain.head()).contains(older);
  }

  @Test
  void a_key_is_reported_if_it_is_in_the_future_for_both_clocks() {
    record(1);
    boolean unused = sealing.seal();
    assertThat(sealing.signHead()).isPresent();
    InstantSource behind = () -> clock.instant().minus(Duration.ofHours(1));
    AuditedChanges here =
        new AuditedChanges(
            PORTS.transactions(), PORTS.auditTrail(), PORTS.credentials(), ids, behind);
    String future = "in the future for the clocks of this machine and of the database";

    assertThat(AuditChain.of(store, here, clock).verify(List.of()).findings())
        .noneMatch(finding -> finding.toString().contains(future));
    assertThat(AuditChain.of(store, here, behind).verify(List.of()).findings())
        .anyMatch(finding -> finding.toString().contains(future));
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
                boolean more = sealing.seal();
                if (n == 0) {
                  assertThat(chain.verify(List.of()).findings()).isEmpty();
                }
                return more;
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
  void nobody_keeps_nodes_from_sealing_by_an_advisory_lock() throws SQLException {
    record(1);
    try (Connection stranger = PORTS.dataSource().getConnection();
        Statement statement = stranger.createStatement()) {
      String key = "hashtextextended('claviger audit chain ' || current_schema(), 0)";
      boolean locked = statement.execute("select pg_advisory_lock(" + key + ")");
      assertThat(locked).isTrue();
      assertThat(sealing.seal()).isFalse();
      assertThat(sealing.signHead()).isPresent();
      boolean released = statement.execute("select pg_advisory_unlock(" + key + ")");
      assertThat(released).isTrue();
    }
    assertThat(numbers()).containsExactly(1L);
  }

  @Test
  void who_keeps_nodes_from_sealing_is_named_when_events_have_waited_for_a_minute()
      throws SQLException {
    clock.advance(Duration.between(NOW, Instant.now().truncatedTo(ChronoUnit.MILLIS)));
    record(1);
    try (Connection stranger = PORTS.dataSource().getConnection();
        Statement statement = stranger.createStatement()) {
      stranger.setAutoCommit(false);
      boolean named = statement.execute("set local application_name = 'intruder'");
      assertThat(named).isFalse();
      boolean locked = statement.execute("select one_row from audit_turn for update");
      assertThat(locked).isTrue();
      assertThat(sealing.seal()).isFalse();
      assertThat(sealing.signHead()).isEmpty();
      sealing.look();
      assertThat(sealing.heldUpBy()).isEmpty();

      clock.advance(Duration.ofSeconds(90));
      assertThat(sealing.heldUpBy())
          .singleElement()
          .satisfies(
              holder -> {
                assertThat(holder.program()).isEqualTo("intruder");
                assertThat(holder.role()).isNotEmpty();
                assertThat(holder.since()).isPresent();
                assertThat(end(holder)).isTrue();
              });
      assertThat(catchThrowable(() -> statement.execute("select 1")))
          .isInstanceOf(SQLException.class);
    }
    assertThat(sealing.seal()).isFalse();
    assertThat(numbers()).containsExactly(1L);
  }

  @Race.Repeated
  void a_node_that_waits_for_a_number_is_not_blamed_but_who_holds_the_number() throws Exception {
    clock.advance(Duration.between(NOW, Instant.now().truncatedTo(ChronoUnit.MILLIS)));
    record(1);
    sealing.look();
    clock.advance(Duration.ofSeconds(90));
    try (ExecutorService node = Executors.newSingleThreadExecutor();
        Connection stranger = PORTS.dataSource().getConnection();
        Statement statement = stranger.createStatement()) {
      stranger.setAutoCommit(false);
      boolean named = statement.execute("set local application_name = 'intruder'");
      assertThat(named).isFalse();
      int held =
          statement.executeUpdate(
              """
              insert into audit_chain (number, event_id, event_at, content_hash, hash)
              values (1, gen_random_uuid(), now(), sha256('a'), sha256('b'))
              """);
      assertThat(held).isEqualTo(1);
      Future<Boolean> waiting = node.submit(sealing::seal);
      List<String> blamed = blamed();
      // Until the node waits, it is the one that has the turn.
      while (!blamed.contains("intruder") && !waiting.isDone()) {
        blamed = blamed();
      }
      assertThat(blamed).containsExactly("intruder");
      stranger.rollback();
      boolean more = waiting.get();
      assertThat(more).isFalse();
    }
    assertThat(numbers()).containsExactly(1L);
  }

  /** A node that hangs in its turn must not hold up the others for longer. */
  @Test
  void the_database_ends_a_turn_in_which_nothing_happens() {
    rolledBack(
        () -> {
          assertThat(store.tryLock()).isTrue();
          assertThat(setting("idle_in_transaction_session_timeout")).isEqualTo("30s");
          assertThat(setting("lock_timeout")).isEqualTo("30s");
        });
    rolledBack(
        () -> {
          store.lock();
          assertThat(setting("idle_in_transaction_session_timeout")).isEqualTo("30s");
        });
    assertThat(setting("idle_in_transaction_session_timeout")).isNotEqualTo("30s");
  }

  private List<String> blamed() {
    return sealing.heldUpBy().stream().map(AuditChainStore.TurnHolder::program).toList();
  }

  private static boolean end(AuditChainStore.TurnHolder session) {
    return PORTS
        .sql()
        .sql("select pg_terminate_backend(:process)")
        .param("process", session.process())
        .query(Boolean.class)
        .single();
  }

  private static String setting(String name) {
    return PORTS.database().jdbc().sql("show " + name).query(String.class).single();
  }

  @Test
  void a_node_knows_how_long_events_wait_for_their_numbers_and_for_a_head() {
    clock.advance(Duration.between(NOW, Instant.now().truncatedTo(ChronoUnit.MILLIS)));
    assertThat(sealing.unsealedFor()).isEmpty();
    record(AnEvent.of(AuditAction.USER_UPDATE).at(clock.instant()));
    record(AnEvent.of(AuditAction.USER_UPDATE).at(clock.instant()));
    run("update audit_unsealed set noted_at = clock_timestamp() - interval '2 hours'");
    sealing.look();
    assertThat(sealing.unsealed()).contains(2L);
    assertThat(sealing.unsealedFor().orElseThrow())
        .isBetween(Duration.ofMinutes(119), Duration.ofMinutes(121));
    assertThat(sealing.headLag()).contains(Duration.ZERO);

    boolean unused = sealing.seal();
    sealing.look();
    assertThat(sealing.unsealed()).contains(0L);
    assertThat(sealing.unsealedFor()).contains(Duration.ZERO);
    clock.advance(Duration.ofHours(1));
    assertThat(sealing.unsealedFor()).as("without a look").contains(Duration.ofSeconds(3_585));
    assertThat(sealing.headLag()).contains(Duration.ofHours(1));

    assertThat(sealing.signHead()).isPresent();
    sealing.look();
    assertThat(sealing.headLag()).contains(Duration.ZERO);
  }

  /** The role that serves where the tables belong to another one. */
  @Test
  void who_records_and_seals_can_remove_no_note() {
    String role = "sealer_" + UUID.randomUUID().toString().substring(0, 8);
    record(2);
    rolledBack(
        () -> {
          run("create role " + role);
          run("grant usage on schema public to " + role);
          run("grant select, insert, update, delete on all tables in schema public to " + role);
          run("revoke insert, update, delete on audit_unsealed, audit_older from " + role);
          run("revoke insert, delete on audit_turn from " + role);
          run("insert into audit_older values (true, '-infinity', '" + new UUID(0, 0) + "')");
          run("set local role " + role);
          for (String change :
              List.of(
                  "delete from audit_unsealed",
                  "update audit_unsealed set at = '-infinity'",
                  "insert into audit_unsealed values (gen_random_uuid(), now())",
                  "delete from audit_older",
                  "update audit_older set at = 'infinity'",
                  "delete from audit_turn")) {
            run("savepoint before");
            assertThat(catchThrowable(() -> run(change)))
                .as(change)
                .rootCause()
                .hasMessageContaining("permission denied");
            run("rollback to savepoint before");
          }
          run("create temporary table audit_unsealed (event_id uuid, at timestamptz)");
          record(1);
          run("drop table pg_temp.audit_unsealed");
          while (sealing.seal()) {
            // More may be waiting.
          }
          assertThat(links(0, 9)).extracting(l -> l.link().number()).containsExactly(1L, 2L, 3L);
          assertThat(store.anyNoted()).isFalse();
        });
  }

  @Test
  void notes_of_events_that_are_not_there_keep_no_event_waiting() {
    record(3);
    run(
        """
        insert into audit_unsealed
        select gen_random_uuid(), timestamptz '2000-01-01Z' from generate_series(1, 4500)
        """);

    for (int n = 0; n < 2; n++) {
      boolean unused = sealing.seal();
    }

    assertThat(numbers()).containsExactly(1L, 2L, 3L);
    assertThat(rows("audit_unsealed")).isZero();
  }

  /** What is read for checking is what is read otherwise, whatever somebody has stored. */
  @Test
  void pages_have_the_same_links_as_lists() {
    record(9);
    List<String> hostile =
        List.of(
            "fields = array['a,b', '\"q\"', 'x\\y', '', '{z}', 'null', ' ']",
            "fields = '{}', terms = array[null, E'\\t', E'\\n\\\\N']",
            "fields = array[array['x'], array['y']]",
            "fields = '[0:1]={k,l}'::text[]",
            "actor = E'\\\\N', address = E'a\\tb\\nc\\rd\\\\e\\u00e9\\U0001f600'",
            "request_id = E'\\b\\f\\v', target_ref = ''",
            "count = 7");
    boolean unused = sealing.seal();
    rolledBack(
        () -> {
          run("alter table audit_events disable trigger user");
          for (int n = 0; n < hostile.size(); n++) {
            run(
                """
                update audit_events set %s
                where id = (select event_id from audit_chain where number = %d)
                """
                    .formatted(hostile.get(n), n + 1));
          }
          run(
              """
              delete from audit_events
              where id = (select event_id from audit_chain where number = 9)
              """);
          assertThat(read(0, 100)).isEqualTo(links(0, 100)).hasSize(9);
          assertThat(read(4, 3)).isEqualTo(links(4, 3)).hasSize(3);
          assertThat(read(9, 3)).isEmpty();
        });
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

  /** A partition does not know the ids of others, so the database accepts it. */
  @ParameterizedTest
  @ValueSource(strings = {"1999-10-05T00:00:00Z", "2199-10-05T00:00:00Z"})
  void an_event_with_the_id_of_another_month_is_found_and_has_no_number(String at) {
    first = inThisMonth();
    record(3);
    boolean unused = sealing.seal();
    ChainHead kept = sealing.signHead().orElseThrow();
    AuditEvent genuine = newest().get(1);
    insert("'" + genuine.id() + "'", at);
    assertInserted(kept, genuine, at);

    assertThat(sealing.seal()).isFalse();

    assertThat(rows("audit_unsealed")).isZero();
    assertInserted(kept, genuine, at);
    assertThat(sealing.takeUnsealable()).isOne();
    assertThat(sealing.takeUnsealable()).isZero();
  }

  private void assertInserted(ChainHead kept, AuditEvent genuine, String at) {
    ChainCheck.Result result = chain.verify(List.of(kept));
    assertThat(result.findings())
        .extracting(ChainCheck.Finding::what)
        .containsExactly(
            "event %s of %s has the id of number 2, of %s: one of them was inserted"
                .formatted(genuine.id(), at, genuine.at()));
    assertThat(result.events()).isEqualTo(3);
    assertThat(newest())
        .filteredOn(event -> event.target().ref().equals("alice/forged"))
        .singleElement()
        .satisfies(event -> assertThat(event.link()).isEmpty());
    assertThat(newest()).contains(genuine);
  }

  /** Removes events as if they were those of a month, and records that the month was removed. */
  private void removeMonth(String condition) {
    run("alter table audit_events disable trigger user");
    run("delete from audit_events " + condition);
    run("alter table audit_events enable trigger user");
    record(AnEvent.of(AuditAction.AUDIT_DELETE).about("2026-11").at(NOW.plus(Duration.ofDays(40))));
  }

  @Test
  void an_event_with_the_id_of_one_whose_month_was_removed_is_found() {
    record(3);
    boolean unused = sealing.seal();
    UUID id = newest().get(1).id();
    rolledBack(
        () -> {
          removeMonth("");
          assertThat(sealing.seal()).isFalse();
          assertThat(chain.verify(List.of()).findings()).isEmpty();

          insert("'" + id + "'", "2199-10-05T00:00:00Z");
          assertThat(sealing.seal()).isFalse();

          assertThat(chain.verify(List.of()).findings())
              .singleElement()
              .satisfies(finding -> assertThat(finding.what()).startsWith("event " + id));
          assertThat(newest().getFirst().link()).isEmpty();
        });
  }

  /** A head that was signed before a removal and covers it shows that the removal is forged. */
  @Test
  void a_removal_counts_even_if_the_clock_of_the_node_that_signs_is_behind() {
    record(3);
    boolean unused = sealing.seal();
    assertThat(sealing.signHead()).isPresent();
    Instant removal = NOW.plus(Duration.ofDays(40));
    AuditSealer behind =
        new AuditSealer(
            store,
            keys,
            PORTS.transactions(),
            new SettableClock(removal),
            new SettableClock(removal.minus(Duration.ofMinutes(50))));
    rolledBack(
        () -> {
          run("alter table audit_events disable trigger user");
          run("delete from audit_events");
          run("alter table audit_events enable trigger user");
          record(AnEvent.of(AuditAction.AUDIT_DELETE).about("2026-11").at(removal));
          assertThat(behind.seal()).isFalse();
          assertThat(behind.signHead()).isPresent();

          assertThat(chain.verify(List.of()).findings()).isEmpty();
        });
  }

  /** Whoever owns the database can set its clock. */
  @Test
  void a_removal_of_future_months_does_not_count_even_if_heads_are_to_be_of_the_future() {
    record(1);
    boolean unused = sealing.seal();
    assertThat(sealing.signHead()).isPresent();
    Instant future = NOW.plus(Duration.ofDays(400));
    AuditSealer misled =
        new AuditSealer(store, keys, PORTS.transactions(), new SettableClock(future), clock);
    record(AnEvent.of(AuditAction.AUDIT_DELETE).about("before 2027-12").at(future));
    assertThat(misled.seal()).isFalse();
    record(3);
    assertThat(misled.seal()).isFalse();
    assertThat(misled.signHead()).isPresent();
    rolledBack(
        () -> {
          run("alter table audit_events disable trigger user");
          run("delete from audit_events where id = '" + newest().get(1).id() + "'");
          run("alter table audit_events enable trigger user");

          assertThat(chain.verify(List.of()).findings())
              .singleElement()
              .satisfies(finding -> assertThat(finding.what()).startsWith("the event is missing"));
        });
  }

  /** Whoever owns the database can record that a month was removed. */
  @Test
  void an_event_that_is_missing_while_others_of_its_month_are_there_is_found() {
    record(3);
    boolean unused = sealing.seal();
    UUID id = newest().get(1).id();
    rolledBack(
        () -> {
          removeMonth("where id = '" + id + "'");
          assertThat(sealing.seal()).isFalse();

          assertThat(chain.verify(List.of()).findings())
              .containsExactly(
                  new ChainCheck.Finding(
                      2, "the event is missing, but number 1 of the same month is there"));
        });
  }

  @Test
  void two_events_of_one_id_that_wait_keep_no_other_event_waiting() {
    UUID id = UUID.randomUUID();
    insert("'" + id + "'", "1999-10-05T00:00:00Z");
    insert("'" + id + "'", "2199-10-05T00:00:00Z");
    record(3);

    for (int n = 0; n < 2; n++) {
      assertThat(sealing.seal()).isFalse();
    }

    assertThat(numbers()).containsExactly(1L, 2L, 3L, 4L);
    assertThat(rows("audit_unsealed")).isZero();
    assertThat(sealing.takeUnsealable()).isOne();
    assertThat(chain.verify(List.of()).findings())
        .extracting(ChainCheck.Finding::what)
        .containsExactly(
            "event %s of 2199-10-05T00:00:00Z has the id of number 1, of 1999-10-05T00:00:00Z:"
                    .formatted(id)
                + " one of them was inserted");
  }

  /** A node of a later version recorded it, or somebody inserted it in the database. */
  @Test
  void an_event_that_this_version_does_not_understand_hides_no_other_event() {
    record(1);
    run(
        """
        insert into audit_events (
          id, at, actor, address, request_id, action, target_type, target_ref, outcome, fields,
          terms)
        values
          (gen_random_uuid(), '2026-11-24T13:00:01Z', 'no handle!', '', '', 'service.praise',
            'service', 'alice/s', 'done', '{a,null}', '{}'),
          (gen_random_uuid(), '2026-11-24T13:00:02Z', 'alice', '', '', 'service.delete',
            'service', 'alice/s', 'done', '{{a},{b}}', '{{a,b,c}}')
        """);

    assertThat(newest())
        .extracting(event -> event.action().wireName())
        .containsExactly("service.delete", "service.praise", "service.share");
    assertThat(newest().get(1).actorHandle()).isEmpty();
    assertThat(newest().get(1).grantee()).isEmpty();
  }

  @Test
  void many_events_with_ids_of_others_keep_no_other_event_waiting_and_are_counted() {
    first = inThisMonth();
    record(2_100);
    while (sealing.seal()) {
      // More may be waiting.
    }
    run(
        """
        insert into audit_events (
          id, at, address, request_id, action, target_type, target_ref, outcome, fields)
        select event_id, timestamptz '1999-10-05Z', '', '', 'service.delete', 'service', 'a/s',
          'done', '{}'
        from audit_chain
        """);
    record(1);
    assertThat(chain.verify(List.of()).found()).isEqualTo(2_100);

    for (int n = 0; n < 2; n++) {
      boolean unused = sealing.seal();
    }

    assertThat(numbers()).hasSize(2_101);
    assertThat(rows("audit_unsealed")).isZero();
    assertThat(sealing.takeUnsealable()).isEqualTo(2_100);
    ChainCheck.Result result = chain.verify(List.of());
    assertThat(result.found()).isEqualTo(2_100);
    assertThat(result.findings()).hasSize(ChainCheck.MOST_FINDINGS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1999-10-05Z", "2026-11-24 12:00:00Z", "2199-10-05Z"})
  void an_event_without_a_note_is_found_whatever_its_time(String at) {
    record(1);
    boolean unused = sealing.seal();
    insert("gen_random_uuid()", at);
    run("delete from audit_unsealed");

    assertThat(chain.verify(List.of()).findings())
        .extracting(ChainCheck.Finding::what)
        .containsExactly("1 events have no link: they were inserted, or their links removed");
  }

  /** PostgreSQL does not read such times as Java writes them. */
  @ParameterizedTest
  @ValueSource(strings = {"infinity", "-infinity", "20000-01-01Z", "0044-03-15Z BC"})
  void an_event_of_a_time_that_no_node_records_is_found_and_keeps_no_other_event_waiting(
      String at) {
    insert("gen_random_uuid()", at);
    record(1);
    assertThat(chain.verify(List.of()).found()).isOne();

    for (int n = 0; n < 2; n++) {
      boolean unused = sealing.seal();
    }

    assertThat(numbers()).containsExactly(1L);
    assertThat(rows("audit_unsealed")).isZero();
    assertThat(sealing.takeUnsealable()).isOne();
    ChainCheck.Result result = chain.verify(List.of());
    assertThat(result.findings())
        .extracting(ChainCheck.Finding::what)
        .containsExactly("1 events have no link: they were inserted, or their links removed");
    List<ExportedLine> lines = new ArrayList<>();
    Optional<ChainHead> head = chain.export(TimeSpan.ALWAYS, lines::addAll);
    assertThat(head).isEmpty();
    assertThat(lines).hasSize(2);
  }

  /** Inserts an event as whoever may add lines can. */
  private static void insert(String id, String at) {
    run(
        """
        insert into audit_events (
          id, at, actor, address, request_id, action, target_type, target_ref, outcome, fields)
        values (%s, '%s', 'alice', '', '', 'service.delete', 'service', 'alice/forged', 'done',
          '{}')
        """
            .formatted(id, at));
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

  /** The largest number of all would leave none for the next link, and no link can be removed. */
  @Test
  void nobody_adds_a_link_that_does_not_follow_the_last_one() {
    record(3);
    boolean unused = sealing.seal();
    for (String numbers :
        List.of(
            "values (9223372036854775807)",
            "values (5)",
            "values (4), (6)",
            "values (4), (9223372036854775807)",
            "values (5), (6)")) {
      rolledBack(
          () -> {
            run("create temporary table audit_chain (number bigint)");
            run("insert into pg_temp.audit_chain select generate_series(1, 9)");
            assertThat(catchThrowable(() -> addLinks("(" + numbers + ")")))
                .as(numbers)
                .rootCause()
                .hasMessageContaining("the numbers of the audit chain have no gaps");
          });
    }
    rolledBack(
        () -> {
          addLinks("(values (6), (4), (5))");
          addLinks("(select 9 where false)");
          addLinks("(values (7))");
        });
    record(1);
    boolean more = sealing.seal();
    assertThat(numbers()).containsExactly(1L, 2L, 3L, 4L);
  }

  private void addLinks(String numbers) {
    run(
        """
        insert into public.audit_chain (number, event_id, event_at, content_hash, hash)
        select number, gen_random_uuid(), now(), sha256('c'), sha256('h') from %s added (number)
        """
            .formatted(numbers));
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
    int edits = Integer.getInteger("audit.edits", 200);
    for (int from = 0; from < edits; from += EDITS_AT_ONCE) {
      int first = from;
      rolledBack(
          () -> {
            run("alter table audit_events disable trigger user");
            run("alter table audit_chain disable trigger user");
            for (int n = first; n < Math.min(edits, first + EDITS_AT_ONCE); n++) {
              run("savepoint untouched");
              String edit = edit(random);
              run(edit);
              if (edit.contains("audit_events") && random.nextInt(3) == 0) {
                rebuild(random);
                edit += ", and all links after it made again";
              }
              assertThat(chain.verify(List.of(kept)).isIntact())
                  .as("edit %s of seed %s: %s", n, seed, edit)
                  .isFalse();
              run("rollback to savepoint untouched");
            }
          });
    }
    assertThat(chain.verify(List.of(kept)).isIntact()).isTrue();
  }

  private static void rolledBack(Runnable work) {
    assertThat(
            catchThrowable(
                () ->
                    PORTS
                        .transactions()
                        .inTransaction(
                            () -> {
                              work.run();
                              throw new IllegalStateException("rolled back");
                            })))
        .hasMessage("rolled back");
  }

  /**
   * Makes all links again for what the events say now, and signs the last one with another key, as
   * somebody who owns the database and knows Claviger can.
   */
  private void rebuild(Random random) {
    run(
        """
        delete from audit_chain c
        where not exists (select from audit_events e where e.id = c.event_id and e.at = c.event_at)
        """);
    run(
        """
        insert into audit_unsealed (event_id, at)
        select e.id, e.at from audit_events e
        where not exists (select from audit_chain c where c.event_id = e.id)
        """);
    List<EventTexts> events = new ArrayList<>();
    links(0, 2 * EVENTS).forEach(link -> events.add(link.event().orElseThrow()));
    store.waiting(
        EVENTS,
        event -> {
          events.add(random.nextInt(events.size()), event);
          return true;
        });
    Optional<ChainLink> last = Optional.empty();
    List<ChainLink> again = new ArrayList<>();
    for (EventTexts event : events) {
      last = Optional.of(ChainLink.after(last, event));
      again.add(last.get());
    }
    run("delete from audit_chain");
    store.append(again);
    HeadSigner signer = new InMemoryHeadSigner();
    HeadSigner.NewKey key = signer.make();
    String hash = last.map(ChainLink::hash).orElse(ChainLink.BEGINNING);
    byte[] content = ChainHead.signed(again.size(), hash, NOW);
    String signature = Base64.getEncoder().encodeToString(signer.sign(key.signing(), content));
    store.putHead(new ChainHead(again.size(), hash, NOW, key.publicKey(), signature));
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
    return switch (random.nextInt(13)) {
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
      case 11 ->
          """
          insert into audit_events (
            id, at, address, request_id, action, target_type, target_ref, outcome, fields)
          select id, at + interval '100 years', '', '', 'user.create', 'user', '', 'done', '{}'
          from audit_events where id = %s
          """
              .formatted(event);
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

  /**
   * Two nodes seal, one of which is killed again and again while it seals. Months begin and are
   * removed. No check ever reports a fault.
   */
  @Tag("thorough")
  @Test
  void a_long_honest_trail_is_intact_through_failures_and_removed_months() {
    int wanted = Integer.getInteger("audit.honest", 6_000);
    try (PostgresPorts ports = new PostgresPorts()) {
      HonestTrail honest = new HonestTrail(ports, wanted, Long.getLong("audit.seed", 20_261_124));
      ChainCheck.Result result = honest.lived();
      assertThat(result.findings()).isEmpty();
      assertThat(result.unsealed()).isZero();
      assertThat(result.events() + result.removed()).isGreaterThanOrEqualTo(wanted);
      assertThat(result.removed()).isGreaterThan(wanted / 10);
    }
  }

  /** A trail of a year that nobody tampers with. */
  private final class HonestTrail {
    private static final int STEPS = 60;
    private static final int MONTHS = 12;

    private final PostgresPorts ports;
    private final int each;
    private final Random random;
    private final List<AuditSealer> nodes = new ArrayList<>();
    private final AuditChain checked;
    private final Retention retention;
    private final YearMonth newest;
    private final List<ChainHead> heads = new ArrayList<>();

    private HonestTrail(PostgresPorts ports, int wanted, long seed) {
      this.ports = ports;
      this.each = wanted / STEPS + 1;
      this.random = new Random(seed);
      ports.encryptionKeys().add(sealer.sealingKey(), sealer.sentinel(sealer.sealingKey()));
      JdbcAuditChain chained = new JdbcAuditChain(ports.database());
      JdbcMonthPartitions partitions = new JdbcMonthPartitions(ports.database());
      this.newest = YearMonth.from(partitions.now().atOffset(ZoneOffset.UTC));
      AuditKeys own =
          new AuditKeys(
              chained, new InMemoryHeadSigner(), sealer, partitions::now, partitions::now);
      for (int n = 0; n < 2; n++) {
        nodes.add(
            new AuditSealer(chained, own, ports.transactions(), partitions::now, partitions::now));
      }
      this.checked =
          AuditChain.of(
              chained,
              new AuditedChanges(
                  ports.transactions(),
                  ports.auditTrail(),
                  ports.credentials(),
                  ids,
                  partitions::now),
              partitions::now);
      this.retention =
          new Retention(
              partitions,
              new JdbcRetentionPolicy(ports.database()),
              ports.transactions(),
              ports.auditTrail(),
              ids,
              partitions::now);
      makeMonths();
    }

    /** Creates a partition for each month of the year, as if nodes had always run. */
    private void makeMonths() {
      runHere("drop table audit_events_before");
      for (int ago = MONTHS; ago > 0; ago--) {
        runHere(
            """
            do $$ begin perform add_month_partition('audit_events', 'at', date '%s'); end $$
            """
                .formatted(newest.minusMonths(ago).atDay(1)));
      }
    }

    private ChainCheck.Result lived() {
      for (int step = 0; step < STEPS; step++) {
        int ago = MONTHS - MONTHS * step / STEPS;
        recordSome(newest.minusMonths(ago));
        sealOrDie(nodes.get(random.nextInt(2)));
        if (random.nextInt(3) == 0) {
          nodes.get(random.nextInt(2)).signHead().ifPresent(heads::add);
        }
        if (step % 20 == 19) {
          removeBefore(ago);
        }
      }
      for (AuditSealer node : nodes) {
        while (node.seal()) {
          // More may be waiting.
        }
      }
      nodes.getFirst().signHead().ifPresent(heads::add);
      long began = System.nanoTime();
      ChainCheck.Result result = checked.verify(heads);
      double seconds = (System.nanoTime() - began) / 1e9;
      System.out.printf(
          "%,d honest events, %,d removed: verified in %.1f s, %,.0f links a second%n",
          result.events() + result.removed(),
          result.removed(),
          seconds,
          (result.events() + result.removed()) / seconds);
      return result;
    }

    /**
     * Records some events of the month, but not in the order of their times, because nodes commit
     * at any time.
     */
    private void recordSome(YearMonth month) {
      runHere(
          """
          insert into audit_events (
            id, at, actor, address, request_id, action, target_type, target_ref, outcome, fields)
          select gen_random_uuid(),
            timestamp with time zone '%s 00:00:00+00' + random() * interval '27 days',
            'user-' || n %% 50, '192.0.2.1', gen_random_uuid()::text, 'service.update', 'service',
            'user-' || n %% 50 || '/service', 'done', array['description']
          from generate_series(1, %d) n
          """
              .formatted(month.atDay(1), each));
    }

    private void sealOrDie(AuditSealer node) {
      switch (random.nextInt(4)) {
        case 0 ->
            assertThat(
                    catchThrowable(
                        () ->
                            ports
                                .transactions()
                                .inTransaction(
                                    () -> {
                                      boolean unused = node.seal();
                                      throw new IllegalStateException("the node died");
                                    })))
                .hasMessage("the node died");
        case 1 -> {
          // The node is busy, so that more waits for the next one.
        }
        default -> {
          while (node.seal()) {
            // More may be waiting.
          }
        }
      }
    }

    private void removeBefore(int ago) {
      List<RemovedMonths> removed =
          retention.remove(
              KeptByMonth.AUDIT,
              new RetentionPolicy(Optional.empty(), Optional.of(new RetentionMonths(ago + 1))));
      assertThat(removed).isNotEmpty();
      assertThat(checked.verify(heads).findings()).as("before the removal is sealed").isEmpty();
    }

    private void runHere(String statement) {
      int unused = ports.sql().sql(statement).update();
    }
  }

  /**
   * Checks a trail several times and prints how long each takes. It runs only if the system
   * property {@code audit.speed} says how many events the trail has.
   */
  @Test
  void a_trail_is_checked_quickly() {
    int events = Integer.getInteger("audit.speed", 0);
    assumeTrue(events > 0, "it is measured only if that is asked for");
    run(
        """
        insert into audit_events (id, at, actor_id, actor, token_id, address, request_id, action,
          target_type, target_id, target_ref, target_owner_id, outcome, fields)
        select gen_random_uuid(), timestamptz '2026-11-24T00:00:00Z' + n * interval '1 ms',
          gen_random_uuid(), 'user-' || n %% 50, gen_random_uuid(), '192.0.2.1',
          gen_random_uuid()::text, 'service.update', 'service', gen_random_uuid(),
          'user-' || n %% 50 || '/service', gen_random_uuid(), 'done', array['description']
        from generate_series(1, %d) n
        """
            .formatted(events));
    long began = System.nanoTime();
    while (sealing.seal()) {
      // More may be waiting.
    }
    System.out.printf("sealed %,.0f events a second%n", events * 1e9 / (System.nanoTime() - began));
    run("vacuum analyze audit_events, audit_chain");
    ChainHead head = sealing.signHead().orElseThrow();
    for (int turn = 0; turn < 6; turn++) {
      began = System.nanoTime();
      ChainCheck.Result result = chain.verify(List.of(head));
      System.out.printf(
          "checked %,.0f events a second%n", events * 1e9 / (System.nanoTime() - began));
      assertThat(result.findings()).isEmpty();
      assertThat(result.events()).isEqualTo(events);
    }
  }

  /**
   * Records events with and without the chain in turns, while a node seals. It runs only if the
   * system property {@code audit.cost} says how many events a turn has.
   */
  @Test
  void an_event_costs_hardly_more_with_the_chain() throws InterruptedException {
    int events = Integer.getInteger("audit.cost", 0);
    assumeTrue(events > 0, "it is measured only if that is asked for");
    List<Double> with = new ArrayList<>();
    List<Double> without = new ArrayList<>();
    AtomicBoolean over = new AtomicBoolean();
    Thread node =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!over.get()) {
                    if (!sealing.seal()) {
                      LockSupport.parkNanos(500_000_000);
                    }
                  }
                });
    record(events);
    for (int turn = 0; turn < 7; turn++) {
      run("alter table audit_events disable trigger audit_events_noted");
      without.add(secondsFor(events));
      run("alter table audit_events enable trigger audit_events_noted");
      with.add(secondsFor(events));
    }
    over.set(true);
    node.join();
    double ratio = median(with) / median(without);
    System.out.printf(
        "an event takes %.0f us with the chain and %.0f us without, ratio %.3f%n",
        median(with) * 1e6 / events, median(without) * 1e6 / events, ratio);
    assertThat(ratio).isLessThan(1.1);
  }

  private double secondsFor(int events) {
    long began = System.nanoTime();
    record(events);
    return (System.nanoTime() - began) / 1e9;
  }

  private static double median(List<Double> numbers) {
    return numbers.stream().sorted().toList().get(numbers.size() / 2);
  }

  private AuditedChanges changes() {
    return new AuditedChanges(
        PORTS.transactions(), PORTS.auditTrail(), PORTS.credentials(), ids, clock);
  }

  @Test
  void events_from_before_the_chain_get_their_links_first() {
    record(5);
    run("delete from audit_unsealed");
    run(
        "insert into audit_older values (true, '-infinity',"
            + " '00000000-0000-0000-0000-000000000000')");
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

    clock.advance(Duration.ofHours(1));
    List<ExportedLine> lines = new ArrayList<>();
    Optional<ChainHead> none = chain.export(span, lines::addAll);
    assertThat(none).isEmpty();
    assertThat(lines).extracting(l -> l.link().orElseThrow().number()).containsExactly(3L, 4L, 5L);

    lines.clear();
    Optional<ChainHead> head = chain.export(TimeSpan.ALWAYS, lines::addAll);
    assertThat(head).isEmpty();
    assertThat(lines).hasSize(10);
    assertThat(lines.subList(6, 10)).allSatisfy(line -> assertThat(line.link()).isEmpty());
    assertThat(lines.get(9).event().orElseThrow().column("action")).contains("audit.export");
  }

  /** Nodes can seal while a line is being written, no matter how long the writing takes. */
  @Test
  void a_slow_reader_of_an_export_keeps_nobody_from_sealing() {
    record(2);
    boolean unused = sealing.seal();
    record(1);
    List<ExportedLine> lines = new ArrayList<>();
    Optional<ChainHead> head =
        chain.export(
            TimeSpan.ALWAYS,
            written -> {
              lines.addAll(written);
              record(1);
              boolean more =
                  CompletableFuture.supplyAsync(sealing::seal, Thread::startVirtualThread).join();
              assertThat(more).isFalse();
              assertThat(rows("audit_unsealed")).isZero();
            });

    assertThat(head).isEmpty();
    assertThat(lines).hasSameSizeAs(new HashSet<>(lines)).hasSizeGreaterThanOrEqualTo(4);
    List<Long> exported =
        lines.stream().flatMap(line -> line.link().stream()).map(ChainLink::number).toList();
    assertThat(exported)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, exported.getLast()).boxed().toList());
  }

  @Test
  void an_export_says_that_a_month_was_removed_while_it_was_read() {
    record(3_000);
    while (sealing.seal()) {
      // More may be waiting.
    }
    rolledBack(
        () -> {
          assertThatExceptionOfType(AuditChain.MonthsRemoved.class)
              .isThrownBy(
                  () ->
                      chain.export(
                          TimeSpan.ALWAYS,
                          written -> {
                            run("alter table audit_events disable trigger user");
                            run("delete from audit_events");
                            run("alter table audit_events enable trigger user");
                          }));
        });
  }

  @Test
  void an_export_waits_until_the_removal_of_a_month_has_its_link() {
    record(3);
    assertThat(sealing.seal()).isFalse();
    Transactions meanwhile =
        new Transactions() {
          private int ended;

          @Override
          public <T> T inTransaction(Supplier<T> work) {
            T result = PORTS.transactions().inTransaction(work);
            if (ended++ == 0) {
              removeMonth("");
            } else {
              assertThat(sealing.seal()).isFalse();
            }
            return result;
          }
        };
    List<ExportedLine> lines = new ArrayList<>();
    Optional<ChainHead> none =
        AuditChain.of(
                store,
                new AuditedChanges(meanwhile, PORTS.auditTrail(), PORTS.credentials(), ids, clock),
                clock)
            .export(TimeSpan.ALWAYS, lines::addAll);

    assertThat(none).isEmpty();
    assertThat(lines)
        .filteredOn(line -> line.event().isPresent())
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.event().orElseThrow().column("action")).contains("audit.delete");
              assertThat(line.link()).isPresent();
            });
  }

  /** No node seals in this test, so the export finally includes the waiting events. */
  @Test
  void an_export_ends_although_many_events_wait() {
    run(
        """
        insert into audit_events (
          id, at, address, request_id, action, target_type, target_ref, outcome, fields)
        select gen_random_uuid(), timestamptz '2026-11-24Z', '', '', 'service.delete', 'service',
          'a/s', 'done', '{}'
        from generate_series(1, 2100)
        """);
    List<ExportedLine> lines = new ArrayList<>();
    Optional<ChainHead> head = chain.export(TimeSpan.ALWAYS, lines::addAll);
    assertThat(head).isEmpty();
    assertThat(lines).hasSize(2_101);
  }

  /** Old events may have long values. */
  @Tag("thorough")
  @Test
  void few_bytes_are_in_memory_at_a_time_although_events_are_long() {
    int events = 400;
    for (int n = 0; n < events; n++) {
      record(
          AnEvent.of(AuditAction.SERVICE_SHARE).at(NOW.plusMillis(n)).showing("x".repeat(100_000)));
    }

    assertThat(sealing.seal()).as("further events wait").isTrue();
    assertThat(numbers()).hasSizeBetween(100, 170);
    while (sealing.seal()) {
      // More may be waiting.
    }
    assertThat(numbers()).hasSize(events);

    List<Integer> exported = new ArrayList<>();
    Optional<ChainHead> head = chain.export(TimeSpan.ALWAYS, lines -> exported.add(lines.size()));
    assertThat(head).isEmpty();
    assertThat(exported).allMatch(lines -> lines < 170);
    assertThat(exported.stream().mapToInt(n -> n).sum()).isEqualTo(events + 1);

    List<Integer> checked = new ArrayList<>();
    long last = store.read(0, 10_000, links -> checked.add(links.size()));
    assertThat(last).isEqualTo(events);
    assertThat(checked).allMatch(links -> links < 100);
    assertThat(checked.stream().mapToInt(n -> n).sum()).isEqualTo(events);
    ChainCheck.Result result = chain.verify(List.of());
    assertThat(result.findings()).isEmpty();
    assertThat(result.events()).isEqualTo(events);
  }

  /** The connection is used again afterwards. */
  @Test
  void who_fails_while_links_are_read_leaves_no_connection_behind() {
    record(60);
    assertThat(sealing.seal()).isFalse();
    for (int n = 0; n < 30; n++) {
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(
              () ->
                  PORTS
                      .database()
                      .copy(
                          "select repeat('x', 100000) from generate_series(1, 200)",
                          row -> {
                            throw new IllegalStateException("enough");
                          }));
      List<StoredLink> links = new ArrayList<>();
      store.links(
          0,
          60,
          link -> {
            links.add(link);
            return links.size() < 3;
          });
      assertThat(links).hasSize(3);
    }
    assertThat(read(0, 100)).hasSize(60);
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
        chain.export(
            new TimeSpan(Optional.of(NOW), Optional.of(NOW.plusSeconds(100))), lines::addAll);

    assertThat(head).isEmpty();
    assertThat(lines)
        .filteredOn(line -> line.link().isPresent())
        .extracting(l -> l.link().orElseThrow().number())
        .containsExactly(2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(lines.get(4).event()).isEmpty();
    assertThat(lines.get(5).event()).isPresent();
  }

  /** The time of the first recorded event. */
  private Instant first = NOW;

  private int recorded;

  private synchronized void record(int many) {
    for (int n = 0; n < many; n++) {
      record(
          AnEvent.of(AuditAction.SERVICE_SHARE).at(first.plusSeconds(recorded++)).about("alice/x"));
    }
  }

  /** This month has a partition of its own. All months before it share one. */
  private static Instant inThisMonth() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  private static void record(AnEvent event) {
    PORTS.auditTrail().record(event.build());
  }

  private static List<AuditEvent> newest() {
    List<AuditEvent> newest = new ArrayList<>();
    PORTS
        .auditEventStore()
        .newest(Optional.empty(), AuditFilter.NONE, Optional.empty(), 1_000, newest::add);
    return newest;
  }

  private List<StoredLink> links(long after, int most) {
    List<StoredLink> links = new ArrayList<>();
    store.links(after, most, links::add);
    return links;
  }

  /** Returns the links as a check reads them. */
  private List<StoredLink> read(long after, int most) {
    List<StoredLink> links = new ArrayList<>();
    long last =
        store.read(after, most, piece -> piece.stream().map(Supplier::get).forEach(links::add));
    assertThat(last).isEqualTo(links.isEmpty() ? after : links.getLast().link().number());
    return links;
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
