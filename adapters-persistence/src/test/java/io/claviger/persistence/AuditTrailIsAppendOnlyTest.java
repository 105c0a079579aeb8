package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;

final class AuditTrailIsAppendOnlyTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();

  @BeforeAll
  static void record() {
    int rows =
        PORTS
            .sql()
            .sql(
                """
                insert into audit_events (
                  id, at, address, request_id, action, target_type, target_ref, outcome, fields)
                values (
                  '0190aaaa-0000-7000-8000-000000000001', now(), '', '', 'user.create', 'user', '',
                  'done', '{}')
                """)
            .update();
    assertThat(rows).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update audit_events set outcome = 'failed'",
        "update audit_events set outcome = 'failed' where false",
        "delete from audit_events",
        "truncate audit_events",
        "delete from audit_events_before",
        "update audit_events_default set outcome = 'failed'",
        "truncate audit_events_before"
      })
  void no_line_is_changed_or_removed(String statement) throws SQLException {
    assertRefused("select 1", statement);
  }

  @ParameterizedTest
  @ValueSource(strings = {"delete from audit_events", "truncate audit_events"})
  void nor_by_who_passes_for_a_replica(String statement) throws SQLException {
    assertRefused("set local session_replication_role = replica", statement);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "merge into audit_events a using (select) one on true when matched then delete",
        "with gone as (delete from audit_events returning *) select count(*) from gone",
        "truncate users, audit_events cascade"
      })
  void nor_by_a_detour(String statement) throws SQLException {
    assertRefused("select 1", statement);
  }

  private static void assertRefused(String first, String statement) throws SQLException {
    try (Connection connection = PORTS.dataSource().getConnection();
        Statement executed = connection.createStatement()) {
      connection.setAutoCommit(false);
      boolean unused = executed.execute(first);

      assertThatExceptionOfType(PSQLException.class)
          .isThrownBy(() -> executed.execute(statement))
          .withMessageContaining("neither changed nor removed");
      connection.rollback();
    }
    assertThat(PORTS.sql().sql("select count(*) from audit_events").query(Long.class).single())
        .isEqualTo(1);
  }
}
