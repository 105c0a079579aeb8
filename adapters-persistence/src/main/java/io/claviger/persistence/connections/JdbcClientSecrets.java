package io.claviger.persistence.connections;

import io.claviger.application.connections.port.ClientSecretStore;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link ClientSecretStore} with the table {@code client_secrets}. */
public final class JdbcClientSecrets implements ClientSecretStore {
  /**
   * The condition that user {@code s.user_id} is the caller {@code :user} or counts as the same
   * holder. A service account counts as the person or group responsible for the account. The
   * condition uses indexes, because otherwise each call would read all users.
   */
  private static final String OF_SAME_HOLDER =
      """
      s.user_id in (
        select u.id
        from users u
        join (
          select coalesce(c.responsible_id, c.id) as id from users c where c.id = :user) h
          on u.id = h.id or u.responsible_user_id = h.id or u.responsible_group_id = h.id)
      """;

  /** The condition under which user {@code :user} may get another secret. */
  private static final String HAS_ROOM =
      """
      (select count(*) from client_secrets s where %s) < :most
        and (select count(*) from client_secrets) < :in_all
      """
          .formatted(OF_SAME_HOLDER);

  private final JdbcClient jdbc;

  public JdbcClientSecrets(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public Keeping keep(NewSecret secret, Duration valid) {
    jdbc.sql(
            """
            delete from client_secrets s
            where s.expires_at <= clock_timestamp() and %s
            """
                .formatted(OF_SAME_HOLDER))
        .param("user", secret.account().user().value())
        .update();
    // Each of a user's secrets takes one of a fixed number of numbered places. Another thread might
    // take a free place before this thread does. This thread then tries the next free place, so it
    // needs at most one attempt for each place.
    for (int tries = 0; tries < MOST_OF_USER; tries++) {
      Optional<Instant> kept;
      try {
        kept = tryToKeep(secret, valid);
      } catch (ConcurrencyConflict e) {
        // While this thread inserted the secret, another transaction deleted something to which the
        // secret refers, or gave its token a new text.
        if (e.how() != ConcurrencyConflict.How.REFERENCE_GONE) {
          throw e;
        }
        return new Keeping.Refused(refusal(secret).orElse(Why.SERVICE_ENDED));
      }
      if (kept.isPresent()) {
        return new Keeping.Kept(kept.get());
      }
      Optional<Why> refusal = refusal(secret);
      if (refusal.isPresent()) {
        return new Keeping.Refused(refusal.get());
      }
    }
    return new Keeping.Refused(Why.TOO_MANY);
  }

  private Optional<Instant> tryToKeep(NewSecret secret, Duration valid) {
    return jdbc.sql(
            """
            insert into client_secrets (
              secret_hash, token_hash, user_id, place, instance_id, project_id, session, expires_at)
            select :secret, t.token_hash, :user, n.place, :service, cast(:project as uuid), :session,
              clock_timestamp() + :millis * interval '1 millisecond'
            from generate_series(0, :most - 1) as n (place)
            join access_tokens t on t.token_hash = :token and t.user_id = :user
            where not exists (
                select 1 from client_secrets s where s.user_id = :user and s.place = n.place)
              and %s
            order by n.place
            limit 1
            on conflict on constraint client_secrets_place_key do nothing
            returning expires_at
            """
                .formatted(HAS_ROOM))
        .param("secret", secret.secret().bytes())
        .param("token", secret.token().bytes())
        .param("user", secret.account().user().value())
        .param("service", secret.account().instance().value())
        .param("project", Parameters.orNull(secret.account().project(), of -> of.id().value()))
        .param("session", secret.session())
        .param("millis", valid.toMillis())
        .param("most", MOST_OF_USER)
        .param("in_all", MOST)
        .query(OffsetDateTime.class)
        .optional()
        .map(OffsetDateTime::toInstant);
  }

  /** Returns why a secret can't be stored; empty if its token exists and its user has a place. */
  private Optional<Why> refusal(NewSecret secret) {
    return jdbc.sql(
            """
            select
              exists (
                select from access_tokens t
                where t.token_hash = :token and t.user_id = :user) as valid,
              %s as room
            """
                .formatted(HAS_ROOM))
        .param("token", secret.token().bytes())
        .param("user", secret.account().user().value())
        .param("most", MOST_OF_USER)
        .param("in_all", MOST)
        .query(
            (row, number) ->
                !row.getBoolean("valid")
                    ? Optional.of(Why.TOKEN_ENDED)
                    : row.getBoolean("room") ? Optional.<Why>empty() : Optional.of(Why.TOO_MANY))
        .single();
  }

  @Override
  public Optional<KeptSecret> find(TokenHash secret) {
    return jdbc.sql(
            """
            select token_hash, instance_id, session from client_secrets
            where secret_hash = :secret and expires_at > clock_timestamp()
            """)
        .param("secret", secret.bytes())
        .query(
            (row, number) ->
                new KeptSecret(
                    new TokenHash(row.getBytes("token_hash")),
                    new Instance.Id(row.getObject("instance_id", UUID.class)),
                    row.getBytes("session")))
        .optional();
  }

  @Override
  public boolean take(TokenHash secret, UsageAccount account) {
    return jdbc.sql(
                """
                delete from client_secrets
                where secret_hash = :secret and expires_at > clock_timestamp() and user_id = :user
                  and instance_id = :service and project_id is not distinct from cast(:project as uuid)
                """)
            .param("secret", secret.bytes())
            .param("user", account.user().value())
            .param("service", account.instance().value())
            .param("project", Parameters.orNull(account.project(), of -> of.id().value()))
            .update()
        > 0;
  }

  @Override
  public int removeOld() {
    return jdbc.sql("delete from client_secrets where expires_at <= statement_timestamp()")
        .update();
  }
}
