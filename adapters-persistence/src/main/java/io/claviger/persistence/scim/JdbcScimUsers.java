package io.claviger.persistence.scim;

import io.claviger.application.scim.port.ScimUserStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.scim.ScimSubject;
import io.claviger.domain.scim.ScimUser;
import io.claviger.persistence.accounts.AccountRows;
import io.claviger.persistence.identity.JdbcIdentities;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Implements {@link ScimUserStore} with the table {@code scim_users}. */
public final class JdbcScimUsers implements ScimUserStore {
  private static final RowMapper<Entry> ENTRY = Row.mapper(row -> entry(row));
  private static final RowMapper<ScimUser> RECORD = Row.mapper(row -> record(row.part("s_")));
  private static final RowMapper<User> USER = Row.mapper(AccountRows::user);

  private static final String RECORD_COLUMNS =
      """
      s.user_id as s_user_id, s.issuer as s_issuer, s.external_id as s_external_id,
      s.user_name as s_user_name, s.formatted as s_formatted, s.given_name as s_given_name,
      s.family_name as s_family_name, s.active as s_active, s.deleted_at as s_deleted_at,
      s.created_at as s_created_at, s.updated_at as s_updated_at
      """;

  private static final String ENTRIES =
      """
      select %s, %s,
        i.issuer as i_issuer, i.subject as i_subject, i.object_id as i_object_id,
        i.administers_by_group as i_administers_by_group, i.offline as i_offline,
        i.linked_at as i_linked_at, i.signed_in_at as i_signed_in_at,
        i.too_many_groups as i_too_many_groups, i.left_out_groups as i_left_out_groups,
        i.left_out_group_count as i_left_out_group_count, %s
      from users u
      left join scim_users s on s.user_id = u.id
      left join identities i on i.user_id = u.id
      """
          .formatted(AccountRows.USER.at("u"), RECORD_COLUMNS, JdbcIdentities.MADE_BY_PROVIDER);

  /** Selects the users whom an issuer can see, by the same rule as {@code ScimSight}. */
  private static final String SEEN =
      """
      select v.id
      from users v
      where v.kind = 'person' and v.handle not in ('root', '_system')
        and v.id in (
          select s.user_id from scim_users s where s.issuer = :issuer and s.deleted_at is null
          union
          select i.user_id from identities i
          where i.issuer = :issuer
            and not exists (
              select from scim_users s where s.user_id = i.user_id and s.issuer = :issuer))
      """;

  private final JdbcClient jdbc;

  public JdbcScimUsers(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public boolean isOn(Issuer issuer) {
    return jdbc.sql("select exists (select from scim_tokens where issuer = :issuer)")
        .param("issuer", issuer.value())
        .query(Boolean.class)
        .single();
  }

  @Override
  public Optional<ScimUser> find(Issuer issuer, ScimSubject.Attribute attribute, String value) {
    String column =
        switch (attribute) {
          case EXTERNAL_ID -> "s.external_id = :value";
          case USER_NAME -> "s.user_name = :value and s.deleted_at is null";
        };
    return jdbc.sql(
            "select %s from scim_users s where s.issuer = :issuer and %s"
                .formatted(RECORD_COLUMNS, column))
        .param("issuer", issuer.value())
        .param("value", value)
        .query(RECORD)
        .optional();
  }

  @Override
  public Optional<ScimUser> find(User.Id user) {
    return jdbc.sql("select %s from scim_users s where s.user_id = :user".formatted(RECORD_COLUMNS))
        .param("user", user.value())
        .query(RECORD)
        .optional();
  }

  @Override
  public Optional<Handle> handle(User.Id user) {
    return jdbc.sql("select handle from users where id = :user")
        .param("user", user.value())
        .query(String.class)
        .optional()
        .map(Handle::new);
  }

  @Override
  public Optional<Entry> findEntry(User.Id user) {
    return jdbc.sql(ENTRIES + "where u.id = :user")
        .param("user", user.value())
        .query(ENTRY)
        .optional();
  }

  @Override
  public Optional<Entry> findByExternalId(Issuer issuer, String externalId) {
    return first(issuer, externalId, "s.issuer = :issuer and s.external_id = :value");
  }

  @Override
  public Optional<Entry> findByUserName(Issuer issuer, String userName) {
    return first(
        issuer,
        userName,
        "s.issuer = :issuer and s.user_key = lower(:value) and s.deleted_at is null");
  }

  @Override
  public Optional<Entry> findDeletedByUserName(Issuer issuer, String userName) {
    return first(
        issuer,
        userName,
        """
        s.issuer = :issuer and s.user_key = lower(:value) and s.deleted_at is not null
          and s.external_id is null
        order by s.deleted_at desc
        limit 1
        """);
  }

  @Override
  public Optional<Entry> findByClaim(Issuer issuer, ScimSubject.Claim claim, String value) {
    return first(
        issuer,
        value,
        claim == ScimSubject.Claim.SUB
            ? "i.issuer = :issuer and i.subject = :value"
            : "i.issuer = :issuer and i.object_id = :value order by i.linked_at limit 1");
  }

  private Optional<Entry> first(Issuer issuer, String value, String condition) {
    return jdbc.sql(ENTRIES + "where " + condition)
        .param("issuer", issuer.value())
        .param("value", value)
        .query(ENTRY)
        .optional();
  }

  @Override
  public List<Entry> list(Issuer issuer, int skipped, int limit) {
    return jdbc.sql(
            ENTRIES
                + """
                where u.id in (
                  %s
                  order by v.id
                  offset :skipped
                  limit :limit)
                order by u.id
                """
                    .formatted(SEEN))
        .param("issuer", issuer.value())
        .param("skipped", skipped)
        .param("limit", limit)
        .query(ENTRY)
        .list();
  }

  @Override
  public int countKept(Issuer issuer, int enough) {
    return jdbc.sql(
            """
            select cast(count(*) as integer)
            from (select from scim_users where issuer = :issuer limit :enough) kept
            """)
        .param("issuer", issuer.value())
        .param("enough", enough)
        .query(Integer.class)
        .single();
  }

  @Override
  public int count(Issuer issuer) {
    return jdbc.sql("select cast(count(*) as integer) from (%s) seen".formatted(SEEN))
        .param("issuer", issuer.value())
        .query(Integer.class)
        .single();
  }

  @Override
  public Map<User.Id, User> visible(Issuer issuer, Collection<User.Id> users) {
    if (users.isEmpty()) {
      return Map.of();
    }
    return jdbc
        .sql(
            """
            select %s
            from users u
            where u.id in (%s and v.id = any (cast(:ids as uuid[])))
            """
                .formatted(AccountRows.USER.at("u"), SEEN))
        .param("issuer", issuer.value())
        .param("ids", Parameters.texts(users, id -> id.value().toString()))
        .query(USER)
        .list()
        .stream()
        .collect(Collectors.toMap(User::id, user -> user));
  }

  /**
   * Locks the users before they are read. The foreign key of {@code group_members} would take the
   * same locks too late, after the users have been read.
   */
  @Override
  public Map<User.Id, User> holdVisible(Issuer issuer, Collection<User.Id> users) {
    if (users.isEmpty()) {
      return Map.of();
    }
    List<User.Id> unused =
        jdbc.sql(
                """
                select id from users
                where id = any (cast(:ids as uuid[]))
                order by id
                for key share
                """)
            .param("ids", Parameters.texts(users, id -> id.value().toString()))
            .query(Row.mapper(row -> new User.Id(row.uuid("id"))))
            .list();
    return visible(issuer, users);
  }

  @Override
  public void insert(ScimUser user) {
    StatementSpec statement =
        jdbc.sql(
                """
                insert into scim_users (
                  user_id, issuer, external_id, user_name, formatted, given_name, family_name,
                  active, deleted_at, created_at, updated_at)
                values (
                  :user, :issuer, :external_id, :user_name, :formatted, :given_name, :family_name,
                  :active, :deleted_at, :created_at, :updated_at)
                """)
            .param("created_at", Parameters.at(user.createdAt()));
    write(statement, user);
  }

  @Override
  public void update(ScimUser user) {
    write(
        jdbc.sql(
            """
            update scim_users
            set issuer = :issuer, external_id = :external_id, user_name = :user_name,
              formatted = :formatted, given_name = :given_name, family_name = :family_name,
              active = :active, deleted_at = :deleted_at, updated_at = :updated_at
            where user_id = :user
            """),
        user);
  }

  private static void write(StatementSpec statement, ScimUser user) {
    Database.updateOne(
        statement
            .param("user", user.user().value())
            .param("issuer", user.issuer().value())
            .param("external_id", user.names().externalId().orElse(null))
            .param("user_name", user.names().userName())
            .param("formatted", user.names().formatted().orElse(null))
            .param("given_name", user.names().givenName().orElse(null))
            .param("family_name", user.names().familyName().orElse(null))
            .param("active", user.active())
            .param("deleted_at", Parameters.at(user.deletedAt()))
            .param("updated_at", Parameters.at(user.updatedAt())));
  }

  @Override
  public Optional<String> objectId(User.Id user) {
    return jdbc.sql(
            """
            select object_id
            from identities
            where user_id = :user and object_id is not null
            """)
        .param("user", user.value())
        .query(String.class)
        .optional();
  }

  @Override
  public void setObjectId(User.Id user, Optional<String> objectId) {
    Database.update(
        jdbc.sql(
                """
                update identities
                set object_id = :object_id
                where user_id = :user and object_id is distinct from :object_id
                """)
            .param("user", user.value())
            .param("object_id", objectId.orElse(null)));
  }

  @Override
  public boolean isMember(User.Id user, Issuer issuer, String claimValue) {
    return jdbc.sql(
            """
            select exists (
              select
              from group_members m
              join groups g on g.id = m.group_id
              join scim_groups s on s.group_id = g.id
              where m.user_id = :user and g.issuer = :issuer and g.claim_value = :value
                and s.deleted_at is null)
            """)
        .param("user", user.value())
        .param("issuer", issuer.value())
        .param("value", claimValue)
        .query(Boolean.class)
        .single();
  }

  @Override
  public List<User> administratorsIn(Group.Id group) {
    return jdbc.sql(
            """
            select %s
            from group_members m
            join users u on u.id = m.user_id
            where m.group_id = :group and u.administrator
            order by u.id
            """
                .formatted(AccountRows.USER.at("u")))
        .param("group", group.value())
        .query(USER)
        .list();
  }

  @Override
  public void leaveForgottenGroups(User.Id user, Issuer issuer) {
    Database.update(
        jdbc.sql(
                """
                delete from group_members m
                using groups g
                where m.user_id = :user and g.id = m.group_id and g.kind = 'synced'
                  and not exists (
                    select from scim_groups s where s.group_id = g.id and s.issuer = :issuer)
                  and exists (select from scim_groups s where s.issuer = :issuer)
                """)
            .param("user", user.value())
            .param("issuer", issuer.value()));
  }

  @Override
  public void leaveGroups(User.Id user, Issuer issuer) {
    Database.update(
        jdbc.sql(
                """
                delete from group_members m
                using groups g
                where m.user_id = :user and g.id = m.group_id and g.issuer = :issuer
                """)
            .param("user", user.value())
            .param("issuer", issuer.value()));
  }

  @Override
  public boolean hasOpenOffers(User.Id user) {
    return jdbc.sql(
            """
            select exists (
              select from transfers
              where from_id = :user and state = 'offered' and expires_at > statement_timestamp())
            """)
        .param("user", user.value())
        .query(Boolean.class)
        .single();
  }

  @Override
  public int countOtherAdministrators(User.Id user) {
    return jdbc.sql(
            """
            select cast(count(*) as integer)
            from users
            where administrator and suspended_at is null and id <> :user
            """)
        .param("user", user.value())
        .query(Integer.class)
        .single();
  }

  private static Entry entry(Row row) throws SQLException {
    return new Entry(
        AccountRows.user(row),
        row.has("s_user_id") ? Optional.of(record(row.part("s_"))) : Optional.empty(),
        row.has("i_issuer") ? Optional.of(identity(row)) : Optional.empty(),
        row.optionalText("i_object_id"));
  }

  private static ScimUser record(Row row) throws SQLException {
    return new ScimUser(
        new User.Id(row.uuid("user_id")),
        new Issuer(row.text("issuer")),
        new ScimUser.Names(
            row.optionalText("external_id"),
            row.text("user_name"),
            row.optionalText("formatted"),
            row.optionalText("given_name"),
            row.optionalText("family_name")),
        row.flag("active"),
        row.optionalInstant("deleted_at"),
        row.instant("created_at"),
        row.instant("updated_at"));
  }

  private static LinkedIdentity identity(Row row) throws SQLException {
    return JdbcIdentities.linked(
        row.part("i_"), new User.Id(row.uuid("id")), row.flag("made_by_provider"));
  }
}
