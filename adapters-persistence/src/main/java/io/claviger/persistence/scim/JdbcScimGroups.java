package io.claviger.persistence.scim;

import io.claviger.application.scim.port.ScimGroupStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.scim.ScimGroup;
import io.claviger.persistence.accounts.AccountRows;
import io.claviger.persistence.groups.JdbcGroups;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link ScimGroupStore} with the tables {@code groups}, {@code scim_groups}, {@code
 * group_members}.
 */
public final class JdbcScimGroups implements ScimGroupStore {
  private static final RowMapper<Entry> ENTRY = Row.mapper(row -> entry(row));
  private static final RowMapper<User> USER = Row.mapper(AccountRows::user);

  private static final String ENTRIES =
      """
      select %s,
        s.group_id as s_group_id, s.issuer as s_issuer, s.external_id as s_external_id,
        s.deleted_at as s_deleted_at
      from groups g
      left join scim_groups s on s.group_id = g.id
      """
          .formatted(JdbcGroups.STORED.at("g"));

  /** Selects the groups that an issuer can see, by the same rule as {@code ScimSight}. */
  private static final String SEEN =
      """
      where g.issuer = :issuer and s.deleted_at is null
        and (cast(:name as text) is null or lower(g.display_name) = lower(:name))
      """;

  private final JdbcClient jdbc;

  public JdbcScimGroups(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public Optional<Entry> find(Group.Id group) {
    return jdbc.sql(ENTRIES + "where g.id = :id")
        .param("id", group.value())
        .query(ENTRY)
        .optional();
  }

  @Override
  public Optional<Entry> lock(Group.Id group) {
    return jdbc.sql("select id from groups where id = :id for no key update")
        .param("id", group.value())
        .query(UUID.class)
        .optional()
        .flatMap(locked -> find(group));
  }

  @Override
  public Optional<Entry> findByExternalId(Issuer issuer, String externalId) {
    return first(issuer, externalId, "s.issuer = :issuer and s.external_id = :value");
  }

  @Override
  public Optional<Entry> findByClaimValue(Issuer issuer, String claimValue) {
    return first(issuer, claimValue, "g.issuer = :issuer and g.claim_value = :value");
  }

  private Optional<Entry> first(Issuer issuer, String value, String condition) {
    return jdbc.sql(ENTRIES + "where " + condition)
        .param("issuer", issuer.value())
        .param("value", value)
        .query(ENTRY)
        .optional();
  }

  @Override
  public List<Entry> list(Issuer issuer, Optional<String> displayName, int skipped, int limit) {
    return jdbc.sql(ENTRIES + SEEN + "order by g.id offset :skipped limit :limit")
        .param("issuer", issuer.value())
        .param("name", displayName.orElse(null))
        .param("skipped", skipped)
        .param("limit", limit)
        .query(ENTRY)
        .list();
  }

  @Override
  public int count(Issuer issuer, Optional<String> displayName) {
    return jdbc.sql(
            """
            select cast(count(*) as integer)
            from groups g
            left join scim_groups s on s.group_id = g.id
            """
                + SEEN)
        .param("issuer", issuer.value())
        .param("name", displayName.orElse(null))
        .query(Integer.class)
        .single();
  }

  @Override
  public int countKept(Issuer issuer, int enough) {
    return jdbc.sql(
            """
            select cast(count(*) as integer)
            from (select from groups where issuer = :issuer limit :enough) kept
            """)
        .param("issuer", issuer.value())
        .param("enough", enough)
        .query(Integer.class)
        .single();
  }

  @Override
  public void save(ScimGroup group) {
    Database.updateOne(
        jdbc.sql(
                """
                insert into scim_groups (group_id, issuer, external_id, deleted_at)
                values (:group, :issuer, :external_id, :deleted_at)
                on conflict (group_id)
                  do update set issuer = excluded.issuer, external_id = excluded.external_id,
                    deleted_at = excluded.deleted_at
                """)
            .param("group", group.group().value())
            .param("issuer", group.issuer().value())
            .param("external_id", group.externalId().orElse(null))
            .param("deleted_at", Parameters.at(group.deletedAt())));
  }

  @Override
  public void setClaimValue(Group.Id group, String claimValue) {
    Database.updateOne(
        jdbc.sql("update groups set claim_value = :value where id = :id and kind = 'synced'")
            .param("id", group.value())
            .param("value", claimValue));
  }

  @Override
  public List<User> members(Group.Id group) {
    return jdbc.sql(
            """
            select %s
            from group_members m
            join users u on u.id = m.user_id
            where m.group_id = :group
            order by u.id
            """
                .formatted(AccountRows.USER.at("u")))
        .param("group", group.value())
        .query(USER)
        .list();
  }

  @Override
  public List<User> membersAmong(Group.Id group, Collection<User.Id> users) {
    return jdbc.sql(
            """
            select %s
            from group_members m
            join users u on u.id = m.user_id
            where m.group_id = :group and m.user_id = any (cast(:ids as uuid[]))
            order by u.id
            """
                .formatted(AccountRows.USER.at("u")))
        .param("group", group.value())
        .param("ids", Parameters.texts(users, id -> id.value().toString()))
        .query(USER)
        .list();
  }

  @Override
  public int countMembers(Group.Id group) {
    return jdbc.sql("select cast(count(*) as integer) from group_members where group_id = :group")
        .param("group", group.value())
        .query(Integer.class)
        .single();
  }

  @Override
  public void add(Group.Id group, Collection<User.Id> users, Instant now) {
    if (users.isEmpty()) {
      return;
    }
    Database.update(
        jdbc.sql(
                """
                insert into group_members (group_id, user_id, role, created_at)
                select :group, n.id, 'member', :now
                from unnest(cast(:ids as uuid[])) as n (id)
                order by n.id
                on conflict do nothing
                """)
            .param("group", group.value())
            .param("ids", Parameters.texts(users, id -> id.value().toString()))
            .param("now", Parameters.at(now)));
  }

  @Override
  public void remove(Group.Id group, Collection<User.Id> users) {
    if (users.isEmpty()) {
      return;
    }
    Database.update(
        jdbc.sql(
                """
                delete from group_members
                where group_id = :group and user_id = any (cast(:ids as uuid[]))
                """)
            .param("group", group.value())
            .param("ids", Parameters.texts(users, id -> id.value().toString())));
  }

  private static Entry entry(Row row) throws SQLException {
    Group group = JdbcGroups.read(row);
    return new Entry(
        group,
        row.has("s_group_id")
            ? Optional.of(
                new ScimGroup(
                    group.id(),
                    new Issuer(row.text("s_issuer")),
                    row.optionalText("s_external_id"),
                    row.optionalInstant("s_deleted_at")))
            : Optional.empty());
  }
}
