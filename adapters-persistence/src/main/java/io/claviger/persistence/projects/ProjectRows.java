package io.claviger.persistence.projects;

import io.claviger.application.gateway.port.CallContexts.CalledProject;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.FieldColumns;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.Optional;

public final class ProjectRows {
  static final Columns STORED =
      Columns.of(
              "id",
              "owner_id",
              "owner_handle",
              "handle",
              "instance_id",
              "version",
              "created_at",
              "updated_at")
          .and(FieldColumns.of(Project.FIELDS))
          .and(Columns.USE_LIMITS);

  private ProjectRows() {}

  public static Project project(Row row) throws SQLException {
    return new Project(
        new Project.Id(row.uuid("id")),
        new User.Id(row.uuid("owner_id")),
        ref(row),
        FieldColumns.read(row, Project.FIELDS),
        row.optionalUuid("instance_id").map(Instance.Id::new),
        Parameters.useLimits(row),
        row.bigNumber("version"),
        row.instant("created_at"),
        row.instant("updated_at"));
  }

  public static Project.Ref ref(Row row) throws SQLException {
    return new Project.Ref(new Handle(row.text("owner_handle")), new Handle(row.text("handle")));
  }

  /** Reads the fields of a project that decide whether calls through it are allowed. */
  public static CalledProject called(Row row) throws SQLException {
    return new CalledProject(
        new Project.Id(row.uuid("id")),
        new User.Id(row.uuid("owner_id")),
        ref(row),
        Parameters.useLimits(row));
  }

  /** Reads the project through which a service was used; empty if no project was used. */
  public static Optional<UsageAccount.ThroughProject> through(Row row) throws SQLException {
    return row.has("project_ref")
        ? Optional.of(
            new UsageAccount.ThroughProject(
                new Project.Id(row.uuid("project_id")),
                Project.Ref.of(row.text("project_ref")),
                new User.Id(row.uuid("project_owner_id"))))
        : Optional.empty();
  }

  /**
   * Reads a member's role; empty if the user is not a member.
   *
   * @param row a row with the column {@code membership}, which is null if the user is not a member
   */
  public static Optional<Role> membership(Row row) throws SQLException {
    return row.optionalConstant("membership", Role.class);
  }
}
