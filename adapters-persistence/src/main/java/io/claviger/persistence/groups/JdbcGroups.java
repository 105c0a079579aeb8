package io.claviger.persistence.groups;

import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.shared.SearchText;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.groups.GroupSource;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.FieldColumns;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.ReferredRows;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Implements {@link GroupStore} with the tables {@code groups} and {@code group_members}. */
public final class JdbcGroups implements GroupStore {
  /** The columns of table {@code groups} that {@link #read} reads. */
  public static final Columns STORED =
      Columns.of("id", "handle", "issuer", "claim_value", "version", "created_at", "updated_at")
          .and(FieldColumns.of(Group.FIELDS));

  private static final RowMapper<Group> GROUP = Row.mapper(GroupRows::group);
  private static final RowMapper<VisibleGroup> SEEN = Row.mapper(GroupRows::seen);
  private static final RowMapper<GroupMember> MEMBER = Row.mapper(GroupRows::member);

  private static final Columns CHANGED = FieldColumns.of(Group.FIELDS).and("version", "updated_at");

  private static final String SEEN_ROWS =
      """
      select
        %s, m.role as viewers_role,
        (select cast(count(*) as integer) from group_members c where c.group_id = g.id)
          as member_count
      from groups g
      left join group_members m on m.group_id = g.id and m.user_id = :viewer
      """
          .formatted(STORED.at("g"));
  private static final String MEMBER_COLUMNS =
      "m.user_id, u.handle as user_handle, m.role, m.created_at, m.applied_by";

  private final JdbcClient jdbc;

  public JdbcGroups(Database database) {
    this.jdbc = database.jdbc(ReferredRows.GROUPS);
  }

  /** Reads a group from the columns of a row. */
  public static Group read(Row row) throws SQLException {
    return GroupRows.group(row);
  }

  @Override
  public Optional<VisibleGroup> find(Handle handle, User.Id viewer) {
    return jdbc.sql(
            """
            %s
            where g.handle = :handle
            """
                .formatted(SEEN_ROWS))
        .param("handle", handle.value())
        .param("viewer", viewer.value())
        .query(SEEN)
        .optional();
  }

  /**
   * Locks the group with a first statement and reads the group with a second statement, which sees
   * the members after the wait for the lock. While the group is locked, the group can still get
   * shares, because giving a share only requires that the group is not deleted.
   */
  @Override
  public Optional<VisibleGroup> lock(Handle handle, User.Id viewer) {
    return jdbc.sql("select id from groups where handle = :handle for no key update")
        .param("handle", handle.value())
        .query(UUID.class)
        .optional()
        .flatMap(locked -> find(handle, viewer));
  }

  @Override
  public Optional<Group> hold(Handle handle) {
    return find(handle, "for key share");
  }

  @Override
  public Optional<Group> find(Handle handle) {
    return find(handle, "");
  }

  private Optional<Group> find(Handle handle, String lock) {
    return jdbc.sql("select %s from groups where handle = :handle %s".formatted(STORED, lock))
        .param("handle", handle.value())
        .query(GROUP)
        .optional();
  }

  @Override
  public List<VisibleGroup> list(
      User.Id viewer, Optional<SearchText> text, Optional<Handle> after, int limit) {
    return jdbc.sql(
            """
            %s
            where g.handle > :after
              and (cast(:text as text) is null or g.handle ilike :text
                or g.display_name ilike :text)
            order by g.handle
            limit :limit
            """
                .formatted(SEEN_ROWS))
        .param("viewer", viewer.value())
        .param("text", Parameters.containing(text))
        .param("after", after.map(Handle::value).orElse(""))
        .param("limit", limit)
        .query(SEEN)
        .list();
  }

  @Override
  public void insert(Group group) {
    Columns inserted = STORED.and("kind");
    StatementSpec statement =
        jdbc.sql(
                """
                insert into groups (
                  %s)
                values (
                  %s)
                """
                    .formatted(inserted, inserted.parameters()))
            .param("handle", group.handle().value())
            .param("kind", group.kind().wireName())
            .param("issuer", Parameters.orNull(group.source(), GroupSource::issuer))
            .param("claim_value", Parameters.orNull(group.source(), GroupSource::claimValue))
            .param("created_at", Parameters.at(group.createdAt()));
    write(statement, group);
  }

  @Override
  public void update(Group group) {
    StatementSpec statement =
        jdbc.sql(
            """
            update groups
            set %s
            where id = :id
            """
                .formatted(CHANGED.assignments()));
    write(statement, group);
  }

  private static void write(StatementSpec statement, Group group) {
    Database.updateOne(
        FieldColumns.with(statement, Group.FIELDS, group.fields())
            .param("id", group.id().value())
            .param("version", group.version())
            .param("updated_at", Parameters.at(group.updatedAt())));
  }

  @Override
  public void delete(Group.Id id) {
    // The sharing of an object ends together with its last borrower. Whoever ends it by hand locks
    // the object before its borrowers, so this transaction has to do the same.
    int unused =
        jdbc.sql(
                """
                select s.service_id
                from shared_objects s
                where exists (
                  select from shared_object_borrowers b
                  where b.group_id = :id and b.service_id = s.service_id and b.kind = s.kind
                    and b.object_id = s.object_id)
                order by s.service_id, s.kind, s.object_id
                for update
                """)
            .param("id", id.value())
            .query()
            .listOfRows()
            .size();
    Database.updateOne(jdbc.sql("delete from groups where id = :id").param("id", id.value()));
  }

  @Override
  public boolean hasLimits(Group.Id group) {
    return jdbc.sql("select exists (select from group_limits where group_id = :group and sets_any)")
        .param("group", group.value())
        .query(Boolean.class)
        .single();
  }

  @Override
  public Optional<GroupMember> findMember(Group.Id group, User.Id user) {
    return jdbc.sql(
            """
            select %s
            from group_members m
            join users u on u.id = m.user_id
            where m.group_id = :group and m.user_id = :user
            """
                .formatted(MEMBER_COLUMNS))
        .param("group", group.value())
        .param("user", user.value())
        .query(MEMBER)
        .optional();
  }

  @Override
  public boolean hasOtherManager(Group.Id group, User.Id user) {
    return jdbc.sql(
            """
            select exists (
              select from group_members
              where group_id = :group and role = 'manager' and user_id <> :user)
            """)
        .param("group", group.value())
        .param("user", user.value())
        .query(Boolean.class)
        .single();
  }

  @Override
  public boolean holdMember(Group.Id group, User.Id user) {
    return jdbc.sql(
            """
            select true from group_members
            where group_id = :group and user_id = :user for key share
            """)
        .param("group", group.value())
        .param("user", user.value())
        .query(Boolean.class)
        .optional()
        .isPresent();
  }

  @Override
  public List<GroupMember> listMembers(Group.Id group, Optional<Handle> after, int limit) {
    return jdbc.sql(
            """
            select %s
            from group_members m
            join users u on u.id = m.user_id
            where m.group_id = :group and u.handle > :after
            order by u.handle
            limit :limit
            """
                .formatted(MEMBER_COLUMNS))
        .param("group", group.value())
        .param("after", after.map(Handle::value).orElse(""))
        .param("limit", limit)
        .query(MEMBER)
        .list();
  }

  @Override
  public void putMember(Group.Id group, GroupMember member) {
    Database.updateOne(
        jdbc.sql(
                """
                insert into group_members (group_id, user_id, role, created_at, applied_by)
                values (:group, :user, :role, :created_at, :applied_by)
                on conflict (group_id, user_id)
                  do update set role = excluded.role, applied_by = excluded.applied_by
                """)
            .param("group", group.value())
            .param("user", member.user().value())
            .param("role", member.role().wireName())
            .param("created_at", Parameters.at(member.createdAt()))
            .param("applied_by", Parameters.orNull(member.appliedBy(), AppliedBy::value)));
  }

  @Override
  public boolean removeMember(Group.Id group, User.Id user) {
    return jdbc.sql("delete from group_members where group_id = :group and user_id = :user")
            .param("group", group.value())
            .param("user", user.value())
            .update()
        == 1;
  }

  /** Reads groups and members from rows. */
  private static final class GroupRows {
    private GroupRows() {}

    static Group group(Row row) throws SQLException {
      return new Group(
          new Group.Id(row.uuid("id")),
          new Handle(row.text("handle")),
          FieldColumns.read(row, Group.FIELDS),
          source(row),
          row.bigNumber("version"),
          row.instant("created_at"),
          row.instant("updated_at"));
    }

    static GroupStore.VisibleGroup seen(Row row) throws SQLException {
      return new GroupStore.VisibleGroup(
          group(row),
          row.number("member_count"),
          row.optionalText("viewers_role").map(GroupRole::of));
    }

    static GroupMember member(Row row) throws SQLException {
      return new GroupMember(
          new User.Id(row.uuid("user_id")),
          new Handle(row.text("user_handle")),
          GroupRole.of(row.text("role")),
          row.instant("created_at"),
          row.optionalText("applied_by").map(AppliedBy::new));
    }

    private static Optional<GroupSource> source(Row row) throws SQLException {
      return row.has("issuer")
          ? Optional.of(new GroupSource(row.text("issuer"), row.text("claim_value")))
          : Optional.empty();
    }
  }
}
