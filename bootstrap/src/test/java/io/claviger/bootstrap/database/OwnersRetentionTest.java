package io.claviger.bootstrap.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.claviger.domain.retention.RetentionMonths;
import io.claviger.domain.retention.RetentionPolicy;
import io.claviger.persistence.Schema;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import io.claviger.wiring.upkeep.PatientTurn;
import io.claviger.wiring.upkeep.Upkeep;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class OwnersRetentionTest {
  private static final RetentionPolicy ONE_MONTH =
      new RetentionPolicy(Optional.of(new RetentionMonths(1)), Optional.empty());

  @AutoClose
  private final TestDatabase database =
      PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());

  private final AtomicInteger pools = new AtomicInteger();

  @Test
  void while_others_read_the_tables_it_is_tried_again_after_a_minute() throws SQLException {
    execute("drop table usage_daily_before");
    execute("do $$ begin perform add_month_partition('usage_daily', 'day', '2020-01-01'); end $$");
    Upkeep.Turn retention = new PatientTurn(retention(ONE_MONTH, ""), 1, System::nanoTime);
    try (Connection reader = database.dataSource().getConnection();
        Statement reading = reader.createStatement()) {
      reader.setAutoCommit(false);
      boolean unused = reading.execute("select count(*) from usage_daily");
      assertThat(retention.take()).isEqualTo(PatientTurn.BETWEEN_ATTEMPTS);
      assertThat(exists("usage_daily_2020_01")).isTrue();
    }
    assertThat(retention.take()).isEqualTo(OwnersRetention.PAUSE);
    assertThat(exists("usage_daily_2020_01")).isFalse();
  }

  @Test
  void without_the_owners_role_nothing_is_tried_and_the_node_asks_once_an_hour()
      throws SQLException {
    execute("create role owns_nothing");
    try {
      OwnersRetention retention = retention(ONE_MONTH, "set role owns_nothing");
      assertThat(retention.take()).isEqualTo(OwnersRetention.PAUSE);
      assertThat(retention.take()).isEqualTo(OwnersRetention.PAUSE);
      assertThat(pools).hasValue(2);
    } finally {
      execute("drop role owns_nothing");
    }
  }

  @Test
  void the_owners_role_is_not_used_where_everything_is_kept() {
    assertThat(retention(RetentionPolicy.FOR_EVER, "").take()).isEqualTo(OwnersRetention.PAUSE);
    assertThat(pools).hasValue(0);
  }

  private OwnersRetention retention(RetentionPolicy bounds, String first) {
    return new OwnersRetention(
        database::dataSource,
        () -> {
          pools.incrementAndGet();
          HikariConfig config = new HikariConfig();
          config.setJdbcUrl(database.jdbcUrl());
          config.setMaximumPoolSize(1);
          if (!first.isEmpty()) {
            config.setConnectionInitSql(first);
          }
          return new HikariDataSource(config);
        },
        bounds,
        InstantSource.system());
  }

  private boolean exists(String table) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery("select to_regclass('%s') is not null".formatted(table))) {
      return found.next() && found.getBoolean(1);
    }
  }

  private void execute(String statement) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement executed = connection.createStatement()) {
      boolean unused = executed.execute(statement);
    }
  }
}
