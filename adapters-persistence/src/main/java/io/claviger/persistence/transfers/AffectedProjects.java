package io.claviger.persistence.transfers;

import io.claviger.application.transfers.port.OwnerChanges.AffectedProject;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.transfers.MemberAccess;
import io.claviger.domain.transfers.Transfer;
import io.claviger.persistence.projects.ProjectRows;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Finds the giver's projects whose owner would differ from the owner of their service after a
 * transfer.
 */
final class AffectedProjects {
  private final JdbcClient jdbc;

  AffectedProjects(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  List<AffectedProject> of(
      Transfer transfer, UUID[] services, UUID[] projects, User.Id asker, Instant now) {
    return jdbc.sql(
            """
            with parted as (
              select
                p.id, p.owner_handle, p.handle, i.id as instance_id,
                i.owner_handle as service_owner, i.handle as service_handle,
                i.owner_id = :from as before_owns,
                p.id = any(:projects) and i.owner_id = :to as after_owns,
                i.is_everybodys as everybodys,
                case when p.id = any(:projects) then cast(:to as uuid) else :from end as owner_after
              from projects p
              join instances i on i.id = p.instance_id
              where p.owner_id = :from
                and (p.id = any(:projects)) <> (i.id = any(:services))
            ),
            users_of_shares as (
              select s.instance_id, s.user_id, s.may_reshare
              from shares s
              where s.instance_id in (select instance_id from parted) and s.user_id is not null
                and (s.expires_at is null or s.expires_at > :now)
              union all
              select s.instance_id, g.user_id, false
              from shares s
              join group_members g on g.group_id = s.group_id
              where s.instance_id in (select instance_id from parted)
                and (s.expires_at is null or s.expires_at > :now)
            ),
            members as (
              select m.project_id, m.user_id
              from project_shares m
              where m.project_id in (select id from parted) and m.user_id is not null
              union
              select m.project_id, g.user_id
              from project_shares m
              join group_members g on g.group_id = m.group_id
              where m.project_id in (select id from parted)
            ),
            standing as (
              select m.project_id, m.user_id,
                r.everybodys or exists (
                  select from users_of_shares u
                  where u.instance_id = r.instance_id and u.user_id = m.user_id) as own_use
              from members m
              join parted r on r.id = m.project_id
            )
            select
              r.owner_handle, r.handle, r.service_owner, r.service_handle, r.before_owns, r.after_owns,
              r.everybodys or exists (
                select from users_of_shares u
                where u.instance_id = r.instance_id and u.user_id = :from) as before_use,
              exists (
                select from users_of_shares u
                where u.instance_id = r.instance_id and u.user_id = :from
                  and u.may_reshare) as before_reshare,
              r.everybodys or exists (
                select from users_of_shares u
                where u.instance_id = r.instance_id and u.user_id = r.owner_after) as after_use,
              exists (
                select from users_of_shares u
                where u.instance_id = r.instance_id and u.user_id = r.owner_after
                  and u.may_reshare) as after_reshare,
              exists (
                select from standing s
                where s.project_id = r.id and s.own_use
                  and s.user_id not in (:from, :to)) as with_own_use,
              exists (
                select from standing s
                where s.project_id = r.id and not s.own_use
                  and s.user_id not in (:from, :to)) as without_own_use,
              exists (
                select from project_shares m
                where m.project_id = r.id and m.user_id is distinct from :to) as shared,
              (select cast(count(*) as integer) from members m
                where m.project_id = r.id and m.user_id <> :to) as member_count,
              :asker = :from or exists (
                select from standing s
                where s.project_id = r.id and s.user_id = :asker) as visible
            from parted r
            order by r.owner_handle, r.handle
            """)
        .param("from", transfer.from().id().value())
        .param("to", transfer.to().id().value())
        .param("services", services)
        .param("projects", projects)
        .param("asker", asker.value())
        .param("now", Parameters.at(now))
        .query(Row.mapper(row -> affectedProject(row)))
        .list();
  }

  private static AffectedProject affectedProject(Row row) throws SQLException {
    return new AffectedProject(
        ProjectRows.ref(row),
        new Instance.Ref(
            new Handle(row.text("service_owner")), new Handle(row.text("service_handle"))),
        MemberAccess.of(
            row.flag("before_owns"), row.flag("before_use"), row.flag("before_reshare")),
        MemberAccess.of(row.flag("after_owns"), row.flag("after_use"), row.flag("after_reshare")),
        row.flag("with_own_use"),
        row.flag("without_own_use"),
        row.flag("shared"),
        row.number("member_count"),
        row.flag("visible"));
  }
}
