package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.claviger.persistence.shared.Database;
import io.claviger.testkit.Race;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Claviger's tables in a schema beside those of another program. */
final class OwnSchemaTest {
  private static final String LEFT_TO_FLYWAY = "Flyway goes on";
  private static final SchemaName OWN = new SchemaName("beside");
  private static final Pattern RANDOM_ID =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Pattern WRITTEN_AT = Pattern.compile("[0-9-]{10} [0-9:]{8}[.][0-9]+[+]00");

  @AutoClose private final TestDatabase database = PostgresForTests.empty();
  private final JdbcClient sql = JdbcClient.create(database.dataSource());
  private final Schema schema = new Schema(database.dataSource(), OWN);

  /** Flyway makes the schema beside the one that a start makes in an empty database. */
  @Test
  void a_new_schema_is_the_one_that_flyway_makes() {
    try (TestDatabase started =
        PostgresForTests.migrated("claviger", source -> new Schema(source).migrate())) {
      JdbcClient in = JdbcClient.create(started.dataSource());
      Schema byFlyway = new Schema(started.dataSource(), OWN);
      int unused = in.sql("create schema beside").update();

      Object unusedToo = byFlyway.flyway().migrate();

      assertThat(byFlyway.state()).isEqualTo(Schema.State.CURRENT);
      assertThat(new Schema(started.dataSource()).tablesOutOfReach()).isEmpty();
      assertThat(objectsOf(in, "public"))
          .hasSizeGreaterThan(300)
          .containsExactlyElementsOf(objectsOf(in, "beside"));
      assertThat(recordsIn(in, "public"))
          .hasSameSizeAs(RecordedMigration.ofThisProgram())
          .containsExactlyElementsOf(recordsIn(in, "beside"));
      for (String table : tablesOf(in, "public")) {
        if (!table.equals("flyway_schema_history")) {
          assertThat(rowsOf(in, "public", table)).as(table).isEqualTo(rowsOf(in, "beside", table));
        }
      }
      assertThat(rowsOf(in, "public", "definitions")).isNotEmpty();
    }
  }

  @Test
  void a_node_that_creates_a_schema_for_too_long_is_not_waited_for() throws SQLException {
    run("create schema beside");
    NewSchema late = new NewSchema(schema.connections(), OWN);
    try (Connection other = database.dataSource().getConnection();
        Statement lock = other.createStatement()) {
      other.setAutoCommit(false);
      boolean unused =
          lock.execute(
              "select pg_advisory_xact_lock(hashtextextended('claviger new schema beside', 0))");

      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> late.create(Duration.ofMillis(100)))
          .withMessageContaining("lock timeout");
    }
    assertThat(tablesOf("beside")).isEmpty();
  }

  /** The trigger's sequence counts also what is rolled back. */
  @Tag("thorough")
  @Test
  void a_new_schema_that_was_left_half_way_is_finished() {
    run("create schema aside");
    run("create sequence aside.commands");
    run(
        """
        create function aside.fail_once() returns event_trigger language plpgsql as $$
        begin
          if nextval('aside.commands') = 40 then raise 'half-way'; end if;
        end $$
        """);
    run("create event trigger fail_once on ddl_command_end execute function aside.fail_once()");

    assertThat(logged(schema::migrate)).anyMatch(line -> line.contains(LEFT_TO_FLYWAY));

    assertThat(schema.state()).isEqualTo(Schema.State.CURRENT);
    assertThat(sql.sql("select nextval('aside.commands')").query(Long.class).single())
        .isGreaterThan(300);
    run("drop event trigger fail_once");
    Schema another = new Schema(database.dataSource(), new SchemaName("another"));
    another.migrate();
    assertThat(objectsOf(sql, "beside")).containsExactlyElementsOf(objectsOf(sql, "another"));
    assertThat(recordsIn(sql, "beside")).containsExactlyElementsOf(recordsIn(sql, "another"));
  }

  @Tag("thorough")
  @Test
  void the_tables_of_another_program_stay_as_they_are() {
    run("create table users (name text)");
    run("create table flyway_schema_history (version text)");
    run("insert into users values ('theirs')");

    schema.migrate();

    assertThat(Schema.isCurrent(new Database(schema.connections()))).isTrue();
    assertThat(tablesOf("public")).containsExactly("flyway_schema_history", "users");
    assertThat(sql.sql("select name from users").query(String.class).list())
        .containsExactly("theirs");
    assertThat(JdbcClient.create(schema.connections()).sql("select handle from users").query())
        .satisfies(users -> assertThat(users.singleColumn()).contains("_system"));
  }

  /** No table may be created in another schema, such as the schema of the program. */
  @Test
  void a_keyword_of_sql_is_a_name_like_any_other_and_no_migration_is_left_to_flyway() {
    Schema own = new Schema(database.dataSource(), new SchemaName("default"));
    run("create schema \"default\"");

    assertThat(logged(own::migrate)).noneMatch(line -> line.contains(LEFT_TO_FLYWAY));

    assertThat(own.state()).isEqualTo(Schema.State.CURRENT);
    assertThat(tablesOf("default")).contains("users");
    assertThat(tablesOf("public")).isEmpty();
  }

  /** What this thread logs about schemas meanwhile. */
  private static List<String> logged(Runnable work) {
    String thread = Thread.currentThread().getName();
    Logger log = (Logger) LoggerFactory.getLogger(Schema.class);
    ListAppender<ILoggingEvent> heard = new ListAppender<>();
    heard.start();
    log.addAppender(heard);
    log.setLevel(Level.DEBUG);
    try {
      work.run();
    } finally {
      log.setLevel(null);
      log.detachAppender(heard);
    }
    return List.copyOf(heard.list).stream()
        .filter(line -> line.getThreadName().equals(thread))
        .map(ILoggingEvent::getMessage)
        .toList();
  }

  @Test
  void a_schema_that_holds_other_tables_is_refused() {
    run("create schema beside");
    run("create table beside.theirs (id int)");

    assertThat(schema.state()).isEqualTo(Schema.State.FOREIGN);
    assertThatExceptionOfType(UnsuitableDatabase.class)
        .isThrownBy(schema::migrate)
        .withMessage(
            "schema beside contains tables of another program; give Claviger an empty schema");
  }

  @Tag("thorough")
  @Test
  void a_role_that_may_not_create_the_schema_is_told_so_and_may_use_one_that_was_made_for_it() {
    run("drop role if exists claviger_test_guest");
    run("create role claviger_test_guest login password 'guest'");
    PGSimpleDataSource guest = new PGSimpleDataSource();
    guest.setUrl(database.jdbcUrl());
    guest.setUser("claviger_test_guest");
    guest.setPassword("guest");
    Schema theirs = new Schema(guest, OWN);
    try {
      assertThatExceptionOfType(UnsuitableDatabase.class)
          .isThrownBy(theirs::migrate)
          .withMessage("schema beside does not exist, and this role may not create it");
      run("create schema beside");
      assertThatExceptionOfType(UnsuitableDatabase.class)
          .isThrownBy(theirs::migrate)
          .withMessage("this role may not use schema beside: grant it USAGE on the schema");
      run("grant usage on schema beside to claviger_test_guest");
      assertThatExceptionOfType(UnsuitableDatabase.class)
          .isThrownBy(theirs::migrate)
          .withMessageContaining("may not create tables in schema beside");

      run("grant create on schema beside to claviger_test_guest");
      theirs.migrate();

      assertThat(theirs.mayMigrate()).isTrue();
      assertThat(Schema.isCurrent(new Database(theirs.connections()))).isTrue();
    } finally {
      run("drop owned by claviger_test_guest");
      run("drop role claviger_test_guest");
    }
  }

  @Tag("thorough")
  @Test
  void nodes_of_several_schemas_that_start_together_make_each_of_them_once() {
    List<SchemaName> names =
        IntStream.range(0, 2).mapToObj(n -> new SchemaName("beside_" + n)).toList();

    List<Boolean> started =
        Race.of(
            6,
            n -> {
              Schema own = new Schema(database.dataSource(), names.get(n % 2));
              own.migrate();
              return Schema.isCurrent(new Database(own.connections()));
            },
            1);

    assertThat(started).hasSize(6).containsOnly(true);
    assertThat(tablesOf("public")).isEmpty();
    assertThat(objectsOf(sql, "beside_0")).containsExactlyElementsOf(objectsOf(sql, "beside_1"));
  }

  private void run(String statement) {
    int unused = sql.sql(statement).update();
  }

  private List<String> tablesOf(String name) {
    return tablesOf(sql, name);
  }

  private static List<String> tablesOf(JdbcClient sql, String name) {
    return sql.sql("select tablename from pg_tables where schemaname = :name order by 1")
        .param("name", name)
        .query(String.class)
        .list();
  }

  /** What Flyway records of each migration, except its times. */
  private static List<String> recordsIn(JdbcClient sql, String name) {
    return sql.sql(
            """
            select concat_ws(' | ', installed_rank, version, description, type, script, checksum,
              installed_by, success)
            from %s.flyway_schema_history order by installed_rank
            """
                .formatted(name))
        .query(String.class)
        .list();
  }

  /** The rows of a table, without random ids and the times at which a migration wrote them. */
  private static List<String> rowsOf(JdbcClient sql, String name, String table) {
    return sql
        .sql("select r::text from %s.%s r".formatted(name, table))
        .query(String.class)
        .list()
        .stream()
        .map(row -> WRITTEN_AT.matcher(RANDOM_ID.matcher(row).replaceAll("id")).replaceAll("time"))
        .sorted()
        .toList();
  }

  /** Columns, constraints, indexes, functions, triggers and comments, without the schema's name. */
  private static List<String> objectsOf(JdbcClient sql, String name) {
    return sql.sql(
            """
            with relations as (
              select oid, relname from pg_class where relnamespace = cast(:name as regnamespace))
            select
              regexp_replace(
                regexp_replace(line, :name || '[.](?=[a-z])', '', 'g'),
                'search_path TO ''?' || :name || '\\y''?', 'search_path TO own')
            from (
              select concat_ws(' ', 'column', r.relname, a.attname,
                format_type(a.atttypid, a.atttypmod), a.attnotnull,
                pg_get_expr(d.adbin, d.adrelid), col_description(r.oid, a.attnum)) as line
              from relations r
              join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
              left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
              union all
              select concat_ws(' ', 'constraint', r.relname, c.conname, pg_get_constraintdef(c.oid))
              from relations r join pg_constraint c on c.conrelid = r.oid
              union all
              select concat_ws(' ', 'index', pg_get_indexdef(i.indexrelid))
              from relations r join pg_index i on i.indrelid = r.oid
              union all
              select concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid), t.tgenabled)
              from relations r join pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal
              union all
              select concat_ws(' ', 'function', pg_get_functiondef(p.oid))
              from pg_proc p where p.pronamespace = cast(:name as regnamespace) and p.prokind <> 'a'
              union all
              select concat_ws(' ', 'aggregate', a.aggfnoid, a.aggtransfn, a.aggfinalfn, a.agginitval)
              from pg_aggregate a join pg_proc p on p.oid = a.aggfnoid
              where p.pronamespace = cast(:name as regnamespace)
              union all
              select concat_ws(' ', 'comment', r.relname, obj_description(r.oid, 'pg_class'))
              from relations r) lines
            order by 1
            """)
        .param("name", name)
        .query(String.class)
        .list();
  }
}
