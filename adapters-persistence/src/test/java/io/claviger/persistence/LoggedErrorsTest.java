package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.persistence.shared.Database;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a stack trace in the log says about a statement that failed. */
final class LoggedErrorsTest {
  private static final String VALUE = "carol-at-example";

  @AutoClose
  private static final TestDatabase DATABASE =
      PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());

  private final Database database = new Database(DATABASE.dataSource());

  @BeforeAll
  static void makeTable() {
    int unused =
        JdbcClient.create(DATABASE.dataSource())
            .sql(
                """
                create table logged (
                  name  text not null unique,
                  size  integer not null default 1 check (size > 0),
                  other text references logged (name),
                  later text unique deferrable initially deferred,
                  id    uuid)
                """)
            .update();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into logged (name) values (:value), (:value)",
        "insert into logged (name, size) values (:value, -1)",
        "insert into logged (name, size) values (:value, null)",
        "insert into logged (name, other) values ('x', :value)",
        "insert into logged (name, id) values ('x', cast(:value as uuid))",
        "insert into logged (name, id) select 'x', cast(d->>'id' as uuid) from (select"
            + " jsonb_build_object('id', cast(:value as text)) as d) n",
      })
  void no_value_of_a_statement_is_shown(String statement) {
    assertShowsNoValue(() -> database.jdbc().sql(statement).param("value", VALUE).update());
  }

  @Test
  void no_value_is_shown_if_the_commit_fails_either() {
    assertShowsNoValue(
        () ->
            database
                .transactions()
                .inTransaction(
                    () ->
                        database
                            .jdbc()
                            .sql(
                                "insert into logged (name, later) values ('x', :value), ('y', :value)")
                            .param("value", VALUE)
                            .update()));
  }

  @Test
  void the_constraint_and_the_place_in_the_program_are_shown() {
    assertThatThrownBy(
            () -> database.jdbc().sql("insert into logged (name) values ('x'), ('x')").update())
        .isInstanceOf(ConcurrencyConflict.class)
        .hasStackTraceContaining("logged_name_key")
        .hasStackTraceContaining("QueryExecutorImpl");
  }

  /**
   * A full disk, a broken disk, and a database without this program's tables and functions, or
   * whose role may not use them.
   */
  @ParameterizedTest
  @ValueSource(strings = {"53100", "58030", "42501", "42P01", "42883", "3F000"})
  void a_database_that_only_its_operator_can_mend_is_unavailable_and_fills_no_log(String state) {
    Logger logger =
        (Logger) LoggerFactory.getLogger("io.claviger.persistence.shared.PostgresErrors");
    ListAppender<ILoggingEvent> heard = new ListAppender<>();
    heard.start();
    logger.addAppender(heard);
    try {
      for (int statement = 0; statement < 9; statement++) {
        assertThatExceptionOfType(StoreUnavailable.class)
            .isThrownBy(
                () ->
                    database
                        .jdbc()
                        .sql(
                            "do $$ begin raise exception 'broken' using errcode = '%s'; end $$"
                                .formatted(state))
                        .update())
            .withMessage("the database can't be used: broken");
      }
    } finally {
      logger.detachAppender(heard);
    }

    assertThat(heard.list).hasSizeLessThanOrEqualTo(1);
  }

  private static void assertShowsNoValue(ThrowingCallable work) {
    assertThatThrownBy(work)
        .satisfies(
            failure -> {
              StringWriter shown = new StringWriter();
              failure.printStackTrace(new PrintWriter(shown));
              assertThat(shown.toString()).doesNotContain(VALUE);
            });
  }
}
