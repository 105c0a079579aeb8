package io.claviger.persistence.transfers;

import io.claviger.application.transfers.port.OwnerChanges.ProjectPassage;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.transfers.Passage;
import io.claviger.domain.transfers.Transfer;
import io.claviger.persistence.projects.ProjectRows;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds the projects of a giver that a transfer parts from the service behind them. */
final class ProjectPassages {
  private final JdbcClient jdbc;

  ProjectPassages(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  List<ProjectPassage> of(
      Transfer transfer, UUID[] services, UUID[] projects, UserId asker, Instant now) {
    return jdbc.sql(
            """
            with parted as (
              select
                p.id, p.owner_handle, p.handle, i.id as instance_id,
                i.owner_id = :from as before_owns,
                case when p.id = any(:projects) then i.owner_id = :to else false end as after_owns,
                i.owner_handle = '_system' as system_level,
                case when p.id = any(:projects) then cast(:to as uuid) else :from end as owner_after
              from projects p
              join instances i on i.id = p.instance_id
              where p.owner_id = :from
                and (p.id = any(:projects)) <> (i.id = any(:services))
            )
            select
              r.owner_handle, r.handle, r.before_owns, r.after_owns,
              r.system_level or g.grantee_id is not null as before_use,
              coalesce(g.may_reshare, false) as before_reshare,
              r.system_level or h.grantee_id is not null as after_use,
              coalesce(h.may_reshare, false) as after_reshare,
              exists (
                select from project_shares m
                where m.project_id = r.id and m.grantee_id <> :to
                  and (r.system_level or exists (
                    select from shares s
                    where s.instance_id = r.instance_id and s.grantee_id = m.grantee_id
                      and (s.expires_at is null or s.expires_at > :now)))) as with_own_use,
              not r.system_level and exists (
                select from project_shares m
                where m.project_id = r.id and m.grantee_id <> :to
                  and not exists (
                    select from shares s
                    where s.instance_id = r.instance_id and s.grantee_id = m.grantee_id
                      and (s.expires_at is null or s.expires_at > :now))) as without_own_use,
              exists (
                select from project_shares m
                where m.project_id = r.id and m.grantee_id = :asker)
                or :asker = :from as visible
            from parted r
            left join shares g on g.instance_id = r.instance_id and g.grantee_id = :from
              and (g.expires_at is null or g.expires_at > :now)
            left join shares h on h.instance_id = r.instance_id and h.grantee_id = r.owner_after
              and (h.expires_at is null or h.expires_at > :now)
            order by r.owner_handle, r.handle
            """)
        .param("from", transfer.from().id().value())
        .param("to", transfer.to().id().value())
        .param("services", services)
        .param("projects", projects)
        .param("asker", asker.value())
        .param("now", Parameters.at(now))
        .query((rs, n) -> passage(Row.of(rs)))
        .list();
  }

  private static ProjectPassage passage(Row row) throws SQLException {
    return new ProjectPassage(
        ProjectRows.ref(row),
        Passage.of(row.flag("before_owns"), row.flag("before_use"), row.flag("before_reshare")),
        Passage.of(row.flag("after_owns"), row.flag("after_use"), row.flag("after_reshare")),
        row.flag("with_own_use"),
        row.flag("without_own_use"),
        row.flag("visible"));
  }
}
