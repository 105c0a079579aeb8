package io.claviger.persistence.scim;

import io.claviger.application.scim.port.ScimTokenStore;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.scim.ScimToken;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link ScimTokenStore} with the table {@code scim_tokens}. */
public final class JdbcScimTokens implements ScimTokenStore {
  private static final String ROWS =
      "select id, name, issuer, created_at, last_used_at from scim_tokens ";

  private static final RowMapper<ScimToken> TOKEN =
      Row.mapper(
          row ->
              new ScimToken(
                  new ScimToken.Id(row.uuid("id")),
                  new TokenName(row.text("name")),
                  new Issuer(row.text("issuer")),
                  row.instant("created_at"),
                  row.optionalInstant("last_used_at")));

  private final JdbcClient jdbc;

  public JdbcScimTokens(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public Optional<ScimToken> find(TokenHash hash) {
    return jdbc.sql(ROWS + "where token_hash = :hash")
        .param("hash", hash.bytes())
        .query(TOKEN)
        .optional();
  }

  @Override
  public Optional<ScimToken> find(ScimToken.Id id) {
    return jdbc.sql(ROWS + "where id = :id").param("id", id.value()).query(TOKEN).optional();
  }

  @Override
  public List<ScimToken> list() {
    return jdbc.sql(ROWS + "order by created_at, id").query(TOKEN).list();
  }

  @Override
  public List<ScimToken> lock() {
    String unusedLock =
        jdbc.sql(
                """
                select pg_advisory_xact_lock(
                  hashtextextended(
                    concat_ws(' ', 'claviger scim tokens', current_schema()), 0))::text
                """)
            .query(String.class)
            .single();
    return list();
  }

  @Override
  public void insert(ScimToken token, TokenHash hash) {
    Database.updateOne(
        jdbc.sql(
                """
                insert into scim_tokens (id, name, issuer, token_hash, created_at)
                values (:id, :name, :issuer, :hash, :created_at)
                """)
            .param("id", token.id().value())
            .param("name", token.name().value())
            .param("issuer", token.issuer().value())
            .param("hash", hash.bytes())
            .param("created_at", Parameters.at(token.createdAt())));
  }

  @Override
  public boolean delete(ScimToken.Id id) {
    return jdbc.sql("delete from scim_tokens where id = :id").param("id", id.value()).update() == 1;
  }

  @Override
  public void recordUse(ScimToken.Id id, Instant now) {
    Database.update(
        jdbc.sql(
                """
                update scim_tokens
                set last_used_at = :now
                where id = :id
                  and (last_used_at is null
                    or last_used_at < cast(:now as timestamp with time zone) - interval '1 minute')
                """)
            .param("id", id.value())
            .param("now", Parameters.at(now)));
  }
}
