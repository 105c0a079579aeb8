package io.claviger.persistence.transfers;

import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.transfers.FormerReference;
import io.claviger.domain.transfers.TransferItem;
import io.claviger.persistence.projects.ProjectRows;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link MovedReferences} with the table {@code moved_references}. */
public final class JdbcMovedReferences implements MovedReferences {
  private final JdbcClient jdbc;

  public JdbcMovedReferences(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public Optional<Instance.Ref> serviceThatWas(Instance.Ref former) {
    return jdbc.sql(
            """
            select i.owner_handle, i.handle
            from moved_references m
            join instances i on i.id = m.service_id
            where m.kind = 'service' and m.owner_handle = :owner and m.handle = :handle
              and m.until > now()
            """)
        .param("owner", former.owner().value())
        .param("handle", former.handle().value())
        .query(Row.mapper(Row::instanceRef))
        .optional();
  }

  @Override
  public Optional<Project.Ref> projectThatWas(Project.Ref former) {
    return jdbc.sql(
            """
            select p.owner_handle, p.handle
            from moved_references m
            join projects p on p.id = m.project_id
            where m.kind = 'project' and m.owner_handle = :owner and m.handle = :handle
              and m.until > now()
            """)
        .param("owner", former.owner().value())
        .param("handle", former.handle().value())
        .query(Row.mapper(ProjectRows::ref))
        .optional();
  }

  @Override
  public List<FormerReference> of(TransferItem.Kind kind, UUID thing) {
    return jdbc.sql(
            """
            select owner_handle, handle, until
            from moved_references
            where %s = :thing and until > now()
            order by owner_handle, handle
            """
                .formatted(column(kind)))
        .param("thing", thing)
        .query(Row.mapper(row -> reference(row)))
        .list();
  }

  @Override
  public int end(TransferItem.Kind kind, UUID thing, User.Id owner) {
    String things =
        switch (kind) {
          case SERVICE -> "instances";
          case PROJECT -> "projects";
        };
    if (jdbc.sql(
            "select id from %s where id = :thing and owner_id = :owner for share".formatted(things))
        .param("thing", thing)
        .param("owner", owner.value())
        .query(UUID.class)
        .optional()
        .isEmpty()) {
      throw ConcurrencyConflict.notSerializable("the thing was deleted or transferred");
    }
    return jdbc.sql("delete from moved_references where %s = :thing".formatted(column(kind)))
        .param("thing", thing)
        .update();
  }

  /** Returns the column with the id of a thing of this kind. */
  private static String column(TransferItem.Kind kind) {
    return switch (kind) {
      case SERVICE -> "service_id";
      case PROJECT -> "project_id";
    };
  }

  @Override
  public void deleteOutdated() {
    Database.update(jdbc.sql("delete from moved_references where until <= statement_timestamp()"));
  }

  private static FormerReference reference(Row row) throws SQLException {
    return new FormerReference(
        new Handle(row.text("owner_handle")), new Handle(row.text("handle")), row.instant("until"));
  }
}
