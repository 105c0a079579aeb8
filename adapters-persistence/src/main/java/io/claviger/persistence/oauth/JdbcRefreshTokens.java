package io.claviger.persistence.oauth;

import io.claviger.application.oauth.port.RefreshTokenStore;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.oauth.RefreshToken;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link RefreshTokenStore} with the table {@code refresh_tokens}. */
public final class JdbcRefreshTokens implements RefreshTokenStore {
  private static final RowMapper<Family> FAMILY =
      Row.mapper(
          row ->
              new Family(
                  new AccessToken.Id(row.uuid("token_id")),
                  new TokenHash(row.bytes("current_hash"))));

  private final JdbcClient jdbc;

  public JdbcRefreshTokens(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public Optional<Family> find(TokenHash family) {
    return jdbc.sql("select token_id, current_hash from refresh_tokens where family_hash = :hash")
        .param("hash", family.bytes())
        .query(FAMILY)
        .optional();
  }

  /** Locks the access token first, in the same order as a deletion of the token. */
  @Override
  public Optional<Family> lock(TokenHash family) {
    Optional<UUID> unused =
        jdbc.sql(
                """
                select id from access_tokens
                where id = (select token_id from refresh_tokens where family_hash = :hash)
                for update
                """)
            .param("hash", family.bytes())
            .query(UUID.class)
            .optional();
    return jdbc.sql(
            """
            select token_id, current_hash from refresh_tokens where family_hash = :hash for update
            """)
        .param("hash", family.bytes())
        .query(FAMILY)
        .optional();
  }

  @Override
  public void insert(AccessToken.Id token, RefreshToken first, Instant at) {
    Database.updateOne(
        jdbc.sql(
                """
                insert into refresh_tokens (token_id, family_hash, current_hash, replaced_at)
                values (:token, :family, :current, :at)
                """)
            .param("token", token.value())
            .param("family", first.familyHash().bytes())
            .param("current", first.hash().bytes())
            .param("at", Parameters.at(at)));
  }

  @Override
  public void replace(AccessToken.Id token, RefreshToken next, Instant at) {
    Database.updateOne(
        jdbc.sql(
                """
                update refresh_tokens set current_hash = :current, replaced_at = :at
                where token_id = :token
                """)
            .param("token", token.value())
            .param("current", next.hash().bytes())
            .param("at", Parameters.at(at)));
  }
}
