package io.claviger.persistence.sessions;

import io.claviger.application.sessions.port.SignInLinkStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Row;
import java.time.Duration;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link SignInLinkStore} with the table {@code sign_in_links}. */
public final class JdbcSignInLinks implements SignInLinkStore {
  private static final RowMapper<LinkRecipient> OWNER =
      Row.mapper(
          row ->
              new LinkRecipient(new User.Id(row.uuid("user_id")), new Handle(row.text("handle"))));

  private final JdbcClient jdbc;

  public JdbcSignInLinks(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public void insert(TokenHash hash, User.Id user, Duration valid) {
    Database.update(
        jdbc.sql(
                """
                insert into sign_in_links (secret_hash, user_id, made_at, expires_at)
                select :hash, :user, c.now, c.now + make_interval(secs => :seconds)
                from (select clock_timestamp() as now) c
                """)
            .param("hash", hash.bytes())
            .param("user", user.value())
            .param("seconds", valid.toSeconds()));
  }

  @Override
  public Optional<LinkRecipient> find(TokenHash hash) {
    return jdbc.sql(
            """
            select l.user_id, u.handle
            from sign_in_links l
            join users u on u.id = l.user_id
            where l.secret_hash = :hash and l.expires_at > statement_timestamp()
            """)
        .param("hash", hash.bytes())
        .query(OWNER)
        .optional();
  }

  @Override
  public Optional<LinkRecipient> take(TokenHash hash) {
    return jdbc.sql(
            """
            delete from sign_in_links l
            using users u
            where u.id = l.user_id and l.secret_hash = :hash
              and l.expires_at > statement_timestamp()
            returning l.user_id, u.handle
            """)
        .param("hash", hash.bytes())
        .query(OWNER)
        .optional();
  }

  @Override
  public int deleteExpired() {
    return jdbc.sql("delete from sign_in_links where expires_at <= statement_timestamp()").update();
  }
}
