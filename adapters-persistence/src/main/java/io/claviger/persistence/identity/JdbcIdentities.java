package io.claviger.persistence.identity;

import io.claviger.application.identity.port.IdentityStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.FormerUser;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.identity.UnfollowedGroups;
import io.claviger.domain.keys.SealedValue;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link IdentityStore} with the table {@code identities}. */
public final class JdbcIdentities implements IdentityStore {
  private static final RowMapper<StoredIdentity> STORED = Row.mapper(row -> stored(row));
  private static final RowMapper<DueIdentity> DUE =
      Row.mapper(
          row ->
              new DueIdentity(
                  stored(row),
                  new SealedValue(row.bytes("refresh_token_sealed")),
                  row.instant("was_due_at"),
                  row.flag("was_uncertain")));

  /**
   * Selects whether an identity provider created the user {@code u}. The part after {@code or} is
   * the rule of {@link io.claviger.domain.scim.ScimUser#made}.
   */
  public static final String MADE_BY_PROVIDER =
      """
      (u.made_by_sign_in or exists (
        select from scim_users made
        where made.user_id = u.id and made.created_at = u.created_at)) as made_by_provider
      """;

  private static final String SELECT =
      """
      select
        i.issuer, i.subject, i.user_id, u.handle, i.administers_by_group, i.offline,
        i.refresh_due_at, i.linked_at, i.signed_in_at, i.too_many_groups,
        i.left_out_groups, i.left_out_group_count, %s
      from identities i
      join users u on u.id = i.user_id
      """
          .formatted(MADE_BY_PROVIDER);

  /**
   * Selects the people who have signed in, but about whom the nodes no longer ask an identity
   * provider.
   */
  private static final String UNFOLLOWED =
      """
      i.signed_in_at is not null
        and i.issuer is distinct from cast(:asked as text)
        and (i.refresh_due_at is null or i.refresh_due_at <= :overdue)
        and u.suspended_at is null
      """;

  /**
   * Selects the people {@code u} whom another issuer created by SCIM, and about whom that issuer
   * reports nothing any more.
   */
  private static final String LEFT_BY_SCIM =
      """
      cast(:asked as text) is not null
        and s.issuer <> cast(:asked as text)
        and s.created_at = u.created_at
        and not s.released
        and u.suspended_at is null
        and not exists (select from scim_tokens t where t.issuer = s.issuer)
        and not exists (
          select from identities n
          where n.user_id = u.id
            and (n.signed_in_at is not null or n.issuer = cast(:asked as text)))
      """;

  /** Whether there is an administrator who may continue without signing in. */
  private static final String ADMINISTRATOR_LEFT =
      """
      exists (
        select from users a
        where a.administrator and a.suspended_at is null and a.sign_in_due_at is null
          and not exists (
            select from identities o
            where o.user_id = a.id and o.signed_in_at is not null
              and o.issuer is distinct from cast(:asked as text))
          and not exists (
            select from scim_users f
            where f.user_id = a.id and f.created_at = a.created_at
              and f.issuer <> cast(:asked as text)))
      """;

  private final JdbcClient jdbc;

  public JdbcIdentities(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public Optional<StoredIdentity> find(Identity identity) {
    return jdbc.sql(
            SELECT
                + """
                where i.issuer = :issuer and i.subject = :subject
                """)
        .param("issuer", identity.issuer().value())
        .param("subject", identity.subject().value())
        .query(STORED)
        .optional();
  }

  @Override
  public Optional<StoredIdentity> findOf(User.Id user) {
    return jdbc.sql(
            SELECT
                + """
                where i.user_id = :user
                """)
        .param("user", user.value())
        .query(STORED)
        .optional();
  }

  @Override
  public Optional<FormerUser> findFormer(Handle handle) {
    return jdbc.sql(
            """
            select issuer, subject, scim_issuer, external_id from former_users
            where handle = :handle
            """)
        .param("handle", handle.value())
        .query(Row.mapper(row -> former(row)))
        .optional();
  }

  private static FormerUser former(Row row) throws SQLException {
    Optional<String> subject = row.optionalText("subject");
    Optional<String> externalId = row.optionalText("external_id");
    return new FormerUser(
        row.optionalText("issuer")
            .map(Issuer::new)
            .flatMap(issuer -> subject.map(one -> new Identity(issuer, new Subject(one)))),
        row.optionalText("scim_issuer")
            .map(Issuer::new)
            .flatMap(issuer -> externalId.map(id -> new FormerUser.Provisioned(issuer, id))));
  }

  @Override
  public void insert(LinkedIdentity identity) {
    Database.updateOne(
        jdbc.sql(
                """
                insert into identities (
                  issuer, subject, user_id, administers_by_group, offline, linked_at,
                  signed_in_at, too_many_groups, left_out_groups, left_out_group_count)
                values (
                  :issuer, :subject, :user, :administers_by_group, false, :linked_at,
                  :signed_in_at, :too_many_groups, :left_out_groups, :left_out_group_count)
                """)
            .param("issuer", identity.identity().issuer().value())
            .param("subject", identity.identity().subject().value())
            .param("user", identity.user().value())
            .param("administers_by_group", identity.administersByGroup())
            .param("linked_at", Parameters.at(identity.linkedAt()))
            .param("signed_in_at", Parameters.at(identity.signedInAt()))
            .param("too_many_groups", identity.unfollowed().tooMany())
            .param("left_out_groups", identity.unfollowed().named().toArray(String[]::new))
            .param("left_out_group_count", identity.unfollowed().count()));
    if (identity.userMadeByProvider()) {
      Database.updateOne(
          jdbc.sql("update users set made_by_sign_in = true where id = :user")
              .param("user", identity.user().value()));
    }
  }

  @Override
  public void update(LinkedIdentity identity, Optional<Renewal> renewal) {
    Database.updateOne(
        jdbc.sql(
                """
                update identities
                set administers_by_group = :administers_by_group, offline = :offline,
                  signed_in_at = :signed_in_at, refresh_token_sealed = :refresh_token,
                  refresh_due_at = :refresh_due_at, refresh_uncertain = false,
                  unanswered_since = null,
                  too_many_groups = :too_many_groups, left_out_groups = :left_out_groups,
                  left_out_group_count = :left_out_group_count
                where user_id = :user and issuer = :issuer and subject = :subject
                """)
            .param("issuer", identity.identity().issuer().value())
            .param("subject", identity.identity().subject().value())
            .param("user", identity.user().value())
            .param("administers_by_group", identity.administersByGroup())
            .param("offline", identity.offline())
            .param("signed_in_at", Parameters.at(identity.signedInAt()))
            .param("too_many_groups", identity.unfollowed().tooMany())
            .param("left_out_groups", identity.unfollowed().named().toArray(String[]::new))
            .param("left_out_group_count", identity.unfollowed().count())
            .param("refresh_token", Parameters.orNull(renewal, one -> one.token().bytes()))
            .param("refresh_due_at", Parameters.at(renewal.map(Renewal::dueAt))));
  }

  @Override
  public void replaceToken(User.Id user, SealedValue token) {
    Database.update(
        jdbc.sql("update identities set refresh_token_sealed = :token where user_id = :user")
            .param("token", token.bytes())
            .param("user", user.value()));
  }

  @Override
  public void setAdministersByGroup(User.Id user, boolean byGroup) {
    Database.update(
        jdbc.sql(
                """
                update identities
                set administers_by_group = :by_group
                where user_id = :user and administers_by_group <> :by_group
                """)
            .param("user", user.value())
            .param("by_group", byGroup));
  }

  @Override
  public boolean delete(User.Id user) {
    return jdbc.sql("delete from identities where user_id = :user")
            .param("user", user.value())
            .update()
        == 1;
  }

  /**
   * Does not update the row if the time is unchanged, because each update makes all nodes remove
   * the user's data from their caches.
   */
  @Override
  public void setSignInDue(User.Id user, Optional<Instant> at) {
    Database.update(
        jdbc.sql(
                """
                update users
                set sign_in_due_at = :at
                where id = :user
                  and sign_in_due_at is distinct from cast(:at as timestamp with time zone)
                """)
            .param("user", user.value())
            .param("at", Parameters.at(at)));
  }

  @Override
  public void setSignInDueUnlessSet(User.Id user, Instant at) {
    Database.update(
        jdbc.sql(
                """
                update users set sign_in_due_at = :at
                where id = :user and sign_in_due_at is null
                """)
            .param("user", user.value())
            .param("at", Parameters.at(at)));
  }

  @Override
  public void release(User.Id user) {
    Database.update(
        jdbc.sql("update scim_users set released = true where user_id = :user and not released")
            .param("user", user.value()));
  }

  @Override
  public Unfollowed unfollowed(Optional<Issuer> asked, Instant overdue, int most) {
    List<Handle> first = new ArrayList<>();
    int number =
        jdbc
            .sql(
                """
                select handle, (count(*) over ())::int as number
                from (
                  select u.handle
                  from identities i
                  join users u on u.id = i.user_id
                  where %s
                  union all
                  select u.handle
                  from scim_users s
                  join users u on u.id = s.user_id
                  where %s) people
                order by handle
                limit :most
                """
                    .formatted(UNFOLLOWED, LEFT_BY_SCIM))
            .param("asked", Parameters.orNull(asked, Issuer::value))
            .param("overdue", Parameters.at(overdue))
            .param("most", most)
            .query(
                (rs, n) -> {
                  first.add(new Handle(rs.getString("handle")));
                  return rs.getInt("number");
                })
            .list()
            .stream()
            .findFirst()
            .orElse(0);
    return new Unfollowed(number, first);
  }

  /**
   * Does not wait for locked rows. So this statement and a transaction that locks several users
   * can't deadlock.
   */
  @Override
  public List<UnfollowedPerson> demandSignIns(
      Optional<Issuer> asked, Instant overdue, Instant at, int most) {
    List<UnfollowedPerson> demanded = new ArrayList<>();
    demanded.addAll(demandSignIns("identities i", "i", UNFOLLOWED, asked, overdue, at, most));
    demanded.addAll(
        demandSignIns(
            "scim_users s", "s", LEFT_BY_SCIM, asked, overdue, at, most - demanded.size()));
    return demanded;
  }

  /**
   * @param table the SQL reference, with an alias, to the table that contains the reason why people
   *     must sign in
   * @param which an SQL condition that selects rows of this table and of the table {@code users u}
   */
  private List<UnfollowedPerson> demandSignIns(
      String table,
      String alias,
      String which,
      Optional<Issuer> asked,
      Instant overdue,
      Instant at,
      int most) {
    return jdbc.sql(
            """
            with chosen as (
              select u.id
              from %s
              join users u on u.id = %s.user_id
              where %s
                and u.sign_in_due_at is null
                and (not u.administrator or %s)
              order by u.handle
              limit :most
              for update of u, %s skip locked)
            update users u
            set sign_in_due_at = :at
            from chosen
            where u.id = chosen.id
            returning u.id, u.handle
            """
                .formatted(table, alias, which, ADMINISTRATOR_LEFT, alias))
        .param("asked", Parameters.orNull(asked, Issuer::value))
        .param("overdue", Parameters.at(overdue))
        .param("at", Parameters.at(at))
        .param("most", most)
        .query(
            Row.mapper(
                row ->
                    new UnfollowedPerson(
                        new User.Id(row.uuid("id")), new Handle(row.text("handle")))))
        .list();
  }

  @Override
  public Optional<DueIdentity> takeDue(Issuer issuer, Instant now, Instant next) {
    return jdbc.sql(
            """
            with early as (
              select user_id, refresh_due_at, refresh_uncertain, unanswered_since
              from identities
              where refresh_due_at <= :now and issuer = :issuer
              order by refresh_due_at
              limit 1
              for update skip locked),
            ahead as (
              select user_id, cast(:now as timestamptz) as refresh_due_at, refresh_uncertain,
                least(unanswered_since, :now) as unanswered_since
              from identities
              where refresh_due_at > greatest(cast(:now as timestamptz), statement_timestamp())
                  + make_interval(secs => :latest)
                and issuer = :issuer and not exists (select from early)
              order by identities.refresh_due_at
              limit 1
              for update skip locked),
            due as (select * from early union all select * from ahead)
            update identities i
            set refresh_due_at = :next, refresh_uncertain = true,
              unanswered_since = coalesce(
                case when due.refresh_uncertain then due.unanswered_since end,
                due.refresh_due_at)
            from due, users u
            where i.user_id = due.user_id and u.id = due.user_id
            returning
              i.issuer, i.subject, i.user_id, u.handle, i.administers_by_group, i.offline,
              i.refresh_due_at, i.linked_at, i.signed_in_at, i.too_many_groups,
              i.left_out_groups, i.left_out_group_count, %s,
              i.refresh_token_sealed,
              due.refresh_due_at as was_due_at,
              due.refresh_uncertain as was_uncertain
            """
                .formatted(MADE_BY_PROVIDER))
        .param("issuer", issuer.value())
        .param("now", Parameters.at(now))
        .param("next", Parameters.at(next))
        .param("latest", LATEST.toSeconds())
        .query(DUE)
        .optional();
  }

  @Override
  public Optional<Instant> oldestUnanswered(Issuer issuer) {
    return jdbc.sql(
            """
            (select refresh_due_at as due_at
             from identities
             where refresh_due_at is not null and issuer = :issuer
             order by refresh_due_at limit 1)
            union all
            (select unanswered_since
             from identities
             where refresh_uncertain and refresh_due_at is not null
               and unanswered_since is not null and issuer = :issuer
             order by unanswered_since limit 1)
            order by due_at limit 1
            """)
        .param("issuer", issuer.value())
        .query((row, number) -> row.getObject(1, OffsetDateTime.class).toInstant())
        .optional();
  }

  @Override
  public void putBack(DueIdentity unsent) {
    Database.update(
        jdbc.sql(
                """
                update identities
                set refresh_due_at = :due, refresh_uncertain = :uncertain,
                  unanswered_since = case when :uncertain then unanswered_since end
                where user_id = :user and refresh_due_at = :next
                """)
            .param("user", unsent.identity().identity().user().value())
            .param("next", Parameters.at(unsent.identity().refreshDueAt()))
            .param("due", Parameters.at(unsent.wasDueAt()))
            .param("uncertain", unsent.uncertain()));
  }

  private static StoredIdentity stored(Row row) throws SQLException {
    return new StoredIdentity(
        linked(row, new User.Id(row.uuid("user_id")), row.flag("made_by_provider")),
        new Handle(row.text("handle")),
        row.optionalInstant("refresh_due_at"));
  }

  /**
   * Reads a row of {@code identities}.
   *
   * @param madeByProvider the value of {@link #MADE_BY_PROVIDER}
   */
  public static LinkedIdentity linked(Row row, User.Id user, boolean madeByProvider)
      throws SQLException {
    return new LinkedIdentity(
        new Identity(new Issuer(row.text("issuer")), new Subject(row.text("subject"))),
        user,
        row.flag("administers_by_group"),
        row.flag("offline"),
        row.instant("linked_at"),
        row.optionalInstant("signed_in_at"),
        new UnfollowedGroups(
            row.flag("too_many_groups"),
            row.texts("left_out_groups"),
            row.number("left_out_group_count")),
        madeByProvider);
  }
}
