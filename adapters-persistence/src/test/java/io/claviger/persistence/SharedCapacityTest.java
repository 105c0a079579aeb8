package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.capacity.ACall;
import io.claviger.application.capacity.CapacityTurns.Turn;
import io.claviger.application.capacity.LeasedCapacityTurns;
import io.claviger.application.capacity.port.CapacityExchange;
import io.claviger.application.capacity.port.CapacityExchange.Account;
import io.claviger.application.capacity.port.CapacityExchange.AccountStatement;
import io.claviger.application.capacity.port.CapacityExchange.CallCounts;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.CapacityStatement;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.fairness.LimitStatement;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.PaceLimits;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.UsageModel;
import io.claviger.persistence.capacity.JdbcCapacityExchange;
import io.claviger.testkit.Race;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes that share what a provider allows through PostgreSQL. */
final class SharedCapacityTest {
  private static final Duration WAIT = Duration.ofSeconds(2);
  private static final UUID SECOND = UUID.randomUUID();
  private static final PaceUse ONE = PaceUse.ofCall(0, 0);

  @AutoClose private final PostgresPorts ports = EmptiedDatabases.lend();
  private final CapacityExchange exchange = new JdbcCapacityExchange(ports.database());
  private final LeasedCapacityTurns node = node();
  private final LeasedCapacityTurns other = node();
  private CapacityTerms terms = ACall.terms(UUID.randomUUID(), ACall.requests(1), WAIT);

  private LeasedCapacityTurns node() {
    return new LeasedCapacityTurns(exchange, System::nanoTime, 1_000_000);
  }

  @BeforeEach
  void serviceWith6000RequestsAMinute() {
    User alice = ports.stored(AUser.called("alice").build());
    Instance service = ports.stored(AnInstance.of(alice, "ai").build());
    run("update instances set provider_requests_per_minute = 6000");
    // Accounts that are missing were never there.
    run("insert into capacity_accounts values ('*', '', '', now() - interval '1 hour')");
    terms = ACall.terms(service.id().value(), ACall.requests(6_000), WAIT);
  }

  private void run(String statement) {
    int unused = ports.sql().sql(statement).update();
  }

  private <T> T one(Class<T> type, String query) {
    return ports.sql().sql(query).query(type).single();
  }

  @Test
  void sixteen_threads_on_two_nodes_get_what_is_allowed_and_no_more() {
    long began = System.nanoTime();
    CountDownLatch making = new CountDownLatch(16);
    List<List<ACall>> made =
        Race.of(
            18,
            thread -> {
              LeasedCapacityTurns at = thread % 2 == 0 ? node : other;
              List<ACall> calls = new ArrayList<>();
              if (thread < 16) {
                CapacityTerms by = ACall.by(terms, new UUID(5, thread), 10);
                for (int n = 0; n < 60; n++) {
                  calls.add(ACall.of(by).at(at));
                  calls.getLast().turn().ifPresent(turn -> turn.settle(ONE));
                }
                making.countDown();
              } else {
                while (making.getCount() > 0 || at.waiting() > 0) {
                  exchange(at);
                  at.endWaits();
                }
              }
              return calls;
            },
            1);
    double seconds = (System.nanoTime() - began) / 1e9;

    long passed =
        made.stream().flatMap(List::stream).filter(call -> call.turn().isPresent()).count();
    // A burst of a tenth of a minute, and a hundred a second.
    assertThat(passed).isBetween(300L, (long) (600 + 100 * seconds));
    assertThat(made.stream().flatMap(List::stream)).hasSize(960).allMatch(ACall::isDecided);
    made.stream()
        .flatMap(List::stream)
        .forEach(call -> call.turn().ifPresent(turn -> turn.settle(ONE)));
    node.end();
    other.end();
    assertThat(one(Long.class, "select sum(requests) from capacity_minutes")).isEqualTo(passed);
  }

  /** Like a node, which exchanges again soon if the other node has the rows for too long. */
  private static void exchange(LeasedCapacityTurns at) {
    try {
      at.exchange(Duration.ofMillis(20));
    } catch (ConcurrencyConflict locked) {
      assertThat(locked.how()).isEqualTo(ConcurrencyConflict.How.LOCKED);
    }
  }

  @Test
  void a_call_that_was_counted_and_did_not_go_out_is_taken_back_later() {
    List<ACall> calls = List.of(ACall.of(terms).at(node), ACall.of(terms).at(node));
    node.exchange(Duration.ZERO);
    assertThat(calls).allMatch(call -> call.turn().isPresent());
    node.end();
    String requests =
        """
        select string_agg(requests::text, ' ' order by requests) from capacity_minutes
        where requests > 0
        """;
    assertThat(one(String.class, requests)).isEqualTo("2");
    run(
        """
        update capacity_minutes set minute = minute - interval '5 minutes';
        insert into capacity_minutes
        select w.capacity, w.model, m.minute + w.later, w.borrower, 5, 0, 0, 0, 0, 0
        from capacity_minutes m
        cross join lateral (values
          (m.capacity, m.model, interval '-1 minute', m.borrower),
          ('service:x', m.model, '0', m.borrower),
          ('service:x', m.model, '1 minute', m.borrower),
          (m.capacity, 'other', '0', m.borrower),
          (m.capacity, 'other', '1 minute', m.borrower),
          (m.capacity, m.model, '0', gen_random_uuid()),
          (m.capacity, m.model, '1 minute', gen_random_uuid()))
          w (capacity, model, later, borrower)
        """);

    calls.getFirst().turn().orElseThrow().close();
    calls.getLast().turn().orElseThrow().settle(ONE);
    node.end();
    assertThat(one(String.class, requests)).isEqualTo("1 5 5 5 5 5 5 5");
  }

  @Test
  void counts_of_a_node_are_added_up_and_the_rest_of_its_statement_replaces_the_one_before() {
    UUID stating = UUID.randomUUID();
    UUID borrower = UUID.randomUUID();
    state(stating, Map.of(borrower, new CallCounts(1, 2, 3, 4, 5, 6)), 7, limit(100, 50, 3_600));
    run("update capacity_nodes set stated_at = now() - interval '1 hour'");
    state(stating, Map.of(borrower, new CallCounts(10, 20, 30, 40, 50, 60)), 8, limit(90, 20, 5));

    assertThat(
            one(
                String.class,
                """
                select concat_ws(' ', sum(requests), sum(input_tokens), sum(output_tokens),
                  sum(waited), sum(waited_ms), sum(refused))
                from capacity_minutes
                """))
        .isEqualTo("11 22 33 44 55 66");
    assertThat(
            one(
                String.class,
                """
                select concat_ws(' ', waiting, longest_ms, concurrent,
                  stated_at > now() - interval '1 minute')
                from capacity_nodes
                """))
        .isEqualTo("8 80 800 t");
    assertThat(
            one(
                String.class,
                """
                select concat_ws(' ', learned, left_over, resets_at < now() + interval '1 minute')
                from capacity_limits
                """))
        .isEqualTo("90 20 t");
  }

  private void state(
      UUID stating, Map<UUID, CallCounts> counts, int waiting, LimitStatement learned) {
    assertThat(
            exchange.exchange(
                List.of(
                    new AccountStatement(
                        new Account(terms.capacity(), UsageModel.UNKNOWN),
                        new CapacityStatement(stating, Map.of(), 0, List.of(learned), List.of()),
                        counts,
                        waiting,
                        waiting * 10L,
                        waiting * 100))))
        .hasSize(1);
  }

  private static LimitStatement limit(long most, long left, long seconds) {
    return new LimitStatement(
        PaceLimit.REQUESTS_PER_MINUTE,
        Duration.ofMinutes(1),
        OptionalLong.of(most),
        OptionalLong.of(left),
        Optional.of(Duration.ofSeconds(seconds)));
  }

  @Test
  void what_answers_teach_is_stored_once_and_known_to_other_nodes() {
    run("update instances set provider_requests_per_minute = null");
    CapacityTerms open = ACall.terms(terms.service(), ProviderLimits.NONE, WAIT);
    ACall first = ACall.of(open).at(node);
    first
        .turn()
        .orElseThrow()
        .learn(
            UsageModel.UNKNOWN,
            List.of(
                new LimitStatement(
                    PaceLimit.TOKENS_PER_MINUTE,
                    Duration.ofMinutes(1),
                    OptionalLong.of(30_000),
                    OptionalLong.of(Long.MAX_VALUE),
                    Optional.of(Duration.ofDays(1_000_000)))));
    node.end();
    run(
        """
        update capacity_limits set learned_at = now() - interval '50 minutes';
        insert into capacity_limits
        select 'service:x', model, limit_name, 1, now(), 1, now() from capacity_limits;
        insert into capacity_limits
        select capacity, 'old', limit_name, 1, now() - interval '1 hour', 1, now()
        from capacity_limits
        """);

    assertThat(exchange.learned(List.of(open.capacity())))
        .containsExactly(
            Map.entry(
                open.capacity(),
                Map.of(
                    UsageModel.UNKNOWN,
                    new PaceLimits(Map.of(PaceLimit.TOKENS_PER_MINUTE, 30_000L)))));
    ACall elsewhere = ACall.of(open).at(other);
    other.exchange(Duration.ZERO);
    assertThat(elsewhere.turn()).isPresent();
    assertThat(other.readsBody(open)).isTrue();

    run("update instances set endpoint = 'https://other.example.org'");
    assertThat(exchange.learned(List.of(open.capacity()))).isEmpty();
  }

  /**
   * Nodes exchange several times a second. Otherwise, the indexes would grow with each exchange.
   */
  @Test
  void an_exchange_that_repeats_itself_writes_to_no_index() {
    exchangeWithLimit();

    long written =
        ports
            .transactions()
            .inTransaction(
                () -> {
                  // The figures may contain those of earlier transactions of the same connection.
                  long all = updates("n_tup_upd");
                  long indexed = updates("n_tup_upd - n_tup_hot_upd");
                  exchangeWithLimit();
                  assertThat(updates("n_tup_upd") - all).isGreaterThanOrEqualTo(3);
                  return updates("n_tup_upd - n_tup_hot_upd") - indexed;
                });

    assertThat(written).isZero();
  }

  private void exchangeWithLimit() {
    ACall call = ACall.of(terms).at(node);
    node.exchange(Duration.ZERO);
    Turn turn = call.turn().orElseThrow();
    turn.learn(
        UsageModel.UNKNOWN,
        List.of(
            new LimitStatement(
                PaceLimit.REQUESTS_PER_MINUTE,
                Duration.ofMinutes(1),
                OptionalLong.of(6_000),
                OptionalLong.of(5_000),
                Optional.of(Duration.ofMinutes(1)))));
    turn.settle(ONE);
    node.end();
  }

  private long updates(String which) {
    return ports
        .database()
        .jdbc()
        .sql(
            """
            select coalesce(sum(%s), 0) from pg_stat_xact_user_tables
            where relname like 'capacity%%'
            """
                .formatted(which))
        .query(Long.class)
        .single();
  }

  @Test
  void accounts_that_a_crash_of_the_server_has_emptied_begin_with_nothing_left() {
    ACall first = ACall.of(terms).at(node);
    node.exchange(Duration.ZERO);
    assertThat(first.turn()).isPresent();

    run("truncate capacity_accounts");
    ACall afterwards = ACall.of(terms).at(other);
    other.exchange(Duration.ZERO);
    assertThat(afterwards.isDecided()).isFalse();
    long began = System.nanoTime();
    while (!afterwards.isDecided() && System.nanoTime() - began < 15_000_000_000L) {
      other.exchange(Duration.ofMillis(20));
    }
    assertThat(afterwards.turn()).isPresent();
  }

  @Test
  void a_clock_that_was_set_back_leaves_new_accounts_without_anything_for_seconds_only() {
    run(
        """
        insert into capacity_accounts values ('service:x', '', 'x', now() + interval '2 hours');
        update capacity_accounts set changed_at = now() + interval '1 hour' where capacity = '*'
        """);

    exchange.removeOld();

    String ahead = "select count(*) from capacity_accounts where changed_at > now()";
    assertThat(one(Long.class, ahead)).as("only the row that begins the table").isEqualTo(1);
    run("update capacity_accounts set changed_at = changed_at - interval '6 seconds'");
    ACall first = ACall.of(terms).at(node);
    node.exchange(Duration.ZERO);
    assertThat(first.turn()).isPresent();
  }

  @Test
  void services_of_a_group_share_the_lowest_of_what_is_stated_for_them() {
    run("update instances set capacity_group = 'main', provider_requests_per_minute = 600");
    User alice = ports.users().find(new Handle("alice")).orElseThrow();
    Instance second = ports.stored(AnInstance.of(alice, "second").build());
    run("update instances set capacity_group = 'main' where handle = 'second'");
    CapacityKey group = CapacityKey.ofGroup(alice.id().value(), "main");
    List<ACall> calls = new ArrayList<>();
    for (int n = 0; n < 100; n++) {
      UUID service = n % 2 == 0 ? second.id().value() : terms.service();
      CapacityTerms shared =
          new CapacityTerms(
              group, service, UUID.randomUUID(), ACall.requests(600), WAIT, true, SECOND, 10);
      CapacityTerms by = ACall.by(shared, new UUID(6, n % 4), 10);
      calls.add(ACall.of(by).at(n % 3 == 0 ? node : other));
    }
    node.exchange(Duration.ZERO);
    other.exchange(Duration.ZERO);
    assertThat(calls.stream().filter(call -> call.turn().isPresent())).hasSizeLessThan(70);
    assertThat(one(Long.class, "select count(*) from capacity_accounts where capacity <> '*'"))
        .isEqualTo(1);
  }

  @Test
  void limits_that_were_learned_of_a_group_end_with_its_last_service() {
    User alice = ports.users().find(new Handle("alice")).orElseThrow();
    User bob = ports.stored(AUser.called("bob").build());
    for (String handle : List.of("second", "third")) {
      Instance unused = ports.stored(AnInstance.of(alice, handle).build());
    }
    run("update instances set capacity_group = 'main'");
    run(
        """
        insert into capacity_limits
        select 'group:%s:main', '', 'requests_per_minute', 7, now(), 1, now()
        """
            .formatted(alice.id().value()));
    String learned = "select count(*) from capacity_limits";

    run("delete from instances where handle = 'second'");
    run(
        """
        update instances set owner_id = '%s', owner_handle = 'bob', capacity_group = null
        where handle = 'third'
        """
            .formatted(bob.id().value()));
    assertThat(one(Long.class, learned)).isEqualTo(1);
    run("delete from instances where handle = 'ai'");
    assertThat(one(Long.class, learned)).isZero();
  }

  @Test
  void what_nobody_uses_and_what_was_of_services_that_are_gone_is_removed() {
    User alice = ports.users().find(new Handle("alice")).orElseThrow();
    Instance unused = ports.stored(AnInstance.of(alice, "shared").build());
    ACall.of(terms).at(node);
    node.exchange(Duration.ZERO);
    run(
        """
        insert into capacity_accounts values ('service:x', '', '', now() - interval '11 minutes');
        insert into capacity_minutes
        select 'service:x', '', date_trunc('minute', now() - make_interval(mins => ago), 'UTC'),
          gen_random_uuid(), ago, 0, 0, 0, 0, 0
        from (values (62), (59)) m (ago);
        insert into capacity_nodes
        values ('service:x', '', gen_random_uuid(), 1, 1, 1, now() - interval '1 minute');
        insert into capacity_limits
        select 'service:' || gen_random_uuid(), '', 'requests_per_minute', 1, now(), 1, now();
        insert into capacity_limits
        select 'group:' || owner_id || ':main', '', 'requests_per_minute', 1, now(), 1, now()
        from instances where handle = 'ai';
        update instances set capacity_group = 'house' where handle = 'shared';
        insert into capacity_limits
        select w.capacity, '', 'requests_per_minute', w.learned, now(), 1, now()
        from instances i
        cross join lateral (values
          ('service:' || i.id, 1), ('group:' || gen_random_uuid() || ':house', 1),
          ('group:' || i.owner_id || ':house', 30)) w (capacity, learned)
        where i.handle = 'shared';
        insert into capacity_limits
        select 'service:' || id, '', 'requests_per_minute', 7, now(), 1, now() from instances
        where handle = 'ai';
        insert into capacity_limits
        select 'service:' || id, 'idle', 'requests_per_minute', 9, now() - interval '61 minutes', 1,
          now()
        from instances
        """);
    exchange.removeOld();

    assertThat(one(Long.class, "select count(*) from capacity_accounts")).isEqualTo(2);
    assertThat(one(Long.class, "select count(*) from capacity_nodes")).isEqualTo(1);
    assertThat(
            one(
                Long.class,
                "select sum(requests) from capacity_minutes where capacity = 'service:x'"))
        .isEqualTo(59);
    assertThat(one(Long.class, "select sum(learned) from capacity_limits")).isEqualTo(37);
    String older =
        "select changed_at < now() - interval '1 minute' from capacity_accounts where capacity = '*'";
    assertThat(one(Boolean.class, older)).as("new accounts are not doubtful").isTrue();
  }

  /**
   * The node's connection stays open, like the connection of a machine that has lost its network.
   */
  @Test
  void a_node_that_hangs_in_an_exchange_holds_others_up_for_a_second() throws InterruptedException {
    CapacityTerms patient =
        ACall.terms(terms.service(), ACall.requests(6_000), Duration.ofSeconds(60));
    ACall unused = ACall.of(patient).at(other);
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    ACall call = ACall.of(patient).at(node);
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<Boolean> hung =
          thread.submit(
              () ->
                  ports
                      .database()
                      .transactions()
                      .inTransaction(
                          () -> {
                            other.exchange(Duration.ZERO);
                            hanging.countDown();
                            return awaited(goesOn);
                          }));
      hanging.await();
      long began = System.nanoTime();
      while (!call.isDecided() && System.nanoTime() - began < 15_000_000_000L) {
        exchangeIfNotLocked();
      }
      goesOn.countDown();

      assertThat(call.turn()).isPresent();
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(hung::get)
          .withCauseInstanceOf(StoreUnavailable.class);
    }
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void exchangeIfNotLocked() {
    try {
      node.exchange(Duration.ofMillis(20));
    } catch (ConcurrencyConflict locked) {
      assertThat(locked.how()).isEqualTo(ConcurrencyConflict.How.LOCKED);
    }
  }

  @Test
  void a_long_transaction_of_an_owner_keeps_nobody_from_the_exchange() throws SQLException {
    ACall first = ACall.of(terms).at(node);
    node.end();
    first.turn().orElseThrow().settle(ONE);
    run(
        """
        insert into capacity_limits
        select 'service:' || id, '', 'requests_per_minute', 6000, now(), 1, now() from instances
        """);
    User bob = ports.stored(AUser.called("bob").build());
    User carol = ports.stored(AUser.called("carol").build());
    Instance another = ports.stored(AnInstance.of(carol, "ai").build());
    CapacityTerms others = ACall.terms(another.id().value(), ACall.requests(600), WAIT);
    try (Connection connection = ports.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      int moved =
          statement.executeUpdate(
              "update instances set owner_id = '%s', owner_handle = 'bob' where id = '%s'"
                  .formatted(bob.id().value(), terms.service()));
      assertThat(moved).isEqualTo(1);
      ACall during = ACall.of(terms).at(node);
      node.end();
      assertThat(during.turn()).isPresent();

      boolean unused = statement.execute("set constraints all immediate");
      ACall stuck = ACall.of(terms).at(node);
      ACall free = ACall.of(others).at(node);
      assertThatExceptionOfType(ConcurrencyConflict.class).isThrownBy(node::end);
      assertThat(free.turn()).isPresent();
      assertThat(stuck.refusal()).isEmpty();
      connection.commit();
    }
    assertThat(one(Long.class, "select count(*) from capacity_limits")).isZero();
  }
}
