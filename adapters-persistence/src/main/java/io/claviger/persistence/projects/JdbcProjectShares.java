package io.claviger.persistence.projects;

import io.claviger.application.shares.port.ShareStore;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.sharing.GranteeRows;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * The members of projects in table {@code project_shares}. Each has a role, without limits and
 * without an expiry time.
 */
public final class JdbcProjectShares implements ShareStore<Project.Id> {
  private static final RowMapper<Share> SHARE = (rs, n) -> share(Row.of(rs));

  private final JdbcClient jdbc;

  public JdbcProjectShares(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public Optional<Share> find(Project.Id project, GranteeId grantee) {
    return jdbc.sql(
            """
            select
              s.grantee_id, s.grantee_handle, s.role, g.handle as given_by, s.version, s.created_at,
              s.applied_by
            from project_shares s
            left join users g on g.id = s.given_by
            where s.project_id = :project and s.grantee_id = :grantee
            """)
        .param("project", project.value())
        .param("grantee", grantee.value())
        .query(SHARE)
        .optional();
  }

  @Override
  public Optional<Share> lock(Project.Id project, GranteeId grantee) {
    return jdbc.sql(
            """
            select
              s.grantee_id, s.grantee_handle, s.role, g.handle as given_by, s.version, s.created_at,
              s.applied_by
            from project_shares s
            left join users g on g.id = s.given_by
            where s.project_id = :project and s.grantee_id = :grantee
            for update of s
            """)
        .param("project", project.value())
        .param("grantee", grantee.value())
        .query(SHARE)
        .optional();
  }

  @Override
  public List<Share> listOf(Project.Id project, Optional<GranteeName> after, int limit) {
    return jdbc.sql(
            """
            select
              s.grantee_id, s.grantee_handle, s.role, g.handle as given_by, s.version, s.created_at,
              s.applied_by
            from project_shares s
            left join users g on g.id = s.given_by
            where s.project_id = :project and s.grantee_handle > :after
            order by s.grantee_handle
            limit :limit
            """)
        .param("project", project.value())
        .param("after", after.map(GranteeName::toString).orElse(""))
        .param("limit", limit)
        .query(SHARE)
        .list();
  }

  @Override
  public void insert(Project.Id project, Share share, User.Id givenBy) {
    StatementSpec statement =
        jdbc.sql(
                """
                insert into project_shares (
                  project_id, owner_handle, project_handle, grantee_id, grantee_handle, role,
                  given_by, version, created_at, applied_by)
                select
                  t.id, t.owner_handle, t.handle, :grantee, :grantee_handle, :role,
                  :given_by, :version, :created_at, :applied_by
                from projects t
                where t.id = :project
                """)
            .param("grantee_handle", share.grantee().name().toString())
            .param("created_at", Parameters.at(share.createdAt()));
    Database.requireOne(with(statement, project, share, givenBy).update());
  }

  @Override
  public void update(Project.Id project, Share share, User.Id givenBy) {
    StatementSpec statement =
        jdbc.sql(
            """
            update project_shares
            set role = :role, given_by = :given_by, version = :version, applied_by = :applied_by
            where project_id = :project and grantee_id = :grantee
            """);
    Database.requireOne(with(statement, project, share, givenBy).update());
  }

  @Override
  public boolean delete(Project.Id project, GranteeId grantee) {
    return jdbc.sql(
                "delete from project_shares where project_id = :project and grantee_id = :grantee")
            .param("project", project.value())
            .param("grantee", grantee.value())
            .update()
        == 1;
  }

  private static StatementSpec with(
      StatementSpec statement, Project.Id project, Share share, User.Id givenBy) {
    return statement
        .param("project", project.value())
        .param("grantee", share.grantee().id().value())
        .param("role", share.terms().role().name().toLowerCase(Locale.ROOT))
        .param("given_by", givenBy.value())
        .param("version", share.version())
        .param("applied_by", Parameters.orNull(share.appliedBy(), AppliedBy::value));
  }

  private static Share share(Row row) throws SQLException {
    return new Share(
        GranteeRows.grantee(row),
        new Share.Terms(
            Role.valueOf(row.text("role").toUpperCase(Locale.ROOT)),
            false,
            Optional.empty(),
            Limits.NONE),
        row.optionalText("given_by").map(Handle::new),
        Optional.empty(),
        row.bigNumber("version"),
        row.instant("created_at"),
        row.optionalText("applied_by").map(AppliedBy::new));
  }
}
