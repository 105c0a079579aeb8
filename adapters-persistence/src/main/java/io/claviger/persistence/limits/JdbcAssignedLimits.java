package io.claviger.persistence.limits;

import io.claviger.application.limits.port.AssignedLimitsStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.policy.UserLimits;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.time.Instant;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Implements {@link AssignedLimitsStore} with the tables {@code user_limits} and {@code
 * group_limits}.
 */
public final class JdbcAssignedLimits implements AssignedLimitsStore {
  private static final Columns STORED_COLUMNS = Columns.USE_LIMITS.and("version");
  private static final RowMapper<StoredLimits> STORED =
      Row.mapper(row -> new StoredLimits(Parameters.useLimits(row), row.bigNumber("version")));

  private final JdbcClient jdbc;

  public JdbcAssignedLimits(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public StoredLimits find(User.Id user) {
    return jdbc.sql(
            """
            select %s
            from user_limits
            where user_id = :user
            """
                .formatted(STORED_COLUMNS))
        .param("user", user.value())
        .query(STORED)
        .optional()
        .orElse(StoredLimits.NEVER);
  }

  @Override
  public UserLimits holdingFor(User.Id user) {
    return jdbc.sql("select " + UserLimitRows.expression(":user") + " as set_limits")
        .param("user", user.value())
        .query(Row.mapper(UserLimitRows::read))
        .single();
  }

  @Override
  public StoredLimits find(Group.Id group, boolean pooled) {
    return jdbc.sql(
            """
            select %s
            from group_limits
            where group_id = :group and pooled = :pooled
            """
                .formatted(STORED_COLUMNS))
        .param("group", group.value())
        .param("pooled", pooled)
        .query(STORED)
        .optional()
        .orElse(StoredLimits.NEVER);
  }

  @Override
  public void save(User.Id user, StoredLimits limits, Instant at) {
    save("user_limits", Columns.of("user_id"), user.value(), false, limits, at);
  }

  @Override
  public void save(Group.Id group, boolean pooled, StoredLimits limits, Instant at) {
    save("group_limits", Columns.of("group_id", "pooled"), group.value(), pooled, limits, at);
  }

  private void save(
      String table, Columns key, UUID holder, boolean pooled, StoredLimits limits, Instant at) {
    Columns written = STORED_COLUMNS.and("updated_at");
    StatementSpec statement =
        jdbc.sql(
            """
            insert into %s (%s, %s)
            values (%s, %s)
            on conflict on constraint %s_pkey do update
            set %s
            """
                .formatted(
                    table,
                    key,
                    written,
                    key.parameters(),
                    written.parameters(),
                    table,
                    written.replacements()));
    Database.updateOne(
        Parameters.withLimits(statement, limits.limits())
            .param(key.names().getFirst(), holder)
            .param("pooled", pooled)
            .param("version", limits.version())
            .param("updated_at", Parameters.at(at)));
  }
}
