package io.claviger.persistence.moving;

import io.claviger.domain.moving.OldContent;
import io.claviger.domain.moving.OldContent.Fields;
import io.claviger.domain.moving.OldContent.OldDefinition;
import io.claviger.domain.moving.OldContent.OldLink;
import io.claviger.domain.moving.OldContent.OldMember;
import io.claviger.domain.moving.OldContent.OldProject;
import io.claviger.domain.moving.OldContent.OldService;
import io.claviger.domain.moving.OldContent.OldShare;
import io.claviger.domain.moving.OldContent.OldSight;
import io.claviger.domain.moving.OldContent.OldStandard;
import io.claviger.domain.moving.OldContent.OldUser;
import io.claviger.domain.moving.OldContent.Stamps;
import io.claviger.domain.moving.Shape;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The rows of the three shapes. Texts are cut at a length beyond every limit, so that no row is too
 * large to be read; times without a zone are taken for UTC.
 */
final class OldRows {
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
  private final Shape shape;

  OldRows(JdbcClient jdbc, Shape shape) {
    this.jdbc = jdbc;
    this.shape = shape;
  }

  OldContent content() {
    return new OldContent(
        list(OldSql.USERS, USER),
        list(OldSql.STANDARDS, STANDARD),
        switch (shape) {
          case BEFORE -> List.of();
          case REFACTORED -> list(OldSql.REFACTORED_DEFINITIONS, DEFINITION);
          case RENAMED -> list(OldSql.RENAMED_DEFINITIONS, DEFINITION);
        },
        list(
            switch (shape) {
              case BEFORE -> OldSql.BEFORE_SERVICES;
              case REFACTORED -> OldSql.REFACTORED_SERVICES;
              case RENAMED -> OldSql.RENAMED_SERVICES;
            },
            SERVICE),
        list(
            switch (shape) {
              case BEFORE -> OldSql.BEFORE_SHARES;
              case REFACTORED -> OldSql.REFACTORED_SHARES;
              case RENAMED -> OldSql.RENAMED_SHARES;
            },
            SHARE),
        shape == Shape.RENAMED ? list(OldSql.RENAMED_SIGHTS, SIGHT) : List.of(),
        list(
            switch (shape) {
              case BEFORE -> OldSql.BEFORE_PROJECTS;
              case REFACTORED -> OldSql.REFACTORED_PROJECTS;
              case RENAMED -> OldSql.RENAMED_PROJECTS;
            },
            PROJECT),
        list(OldSql.MEMBERS, MEMBER),
        shape == Shape.BEFORE ? list(OldSql.BEFORE_LINKS, LINK) : List.of());
  }

  /** The statement that reads the keys of services. */
  static String keysOf(Shape shape) {
    return switch (shape) {
      case BEFORE -> OldSql.BEFORE_KEYS;
      case REFACTORED -> OldSql.REFACTORED_KEYS;
      case RENAMED -> OldSql.RENAMED_KEYS;
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
