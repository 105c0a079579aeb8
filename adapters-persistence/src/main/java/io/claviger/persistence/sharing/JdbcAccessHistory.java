package io.claviger.persistence.sharing;

import io.claviger.application.sharing.port.AccessHistory;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link AccessHistory} with the table {@code access_spans}, which database triggers
 * write.
 */
public final class JdbcAccessHistory implements AccessHistory {
  /**
   * Selects who had the right to use a service, as its owner or by a share, and which projects
   * passed on this right.
   */
  private static final String RIGHTS =
      """
      with spans as not materialized (
        select s.kind, s.of_id, s.of_name, s.holder_id, s.holder, s.owner_id, s.role, s.passes_on,
          s.since,
          least(coalesce(s.until, 'infinity'), coalesce(s.expires_at, 'infinity')) as ends
        from access_spans s
        where s.since < :end
          and least(coalesce(s.until, 'infinity'), coalesce(s.expires_at, 'infinity')) > :begin),
      services as materialized (
        select s.of_id, s.holder_id, s.holder, s.role, s.since, s.ends
        from spans s
        where s.kind = 'service' and s.role in ('enabled', 'shared')
          and s.of_id in (
            select n.of_id from spans n
            where n.kind = 'service' and n.of_name = :owner || '/' || :handle and n.of_name <> ''
            union
            select i.id from instances i where i.owner_handle = :owner and i.handle = :handle)
          and (cast(:only as uuid) is null or s.of_id = :only)),
      rights as materialized (
        select s.of_id as service, s.holder_id, s.holder, 'owner' as way, 'owner' as role,
          true as passes_on, s.since, s.ends
        from services s
        where s.role = 'enabled'
        union all
        select h.of_id, h.holder_id, h.holder, 'share', h.role, h.passes_on, h.since, h.ends
        from spans h
        where h.kind = 'share' and h.of_id in (select s.of_id from services s)),
      led as materialized (
        select p.of_id as service, p.holder_id, p.holder,
          greatest(p.since, r.since) as since, least(p.ends, r.ends) as ends
        from spans p
        join rights r on r.service = p.of_id and r.holder_id = p.owner_id and r.passes_on
        where p.kind = 'project' and p.of_id in (select s.of_id from services s)),
      """;

  /** Selects the users, groups and projects that held the right themselves. */
  private static final String HOLDERS =
      """
      ways as (
        select r.service,
          case when r.holder not like '@%' and r.holder <> '_system' then r.holder_id end
            as user_id,
          case when r.holder not like '@%' and r.holder <> '_system' then r.holder end as name,
          case when r.holder = '_system' then 'everybody' when r.holder like '@%' then 'group'
            else r.way end as way,
          r.role, case when r.holder like '@%' then r.holder end as of_group,
          cast(null as text) as project, r.since, r.ends
        from rights r
        union all
        select l.service, null, null, 'project', 'project', null, l.holder, l.since, l.ends
        from led l)
      """;

  /** Selects single users. Members of groups and projects are listed individually. */
  private static final String USERS =
      """
      granted as (
        select r.service, r.holder_id, r.holder, r.way, r.role, cast(null as text) as project,
          r.since, r.ends
        from rights r
        union all
        select l.service, m.holder_id, m.holder, 'project', m.role, l.holder,
          greatest(l.since, m.since), least(l.ends, m.ends)
        from led l
        join spans m on m.kind = 'project_member' and m.of_id = l.holder_id),
      ways as (
        select g.service, case when g.holder <> '_system' then g.holder_id end as user_id,
          case when g.holder <> '_system' then g.holder end as name,
          case when g.holder = '_system' then 'everybody' else g.way end as way, g.role,
          cast(null as text) as of_group, g.project, g.since, g.ends
        from granted g
        where g.holder not like '@%'
        union all
        select g.service, m.holder_id, m.holder, case g.way when 'share' then 'group' else g.way end,
          g.role, g.holder, g.project, greatest(g.since, m.since), least(g.ends, m.ends)
        from granted g
        join spans m on m.kind = 'group_member' and m.of_id = g.holder_id
        where g.holder like '@%')
      """;

  private static final String LISTED =
      """
      , listed as (
        select w.service, coalesce(w.name, '') collate "C" as name, w.way collate "C" as way,
          w.role collate "C" as role, coalesce(w.of_group, '') collate "C" as of_group,
          coalesce(w.project, '') collate "C" as project,
          min(w.since) as since, nullif(max(w.ends), 'infinity') as until
        from ways w
        where w.ends > w.since and w.ends > :begin and w.since < :end
          and not exists (
            select from spans x
            where x.kind = 'suspension' and x.of_id = w.user_id
              and x.since <= :begin and x.ends >= :end)
        group by 1, 2, 3, 4, 5, 6)
      select l.service, l.name, l.way, l.role, l.of_group, l.project, l.since, l.until
      from listed l
      where (l.name, l.way, l.role, l.of_group, l.project, l.service)
        > (:name, :way, :role, :of_group, :project, cast(:service as uuid))
      order by l.name, l.way, l.role, l.of_group, l.project, l.service
      limit :limit
      """;

  private static final List<String> FIRST =
      List.of("", "", "", "", "", "00000000-0000-0000-0000-000000000000");

  private final JdbcClient jdbc;

  public JdbcAccessHistory(Database database) {
    this.jdbc = database.lists();
  }

  @Override
  public Instant knownSince() {
    return jdbc.sql("select since from access_known")
        .query(Row.mapper(row -> row.instant("since")))
        .single();
  }

  @Override
  public List<Access> find(AccessQuestion question, Optional<List<String>> after, int limit) {
    List<String> from = after.orElse(FIRST);
    Instant end = question.day().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    Instant begin = begin(question.only(), question.day().atStartOfDay(ZoneOffset.UTC).toInstant());
    if (!begin.isBefore(end)) {
      return List.of();
    }
    return jdbc.sql(RIGHTS + (question.ofGroups() ? USERS : HOLDERS) + LISTED)
        .param("owner", question.service().owner().value())
        .param("handle", question.service().handle().value())
        .param("only", Parameters.orNull(question.only(), Instance.Id::value))
        .param("begin", Parameters.at(begin))
        .param("end", Parameters.at(end))
        .param("name", from.get(0))
        .param("way", from.get(1))
        .param("role", from.get(2))
        .param("of_group", from.get(3))
        .param("project", from.get(4))
        .param("service", from.get(5))
        .param("limit", limit)
        .query(Row.mapper(row -> access(row)))
        .list();
  }

  /** Returns the beginning of the day, or the time of a later transfer to the present owner. */
  private Instant begin(Optional<Instance.Id> only, Instant day) {
    return only.map(
            id ->
                jdbc.sql(
                        """
                        select greatest(:day, max(s.until)) as begin
                        from instances i
                        left join access_spans s
                          on s.of_id = i.id and s.kind = 'service' and s.holder_id <> i.owner_id
                        where i.id = :id
                        """)
                    .param("day", Parameters.at(day))
                    .param("id", id.value())
                    .query(Row.mapper(row -> row.instant("begin")))
                    .single())
        .orElse(day);
  }

  @Override
  public boolean hasService(Instance.Ref service) {
    return jdbc.sql(
            """
            select exists (
              select from access_spans n
              where n.kind = 'service' and n.of_name = :service and n.of_name <> '')
            """)
        .param("service", service.toString())
        .query(Boolean.class)
        .single();
  }

  private static Access access(Row row) throws SQLException {
    return new Access(
        new Instance.Id(row.uuid("service")),
        named(row, "name").map(Handle::new),
        row.text("way"),
        row.text("role"),
        named(row, "of_group").map(GranteeName::of),
        named(row, "project").map(Project.Ref::of),
        row.instant("since"),
        row.optionalInstant("until"));
  }

  private static Optional<String> named(Row row, String column) throws SQLException {
    return Optional.of(row.text(column)).filter(text -> !text.isEmpty());
  }
}
