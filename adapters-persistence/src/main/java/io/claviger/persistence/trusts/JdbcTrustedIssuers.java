package io.claviger.persistence.trusts;

import io.claviger.application.trusts.port.TrustedIssuerStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.TrustedIssuer;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.ReferredRows;
import io.claviger.persistence.shared.Row;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link TrustedIssuerStore} with the table {@code trusted_issuers}. */
public final class JdbcTrustedIssuers implements TrustedIssuerStore {
  private static final RowMapper<TrustedIssuer> ISSUER = Row.mapper(TrustRows::issuer);

  private static final String ROWS =
      """
      select id, name, issuer, version, created_at, updated_at
      from trusted_issuers
      """;

  private final JdbcClient jdbc;

  public JdbcTrustedIssuers(Database database) {
    this.jdbc = database.jdbc(ReferredRows.TRUSTED_ISSUERS);
  }

  @Override
  public Optional<TrustedIssuer> find(Handle name) {
    return jdbc.sql(ROWS + "where name = :name")
        .param("name", name.value())
        .query(ISSUER)
        .optional();
  }

  @Override
  public Optional<TrustedIssuer> find(Issuer issuer) {
    return jdbc.sql(ROWS + "where issuer = :issuer")
        .param("issuer", issuer.value())
        .query(ISSUER)
        .optional();
  }

  @Override
  public Optional<TrustedIssuer> lock(Handle name) {
    return jdbc.sql(ROWS + "where name = :name for update")
        .param("name", name.value())
        .query(ISSUER)
        .optional();
  }

  @Override
  public List<TrustedIssuer> list(Optional<Handle> after, int limit) {
    return jdbc.sql(
            ROWS
                + """
                where name > :after
                order by name
                limit :limit
                """)
        .param("after", after.map(Handle::value).orElse(""))
        .param("limit", limit)
        .query(ISSUER)
        .list();
  }

  @Override
  public void insert(TrustedIssuer issuer) {
    Database.updateOne(
        jdbc.sql(
                """
                insert into trusted_issuers (id, name, issuer, version, created_at, updated_at)
                values (:id, :name, :issuer, :version, :created_at, :updated_at)
                """)
            .param("id", issuer.id().value())
            .param("name", issuer.name().value())
            .param("issuer", issuer.issuer().value())
            .param("version", issuer.version())
            .param("created_at", Parameters.at(issuer.createdAt()))
            .param("updated_at", Parameters.at(issuer.updatedAt())));
  }

  @Override
  public void update(TrustedIssuer issuer) {
    Database.updateOne(
        jdbc.sql(
                """
                update trusted_issuers
                set issuer = :issuer, version = :version, updated_at = :updated_at
                where id = :id
                """)
            .param("id", issuer.id().value())
            .param("issuer", issuer.issuer().value())
            .param("version", issuer.version())
            .param("updated_at", Parameters.at(issuer.updatedAt())));
    Database.update(
        jdbc.sql(
                """
                delete from access_tokens
                where trust_id in (select t.id from trusts t where t.issuer_id = :id)
                """)
            .param("id", issuer.id().value()));
  }

  @Override
  public void delete(TrustedIssuer.Id issuer) {
    Database.updateOne(
        jdbc.sql("delete from trusted_issuers where id = :id").param("id", issuer.value()));
  }
}
