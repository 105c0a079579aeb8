package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.Race;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the history of access has of a database to which older nodes write while it is migrated. */
@Tag("thorough")
final class AccessHistoryUpgradeTest {
  @AutoClose private final TestDatabase database = PostgresForTests.empty();
  private final JdbcClient sql = JdbcClient.create(database.dataSource());

  @Test
  void a_membership_that_an_older_node_writes_meanwhile_is_in_it() throws SQLException {
    migrate("074");
    CompletableFuture<Void> migration;
    try (Connection node = database.dataSource().getConnection();
        Statement statement = node.createStatement()) {
      node.setAutoCommit(false);
      boolean unused =
          statement.execute(
              """
              insert into users (
                id, handle, display_name, administrator, version, created_at, updated_at)
              values (md5('u')::uuid, 'dave', 'Dave', false, 1, now(), now());
              insert into groups (id, handle, display_name, kind, version, created_at, updated_at)
              values (md5('g')::uuid, 'team', 'Team', 'local', 1, now(), now());
              insert into group_members (group_id, user_id, role, created_at)
              values (md5('g')::uuid, md5('u')::uuid, 'member', now())
              """);
      migration = CompletableFuture.runAsync(() -> migrate("075"), Thread::startVirtualThread);
      long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      CompletableFuture<Void> begun = migration;
      Race.until(() -> waitsForALock() || begun.isDone() || System.nanoTime() >= end);
      node.commit();
    }
    Void unused = migration.join();

    assertThat(
            sql.sql("select of_name || ' ' || holder from access_spans where kind = 'group_member'")
                .query(String.class)
                .list())
        .containsExactly("@team dave");
  }

  private boolean waitsForALock() {
    return sql.sql(
            """
            select exists (
              select from pg_locks
              where not granted and relation = 'group_members'::regclass)
            """)
        .query(Boolean.class)
        .single();
  }

  private void migrate(String version) {
    EarlierSchema.migrate(database.dataSource(), version);
  }
}
