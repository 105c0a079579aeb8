package io.claviger.persistence.projects;

import io.claviger.application.shared.References;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Counts the projects that use an instance, and names the first of the projects that the viewer can
 * see.
 */
final class JdbcInstanceReferences {
  private static final RowMapper<References> USAGE =
      Row.mapper(row -> new References(row.number("count"), row.texts("visible")));

  private final JdbcClient jdbc;

  JdbcInstanceReferences(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  References of(Instance.Id instance, User.Id viewer, boolean all) {
    return read("i.id = :instance", viewer, all)
        .param("instance", instance.value())
        .query(USAGE)
        .single();
  }

  /** Returns the projects of other users that use an owner's instances. */
  References ofInstancesOf(User.Id owner, User.Id viewer, boolean all) {
    return read("i.owner_id = :owner and p.owner_id <> :owner", viewer, all)
        .param("owner", owner.value())
        .query(USAGE)
        .single();
  }

  /**
   * @param which an SQL condition on projects {@code p} and the instances {@code i} to which they
   *     are bound
   */
  private StatementSpec read(String which, User.Id viewer, boolean all) {
    return jdbc.sql(
            """
            select
              cast(count(*) as integer) as count,
              array(
                select p.owner_handle || '/' || p.handle
                from projects p
                join instances i on i.id = p.instance_id
                where {which}
                  and (:all or p.owner_id = :viewer or exists (
                    select from project_shares m
                    where m.project_id = p.id
                      and (m.grantee_id = :viewer or m.group_id in (
                        select x.group_id from group_members x where x.user_id = :viewer))))
                order by p.owner_handle, p.handle
                limit 20) as visible
            from projects p
            join instances i on i.id = p.instance_id
            where {which}
            """
                .replace("{which}", which))
        .param("viewer", viewer.value())
        .param("all", all);
  }

  /**
   * Unbinds other users' projects from the owner's instances. Locks the instances first, so that no
   * project can be bound to them until the transaction ends.
   */
  List<Project.Ref> unbindFromInstancesOf(User.Id owner, Instant now) {
    int unused =
        jdbc.sql("select id from instances where owner_id = :owner order by id for update")
            .param("owner", owner.value())
            .query()
            .listOfRows()
            .size();
    return jdbc.sql(
            """
            with unbound as (
              update projects p
              set instance_id = null, version = p.version + 1, updated_at = :now
              from instances i
              where i.id = p.instance_id and i.owner_id = :owner and p.owner_id <> :owner
              returning p.owner_handle, p.handle)
            select owner_handle, handle
            from unbound
            order by owner_handle, handle
            """)
        .param("owner", owner.value())
        .param("now", Parameters.at(now))
        .query(Row.mapper(ProjectRows::ref))
        .list();
  }
}
