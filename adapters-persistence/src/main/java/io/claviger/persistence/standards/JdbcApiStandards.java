package io.claviger.persistence.standards;

import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.RequestHeader;
import io.claviger.domain.standards.ResponseHeader;
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

/** Implements {@link ApiStandardStore} with the table {@code api_standards}. */
public final class JdbcApiStandards implements ApiStandardStore {
  private static final RowMapper<ApiStandard> STANDARD = Row.mapper(StandardRows::standard);

  private static final Columns STORED =
      Columns.of(
          "handle",
          "description",
          "format",
          "key_method",
          "key_field",
          "operations",
          "request_headers",
          "response_headers",
          "query_parameters",
          "version",
          "created_at",
          "updated_at");

  private final JdbcClient jdbc;

  public JdbcApiStandards(Database database) {
    this.jdbc = database.jdbc(ReferredRows.API_STANDARDS);
  }

  @Override
  public Optional<ApiStandard> find(Handle handle) {
    return find(handle, "");
  }

  /**
   * Locks the row with {@code for update}, because a weaker lock would protect only the row itself.
   * A weaker lock would not conflict with the lock that PostgreSQL takes when another row begins to
   * refer to the locked row.
   */
  @Override
  public Optional<ApiStandard> lock(Handle handle) {
    return find(handle, "for update");
  }

  @Override
  public Optional<ApiStandard> hold(Handle handle) {
    return find(handle, "for share");
  }

  private Optional<ApiStandard> find(Handle handle, String lock) {
    return jdbc.sql(
            """
            select
              %s
            from api_standards
            where handle = :handle
            %s
            """
                .formatted(STORED, lock))
        .param("handle", handle.value())
        .query(STANDARD)
        .optional();
  }

  @Override
  public List<ApiStandard> list(Optional<Handle> after, int limit) {
    return jdbc.sql(
            """
            select
              %s
            from api_standards
            where handle > :after
            order by handle
            limit :limit
            """
                .formatted(STORED))
        .param("after", after.map(Handle::value).orElse(""))
        .param("limit", limit)
        .query(STANDARD)
        .list();
  }

  @Override
  public boolean isInUse(Handle handle) {
    return jdbc.sql(
            """
            select exists (select from definitions where api_standard = :handle)
              or exists (select from instances where api_standard = :handle)
            """)
        .param("handle", handle.value())
        .query(Boolean.class)
        .single();
  }

  @Override
  public void insert(ApiStandard standard) {
    StatementSpec statement =
        jdbc.sql(
                """
                insert into api_standards (
                  %s)
                values (
                  %s)
                """
                    .formatted(STORED, STORED.parameters()))
            .param("created_at", Parameters.at(standard.createdAt()));
    Database.updateOne(with(statement, standard));
  }

  @Override
  public void update(ApiStandard standard) {
    StatementSpec statement =
        jdbc.sql(
            """
            update api_standards
            set %s
            where handle = :handle
            """
                .formatted(STORED.without("handle", "created_at").assignments()));
    Database.updateOne(with(statement, standard));
  }

  @Override
  public void delete(Handle handle) {
    Database.updateOne(
        jdbc.sql("delete from api_standards where handle = :handle")
            .param("handle", handle.value()));
  }

  private static StatementSpec with(StatementSpec statement, ApiStandard standard) {
    return statement
        .param("handle", standard.handle().value())
        .param("description", standard.description().value())
        .param("format", standard.format().wireName())
        .param("key_method", standard.placement().method().wireName())
        .param("key_field", standard.placement().field())
        .param("operations", Parameters.texts(standard.operations(), Operation::value))
        .param("request_headers", Parameters.texts(standard.requestHeaders(), RequestHeader::value))
        .param(
            "response_headers", Parameters.texts(standard.responseHeaders(), ResponseHeader::value))
        .param("query_parameters", standard.queryParameters().toArray(String[]::new))
        .param("version", standard.version())
        .param("updated_at", Parameters.at(standard.updatedAt()));
  }
}
