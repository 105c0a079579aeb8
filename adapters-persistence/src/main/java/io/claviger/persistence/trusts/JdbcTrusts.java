package io.claviger.persistence.trusts;

import io.claviger.application.trusts.port.TrustStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.Trust;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Implements {@link TrustStore} with the table {@code trusts}. */
public final class JdbcTrusts implements TrustStore {
  private static final RowMapper<Trust> TRUST = Row.mapper(TrustRows::trust);

  private static final String ROWS =
      """
      select
        t.id, t.account_id, t.name, t.subject, t.claim_names, t.claim_values,
        t.max_lifetime_seconds, t.version, t.created_at, t.updated_at,
        i.id as i_id, i.name as i_name, i.issuer as i_issuer, i.version as i_version,
        i.created_at as i_created_at, i.updated_at as i_updated_at
      from trusts t
      join trusted_issuers i on i.id = t.issuer_id
      """;

  private final JdbcClient jdbc;

  public JdbcTrusts(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public Optional<Trust> find(User.Id account, Handle name) {
    return jdbc.sql(ROWS + "where t.account_id = :account and t.name = :name")
        .param("account", account.value())
        .param("name", name.value())
        .query(TRUST)
        .optional();
  }

  @Override
  public List<Trust> list(User.Id account, Optional<Handle> after, int limit) {
    return jdbc.sql(
            ROWS
                + """
                where t.account_id = :account and t.name > :after
                order by t.name
                limit :limit
                """)
        .param("account", account.value())
        .param("after", after.map(Handle::value).orElse(""))
        .param("limit", limit)
        .query(TRUST)
        .list();
  }

  @Override
  public List<Trust> naming(Issuer issuer, Handle account) {
    return jdbc.sql(
            ROWS
                + """
                join users u on u.id = t.account_id
                where u.handle = :account and i.issuer = :issuer
                order by t.name
                """)
        .param("account", account.value())
        .param("issuer", issuer.value())
        .query(TRUST)
        .list();
  }

  @Override
  public Optional<Trust> hold(Trust.Id trust) {
    return jdbc.sql(ROWS + "where t.id = :id for share")
        .param("id", trust.value())
        .query(TRUST)
        .optional();
  }

  @Override
  public int count(User.Id account) {
    return jdbc.sql("select count(*) from trusts where account_id = :account")
        .param("account", account.value())
        .query(Integer.class)
        .single();
  }

  @Override
  public int countLiveTokens(User.Id account, Instant now) {
    return jdbc.sql(
            """
            select count(*)
            from access_tokens
            where user_id = :account and origin = 'exchanged' and expires_at > :now
            """)
        .param("account", account.value())
        .param("now", Parameters.at(now))
        .query(Integer.class)
        .single();
  }

  @Override
  public void insert(Trust trust) {
    StatementSpec statement =
        jdbc.sql(
                """
                insert into trusts (
                  id, account_id, name, issuer_id, subject, claim_names, claim_values,
                  max_lifetime_seconds, version, created_at, updated_at)
                values (
                  :id, :account, :name, :issuer, :subject, :claim_names, :claim_values,
                  :max_lifetime_seconds, :version, :created_at, :updated_at)
                """)
            .param("account", trust.account().value())
            .param("name", trust.name().value())
            .param("created_at", Parameters.at(trust.createdAt()));
    Database.updateOne(with(statement, trust));
  }

  @Override
  public void update(Trust trust) {
    StatementSpec statement =
        jdbc.sql(
            """
            update trusts
            set issuer_id = :issuer, subject = :subject, claim_names = :claim_names,
              claim_values = :claim_values, max_lifetime_seconds = :max_lifetime_seconds,
              version = :version, updated_at = :updated_at
            where id = :id
            """);
    Database.updateOne(with(statement, trust));
    Database.update(
        jdbc.sql("delete from access_tokens where trust_id = :id").param("id", trust.id().value()));
  }

  @Override
  public void delete(Trust.Id trust) {
    Database.updateOne(jdbc.sql("delete from trusts where id = :id").param("id", trust.value()));
  }

  private static StatementSpec with(StatementSpec statement, Trust trust) {
    return statement
        .param("id", trust.id().value())
        .param("issuer", trust.issuer().id().value())
        .param("subject", trust.terms().subject().value())
        .param("claim_names", trust.terms().claims().values().keySet().toArray(String[]::new))
        .param("claim_values", trust.terms().claims().values().values().toArray(String[]::new))
        .param("max_lifetime_seconds", (int) trust.terms().maxLifetime().toSeconds())
        .param("version", trust.version())
        .param("updated_at", Parameters.at(trust.updatedAt()));
  }
}
