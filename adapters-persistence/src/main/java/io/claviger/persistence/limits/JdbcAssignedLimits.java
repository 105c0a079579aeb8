package io.claviger.persistence.limits;

import io.claviger.application.limits.port.AssignedLimitsStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.policy.UserLimits;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.time.Instant;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** {@link AssignedLimitsStore} in tables {@code user_limits} and {@code group_limits}. */
public final class JdbcAssignedLimits implements AssignedLimitsStore {
  private static final RowMapper<StoredLimits> STORED =
      (rs, n) -> new StoredLimits(Parameters.limits(Row.of(rs)), Row.of(rs).bigNumber("version"));

  private final JdbcClient jdbc;

  public JdbcAssignedLimits(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public StoredLimits find(User.Id user) {
    return jdbc.sql(
            """
            select
              limit_requests_per_minute, limit_models, limit_operations, limit_max_output_tokens,
              limit_budgets, version
            from user_limits
            where user_id = :user
            """)
        .param("user", user.value())
        .query(STORED)
        .optional()
        .orElse(StoredLimits.NEVER);
  }

  @Override
  public UserLimits holdingFor(User.Id user) {
    return jdbc.sql("select " + UserLimitRows.expression(":user") + " as set_limits")
        .param("user", user.value())
        .query((rs, n) -> UserLimitRows.read(Row.of(rs)))
        .single();
  }

  @Override
  public StoredLimits find(Group.Id group, boolean pooled) {
    return jdbc.sql(
            """
            select
              limit_requests_per_minute, limit_models, limit_operations, limit_max_output_tokens,
              limit_budgets, version
            from group_limits
            where group_id = :group and pooled = :pooled
            """)
        .param("group", group.value())
        .param("pooled", pooled)
        .query(STORED)
        .optional()
        .orElse(StoredLimits.NEVER);
  }

  @Override
  public void save(User.Id user, StoredLimits limits, Instant at) {
    StatementSpec statement =
        jdbc.sql(
                """
                insert into user_limits (
                  user_id, limit_requests_per_minute, limit_models, limit_operations,
                  limit_max_output_tokens, limit_budgets, version, updated_at)
                values (
                  :user, :limit_requests_per_minute, :limit_models, :limit_operations,
                  :limit_max_output_tokens, :limit_budgets, :version, :at)
                on conflict on constraint user_limits_pkey do update
                set limit_requests_per_minute = excluded.limit_requests_per_minute,
                  limit_models = excluded.limit_models,
                  limit_operations = excluded.limit_operations,
                  limit_max_output_tokens = excluded.limit_max_output_tokens,
                  limit_budgets = excluded.limit_budgets,
                  version = excluded.version, updated_at = excluded.updated_at
                """)
            .param("user", user.value());
    save(statement, limits, at);
  }

  @Override
  public void save(Group.Id group, boolean pooled, StoredLimits limits, Instant at) {
    StatementSpec statement =
        jdbc.sql(
                """
                insert into group_limits (
                  group_id, pooled, limit_requests_per_minute, limit_models, limit_operations,
                  limit_max_output_tokens, limit_budgets, version, updated_at)
                values (
                  :group, :pooled, :limit_requests_per_minute, :limit_models, :limit_operations,
                  :limit_max_output_tokens, :limit_budgets, :version, :at)
                on conflict on constraint group_limits_pkey do update
                set limit_requests_per_minute = excluded.limit_requests_per_minute,
                  limit_models = excluded.limit_models,
                  limit_operations = excluded.limit_operations,
                  limit_max_output_tokens = excluded.limit_max_output_tokens,
                  limit_budgets = excluded.limit_budgets,
                  version = excluded.version, updated_at = excluded.updated_at
                """)
            .param("group", group.value())
            .param("pooled", pooled);
    save(statement, limits, at);
  }

  private static void save(StatementSpec statement, StoredLimits limits, Instant at) {
    Database.requireOne(
        Parameters.withLimits(statement, limits.limits())
            .param("version", limits.version())
            .param("at", Parameters.at(at))
            .update());
  }
}
