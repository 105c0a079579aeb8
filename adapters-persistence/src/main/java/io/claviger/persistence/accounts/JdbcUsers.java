package io.claviger.persistence.accounts;

import io.claviger.application.accounts.port.ServiceAccount;
import io.claviger.application.accounts.port.UserDependents;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.shared.SearchText;
import io.claviger.application.shared.Sight;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.GroupKind;
import io.claviger.persistence.limits.UserLimitRows;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.FieldColumns;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.ReferredRows;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.shared.Seeing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link UserStore} with the table {@code users}. */
public final class JdbcUsers implements UserStore {
  /**
   * Selects the subjects of the budget accounts that a person would get again as a new user after
   * the person's present user was deleted. Each subject lacks the user's id at its end. Such
   * accounts are the accounts that everybody has, and the accounts of everybody whom the identity
   * provider reports as a member of a group.
   */
  private static final String REGAINED =
      """
      select 'service:' || i.id as subject from instances i where i.is_everybodys
      union
      select 'service:' || o.instance_id
      from open_projects o
      join instances i on i.id = o.instance_id
      where i.owner_id <> :user
      union
      select 'project:' || o.project_id
      from open_projects o
      join projects p on p.id = o.project_id
      where p.owner_id <> :user
      union
      select 'service:' || s.instance_id
      from shares s
      join synced g on g.group_id = s.group_id
      join instances i on i.id = s.instance_id
      where i.owner_id <> :user
        and (s.expires_at is null or s.expires_at > statement_timestamp())
      union
      select 'project:' || s.project_id
      from project_shares s
      join synced g on g.group_id = s.group_id
      join projects p on p.id = s.project_id
      where p.owner_id <> :user
      union
      select 'service:' || p.instance_id
      from project_shares s
      join synced g on g.group_id = s.group_id
      join projects p on p.id = s.project_id
      where p.instance_id is not null and p.owner_id <> :user
      """;

  private static final RowMapper<User> USER = Row.mapper(AccountRows::user);

  private static final RowMapper<ServiceAccount> SERVICE_ACCOUNT =
      Row.mapper(
          row ->
              new ServiceAccount(
                  AccountRows.user(row),
                  row.number("live_tokens"),
                  row.optionalInstant("oldest_token_at"),
                  row.optionalInstant("last_used_at")));

  private static final Columns CHANGED =
      AccountRows.USER.without("id", "handle", "kind", "created_at");

  private static final String CONTAINING =
      """
      (cast(:text as text) is null or handle ilike :text or display_name ilike :text
        or email ilike :text)
      """;

  /**
   * Selects the users whose handles {@code :viewer} sees in lists of shares, members and services.
   */
  private static final String KNOWN =
      """
      select u.handle
      from users u
      where u.handle <> '_system' and u.id <> :viewer
        and (cast(:text as text) is null or u.handle ilike :text)
        and (cast(:handle as text) is null or u.handle = :handle)
        and (:everything or %s)
      """
          .formatted(
              Seeing.PEOPLE.stream()
                  .map("u.id in (\n%s)"::formatted)
                  .collect(Collectors.joining(" or ")));

  private final JdbcClient jdbc;
  private final JdbcClient lists;
  private final JdbcClient deletion;

  public JdbcUsers(Database database) {
    this.jdbc = database.jdbc();
    this.lists = database.lists();
    this.deletion = database.jdbc(ReferredRows.USERS);
  }

  @Override
  public Optional<User> find(Handle handle) {
    return find(handle, "");
  }

  @Override
  public Optional<User> lock(Handle handle) {
    return find(handle, "for update");
  }

  @Override
  public Optional<User> hold(Handle handle) {
    return find(handle, "for share");
  }

  private Optional<User> find(Handle handle, String lock) {
    return jdbc.sql(
            """
            select
              %s
            from users
            where handle = :handle
            %s
            """
                .formatted(AccountRows.USER, lock))
        .param("handle", handle.value())
        .query(USER)
        .optional();
  }

  @Override
  public List<User> list(Optional<SearchText> text, Optional<Handle> after, int limit) {
    return jdbc.sql(
            """
            select
              %s
            from users
            where handle > :after and handle <> '_system' and %s
            order by handle
            limit :limit
            """
                .formatted(AccountRows.USER, CONTAINING))
        .param("text", Parameters.containing(text))
        .param("after", after.map(Handle::value).orElse(""))
        .param("limit", limit)
        .query(USER)
        .list();
  }

  @Override
  public int count(Optional<SearchText> text, int most) {
    return jdbc.sql(
            """
            select count(*)
            from (
              select id
              from users
              where handle <> '_system' and %s
              limit :most) counted
            """
                .formatted(CONTAINING))
        .param("text", Parameters.containing(text))
        .param("most", most)
        .query(Integer.class)
        .single();
  }

  @Override
  public List<Handle> known(Sight sight, Optional<SearchText> text, Instant now, int limit) {
    return Seeing.of(sight, lists.sql(KNOWN + "order by u.handle\nlimit :limit"))
        .param("text", Parameters.containing(text))
        .param("handle", null)
        .param("now", Parameters.at(now))
        .param("limit", limit)
        .query(Row.mapper(row -> new Handle(row.text("handle"))))
        .list();
  }

  @Override
  public boolean isKnown(Sight sight, Handle handle, Instant now) {
    return Seeing.of(sight, lists.sql("select exists (%s)".formatted(KNOWN)))
        .param("text", null)
        .param("handle", handle.value())
        .param("now", Parameters.at(now))
        .query(Boolean.class)
        .single();
  }

  @Override
  public List<ServiceAccount> listServiceAccounts(
      User.Id responsible, Instant now, Optional<Handle> after, int limit) {
    return jdbc.sql(
            """
            select
              %s,
              t.live_tokens, t.oldest_token_at, t.last_used_at
            from (
              select
                %s
              from users
              where handle > :after
                and (
                  responsible_user_id = :responsible
                  or responsible_group_id in (
                    select m.group_id
                    from group_members m
                    join users p on p.id = m.user_id and p.kind = 'person'
                    where m.user_id = :responsible and m.role = 'manager'))
              order by handle
              limit :limit) u
            cross join lateral (
              select
                cast(count(*) as integer) as live_tokens, min(created_at) as oldest_token_at,
                max(last_used_at) as last_used_at
              from access_tokens
              where user_id = u.id and (expires_at is null or expires_at > :now)) t
            order by u.handle
            """
                .formatted(AccountRows.USER.at("u"), AccountRows.USER))
        .param("after", after.map(Handle::value).orElse(""))
        .param("responsible", responsible.value())
        .param("now", Parameters.at(now))
        .param("limit", limit)
        .query(SERVICE_ACCOUNT)
        .list();
  }

  @Override
  public void insert(User user) {
    write(
        """
                insert into users (
                  %s)
                values (
                  %s)
                """
            .formatted(AccountRows.USER, AccountRows.USER.parameters()),
        user);
  }

  @Override
  public void update(User user) {
    write(
        """
                update users
                set %s
                where id = :id
                """
            .formatted(CHANGED.assignments()),
        user);
  }

  private void write(String sql, User user) {
    Database.updateOne(
        FieldColumns.with(jdbc.sql(sql), User.STORED, user.fields())
            .param("id", user.id().value())
            .param("handle", user.handle().value())
            .param("kind", user.kind().wireName())
            .param("responsible_id", user.responsible().map(Responsible::uuid).orElse(null))
            .param("responsible_handle", user.responsible().map(Responsible::name).orElse(null))
            .param("suspended_at", Parameters.at(user.suspendedAt()))
            .param("version", user.version())
            .param("created_at", Parameters.at(user.createdAt()))
            .param("updated_at", Parameters.at(user.updatedAt())));
  }

  @Override
  public void delete(User.Id user) {
    Database.updateOne(
        jdbc.sql(
                """
                insert into former_users (
                  handle, issuer, subject, scim_issuer, external_id, deleted_at)
                select u.handle, i.issuer, i.subject,
                  case when s.external_id is not null then s.issuer end, s.external_id,
                  statement_timestamp()
                from users u
                left join identities i on i.user_id = u.id
                left join scim_users s on s.user_id = u.id
                where u.id = :id
                on conflict (handle) do update
                set issuer = excluded.issuer, subject = excluded.subject,
                  scim_issuer = excluded.scim_issuer, external_id = excluded.external_id,
                  deleted_at = excluded.deleted_at
                """)
            .param("id", user.value()));
    Database.updateOne(deletion.sql("delete from users where id = :id").param("id", user.value()));
    // From here on, the transaction waits only for the counter of changes, which everybody locks
    // last.
    int unused = jdbc.sql("set local lock_timeout to default").update();
  }

  @Override
  public UserDependents dependentsOf(User.Id user, Instant now) {
    return new Dependents(jdbc).of(user, now);
  }

  @Override
  public boolean limited(User.Id user) {
    return UserLimitRows.limitMember(jdbc, user)
        || jdbc.sql("select exists (select from user_limits where user_id = :user and sets_any)")
            .param("user", user.value())
            .query(Boolean.class)
            .single();
  }

  @Override
  public boolean wouldRegainBudgets(User.Id user) {
    return jdbc.sql(
            """
            with synced as (
              select m.group_id
              from group_members m
              join groups g on g.id = m.group_id
              where m.user_id = :user and g.kind = 'synced'),
            again as (
              %s)
            select (
                exists (select from identities where user_id = :user)
                or exists (select from scim_users where user_id = :user))
              and exists (
                select
                from again
                join budget_accounts a on a.subject = again.subject || ':' || cast(:user as text)
                join budget_windows w on w.account_id = a.id
                where (w.settled > 0 or w.reserved > 0)
                  and (w.ends_at is null or w.ends_at > budget_clock()))
            """
                .formatted(REGAINED))
        .param("user", user.value())
        .query(Boolean.class)
        .single();
  }

  @Override
  public void replaceResponsible(User.Id user, User.Id successor, Instant now) {
    Database.update(
        jdbc.sql(
                """
                with managed as (
                  %s),
                accounts as (
                  select id from users
                  where responsible_user_id = :user
                    or responsible_group_id in (select id from managed)
                  order by id
                  for no key update)
                update users
                set responsible_id = :successor,
                  responsible_handle = (select handle from users where id = :successor),
                  version = version + 1, updated_at = :now
                where id in (select id from accounts)
                """
                    .formatted(Dependents.MANAGED_ALONE))
            .param("user", user.value())
            .param("successor", successor.value())
            .param("now", Parameters.at(now)));
  }

  @Override
  public void lockForDeletion(User.Id user) {
    lock(
        """
        select t.id
        from transfers t
        where t.id in (
          select g.id from transfers g where g.from_id = :user
          union all
          select r.id from transfers r where r.to_id = :user)
        order by t.id
        for update
        """,
        user);
    lock(
        """
        select p.id
        from projects p
        where p.id in (
          select o.id from projects o where o.owner_id = :user
          union all
          select o.id
          from instances i
          join projects o on o.instance_id = i.id
          where i.owner_id = :user
          union all
          select o.project_id
          from shares own
          join shares s on s.instance_id = own.instance_id and s.given_via = own.grantee_id
          join open_projects o on o.instance_id = s.instance_id and o.share_holder = s.grantee_id
          where own.grantee_id = :user)
        order by p.id
        for update
        """,
        user);
    lock("select id from instances where owner_id = :user order by id for update", user);
    Set<User.Id> unused = lockAdministrators();
    // The record of an object locks users in the order of their ids, but whoever changes a service
    // account needs its user last.
    waitBriefly();
    lock(
        """
        select a.id
        from users a
        where a.responsible_user_id = :user
        order by a.id
        for no key update
        """,
        user);
    lock("select id from users where id = :user for update", user);
  }

  /**
   * Makes the current transaction wait for a locked row only for a quarter of the time after which
   * PostgreSQL looks for deadlocks. The deletion of a user reaches rows of nearly all kinds, and
   * other transactions that have locked such a row might need the user's row next. Both
   * transactions would then wait for each other. In this case, the deletion has to give up, and not
   * the other transaction.
   */
  private void waitBriefly() {
    Object unused =
        jdbc.sql(
                """
                select set_config('lock_timeout', greatest(1, cast(250 * extract(
                  epoch from cast(current_setting('deadlock_timeout') as interval)) as integer))
                  || 'ms', true)
                """)
            .query(String.class)
            .single();
  }

  private void lock(String statement, User.Id user) {
    int unused = jdbc.sql(statement).param("user", user.value()).query().listOfRows().size();
  }

  /**
   * First locks the row of {@code _system}, which always exists, so that only one transaction at a
   * time locks the administrators. Other rows can still begin to refer to the locked row.
   */
  @Override
  public Set<User.Id> lockAdministrators() {
    // Without this first lock, two transactions could deadlock. The first transaction would lock
    // rows of an outdated set of administrators, one after the other. The second transaction would
    // hold rows of a newer set, and need a row that is only in the outdated set.
    jdbc.sql("select id from users where handle = '_system' for no key update").query().singleRow();
    return jdbc
        .sql(
            """
            select id, suspended_at
            from users
            where administrator
            order by id
            for no key update
            """)
        .query(Row.mapper(row -> Map.entry(row.uuid("id"), row.has("suspended_at"))))
        .list()
        .stream()
        .filter(administrator -> !administrator.getValue())
        .map(administrator -> new User.Id(administrator.getKey()))
        .collect(Collectors.toSet());
  }

  @Override
  public boolean answersAsManager(UUID group, User.Id user) {
    return jdbc.sql(
            """
            select exists (
              select
              from group_members m
              join users u on u.id = m.user_id and u.kind = 'person'
              where m.group_id = :group and m.user_id = :user and m.role = 'manager')
            """)
        .param("group", group)
        .param("user", user.value())
        .query(Boolean.class)
        .single();
  }

  @Override
  public boolean holdAsManager(UUID group, User.Id user) {
    return jdbc.sql(
            """
            select true
            from group_members m
            join users u on u.id = m.user_id and u.kind = 'person'
            where m.group_id = :group and m.user_id = :user and m.role = 'manager'
            for share of m
            """)
        .param("group", group)
        .param("user", user.value())
        .query(Boolean.class)
        .optional()
        .isPresent();
  }

  @Override
  public boolean sharePerson(User.Id one, User.Id other) {
    return jdbc.sql(
            """
            with recursive acting (actor, as_user) as (
              select id, id from users where id in (:one, :other)
              union
              select coalesce(u.responsible_user_id, m.user_id), a.as_user
              from acting a
              join users u on u.id = a.actor and u.kind = 'service'
              left join group_members m
                on m.group_id = u.responsible_group_id and m.role = 'manager')
            select exists (
              select from acting a
              join acting b on b.actor = a.actor
              where a.as_user = :one and b.as_user = :other)
            """)
        .param("one", one.value())
        .param("other", other.value())
        .query(Boolean.class)
        .single();
  }

  @Override
  public boolean answersForAccounts(UUID group) {
    return jdbc.sql("select exists (select from users where responsible_group_id = :group)")
        .param("group", group)
        .query(Boolean.class)
        .single();
  }

  @Override
  public Optional<FoundGroup> findGroup(Handle handle) {
    return jdbc.sql("select id, kind from groups where handle = :handle")
        .param("handle", handle.value())
        .query(
            Row.mapper(
                row -> new FoundGroup(row.uuid("id"), row.constant("kind", GroupKind.class))))
        .optional();
  }

  @Override
  public boolean isEmpty() {
    return !jdbc.sql("select exists (select from users where handle <> '_system')")
        .query(Boolean.class)
        .single();
  }
}
