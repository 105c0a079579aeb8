package io.claviger.persistence.accounts;

import io.claviger.application.accounts.port.UserDependents;
import io.claviger.domain.accounts.User;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds what other users would lose if a user were deleted. */
final class Dependents {
  /** Selects the local groups whose only manager is {@code :user}. */
  static final String MANAGED_ALONE =
      """
      select g.id, g.at_handle
      from group_members m
      join groups g on g.id = m.group_id
      where m.user_id = :user and m.role = 'manager' and g.kind = 'local'
        and not exists (
          select from group_members o
          where o.group_id = g.id and o.role = 'manager' and o.user_id <> :user)
      """;

  private final JdbcClient jdbc;

  Dependents(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  UserDependents of(User.Id user, Instant now) {
    holdGroups(user);
    return jdbc.sql(
            """
            with services as (
              select i.owner_handle || '/' || i.handle as name
              from instances i
              where i.owner_id = :user and exists (
                select from shares s
                where s.instance_id = i.id and (s.expires_at is null or s.expires_at > :now))),
            projects as (
              select p.owner_handle || '/' || p.handle as name
              from projects p
              where p.owner_id = :user and p.instance_id is not null and (
                exists (select from project_shares s where s.project_id = p.id)
                or exists (select from open_projects o where o.project_id = p.id))),
            managed as (
              %s),
            accounts as (
              select handle as name from users where responsible_user_id = :user
              union all
              select handle from users where responsible_group_id in (select id from managed)),
            unmanaged as (
              select g.at_handle as name
              from managed g
              where exists (
                select from group_members o where o.group_id = g.id and o.user_id <> :user))
            select
              (select cast(count(*) as integer) from services) as services_count,
              array(select name from services order by name limit 20) as services_named,
              (select cast(count(*) as integer) from projects) as projects_count,
              array(select name from projects order by name limit 20) as projects_named,
              (select cast(count(*) as integer) from accounts) as accounts_count,
              array(select name from accounts order by name limit 20) as accounts_named,
              (select cast(count(*) as integer) from unmanaged) as groups_count,
              array(select name from unmanaged order by name limit 20) as groups_named
            """
                .formatted(MANAGED_ALONE))
        .param("user", user.value())
        .param("now", Parameters.at(now))
        .query(
            Row.mapper(
                row ->
                    new UserDependents(
                        kind(row.part("services_")),
                        kind(row.part("projects_")),
                        kind(row.part("accounts_")),
                        kind(row.part("groups_")))))
        .single();
  }

  /**
   * Locks the groups that a user manages, so that their members can't change. A separate statement
   * takes these locks, so that the next statement sees the changes of the transactions for which
   * this statement waited.
   */
  private void holdGroups(User.Id user) {
    int unused =
        jdbc.sql(
                """
                select g.id
                from group_members m
                join groups g on g.id = m.group_id
                where m.user_id = :user and m.role = 'manager' and g.kind = 'local'
                order by g.id
                for no key update of g
                """)
            .param("user", user.value())
            .query(UUID.class)
            .list()
            .size();
  }

  private static UserDependents.Kind kind(Row row) throws SQLException {
    return new UserDependents.Kind(row.number("count"), row.texts("named"));
  }
}
