package io.claviger.persistence.sessions;

import io.claviger.application.sessions.port.SessionStore;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sessions.SignInMethod;
import io.claviger.persistence.accounts.AccountRows;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Implements {@link SessionStore} with the table {@code sessions}. */
public final class JdbcSessions implements SessionStore {
  private static final int LONGEST_ADDRESS = 64;
  private static final UUID FIRST = new UUID(0, 0);
  private static final Columns SESSION_COLUMNS =
      Columns.of(
          "id",
          "user_id",
          "method",
          "token_id",
          "issuer",
          "subject",
          "provider_session",
          "address",
          "user_agent",
          "signed_in_at",
          "seen_at");
  private static final RowMapper<Session> SESSION = Row.mapper(SessionRows::session);
  private static final RowMapper<User> USER = Row.mapper(AccountRows::user);
  private static final RowMapper<UserSession> FOUND =
      Row.mapper(
          row -> {
            Row token = row.part("t_");
            return new UserSession(
                SessionRows.session(row.part("s_")),
                AccountRows.user(row.part("u_")),
                token.has("id") ? Optional.of(AccountRows.token(token)) : Optional.empty(),
                token.has("id")
                    ? Optional.of(new TokenHash(token.bytes("token_hash")))
                    : Optional.empty(),
                row.optionalInstant("u_sign_in_due_at"));
          });

  private final JdbcClient jdbc;

  public JdbcSessions(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public Optional<UserSession> find(TokenHash secret) {
    return jdbc.sql(
            """
            select
              %s,
              %s,
              %s,
              t.token_hash as t_token_hash,
              u.sign_in_due_at as u_sign_in_due_at
            from sessions s
            join users u on u.id = s.user_id
            left join access_tokens t on t.id = s.token_id and t.scope = 'manage'
            where s.secret_hash = :secret
              and (s.token_id is null or t.id is not null)
            """
                .formatted(
                    SESSION_COLUMNS.as("s"),
                    AccountRows.USER.as("u"),
                    AccountRows.TOKEN.as("t") + ", null as t_service_ref, null as t_project_ref"))
        .param("secret", secret.bytes())
        .query(FOUND)
        .optional();
  }

  @Override
  public Optional<User> lockUser(User.Id user) {
    return jdbc.sql(
            """
            select
              %s
            from users
            where id = :user
            for no key update
            """
                .formatted(AccountRows.USER))
        .param("user", user.value())
        .query(USER)
        .optional();
  }

  @Override
  public void insert(Session session, TokenHash secret) {
    StatementSpec statement =
        jdbc.sql(
                """
                insert into sessions (
                  id, secret_hash, user_id, method, token_id, issuer, subject, provider_session,
                  address, user_agent, signed_in_at, seen_at)
                values (
                  :id, :secret, :user, :method, :token, :issuer, :subject, :provider_session,
                  :address, :user_agent, :signed_in_at, :seen_at)
                """)
            .param("id", session.id().value())
            .param("secret", secret.bytes())
            .param("user", session.user().value())
            .param("method", session.method().wireName())
            .param("token", token(session.method()))
            .param("address", shortened(session.address()))
            .param("user_agent", session.userAgent())
            .param("signed_in_at", Parameters.at(session.signedInAt()))
            .param("seen_at", Parameters.at(session.seenAt()));
    Database.updateOne(withIdentity(statement, session.method()));
  }

  private static StatementSpec withIdentity(StatementSpec statement, SignInMethod method) {
    Optional<SignInMethod.OpenId> open =
        method instanceof SignInMethod.OpenId one ? Optional.of(one) : Optional.empty();
    return statement
        .param("issuer", Parameters.orNull(open, one -> one.identity().issuer().value()))
        .param("subject", Parameters.orNull(open, one -> one.identity().subject().value()))
        .param(
            "provider_session",
            Parameters.orNull(open.flatMap(SignInMethod.OpenId::providerSession), sid -> sid));
  }

  private static @Nullable UUID token(SignInMethod method) {
    return method instanceof SignInMethod.Token one ? one.token().value() : null;
  }

  private static String shortened(String address) {
    return address.substring(0, Math.min(LONGEST_ADDRESS, address.length()));
  }

  /** Does nothing if the session has ended. */
  @Override
  public void recordUse(Session.Id session, Instant at) {
    Database.update(
        jdbc.sql("update sessions set seen_at = :at where id = :id and seen_at <= :long_ago")
            .param("id", session.value())
            .param("at", Parameters.at(at))
            .param("long_ago", Parameters.at(at.minus(USE_GRAIN))));
  }

  @Override
  public List<Session> listOf(User.Id user, Instant now, Optional<Session.Id> after, int limit) {
    return jdbc.sql(
            """
            select
              %s
            from sessions
            where user_id = :user and id > :after
              and signed_in_at > :long_ago and seen_at > :idle_since
            order by id
            limit :limit
            """
                .formatted(SESSION_COLUMNS))
        .param("user", user.value())
        .param("after", after.map(Session.Id::value).orElse(FIRST))
        .param("long_ago", Parameters.at(now.minus(Session.LONGEST)))
        .param("idle_since", Parameters.at(now.minus(Session.LONGEST_IDLE)))
        .param("limit", limit)
        .query(SESSION)
        .list();
  }

  @Override
  public boolean delete(User.Id user, Session.Id session) {
    return jdbc.sql("delete from sessions where id = :id and user_id = :user")
            .param("id", session.value())
            .param("user", user.value())
            .update()
        == 1;
  }

  @Override
  public int deleteOldest(User.Id user, int left) {
    return jdbc.sql(
            """
            delete from sessions
            where id in (
              select id from sessions where user_id = :user order by id desc offset :left)
            """)
        .param("user", user.value())
        .param("left", left)
        .update();
  }

  @Override
  public int deleteOf(Identity identity) {
    return jdbc.sql("delete from sessions where issuer = :issuer and subject = :subject")
        .param("issuer", identity.issuer().value())
        .param("subject", identity.subject().value())
        .update();
  }

  @Override
  public int deleteOf(Issuer issuer, String providerSession) {
    return jdbc.sql("delete from sessions where issuer = :issuer and provider_session = :session")
        .param("issuer", issuer.value())
        .param("session", providerSession)
        .update();
  }

  @Override
  public int deleteUnnamedOf(Identity identity) {
    return jdbc.sql(
            """
            delete from sessions
            where issuer = :issuer and subject = :subject and provider_session is null
            """)
        .param("issuer", identity.issuer().value())
        .param("subject", identity.subject().value())
        .update();
  }

  @Override
  public int deleteEnded() {
    return jdbc.sql(
            """
            delete from sessions
            where signed_in_at <= statement_timestamp() - make_interval(secs => :longest)
              or seen_at <= statement_timestamp() - make_interval(secs => :longest_idle)
            """)
        .param("longest", Session.LONGEST.toSeconds())
        .param("longest_idle", Session.LONGEST_IDLE.toSeconds())
        .update();
  }

  private static final class SessionRows {
    private SessionRows() {}

    static Session session(Row row) throws SQLException {
      return new Session(
          new Session.Id(row.uuid("id")),
          new User.Id(row.uuid("user_id")),
          method(row),
          row.text("address"),
          row.text("user_agent"),
          row.instant("signed_in_at"),
          row.instant("seen_at"));
    }

    private static SignInMethod method(Row row) throws SQLException {
      return switch (row.text("method")) {
        case "oidc" ->
            new SignInMethod.OpenId(
                new Identity(new Issuer(row.text("issuer")), new Subject(row.text("subject"))),
                row.optionalText("provider_session"));
        case "token" -> new SignInMethod.Token(new AccessToken.Id(row.uuid("token_id")));
        default -> new SignInMethod.Link();
      };
    }
  }
}
