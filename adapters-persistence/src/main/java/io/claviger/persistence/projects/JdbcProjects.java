package io.claviger.persistence.projects;

import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shared.References;
import io.claviger.application.shared.Sight;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.persistence.instances.InstanceColumns;
import io.claviger.persistence.instances.InstanceRows;
import io.claviger.persistence.shared.ByReference;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.FieldColumns;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.shared.Seeing;
import io.claviger.persistence.sharing.ShareColumns;
import io.claviger.persistence.sharing.ShareRows;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Implements {@link ProjectStore} with the table {@code projects}. Also reads the rows that decide
 * whether a project may use its instance.
 */
public final class JdbcProjects implements ProjectStore {
  private static final RowMapper<VisibleProject> SEEN = Row.mapper(row -> seen(row));

  private static final Columns CHANGED =
      ProjectRows.STORED.without("id", "owner_id", "owner_handle", "handle", "created_at");

  private static final String MEMBERSHIP_AND_SERVICE =
      """
      left join lateral (
        select h.role
        from (
          select cast(:viewer as uuid) as id
          union all
          select x.group_id from group_members x where x.user_id = :viewer
        ) grantee
        join project_shares h on h.project_id = p.id and h.grantee_id = grantee.id
        order by h.role = 'writer' desc
        limit 1
      ) m on true
      left join open_projects open on open.project_id = p.id
      left join instances i on i.id = p.instance_id
      left join api_standards a on a.handle = i.api_standard
      left join definitions d on d.id = i.definition_id
      """;

  private static final String SELECT =
      """
      select
        %s,
        m.role as p_membership, open.project_id is not null as p_opened,
        (select x.expires_at
        from shares x
        where x.instance_id = open.instance_id and x.grantee_id = open.share_holder) as p_open_until,
      """
              .formatted(ProjectRows.STORED.as("p"))
          + InstanceColumns.prefixed("i_")
          + ", ";

  private static final String FOUND =
      SELECT
          + ShareColumns.of("s", "g.handle")
          + ", "
          + ShareColumns.of("o", "og.handle")
          + """

          from projects p
          %s"""
              .formatted(MEMBERSHIP_AND_SERVICE)
          + longestHeld("s", ":viewer")
          + """
          left join users g on g.id = s.given_by
          """
          + longestHeld("o", "p.owner_id")
          + """
          left join users og on og.id = o.given_by
          """;

  private static final String FIND =
      FOUND + "where p.id = " + ByReference.PROJECT + Seeing.PROJECT_OR_OPEN;

  private static final String LOCK =
      "select p.id from projects p where p.id = " + ByReference.PROJECT + Seeing.PROJECT_OR_OPEN;

  private static final String FIND_BY_ID = FOUND + "where p.id = :id";

  /** Selects projects. Unlike {@link #FIND}, looks up the givers of shares in subqueries. */
  private static final String LIST =
      SELECT
          + ShareColumns.of("s", "(select handle from users where id = s.given_by)")
          + ", "
          + ShareColumns.of("o", "(select handle from users where id = o.given_by)")
          + """

          from (
            select id
            from (
                (select id, owner_handle, handle
                from projects
                where owner_handle = (select handle from users where id = :user)
                  and handle > page_start(
                    (select handle from users where id = :user), :after_owner, :after_handle)
                order by owner_handle, handle
                limit :limit)
                union
                (select project_id, owner_handle, project_handle
                from project_shares
                where grantee_id = :user
                  and (owner_handle, project_handle) > (:after_owner, :after_handle)
                order by owner_handle, project_handle
                limit :limit)
                union
                (select h.project_id, h.owner_handle, h.project_handle
                from group_members x
                cross join lateral (
                  select project_id, owner_handle, project_handle
                  from project_shares
                  where group_id = x.group_id
                    and (owner_handle, project_handle) > (:after_owner, :after_handle)
                  order by owner_handle, project_handle
                  limit :limit
                ) h
                where x.user_id = :user)
            ) each
            order by owner_handle, handle
            limit :limit
          ) listed
          join projects p on p.id = listed.id
          %s"""
              .formatted(MEMBERSHIP_AND_SERVICE)
          + longestHeld("s", ":viewer")
          + """
          """
          + longestHeld("o", "p.owner_id")
          + """
          order by p.owner_handle, p.handle
          """;

  /**
   * Returns a join to the longest-lasting share among the shares of a user and of the user's
   * groups.
   */
  private static String longestHeld(String name, String user) {
    return """
    left join lateral (
      select x.*
      from (
        select cast({user} as uuid) as id
        union all
        select y.group_id from group_members y where y.user_id = {user}
      ) grantee
      join shares x on x.instance_id = i.id and x.grantee_id = grantee.id
      order by x.expires_at desc nulls first
      limit 1
    ) {name} on true
    """
        .replace("{name}", name)
        .replace("{user}", user);
  }

  private final JdbcClient jdbc;
  private final JdbcClient lists;
  private final JdbcInstanceReferences use;

  public JdbcProjects(Database database) {
    this.jdbc = database.jdbc();
    this.lists = database.lists();
    this.use = new JdbcInstanceReferences(database.jdbc());
  }

  @Override
  public Optional<VisibleProject> find(Project.Ref ref, Sight sight) {
    return Seeing.ofProject(sight, jdbc.sql(FIND))
        .param("owner", ref.owner().value())
        .param("handle", ref.handle().value())
        .query(SEEN)
        .optional();
  }

  @Override
  public Optional<VisibleProject> find(Project.Id id, User.Id viewer) {
    return jdbc.sql(FIND_BY_ID)
        .param("id", id.value())
        .param("viewer", viewer.value())
        .query(SEEN)
        .optional();
  }

  /**
   * Locks the project with a first statement, and reads it with a second statement. A single
   * statement would see the locked row after the wait, but the joined rows as they were before the
   * wait.
   */
  @Override
  public Optional<VisibleProject> lock(Project.Ref ref, Sight sight) {
    return locked(ref, sight, "for update of p");
  }

  @Override
  public Optional<VisibleProject> hold(Project.Ref ref, Sight sight) {
    return locked(ref, sight, "for share of p");
  }

  private Optional<VisibleProject> locked(Project.Ref ref, Sight sight, String lock) {
    return Seeing.ofProject(sight, jdbc.sql(LOCK + lock))
        .param("owner", ref.owner().value())
        .param("handle", ref.handle().value())
        .query(UUID.class)
        .optional()
        .flatMap(id -> find(new Project.Id(id), sight.viewer()));
  }

  /**
   * Selects the user's own projects, and the projects of which the user is a member. Each kind is
   * read from its own index.
   */
  @Override
  public List<VisibleProject> list(
      User.Id user, User.Id viewer, Optional<Project.Ref> after, int limit) {
    return lists
        .sql(LIST)
        .param("user", user.value())
        .param("viewer", viewer.value())
        .param("after_owner", after.map(ref -> ref.owner().value()).orElse(""))
        .param("after_handle", after.map(ref -> ref.handle().value()).orElse(""))
        .param("limit", limit)
        .query(SEEN)
        .list();
  }

  @Override
  public References using(Instance.Id instance, User.Id viewer, boolean all) {
    return use.of(instance, viewer, all);
  }

  @Override
  public List<Project.Ref> listUsing(
      Instance.Id instance, Sight sight, Optional<Project.Ref> after, int limit) {
    return Seeing.ofProject(
            sight,
            jdbc.sql(
                """
                select p.owner_handle, p.handle
                from projects p
                where p.instance_id = :instance
                  and (p.owner_handle, p.handle) > (:after_owner, :after_handle)
                  %s
                order by p.owner_handle, p.handle
                limit :limit
                """
                    .formatted(Seeing.PROJECT)))
        .param("instance", instance.value())
        .param("after_owner", after.map(ref -> ref.owner().value()).orElse(""))
        .param("after_handle", after.map(ref -> ref.handle().value()).orElse(""))
        .param("limit", limit)
        .query(Row.mapper(ProjectRows::ref))
        .list();
  }

  @Override
  public int countUsing(Instance.Id instance, Sight sight, int most) {
    return Seeing.ofProject(
            sight,
            jdbc.sql(
                """
                select count(*)
                from (
                  select p.id
                  from projects p
                  where p.instance_id = :instance
                    %s
                  limit :most) counted
                """
                    .formatted(Seeing.PROJECT)))
        .param("instance", instance.value())
        .param("most", most)
        .query(Integer.class)
        .single();
  }

  @Override
  public List<OpenProject> listOpen(Instance.Id instance, Optional<Project.Ref> after, int limit) {
    return lists
        .sql(
            """
            select p.owner_handle, p.handle, o.share_holder is not null as by_share, o.opened_at,
              %s
            from open_projects o
            join projects p on p.id = o.project_id
            where o.instance_id = :instance
              and (p.owner_handle, p.handle) > (:after_owner, :after_handle)
            order by p.owner_handle, p.handle
            limit :limit
            """
                .formatted(Columns.USE_LIMITS.as("p")))
        .param("instance", instance.value())
        .param("after_owner", after.map(ref -> ref.owner().value()).orElse(""))
        .param("after_handle", after.map(ref -> ref.handle().value()).orElse(""))
        .param("limit", limit)
        .query(
            Row.mapper(
                row ->
                    new OpenProject(
                        ProjectRows.ref(row),
                        row.flag("by_share"),
                        Parameters.useLimits(row.part("p_")),
                        row.instant("opened_at"))))
        .list();
  }

  @Override
  public References usingInstancesOf(User.Id owner, User.Id viewer, boolean all) {
    return use.ofInstancesOf(owner, viewer, all);
  }

  @Override
  public List<Project.Ref> unbindFromInstancesOf(User.Id owner, Instant now) {
    return use.unbindFromInstancesOf(owner, now);
  }

  @Override
  public void insert(Project project) {
    StatementSpec statement =
        jdbc.sql(
                """
                insert into projects (
                  %s)
                values (
                  %s)
                """
                    .formatted(ProjectRows.STORED, ProjectRows.STORED.parameters()))
            .param("owner_id", project.owner().value())
            .param("owner_handle", project.ref().owner().value())
            .param("handle", project.ref().handle().value())
            .param("created_at", Parameters.at(project.createdAt()));
    Database.updateOne(with(statement, project));
  }

  @Override
  public void update(Project project) {
    StatementSpec statement =
        jdbc.sql(
            """
            update projects
            set %s
            where id = :id
            """
                .formatted(CHANGED.assignments()));
    Database.updateOne(with(statement, project));
  }

  @Override
  public void delete(Project.Id id) {
    Database.updateOne(jdbc.sql("delete from projects where id = :id").param("id", id.value()));
  }

  private static StatementSpec with(StatementSpec statement, Project project) {
    return Parameters.withLimits(
            FieldColumns.with(statement, Project.FIELDS, project.values()), project.limits())
        .param("id", project.id().value())
        .param("instance_id", Parameters.orNull(project.instance(), Instance.Id::value))
        .param("version", project.version())
        .param("updated_at", Parameters.at(project.updatedAt()));
  }

  private static VisibleProject seen(Row row) throws SQLException {
    Row project = row.part("p_");
    return new VisibleProject(
        ProjectRows.project(project),
        ProjectRows.membership(project),
        bound(row),
        project.flag("opened")
            ? Optional.of(project.optionalInstant("open_until").orElse(Instant.MAX))
            : Optional.empty());
  }

  private static Optional<BoundInstance> bound(Row row) throws SQLException {
    Row instance = row.part("i_");
    return instance.has("id")
        ? Optional.of(
            new BoundInstance(
                InstanceRows.instance(instance),
                HeldShares.own(ShareRows.optionalShare(row.part("s_"))),
                HeldShares.own(ShareRows.optionalShare(row.part("o_")))))
        : Optional.empty();
  }
}
