package io.claviger.persistence.accounts;

import io.claviger.domain.accounts.User;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds out whether users could delete themselves and sign in again to regain used budgets. */
final class RegainedBudgets {
  /**
   * Selects the subjects of the accounts that the same person would have as a new user, without the
   * new user's id at the end. Everybody has these accounts, or whoever the identity provider says
   * is in a group.
   */
  private static final String SUBJECTS =
      """
      select 'service:' || i.id as subject from instances i where i.is_everybodys
      union
      select 'service:' || o.instance_id
      from open_projects o
      join instances i on i.id = o.instance_id
      where i.owner_id <> :user
      union
      select 'project:' || o.project_id
      from open_projects o
      join projects p on p.id = o.project_id
      where p.owner_id <> :user
      union
      select 'service:' || s.instance_id
      from shares s
      join synced g on g.group_id = s.group_id
      join instances i on i.id = s.instance_id
      where i.owner_id is distinct from :user
        and (s.expires_at is null or s.expires_at > statement_timestamp())
      union
      select 'project:' || s.project_id
      from project_shares s
      join synced g on g.group_id = s.group_id
      join projects p on p.id = s.project_id
      where p.owner_id <> :user
      union
      select 'service:' || p.instance_id
      from project_shares s
      join synced g on g.group_id = s.group_id
      join projects p on p.id = s.project_id
      where p.instance_id is not null and p.owner_id <> :user
      """;

  private final JdbcClient jdbc;

  RegainedBudgets(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  boolean by(User.Id user) {
    return jdbc.sql(
            """
            with synced as (
              select m.group_id
              from group_members m
              join groups g on g.id = m.group_id
              where m.user_id = :user and g.kind = 'synced'),
            again as (
              %s)
            select (
                exists (select from identities where user_id = :user)
                or exists (select from scim_users where user_id = :user))
              and exists (
                select
                from again
                join budget_accounts a on a.subject = again.subject || ':' || cast(:user as text)
                join budget_windows w on w.account_id = a.id
                where (w.settled > 0 or w.reserved > 0)
                  and (w.ends_at is null or w.ends_at > budget_clock()))
            """
                .formatted(SUBJECTS))
        .param("user", user.value())
        .query(Boolean.class)
        .single();
  }
}
