package io.claviger.bootstrap.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.imports.shared.SourceSnapshot;
import io.claviger.imports.shared.UnreadableSource;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

@Tag("slow")
class SourceSnapshotTest {
  @AutoClose private final TestDatabase there = PostgresForTests.empty();

  private SourceSnapshot snapshot() {
    return SourceSnapshot.open(there.dataSource(), "a test", opened -> opened);
  }

  /** All rows together would not fit into memory, and reading them would take the server days. */
  @Test
  void rowsAreReadAsTheyAreAskedFor() {
    try (SourceSnapshot snapshot = snapshot()) {
      int unused = snapshot.read(jdbc -> jdbc.sql("set local statement_timeout = '20s'").update());

      Iterator<Long> rows =
          snapshot.rows(
              "select generate_series(:first, 1000000000000)",
              Map.of("first", 1L),
              (row, n) -> row.getLong(1));

      for (long n = 1; n <= 5_000; n++) {
        assertThat(rows.next()).isEqualTo(n);
      }
    }
  }

  @Test
  void tablesWhoseRowsAreHiddenFromTheRoleAreNotRead() {
    int unused =
        JdbcClient.create(there.dataSource())
            .sql("create table budgets (n int); alter table budgets enable row level security")
            .update();
    DataSource ofReader =
        new DelegatingDataSource(there.dataSource()) {
          @Override
          public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            try (Statement statement = connection.createStatement()) {
              boolean unusedToo = statement.execute("set role pg_read_all_data");
            }
            return connection;
          }
        };

    try (SourceSnapshot snapshot = SourceSnapshot.open(ofReader, "a test", opened -> opened)) {
      assertThatThrownBy(
              () ->
                  snapshot.read(
                      jdbc -> jdbc.sql("select count(*) from budgets").query(Long.class).single()))
          .isInstanceOf(UnreadableSource.class)
          .hasMessageContaining("may not read all")
          .hasMessageContaining("row-level security policy for table \"budgets\"");
    }
  }

  @Test
  void nothingCanBeWritten() {
    try (SourceSnapshot snapshot = snapshot()) {
      assertThatThrownBy(
              () -> snapshot.read(jdbc -> jdbc.sql("create table written (n int)").update()))
          .isInstanceOf(UnreadableSource.class)
          .hasMessageContaining("25006");
    }
  }
}
