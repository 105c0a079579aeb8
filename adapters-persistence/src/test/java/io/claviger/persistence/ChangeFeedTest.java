package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.gateway.RevocationTimes;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.NodeKeys;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.UserKey;
import io.claviger.persistence.gateway.JdbcChangeFeed;
import io.claviger.persistence.shared.Database;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Cases of the change feed that only a database has. */
@SuppressWarnings("NullAway.Init") // set before each test
final class ChangeFeedTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final InMemorySealer OLD = InMemorySealer.withOneKey();
  private static final InMemorySealer NEW = InMemorySealer.withOneKey();

  private User alice;
  private User bob;
  private Instance service;

  @BeforeEach
  void fill() {
    PORTS.emptied().encryptionKeys().add(OLD.sealingKey(), OLD.sentinel(OLD.sealingKey()));
    PORTS.encryptionKeys().add(NEW.sealingKey(), NEW.sentinel(NEW.sealingKey()));
    alice = AUser.called("alice").build();
    bob = AUser.called("bob").build();
    PORTS.users().insert(alice);
    PORTS.users().insert(bob);
    service = AnInstance.of(alice, "s").apiKeySetAt(Seeds.SEEDED_AT).headerNames("X-A").build();
    PORTS
        .instances()
        .insert(service, new SecretChange.Replace(key(OLD)), new SecretChange.Replace(key(OLD)));
    boolean unused =
        PORTS.userKeys().save(new UserKey(service.id(), bob.id(), Seeds.SEEDED_AT), key(OLD));
  }

  @Test
  void the_same_secrets_under_another_encryption_key_are_no_change() {
    long before = point();

    execute("update instances set api_key_sealed = :sealed", key(NEW));
    execute("update instances set headers_sealed = :sealed", key(NEW));
    execute("update user_keys set api_key_sealed = :sealed", key(NEW));

    assertThat(since(before)).isEqualTo(new ChangeFeed.Since(before, Set.of(), false));
  }

  @Test
  void what_a_node_says_of_itself_is_a_change_by_which_the_delay_is_measured() {
    RevocationTimes times = new RevocationTimes(System::nanoTime);
    ChangeFeed feed = PORTS.changesMeasuredBy(times);
    UUID node = new UUID(7, 1);
    PORTS.nodes().heartbeat(node, new NodeKeys("n", Set.of(OLD.sealingKey()), OLD.sealingKey()));
    long before = feed.since(OptionalLong.of(point())).point();
    assertThat(times.longest()).isEmpty();

    PORTS.nodes().tell(node, new NodeStore.About("1", Optional.empty()));

    assertThat(feed.since(OptionalLong.of(before)).subjects()).containsExactly(node);
    // The reading before this one was the first after a pause.
    assertThat(times.longest()).isEmpty();
    long point = before + 1;
    // On a busy machine, the pause before a reading can be too long.
    for (int version = 2; version < 100 && times.longest().isEmpty(); version++) {
      PORTS.nodes().tell(node, new NodeStore.About("" + version, Optional.empty()));
      ChangeFeed.Since since = feed.since(OptionalLong.of(point));
      assertThat(since.subjects()).containsExactly(node);
      point = since.point();
    }
    assertThat(times.longest().orElseThrow()).isBetween(Duration.ZERO, Duration.ofSeconds(10));
    PORTS.nodes().tell(new UUID(7, 2), new NodeStore.About("1", Optional.empty()));
    assertThat(since(point).subjects()).isEmpty();
  }

  /** A node without calls reads twice a second, then for a call, and then by a task. */
  @Test
  void the_delay_is_not_measured_until_a_node_reads_changes_regularly() {
    RevocationTimes times = new RevocationTimes(System::nanoTime);
    ChangeFeed feed = PORTS.changesMeasuredBy(times);
    UUID node = new UUID(7, 1);
    PORTS.nodes().heartbeat(node, new NodeKeys("n", Set.of(OLD.sealingKey()), OLD.sealingKey()));
    long point = feed.since(OptionalLong.of(point())).point();
    for (int pause : new int[] {400, 400, 200, 0}) {
      long read = System.nanoTime();
      PORTS.nodes().tell(node, new NodeStore.About("before " + point, Optional.empty()));
      while (System.nanoTime() - read < Duration.ofMillis(pause).toNanos()) {
        LockSupport.parkNanos(10_000_000);
      }

      ChangeFeed.Since since = feed.since(OptionalLong.of(point));
      assertThat(since.subjects()).containsExactly(node);
      point = since.point();
    }
    assertThat(times.longest()).isEmpty();
  }

  @Test
  void other_bytes_under_the_same_encryption_key_are_a_change() {
    for (String column : new String[] {"api_key_sealed", "headers_sealed"}) {
      long before = point();
      execute("update instances set " + column + " = :sealed", key(OLD));
      assertThat(since(before).subjects()).containsExactly(service.id().value());
    }
    long before = point();
    execute("update user_keys set api_key_sealed = :sealed", key(OLD));
    assertThat(since(before).subjects()).containsExactly(bob.id().value());
  }

  @Test
  void whatever_else_changes_with_the_encryption_key_is_a_change() {
    long before = point();

    execute("update instances set api_key_sealed = :sealed, timeout_ms = 1000", key(NEW));

    assertThat(since(before).subjects()).containsExactly(service.id().value());
  }

  @Test
  void a_row_that_comes_to_belong_elsewhere_is_a_change_there_and_here() {
    UUID other = UUID.randomUUID();
    long before = point();

    execute("update user_keys set user_id = (select id from users where handle = 'alice')");
    assertThat(since(before).subjects())
        .containsExactlyInAnyOrder(bob.id().value(), alice.id().value());

    execute("delete from user_keys");
    before = point();
    execute("update instances set id = '" + other + "'");
    assertThat(since(before).subjects()).containsExactlyInAnyOrder(service.id().value(), other);
  }

  @Test
  void what_one_service_of_a_capacity_group_states_is_a_change_of_all_of_them() {
    Instance other = AnInstance.of(alice, "other").capacityGroup("main").build();
    Instance foreign = AnInstance.of(bob, "other").capacityGroup("main").build();
    PORTS.instances().insert(other, new SecretChange.Clear(), new SecretChange.Clear());
    PORTS.instances().insert(foreign, new SecretChange.Clear(), new SecretChange.Clear());
    UUID one = service.id().value();
    UUID both = other.id().value();

    assertThat(toldOf("update instances set capacity_group = 'main' where handle = 's'"))
        .containsExactlyInAnyOrder(one, both);
    assertThat(toldOf("update instances set provider_concurrent_calls = 1 where handle = 's'"))
        .containsExactlyInAnyOrder(one, both);
    assertThat(toldOf("update instances set max_wait_ms = 1 where handle = 's'"))
        .containsExactly(one);
    assertThat(toldOf("delete from instances where handle = 's'"))
        .contains(one, both)
        .doesNotContain(foreign.id().value());
  }

  @Test
  void who_becomes_responsible_for_a_service_account_is_a_change_of_the_account() {
    User bot = AUser.called("bot").serviceAccountOf(alice).build();
    PORTS.users().insert(bot);

    assertThat(
            toldOf(
                "update users set responsible_handle = 'bob',"
                    + " responsible_id = (select id from users where handle = 'bob')"
                    + " where handle = 'bot'"))
        .containsExactly(bot.id().value());
  }

  private static Set<UUID> toldOf(String statement) {
    long before = point();
    execute(statement);
    return since(before).subjects();
  }

  @Test
  void what_is_undone_to_a_savepoint_is_not_told_and_the_rest_is() throws SQLException {
    long before = point();
    try (Connection connection = PORTS.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      int first = statement.executeUpdate("update users set email = 'a@b.c' where handle = 'bob'");
      Savepoint savepoint = connection.setSavepoint();
      int undone = statement.executeUpdate("update instances set timeout_ms = 1000");
      connection.rollback(savepoint);
      connection.commit();
      assertThat(first + undone).isEqualTo(2);
    }

    assertThat(since(before))
        .isEqualTo(new ChangeFeed.Since(before + 1, Set.of(bob.id().value()), false));
  }

  @Test
  void a_transaction_that_notes_its_changes_early_is_one_point_still() throws SQLException {
    long before = point();
    try (Connection connection = PORTS.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      int first = statement.executeUpdate("update users set email = 'a@b.c' where handle = 'bob'");
      boolean noted = statement.execute("set constraints all immediate");
      int second = statement.executeUpdate("update instances set timeout_ms = 1000");
      assertThat(since(before).subjects()).isEmpty();
      connection.commit();
      assertThat(first + second).isEqualTo(2);
      assertThat(noted).isFalse();
    }

    assertThat(since(before))
        .isEqualTo(
            new ChangeFeed.Since(
                before + 1, Set.of(bob.id().value(), service.id().value()), false));
  }

  @Test
  void a_connection_that_noted_a_change_notes_the_next_one_at_a_new_point() throws SQLException {
    long before = point();
    try (Connection connection = PORTS.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      for (int n = 0; n < 3; n++) {
        int unused =
            statement.executeUpdate(
                "update users set email = 'a" + n + "@b.c' where handle = 'bob'");
      }
    }

    assertThat(since(before))
        .isEqualTo(new ChangeFeed.Since(before + 3, Set.of(bob.id().value()), false));
  }

  @Test
  void lines_are_kept_for_minutes_and_then_removed() {
    execute("update changes set at = at - interval '9 minutes'");
    touch("bob");
    long kept = count();

    execute("update changes set at = at - interval '2 minutes'");
    touch("bob");

    assertThat(kept).isGreaterThan(1);
    assertThat(count()).isEqualTo(2);
  }

  /**
   * If a part stayed, a node that reads after the removal would take this part for the whole
   * change.
   */
  @Test
  void a_change_of_many_is_removed_as_a_whole() {
    long before = point();
    execute("update users set version = version + 1 where handle in ('alice', 'bob')");
    execute(
        "update changes set at = at - interval '11 minutes' where point > %s and subject = '%s'"
            .formatted(before, bob.id().value()));
    touch("bob");

    assertThat(count()).isEqualTo(1);
    assertThat(since(before).everything()).isTrue();
  }

  @Test
  void who_asks_for_what_was_removed_is_told_that_everything_may_have_changed() {
    long before = point();
    touch("bob");
    long later = point();
    touch("alice");
    execute("delete from changes where point = " + later);

    assertThat(since(before).everything()).isTrue();
    assertThat(since(later))
        .isEqualTo(new ChangeFeed.Since(later + 1, Set.of(alice.id().value()), false));
  }

  /** As after a failover to a replica that lags behind. */
  @Test
  void who_knows_more_than_the_database_is_told_that_everything_may_have_changed() {
    long before = point();
    touch("bob");
    long known = point();
    execute("delete from changes where point > " + before);
    execute("update change_counter set point = " + before);

    ChangeFeed.Since since = since(known);
    assertThat(since.everything()).isTrue();
    touch("alice");
    assertThat(since(since.point()).subjects()).containsExactly(alice.id().value());
  }

  /**
   * The counter that came back has overtaken meanwhile what the node had read of the former one.
   */
  @Test
  void a_restored_dump_is_told_as_everything_even_by_a_counter_that_went_on() {
    AtomicBoolean restored = new AtomicBoolean();
    AtomicInteger forgotten = new AtomicInteger();
    ChangeFeed feed =
        new JdbcChangeFeed(
            new Database(
                asking(
                    sql ->
                        restored.get()
                            ? sql.replaceAll("(change_counter c|changes h)", "restored.$1")
                            : sql)),
            new RevocationTimes(System::nanoTime),
            () -> assertThat(forgotten.incrementAndGet()).isPositive());
    execute("create schema restored");
    try {
      execute("create table restored.change_counter as table change_counter");
      execute("create table restored.changes as table changes");
      touch("bob");
      long known = feed.since(OptionalLong.empty()).point();
      for (int n = 0; n < 2; n++) {
        execute("update restored.change_counter set point = point + 1");
        execute(
            "insert into restored.changes (point, subject, at) select point, '%s', now() from"
                    .formatted(alice.id().value())
                + " restored.change_counter");
      }

      restored.set(true);
      ChangeFeed.Since since = feed.since(OptionalLong.of(known));
      assertThat(since.point()).isEqualTo(known + 1);
      assertThat(since.everything()).isTrue();
      assertThat(forgotten).hasValue(1);
      assertThat(feed.since(OptionalLong.of(since.point())).everything()).isFalse();
    } finally {
      execute("drop schema restored cascade");
    }
  }

  private static void touch(String handle) {
    execute("update users set version = version + 1 where handle = '" + handle + "'");
  }

  private static long count() {
    return PORTS.sql().sql("select count(*) from changes").query(Long.class).single();
  }

  private static void execute(String statement) {
    int unused = PORTS.sql().sql(statement).update();
  }

  private static void execute(String statement, SealedValue sealed) {
    assertThat(PORTS.sql().sql(statement).param("sealed", sealed.bytes()).update()).isEqualTo(1);
  }

  private static SealedValue key(InMemorySealer sealer) {
    try (Secret secret = Secret.apiKey("sk-0123456789".getBytes(StandardCharsets.US_ASCII))) {
      Instance any = AnInstance.systemLevel("any").build();
      return sealer.seal(secret, KeyBinding.ofApiKey(any.id(), any.destination()));
    }
  }

  private static long point() {
    return PORTS.changes().since(OptionalLong.empty()).point();
  }

  private static ChangeFeed.Since since(long point) {
    return PORTS.changes().since(OptionalLong.of(point));
  }

  @Test
  void another_server_counts_as_new_until_what_must_happen_first_has_happened() {
    AtomicInteger started = new AtomicInteger(1);
    AtomicInteger renewals = new AtomicInteger();
    ChangeFeed feed =
        new JdbcChangeFeed(
            new Database(answeredBy(started)),
            new RevocationTimes(System::nanoTime),
            () -> {
              if (renewals.incrementAndGet() == 1) {
                throw new IllegalStateException("the connections can't be renewed");
              }
            });
    long point = feed.since(OptionalLong.empty()).point();
    assertThat(feed.since(OptionalLong.of(point)).everything()).isFalse();

    started.set(2);
    assertThatThrownBy(() -> feed.since(OptionalLong.of(point)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(feed.since(OptionalLong.of(point)).everything()).isTrue();
    assertThat(renewals).hasValue(2);
    assertThat(feed.since(OptionalLong.of(point)).everything()).isFalse();
    assertThat(renewals).hasValue(2);
  }

  /** Returns connections to a server that claims to have started at this second. */
  private static DataSource answeredBy(AtomicInteger started) {
    return asking(
        sql -> sql.replace("pg_postmaster_start_time()", "to_timestamp(" + started + ")"));
  }

  /** Connections that execute other statements instead of those that they are given. */
  private static DataSource asking(UnaryOperator<String> instead) {
    return new DelegatingDataSource(PORTS.dataSource()) {
      @Override
      public Connection getConnection() throws SQLException {
        Connection real = super.getConnection();
        return (Connection)
            Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (self, method, arguments) -> {
                  if (method.getName().equals("prepareStatement")) {
                    arguments[0] = instead.apply(String.valueOf(arguments[0]));
                  }
                  try {
                    return method.invoke(real, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
      }
    };
  }
}
