package io.claviger.persistence.gateway;

import io.claviger.application.gateway.port.CallContexts;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.persistence.accounts.AccountRows;
import io.claviger.persistence.limits.UserLimitRows;
import io.claviger.persistence.projects.ProjectRows;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.sharing.ChosenShares;
import io.claviger.persistence.sharing.ShareColumns;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link CallContexts}. Reads each context with a single statement. So all parts of the
 * context are from the same moment, and one round trip is enough.
 *
 * <p>A statement looks up the shares of the caller and the caller's groups by the requested name.
 * The statement reads the service or project only if the caller can see it. So a service that the
 * caller can't see costs the same look-ups as a service that does not exist.
 */
public final class JdbcCallContexts implements CallContexts {
  private static final RowMapper<CallContext<ServiceContext>> OF_SERVICE =
      Row.mapper(row -> TokenRows.context(row, CallContextRows.optionalTarget(row)));
  private static final RowMapper<CallContext<ProjectContext>> OF_PROJECT =
      Row.mapper(row -> TokenRows.context(row, projectTarget(row)));

  /** The joins that statements need for instance {@code i} and share {@code s}. */
  private static final String SERVICE_JOINS =
      """
      left join api_standards a on a.handle = i.api_standard
      left join shares v on v.instance_id = s.instance_id and v.grantee_id = s.given_via
      left join user_keys k on k.instance_id = i.id and k.user_id = u.id
      """;

  private static final String OF_SERVICE_CALL =
      "select "
          + TokenRows.COLUMNS
          + UserLimitRows.column("u.id")
          + CallContextRows.COLUMNS
          + AccountRows.TOKEN_JOINS
          + ChosenShares.joined(
              "s", "u.id", "case when u.handle <> :owner then cast(:owner as text) end", ":handle")
          + """
          left join instances i on i.handle = :handle and i.owner_handle =
            case when t.project_id is null
              and (t.service_id is null or (r.owner_handle = :owner and r.handle = :handle))
              and (u.handle = :owner or u.administrator or :owner = '_system'
                or s.grantee_id is not null)
            then cast(:owner as text) end
            and (i.owner_handle <> '_system' or i.is_everybodys or u.administrator
              or s.grantee_id is not null)
          """
          + SERVICE_JOINS
          + "where t.token_hash = :hash";

  private static final String OF_PROJECT_CALL =
      "select "
          + TokenRows.COLUMNS
          + """
          p.id as p_id, p.owner_id as p_owner_id, p.owner_handle as p_owner_handle,
          p.handle as p_handle, m.role as p_membership, p.visibility = 'everybody' as p_opened,
          """
          + Columns.USE_LIMITS.as("p")
          + ",\n"
          + UserLimitRows.column("u.id")
          + CallContextRows.responsible("p.owner_id", "p_responsible")
          + CallContextRows.COLUMNS
          + ", "
          + ShareColumns.chosen("o")
          + ", "
          + ShareColumns.limits("w")
          + "\n"
          + AccountRows.TOKEN_JOINS
          + """
          left join lateral (
            select each.role
            from (
                (select x.role
                from project_shares x
                where x.grantee_id = u.id
                  and x.owner_handle = :owner and x.project_handle = :handle)
                union all
                (select x.role
                from project_shares x
                where x.owner_handle = :owner and x.project_handle = :handle
                  and x.group_id = any(array(
                    select member.group_id from group_members member where member.user_id = u.id)))
            ) each
            order by array_position(array['owner', 'writer', 'reader'], each.role)
            limit 1
          ) m on true
          left join projects p on p.handle = :handle and p.owner_handle =
            case when t.service_id is null
              and (t.project_id is null or (q.owner_handle = :owner and q.handle = :handle))
              and (u.handle = :owner or u.administrator or m.role is not null or exists (
                select from projects e
                where e.owner_handle = :owner and e.handle = :handle
                  and e.visibility = 'everybody'))
            then cast(:owner as text) end
          left join instances i on i.id = p.instance_id
          """
          + ChosenShares.joined(
              "s",
              "u.id",
              "case when i.owner_id <> u.id and not i.is_everybodys then i.owner_handle end",
              "i.handle")
          + ChosenShares.joined(
              "o",
              "p.owner_id",
              "case when i.owner_id <> p.owner_id and not i.is_everybodys then i.owner_handle end",
              "i.handle")
          + """
          left join shares w on w.instance_id = o.instance_id and w.grantee_id = o.given_via
          """
          + SERVICE_JOINS
          + "where t.token_hash = :hash";

  private final JdbcClient jdbc;
  private final ServiceContexts targets;

  public JdbcCallContexts(Database database) {
    this.jdbc = database.jdbc();
    this.targets = new ServiceContexts(database.jdbc(), database.lists());
  }

  @Override
  public Optional<CallContext<ServiceContext>> gather(
      TokenHash token, Instance.Ref service, Instant now) {
    return jdbc.sql(OF_SERVICE_CALL)
        .param("hash", token.bytes())
        .param("owner", service.owner().value())
        .param("handle", service.handle().value())
        .param("now", Parameters.at(now))
        .query(OF_SERVICE)
        .optional();
  }

  @Override
  public Optional<CallContext<ProjectContext>> gather(
      TokenHash token, Project.Ref project, Instant now) {
    return jdbc.sql(OF_PROJECT_CALL)
        .param("hash", token.bytes())
        .param("owner", project.owner().value())
        .param("handle", project.handle().value())
        .param("now", Parameters.at(now))
        .query(OF_PROJECT)
        .optional();
  }

  @Override
  public Optional<ServiceContext> find(Instance.Ref service, User.Id caller, Instant now) {
    return targets.find(service, caller, now);
  }

  @Override
  public List<ServiceContext> usableBy(
      User.Id caller, Optional<Instance.Ref> after, int limit, Instant now) {
    return targets.usableBy(caller, after, limit, now);
  }

  private static Optional<ProjectContext> projectTarget(Row row) throws SQLException {
    Row project = row.part("p_");
    return project.has("id")
        ? Optional.of(
            new ProjectContext(
                ProjectRows.called(project),
                ProjectRows.membership(project),
                CallContextRows.optionalTarget(row),
                CallContextRows.heldShare(row.part("o_"), row.part("w_")),
                project.optionalUuid("responsible"),
                project.flag("opened")))
        : Optional.empty();
  }
}
