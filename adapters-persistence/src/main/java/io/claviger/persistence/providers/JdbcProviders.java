package io.claviger.persistence.providers;

import io.claviger.application.providers.port.ProviderStore;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ListedProvider;
import io.claviger.persistence.shared.Columns;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.ReferredRows;
import io.claviger.persistence.shared.Row;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Implements {@link ProviderStore} with the table {@code providers}. */
public final class JdbcProviders implements ProviderStore {
  private static final RowMapper<ListedProvider> PROVIDER =
      Row.mapper(
          row -> {
            Optional<List<String>> content = row.optionalTexts("content");
            return new ListedProvider(
                ProviderRows.provider(row.text("handle"), content),
                content.isPresent(),
                row.bigNumber("version"),
                row.instant("created_at"),
                row.instant("updated_at"));
          });

  private static final Columns STORED =
      Columns.of("handle", "content", "version", "created_at", "updated_at");

  private final JdbcClient jdbc;

  public JdbcProviders(Database database) {
    this.jdbc = database.jdbc(ReferredRows.PROVIDERS);
  }

  @Override
  public Optional<ListedProvider> find(Handle handle) {
    return find(handle, "");
  }

  /**
   * Uses {@code for update}, because a weaker lock would protect only the row itself. A weaker lock
   * would not conflict with the lock that PostgreSQL takes when another row begins to refer to the
   * locked row.
   */
  @Override
  public Optional<ListedProvider> lock(Handle handle) {
    return find(handle, "for update");
  }

  @Override
  public Optional<ListedProvider> hold(Handle handle) {
    return find(handle, "for share");
  }

  private Optional<ListedProvider> find(Handle handle, String lock) {
    return jdbc.sql("select %s from providers where handle = :handle %s".formatted(STORED, lock))
        .param("handle", handle.value())
        .query(PROVIDER)
        .optional();
  }

  @Override
  public List<ListedProvider> list(Optional<Handle> after, int limit) {
    return jdbc.sql(
            """
            select %s
            from providers
            where handle > :after
            order by handle
            limit :limit
            """
                .formatted(STORED))
        .param("after", after.map(Handle::value).orElse(""))
        .param("limit", limit)
        .query(PROVIDER)
        .list();
  }

  @Override
  public int lockAndCount() {
    Database.update(jdbc.sql("lock table providers in share row exclusive mode"));
    return jdbc.sql("select count(*) from providers").query(Integer.class).single();
  }

  @Override
  public void insert(ListedProvider provider) {
    StatementSpec statement =
        jdbc.sql("insert into providers (%s) values (%s)".formatted(STORED, STORED.parameters()))
            .param("created_at", Parameters.at(provider.createdAt()));
    Database.updateOne(with(statement, provider));
  }

  @Override
  public void update(ListedProvider provider) {
    StatementSpec statement =
        jdbc.sql(
            "update providers set %s where handle = :handle"
                .formatted(STORED.without("handle", "created_at").assignments()));
    Database.updateOne(with(statement, provider));
  }

  /** The catalogue's models have no foreign key to providers, because deleted models are kept. */
  @Override
  public void delete(Handle handle) {
    boolean hasModels =
        jdbc.sql(
                """
                select exists (
                  select from model_configs where provider = :handle and deleted_at is null)
                """)
            .param("handle", handle.value())
            .query(Boolean.class)
            .single();
    if (hasModels) {
      throw new StillReferenced(new IllegalStateException("models belong to this provider"));
    }
    Database.updateOne(
        jdbc.sql("delete from providers where handle = :handle").param("handle", handle.value()));
  }

  private static StatementSpec with(StatementSpec statement, ListedProvider provider) {
    return statement
        .param("handle", provider.handle().value())
        .param(
            "content",
            provider.isDefined()
                ? provider.provider().content().stored().toArray(String[]::new)
                : null)
        .param("version", provider.version())
        .param("updated_at", Parameters.at(provider.updatedAt()));
  }
}
