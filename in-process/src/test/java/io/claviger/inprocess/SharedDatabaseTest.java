package io.claviger.inprocess;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.Users.NewUser;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.instances.InstanceFields;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.Fault;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import io.claviger.host.StartRefused;
import io.claviger.persistence.Schema;
import io.claviger.persistence.SchemaName;
import io.claviger.testkit.Race;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Claviger in the database of a program that has tables of its own. */
@Order(1) // takes longest
@Tag("slow")
class SharedDatabaseTest {
  private static final String KEY = "an-encryption-key-of-a-first-claviger";
  private static final String OTHER_KEY = "an-encryption-key-of-another-claviger";
  private static final SchemaName FIRST = new SchemaName("first");
  private static final SchemaName SECOND = new SchemaName("second");
  private static final int CONNECTIONS = 4;
  private static final String SERIALIZABLE_BY_DEFAULT =
      "-c default_transaction_isolation=serializable";

  /** Has an empty schema for the first Claviger. A first start would create this schema, too. */
  private final TestDatabase database =
      PostgresForTests.migrated("first", source -> new Schema(source, FIRST).migrate());

  private final HikariDataSource pool = pool(CONNECTIONS);
  private final JdbcClient program = JdbcClient.create(pool);

  @AfterEach
  void drop() {
    pool.close();
    database.close();
  }

  @Test
  void the_program_sees_its_own_tables_on_every_connection_at_any_time() {
    run("create table users (name text)");
    run("insert into users values ('of the program')");

    try (Claviger claviger = Claviger.on(pool, FIRST, KEY)) {
      List<String> seen =
          Race.of(
              16,
              n -> {
                if (n % 2 == 0) {
                  user(claviger, "user-" + n);
                }
                return program.sql("select name from users").query(String.class).single();
              },
              5);

      assertThat(seen).hasSize(80).containsOnly("of the program");
      assertThat(claviger.as("user-14").handle()).isEqualTo(new Handle("user-14"));
    }
    assertThat(Race.of(CONNECTIONS, n -> path(), 10)).containsOnly("\"$user\", public");
    assertThat(tablesOf("public")).containsExactly("users");
  }

  @Test
  void two_clavigers_of_one_database_know_nothing_of_each_other() {
    try (Claviger first = Claviger.on(pool, FIRST, KEY);
        Claviger second = Claviger.on(pool, SECOND, OTHER_KEY)) {
      List<Claviger> both = List.of(first, second);
      List<Boolean> created =
          Race.of(16, n -> user(both.get(n % 2), "user-" + n / 2) instanceof Outcome.Done, 1);
      Outcome<?> again = user(first, "user-0");

      assertThat(created).hasSize(16).containsOnly(true);
      assertThat(again).isInstanceOf(Outcome.Refused.class);
      assertThat(first.as("user-0").id()).isNotEqualTo(second.as("user-0").id());

      user(first, "alone");
      service(first, "alone");
      assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> second.as("alone"));
      assertThat(sealedValues(first)).isEqualTo(1);
      assertThat(sealedValues(second)).isZero();
      assertThat(second.encryptionKeys().status().nodes()).hasSize(1);
    }
    assertThat(tablesOf("public")).isEmpty();
    assertThat(tablesOf("first")).isEqualTo(tablesOf("second")).contains("users");
  }

  @Test
  void two_programs_with_the_same_schema_share_everything() {
    try (Claviger one = Claviger.on(pool, FIRST, KEY);
        Claviger other = Claviger.on(pool, FIRST, KEY)) {
      user(one, "alice");

      assertThat(other.as("alice")).isEqualTo(one.as("alice"));
      assertThat(one.encryptionKeys().status().nodes()).hasSize(2);
    }
    assertThatExceptionOfType(StartRefused.class)
        .isThrownBy(() -> Claviger.on(pool, FIRST, OTHER_KEY));
  }

  @Test
  void the_keys_of_a_schema_are_rotated_without_the_command_line() {
    try (Claviger claviger = Claviger.on(pool, FIRST, KEY)) {
      user(claviger, "alice");
      service(claviger, "alice");
    }
    try (Claviger claviger = Claviger.on(pool, FIRST, OTHER_KEY + "," + KEY)) {
      assertThat(sealedValues(claviger)).isEqualTo(1);
      // The audit trail's key is among them if the first Claviger lived long enough to make it.
      List<EncryptionKeys.KeyStatus> before = claviger.encryptionKeys().status().keys();
      assertThat(claviger.encryptionKeys().rotate(EncryptionKeys.Progress.IGNORED))
          .isInstanceOfSatisfying(
              EncryptionKeys.RotationOutcome.Done.class,
              done -> {
                assertThat(done.resealed()).isEqualTo(valuesUnderOthers(before, done.under()));
                assertThat(done.unopened()).isZero();
              });
    }
  }

  /** What Claviger has done stays done, even if the program's transaction is rolled back. */
  @Test
  void a_transaction_of_the_program_is_not_that_of_claviger() {
    try (Claviger claviger = Claviger.on(pool, KEY)) {
      TransactionTemplate transaction =
          new TransactionTemplate(new DataSourceTransactionManager(pool));
      transaction.executeWithoutResult(
          status -> {
            assertThat(user(claviger, "alice")).isInstanceOf(Outcome.Done.class);
            assertThat(user(claviger, "alice")).isInstanceOf(Outcome.Refused.class);
            status.setRollbackOnly();
          });

      assertThat(claviger.as("alice").handle()).isEqualTo(new Handle("alice"));
    }
  }

  @Test
  void a_role_without_rights_is_told_which_it_lacks() {
    run("drop role if exists claviger_test_stranger");
    run("create role claviger_test_stranger login password 'stranger'");
    PGSimpleDataSource stranger = new PGSimpleDataSource();
    stranger.setUrl(database.jdbcUrl());
    stranger.setUser("claviger_test_stranger");
    stranger.setPassword("stranger");
    try {
      assertThatExceptionOfType(StartRefused.class)
          .isThrownBy(() -> Claviger.on(stranger, FIRST, KEY))
          .withMessage("this role may not use schema first: grant it USAGE on the schema");
      run("grant usage on schema first to claviger_test_stranger");
      assertThatExceptionOfType(StartRefused.class)
          .isThrownBy(() -> Claviger.on(stranger, FIRST, KEY))
          .withMessage(
              "this role may not read the tables of schema first: connect as the role that owns"
                  + " them");
    } finally {
      run("drop owned by claviger_test_stranger");
      run("drop role claviger_test_stranger");
    }
  }

  @Test
  void two_connections_are_enough() {
    try (HikariDataSource small = pool(2);
        Claviger claviger = Claviger.on(small, FIRST, KEY)) {
      assertThat(Race.of(16, n -> user(claviger, "user-" + n), 1))
          .hasSize(16)
          .allMatch(outcome -> outcome instanceof Outcome.Done);
    }
  }

  @Test
  void a_handle_that_no_user_could_have_is_refused_by_name() {
    try (Claviger claviger = Claviger.on(pool, FIRST, KEY)) {
      assertThatExceptionOfType(InvalidValue.class)
          .isThrownBy(() -> claviger.as("No Handle"))
          .matches(e -> e.toString().startsWith("io.claviger.domain.InvalidValue: handle: 1 to"));
    }
  }

  @Test
  void nobody_acts_as_a_suspended_user() {
    try (Claviger claviger = Claviger.on(pool, FIRST, KEY)) {
      user(claviger, "alice");
      suspend("alice");

      assertThatExceptionOfType(NoSuchElementException.class)
          .isThrownBy(() -> claviger.as("alice"))
          .withMessage("the user alice is suspended");
    }
  }

  @Test
  void times_that_the_api_can_not_state_are_refused() {
    try (Claviger claviger = Claviger.on(pool, FIRST, KEY)) {
      user(claviger, "alice");
      user(claviger, "bob");
      service(claviger, "alice");
      Actor alice = claviger.as("alice");
      Instant last = Instant.parse("9999-12-31T23:59:59.999999Z");
      assertThat(expiries(claviger, alice, last)).containsOnly("done");
      for (Instant never : List.of(Instant.MAX, last.plusNanos(1), Instant.MIN)) {
        assertThat(expiries(claviger, alice, never)).containsOnly("expires_at");
        assertThatExceptionOfType(InvalidValue.class)
            .isThrownBy(() -> new TimeSpan(Optional.of(never), Optional.empty()));
        assertThatExceptionOfType(InvalidValue.class)
            .isThrownBy(() -> new TimeSpan(Optional.empty(), Optional.of(never)));
      }
    }
  }

  /**
   * Tries to give a share and a token that end at this time. Returns the fields that the refusals
   * name.
   */
  private static Set<String> expiries(Claviger claviger, Actor alice, Instant end) {
    Outcome<?> shared =
        claviger
            .sharing()
            .share(
                alice,
                Instance.Ref.of("alice/service"),
                GranteeName.user(new Handle("bob")),
                Precondition.NONE,
                Share.Terms.reader().until(end));
    Outcome<?> issued =
        claviger
            .accessTokens()
            .issue(
                alice,
                alice.handle(),
                new AccessTokens.NewToken(
                    new TokenName("t"),
                    Optional.empty(),
                    Optional.of(end),
                    Optional.empty(),
                    Optional.empty(),
                    Limits.NONE,
                    false));
    return Stream.of(shared, issued)
        .flatMap(
            outcome ->
                outcome instanceof Outcome.Refused<?> refused
                    ? ((Refusal.Invalid) refused.why()).faults().stream().map(Fault::pointer)
                    : Stream.of("done"))
        .map(pointer -> pointer.replace("/", ""))
        .collect(toSet());
  }

  private void suspend(String handle) {
    try (HikariDataSource alone = pool(1)) {
      JdbcClient sql = JdbcClient.create(alone);
      int unused = sql.sql("set search_path to first").update();
      int suspended =
          sql.sql("update users set suspended_at = now() where handle = :handle")
              .param("handle", handle)
              .update();
      assertThat(suspended).isEqualTo(1);
    }
  }

  @Test
  void what_is_closed_says_so() {
    Claviger claviger = Claviger.on(pool, FIRST, KEY);
    claviger.close();
    claviger.close();

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(claviger::users)
        .withMessage("this Claviger is closed");
  }

  @Test
  void an_interrupted_thread_closes_it_as_completely_as_any_other() throws Exception {
    try (Claviger other = Claviger.on(pool, FIRST, KEY)) {
      // Threads are in the group of the thread that started them.
      ThreadGroup group = new ThreadGroup("of one Claviger");
      FutureTask<Claviger> start = new FutureTask<>(() -> Claviger.on(pool, FIRST, KEY));
      new Thread(group, start).start();
      Claviger claviger = start.get();
      Set<Thread> own = upkeepThreads(group);

      Thread.currentThread().interrupt();
      claviger.close();

      assertThat(Thread.interrupted()).isTrue();
      assertThat(own).hasSizeGreaterThan(10).noneMatch(Thread::isAlive);
      assertThat(other.encryptionKeys().status().nodes()).hasSize(1);
    }
  }

  private static Set<Thread> upkeepThreads(ThreadGroup group) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> group.equals(thread.getThreadGroup()))
        .filter(thread -> thread.getName().startsWith("upkeep-"))
        .collect(toSet());
  }

  @Test
  void connections_that_do_not_commit_by_themselves_refuse_the_start() {
    assertRefused(config -> config.setAutoCommit(false), "not in auto-commit mode");
  }

  @Test
  void connections_whose_transactions_do_not_see_what_others_commit_refuse_the_start() {
    for (String level : List.of("TRANSACTION_REPEATABLE_READ", "TRANSACTION_SERIALIZABLE")) {
      assertRefused(config -> config.setTransactionIsolation(level), "READ COMMITTED");
    }
    assertRefused(
        config -> config.addDataSourceProperty("options", SERIALIZABLE_BY_DEFAULT),
        "READ COMMITTED");
  }

  /** With such a search path, Claviger's statements would read and change tables of the program. */
  @Test
  void a_search_path_that_leads_to_other_tables_refuses_the_start() {
    run("create schema app");
    assertPathRefused("app", "leaves out schema public");
    assertThat(tablesOf("public")).isEmpty();

    run("create table app.users (name text)");
    run("insert into app.users values ('of the program')");
    assertPathRefused("app, public", "hides users of schema public");
    assertThat(program.sql("select name from app.users").query(String.class).list())
        .containsExactly("of the program");

    try (HikariDataSource first = pathed("public, app");
        Claviger claviger = Claviger.on(first, KEY)) {
      assertThat(user(claviger, "alice")).isInstanceOf(Outcome.Done.class);
    }
    try (HikariDataSource any = pathed("app");
        Claviger claviger = Claviger.on(any, FIRST, KEY)) {
      assertThat(user(claviger, "alice")).isInstanceOf(Outcome.Done.class);
    }
  }

  private void assertPathRefused(String path, String why) {
    try (HikariDataSource other = pathed(path)) {
      assertThatExceptionOfType(StartRefused.class)
          .isThrownBy(() -> Claviger.on(other, KEY))
          .withMessageContaining(why);
    }
  }

  private HikariDataSource pathed(String path) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.jdbcUrl());
    config.setMaximumPoolSize(CONNECTIONS);
    config.addDataSourceProperty("options", "-c search_path=" + path.replace(" ", ""));
    return new HikariDataSource(config);
  }

  private void assertRefused(Consumer<HikariConfig> setting, String why) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.jdbcUrl());
    setting.accept(config);
    try (HikariDataSource unsuitable = new HikariDataSource(config)) {
      for (SchemaName schema : List.of(SchemaName.PUBLIC, SECOND)) {
        assertThatExceptionOfType(StartRefused.class)
            .isThrownBy(() -> Claviger.on(unsuitable, schema, KEY))
            .withMessageContaining(why);
      }
    }
    assertThat(tablesOf("public")).isEmpty();
    assertThat(tablesOf("second")).isEmpty();
  }

  @Test
  void a_database_that_was_never_reached_is_not_said_to_have_gone_away() {
    try (HikariDataSource nowhere = new HikariDataSource()) {
      nowhere.setJdbcUrl("jdbc:postgresql://127.0.0.1:1/nowhere");
      nowhere.setConnectionTimeout(250);
      assertThatExceptionOfType(StartRefused.class)
          .isThrownBy(() -> Claviger.on(nowhere, FIRST, KEY))
          .withMessage("the database can't be reached: Connection refused");
    }
  }

  /** A wrong name or password can be corrected only by somebody who learns that it is wrong. */
  @Test
  void a_database_that_lets_nobody_in_says_why() {
    PGSimpleDataSource absent = new PGSimpleDataSource();
    absent.setUrl(database.jdbcUrl());
    absent.setDatabaseName("absent");

    assertThatExceptionOfType(StartRefused.class)
        .isThrownBy(() -> Claviger.on(absent, FIRST, KEY))
        .withMessage("the database does not exist on that server");
  }

  /** A replica accepts no changes, and a primary server may have just become a replica. */
  @Test
  void a_database_that_accepts_no_changes_refuses_the_start() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.jdbcUrl());
    config.setReadOnly(true);
    try (HikariDataSource replica = new HikariDataSource(config)) {
      assertThatExceptionOfType(StartRefused.class)
          .isThrownBy(() -> Claviger.on(replica, FIRST, KEY))
          .withMessage("the database accepts no changes");
    }
  }

  /** A program's author finds in the document what the program can call. */
  @Test
  void the_document_names_all_operations() throws IOException {
    String source = Files.readString(Path.of("src/main/java/io/claviger/inprocess/Claviger.java"));
    String document = Files.readString(Path.of("../docs/in-process.md"));

    assertThat(
            Pattern.compile("public \\w+ (\\w+\\(\\)) \\{\\s+return get\\(")
                .matcher(source)
                .results()
                .map(found -> found.group(1)))
        .hasSizeGreaterThan(20)
        .allSatisfy(operations -> assertThat(document).contains("`" + operations + "`"));
  }

  private HikariDataSource pool(int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.jdbcUrl());
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }

  private static Outcome<?> user(Claviger claviger, String handle) {
    return claviger.users().create(claviger.root(), NewUser.of(handle));
  }

  private static void service(Claviger claviger, String owner) {
    Actor actor = claviger.as(owner);
    try (Secret key = Secret.apiKey("sk-of-a-shared-database".getBytes(US_ASCII))) {
      assertThat(
              claviger
                  .instances()
                  .put(
                      actor,
                      Instance.Ref.of(owner + "/service"),
                      Precondition.NONE,
                      InstanceFields.none().from("_system/openai-small").apiKey(key).write()))
          .isInstanceOf(Outcome.Done.class);
    }
  }

  private static long sealedValues(Claviger claviger) {
    return claviger.encryptionKeys().status().keys().stream()
        .mapToLong(key -> key.values().getOrDefault(KeyBinding.Kind.INSTANCE_API_KEY, 0L))
        .sum();
  }

  private static long valuesUnderOthers(List<EncryptionKeys.KeyStatus> keys, EncryptionKeyId key) {
    return keys.stream()
        .filter(each -> !each.id().equals(key))
        .flatMap(each -> each.values().values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  private void run(String statement) {
    int unused = program.sql(statement).update();
  }

  private String path() {
    return program.sql("show search_path").query(String.class).single();
  }

  private List<String> tablesOf(String schema) {
    return program
        .sql("select tablename from pg_tables where schemaname = :schema order by 1")
        .param("schema", schema)
        .query(String.class)
        .list();
  }
}
