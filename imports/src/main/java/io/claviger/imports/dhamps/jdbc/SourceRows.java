package io.claviger.imports.dhamps.jdbc;

import io.claviger.imports.dhamps.rules.SchemaVersion;
import io.claviger.imports.dhamps.rules.SourceContent;
import io.claviger.imports.dhamps.rules.SourceContent.Fields;
import io.claviger.imports.dhamps.rules.SourceContent.OldDefinition;
import io.claviger.imports.dhamps.rules.SourceContent.OldLink;
import io.claviger.imports.dhamps.rules.SourceContent.OldMember;
import io.claviger.imports.dhamps.rules.SourceContent.OldProject;
import io.claviger.imports.dhamps.rules.SourceContent.OldService;
import io.claviger.imports.dhamps.rules.SourceContent.OldShare;
import io.claviger.imports.dhamps.rules.SourceContent.OldSight;
import io.claviger.imports.dhamps.rules.SourceContent.OldStandard;
import io.claviger.imports.dhamps.rules.SourceContent.OldUser;
import io.claviger.imports.dhamps.rules.SourceContent.Stamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads a database's rows in any of the three schema versions. Very long texts are cut at a length
 * above every limit, so that no row is too large to read. Times without a time zone count as UTC.
 */
final class SourceRows {
  private static final RowMapper<OldUser> USER =
      (row, n) ->
          new OldUser(
              row.getString("handle"),
              Optional.ofNullable(row.getString("name")),
              Optional.ofNullable(row.getString("email")),
              stamps(row));
  private static final RowMapper<OldStandard> STANDARD =
      (row, n) ->
          new OldStandard(
              row.getString("handle"),
              row.getString("description"),
              row.getString("key_method"),
              row.getString("key_field"),
              stamps(row));
  private static final RowMapper<OldDefinition> DEFINITION =
      (row, n) ->
          new OldDefinition(
              row.getLong("id"),
              row.getString("owner"),
              row.getString("handle"),
              fields(row),
              row.getBoolean("is_public"),
              stamps(row));
  private static final RowMapper<OldService> SERVICE =
      (row, n) ->
          new OldService(
              row.getLong("id"),
              row.getString("owner"),
              row.getString("handle"),
              fields(row),
              number(row, "definition").map(Number::longValue),
              stamps(row));
  private static final RowMapper<OldShare> SHARE =
      (row, n) ->
          new OldShare(
              row.getString("user_handle"),
              row.getLong("service"),
              row.getString("role"),
              row.getBoolean("older"));
  private static final RowMapper<OldSight> SIGHT =
      (row, n) -> new OldSight(row.getString("user_handle"), row.getLong("definition"));
  private static final RowMapper<OldProject> PROJECT =
      (row, n) ->
          new OldProject(
              row.getLong("id"),
              row.getString("owner"),
              row.getString("handle"),
              row.getString("description"),
              number(row, "service").map(Number::longValue),
              row.getBoolean("public_read"),
              row.getBoolean("metadata_scheme"),
              stamps(row));
  private static final RowMapper<OldMember> MEMBER =
      (row, n) ->
          new OldMember(
              row.getString("user_handle"), row.getLong("project"), row.getString("role"));
  private static final RowMapper<OldLink> LINK =
      (row, n) ->
          new OldLink(row.getLong("project"), row.getLong("service"), instant(row, "created_at"));

  private final JdbcClient jdbc;
  private final SchemaVersion shape;

  SourceRows(JdbcClient jdbc, SchemaVersion shape) {
    this.jdbc = jdbc;
    this.shape = shape;
  }

  SourceContent content() {
    return new SourceContent(
        list(SourceSql.USERS, USER),
        list(SourceSql.STANDARDS, STANDARD),
        switch (shape) {
          case BEFORE -> List.of();
          case REFACTORED -> list(SourceSql.REFACTORED_DEFINITIONS, DEFINITION);
          case RENAMED -> list(SourceSql.RENAMED_DEFINITIONS, DEFINITION);
        },
        list(
            switch (shape) {
              case BEFORE -> SourceSql.BEFORE_SERVICES;
              case REFACTORED -> SourceSql.REFACTORED_SERVICES;
              case RENAMED -> SourceSql.RENAMED_SERVICES;
            },
            SERVICE),
        list(
            switch (shape) {
              case BEFORE -> SourceSql.BEFORE_SHARES;
              case REFACTORED -> SourceSql.REFACTORED_SHARES;
              case RENAMED -> SourceSql.RENAMED_SHARES;
            },
            SHARE),
        shape == SchemaVersion.RENAMED ? list(SourceSql.RENAMED_SIGHTS, SIGHT) : List.of(),
        list(
            switch (shape) {
              case BEFORE -> SourceSql.BEFORE_PROJECTS;
              case REFACTORED -> SourceSql.REFACTORED_PROJECTS;
              case RENAMED -> SourceSql.RENAMED_PROJECTS;
            },
            PROJECT),
        list(SourceSql.MEMBERS, MEMBER),
        shape == SchemaVersion.BEFORE ? list(SourceSql.BEFORE_LINKS, LINK) : List.of());
  }

  /** Returns the statement that reads services' keys in this schema version. */
  static String keysOf(SchemaVersion shape) {
    return switch (shape) {
      case BEFORE -> SourceSql.BEFORE_KEYS;
      case REFACTORED -> SourceSql.REFACTORED_KEYS;
      case RENAMED -> SourceSql.RENAMED_KEYS;
    };
  }

  private <T> List<T> list(String query, RowMapper<T> mapper) {
    return jdbc.sql(query).query(mapper).list();
  }

  private static Fields fields(ResultSet row) throws SQLException {
    return new Fields(
        row.getString("endpoint"),
        row.getString("description"),
        row.getString("api_standard"),
        row.getString("model"),
        number(row, "dimensions").map(Number::intValue),
        number(row, "context_limit").map(Number::intValue));
  }

  private static Stamps stamps(ResultSet row) throws SQLException {
    return new Stamps(instant(row, "created_at"), instant(row, "updated_at"));
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  private static Optional<Number> number(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable((Number) row.getObject(column));
  }
}
