package io.claviger.persistence.accounts;

import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.accounts.port.EndedCredentials;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import io.claviger.domain.approvals.Approval;
import io.claviger.domain.sessions.Session;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.shared.SyncedMemberships;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link CredentialStore} with all tables that contain credentials. */
public final class JdbcCredentials implements CredentialStore {
  private final JdbcClient jdbc;

  public JdbcCredentials(Database database) {
    this.jdbc = database.jdbc();
  }

  private record Unlinked(String issuer, boolean administersByGroup) {}

  /**
   * The first statements delete the credentials that can create other credentials. If another
   * transaction has locked a session or a token of the user, one of the transactions waits for the
   * other. In either case, the later statements of this transaction see the credentials that the
   * other transaction created.
   */
  @Override
  public EndedCredentials endAll(User.Id user, Instant now) {
    int pending = deletePendingLinks(user);
    int sessions = deleteOf(user, "sessions");
    int tokens = deleteOf(user, "access_tokens");
    Optional<Unlinked> unlinked = unlink(user);
    int codes = deleteOf(user, "device_codes");
    int links = deleteOf(user, "sign_in_links");
    boolean webhook = deleteOf(user, "webhooks") == 1;
    boolean administered =
        unlinked.filter(Unlinked::administersByGroup).isPresent() && endAdministration(user, now);
    forgetSignInDue(user);
    List<EndedCredentials.LapsedChange> changes = lapse(user, now);
    return new EndedCredentials(
        tokens,
        sessions,
        unlinked.map(Unlinked::issuer),
        administered,
        codes,
        links,
        pending,
        webhook,
        0,
        changes,
        withdrawConsents(user));
  }

  @Override
  public EndedCredentials endForSuspension(User.Id user) {
    int pending = deletePendingLinks(user);
    int sessions = deleteOf(user, "sessions");
    int tokens =
        jdbc.sql(
                """
                delete from access_tokens
                where user_id = :user and refreshable_until is not null
                """)
            .param("user", user.value())
            .update();
    int codes = deleteOf(user, "device_codes");
    int links = deleteOf(user, "sign_in_links");
    return new EndedCredentials(
        tokens, sessions, Optional.empty(), false, codes, links, pending, false, 0, List.of(), 0);
  }

  private List<EndedCredentials.LapsedChange> lapse(User.Id asker, Instant now) {
    return jdbc.sql(
            """
            with lapsed as (
              update approvals
              set state = 'lapsed', ended_at = greatest(:now, asked_at), reason = :reason,
                change = null
              where asker_id = :asker and state = 'waiting'
              returning id, instance_id, owner_id, asked_owner, asked_handle)
            select
              l.id, coalesce(l.owner_id, i.owner_id) as owner_id,
              case when l.owner_id <> i.owner_id then l.asked_owner else i.owner_handle end
                as owner_handle,
              case when l.owner_id <> i.owner_id then l.asked_handle else i.handle end as handle
            from lapsed l
            join instances i on i.id = l.instance_id
            order by l.id
            """)
        .param("asker", asker.value())
        .param("now", Parameters.at(now))
        .param("reason", RECOVERED)
        .query(
            Row.mapper(
                row ->
                    new EndedCredentials.LapsedChange(
                        new Approval.Id(row.uuid("id")),
                        row.instanceRef(),
                        new User.Id(row.uuid("owner_id")))))
        .list();
  }

  private int withdrawConsents(User.Id user) {
    return jdbc.sql(
            """
            delete from approval_consents c
            using approvals p
            where c.user_id = :user and p.id = c.approval_id and p.state = 'waiting'
            """)
        .param("user", user.value())
        .update();
  }

  private int deletePendingLinks(User.Id user) {
    return jdbc.sql(
            """
            delete from sign_ins
            where session_id in (select id from sessions where user_id = :user)
            """)
        .param("user", user.value())
        .update();
  }

  private int deleteOf(User.Id user, String table) {
    return jdbc.sql("delete from %s where user_id = :user".formatted(table))
        .param("user", user.value())
        .update();
  }

  private Optional<Unlinked> unlink(User.Id user) {
    Optional<Unlinked> unlinked =
        jdbc.sql(
                """
                delete from identities where user_id = :user
                returning issuer, administers_by_group
                """)
            .param("user", user.value())
            .query(
                Row.mapper(
                    row -> new Unlinked(row.text("issuer"), row.flag("administers_by_group"))))
            .optional();
    Database.update(
        jdbc.sql(
                """
                delete from group_members m
                using groups g
                where m.user_id = :user and g.id = m.group_id
                """
                    + SyncedMemberships.OF_IDENTITY)
            .param("user", user.value()));
    return unlinked;
  }

  private boolean endAdministration(User.Id user, Instant now) {
    return jdbc.sql(
                """
                update users
                set administrator = false, version = version + 1, updated_at = :now
                where id = :user and administrator
                """)
            .param("user", user.value())
            .param("now", Parameters.at(now))
            .update()
        == 1;
  }

  private void forgetSignInDue(User.Id user) {
    Database.update(
        jdbc.sql(
                """
                update users set sign_in_due_at = null
                where id = :user and sign_in_due_at is not null
                """)
            .param("user", user.value()));
  }

  @Override
  public boolean everHadAny(User.Id user) {
    return jdbc.sql("select exists (select from users where id = :user and had_token)")
        .param("user", user.value())
        .query(Boolean.class)
        .single();
  }

  /**
   * Locks the user first, in the same order as {@link #endAll}. While this method's lock is on the
   * rows, other transactions can still act as the user. A transaction that suspends, demotes or
   * deletes a user holds the strongest lock on the user's row. This method waits until that
   * transaction ends, and then sees the changed row. The program itself acts as the system user,
   * whose rights do not depend on any row.
   */
  @Override
  public boolean hold(
      User.Id user,
      boolean administrator,
      Optional<AccessToken.Id> token,
      Optional<Session.Id> session) {
    return user.equals(User.Id.SYSTEM)
        || jdbc.sql(
                """
                select
                  exists (
                    select from users
                    where id = :user and suspended_at is null
                      and (administrator or not :administrator)
                    for key share)
                  and (cast(:token as uuid) is null or exists (
                    select from access_tokens
                    where id = :token and user_id = :user
                    for key share))
                  and (cast(:session as uuid) is null or exists (
                    select from sessions
                    where id = :session and user_id = :user
                    for key share))
                """)
            .param("user", user.value())
            .param("administrator", administrator)
            .param("token", Parameters.orNull(token, AccessToken.Id::value))
            .param("session", Parameters.orNull(session, Session.Id::value))
            .query(Boolean.class)
            .single();
  }

  @Override
  public boolean holdProgram(AccessToken.Id token) {
    return jdbc.sql(
            "select exists (select from scim_tokens where id = :token for key share) as held")
        .param("token", token.value())
        .query(Boolean.class)
        .single();
  }
}
