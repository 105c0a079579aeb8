package io.claviger.imports.coder;

import io.claviger.imports.coder.CoderContent.OldModel;
import io.claviger.imports.coder.CoderContent.OldPolicy;
import io.claviger.imports.coder.CoderContent.OldProvider;
import io.claviger.imports.coder.CoderContent.OldUser;
import io.claviger.imports.coder.CoderContent.OldUserKey;
import io.claviger.imports.shared.SourceSnapshot;
import io.claviger.imports.shared.UnreadableSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads Coder's tables. Providers are in table {@code chat_providers}, or in {@code ai_providers}
 * in later releases. Very long texts are cut at a length above every limit, so that no row is too
 * large to read.
 */
final class CoderTables {
  private static final String CHAT = "chat_providers";
  private static final String AI = "ai_providers";
  private static final String MODELS = "chat_model_configs";
  private static final String POLICY = "central_api_key_enabled";

  private final JdbcClient jdbc;
  private final Set<String> tables;
  private final boolean chat;

  private CoderTables(JdbcClient jdbc, Set<String> tables) {
    this.jdbc = jdbc;
    this.tables = tables;
    this.chat = tables.contains(CHAT);
  }

  /**
   * @throws UnreadableSource if the schema is unknown, or if a migration of the schema was
   *     interrupted
   */
  static CoderContent read(SourceSnapshot source) {
    Set<String> tables = source.tables();
    boolean known = tables.contains(CHAT) || tables.contains(AI);
    if (!known || !tables.containsAll(Set.of(MODELS, "users", "dbcrypt_keys"))) {
      throw new UnreadableSource(
          "it is not a database of Coder in a known version; looked for tables users, dbcrypt_keys,"
              + " chat_model_configs, and with them either chat_providers or ai_providers");
    }
    if (tables.contains(CHAT) && tables.contains(AI)) {
      throw new UnreadableSource(
          "it has both chat_providers and ai_providers, so a migration of Coder was not finished;"
              + " start a release of Coder that has only one of them");
    }
    return source.read(jdbc -> new CoderTables(jdbc, tables).content());
  }

  private CoderContent content() {
    if (tables.contains("schema_migrations") && isDirty()) {
      throw new UnreadableSource("a migration of Coder was interrupted (schema_migrations.dirty)");
    }
    return new CoderContent(providers(), models(), users(), userKeys(), proofs());
  }

  private boolean isDirty() {
    return jdbc.sql("select coalesce(bool_or(dirty), false) from schema_migrations")
        .query(Boolean.class)
        .single();
  }

  private boolean has(String table, String column) {
    return jdbc.sql(
            """
            select exists (
              select from pg_attribute
              where attrelid = cast(:table as regclass) and attname = :column and not attisdropped)
            """)
        .param("table", table)
        .param("column", column)
        .query(Boolean.class)
        .single();
  }

  private List<OldProvider> providers() {
    Map<String, List<DbCrypt.Stored>> further = chat ? Map.of() : providerKeys();
    boolean policies = chat && has(CHAT, POLICY);
    String query =
        chat
            ? """
              select id::text, left(coalesce(provider, ''), 100) as type, left(coalesce(provider, ''), 300) as name,
                left(coalesce(display_name, ''), 300) as display_name, left(coalesce(base_url, ''), 3000) as base_url,
                enabled, false as settings, created_at,
                left(coalesce(api_key, ''), 20000) as api_key, api_key_key_id, updated_at, %s
              from chat_providers
              order by created_at, id
              """
                .formatted(
                    policies
                        ? "central_api_key_enabled, allow_user_api_key,"
                            + " allow_central_api_key_fallback"
                        : "true as central_api_key_enabled")
            : """
              select id::text, left(coalesce(type::text, ''), 100) as type, left(coalesce(name, ''), 300) as name,
                left(coalesce(display_name, ''), 300) as display_name,
                left(coalesce(base_url, ''), 3000) as base_url, enabled, created_at, updated_at,
                coalesce(settings::text, 'null') not in ('null', '') as settings
              from ai_providers
              where not deleted
              order by created_at, id
              """;
    return jdbc.sql(query)
        .query(
            (row, n) ->
                new OldProvider(
                    row.getString("id"),
                    row.getString("type"),
                    row.getString("name"),
                    row.getString("display_name"),
                    row.getString("base_url"),
                    row.getBoolean("enabled"),
                    row.getBoolean("settings"),
                    policies ? Optional.of(policy(row)) : Optional.empty(),
                    chat ? keyOf(row) : further.getOrDefault(row.getString("id"), List.of()),
                    instant(row),
                    changed(row).orElse(Instant.MAX)))
        .list();
  }

  private static OldPolicy policy(ResultSet row) throws SQLException {
    return new OldPolicy(
        row.getBoolean(POLICY),
        row.getBoolean("allow_user_api_key"),
        row.getBoolean("allow_central_api_key_fallback"));
  }

  private static List<DbCrypt.Stored> keyOf(ResultSet row) throws SQLException {
    DbCrypt.Stored stored = stored(row);
    return stored.text().isEmpty() ? List.of() : List.of(stored);
  }

  private static DbCrypt.Stored stored(ResultSet row) throws SQLException {
    return new DbCrypt.Stored(
        row.getString("api_key"), Optional.ofNullable(row.getString("api_key_key_id")));
  }

  private Map<String, List<DbCrypt.Stored>> providerKeys() {
    Map<String, List<DbCrypt.Stored>> keys = new HashMap<>();
    jdbc.sql(
            """
            select provider_id::text, left(coalesce(api_key, ''), 20000) as api_key, api_key_key_id
            from ai_provider_keys
            order by provider_id, created_at, id
            """)
        .query(
            row -> {
              boolean unused =
                  keys.computeIfAbsent(row.getString("provider_id"), id -> new ArrayList<>())
                      .add(stored(row));
            });
    return keys;
  }

  private List<OldModel> models() {
    // Later schemas contain a copy of each model for every organization, and each copy names its
    // original.
    String copies =
        has(MODELS, "legacy_model_config_id") ? " and m.legacy_model_config_id is null" : "";
    return jdbc.sql(
            """
            select m.id::text, %s::text as provider, left(coalesce(m.model, ''), 300) as model,
              left(coalesce(m.display_name, ''), 300) as display_name, m.enabled, m.is_default,
              m.context_limit, m.compression_threshold, m.created_at
            from chat_model_configs m
            %s
            where not m.deleted%s
            """
                .formatted(
                    chat ? "p.id" : "m.ai_provider_id",
                    chat ? "left join chat_providers p on p.provider = m.provider" : "",
                    copies))
        .query(
            (row, n) ->
                new OldModel(
                    row.getString("id"),
                    Optional.ofNullable(row.getString("provider")),
                    row.getString("model"),
                    row.getString("display_name"),
                    row.getBoolean("enabled"),
                    row.getBoolean("is_default"),
                    number(row, "context_limit"),
                    number(row, "compression_threshold").map(Long::intValue),
                    instant(row)))
        .list();
  }

  private String userKeyTable() {
    return chat ? "user_chat_provider_keys" : "user_ai_provider_keys";
  }

  private List<OldUser> users() {
    if (!tables.contains(userKeyTable())) {
      return List.of();
    }
    return jdbc.sql(
            """
            select id::text, left(coalesce(username, ''), 300) as username, left(coalesce(name, ''), 300) as name,
              left(coalesce(email, ''), 300) as email, status::text = 'active' or status::text = 'dormant'
                as active, created_at
            from users
            where not deleted and id in (select user_id from %s)
            order by created_at, id
            """
                .formatted(userKeyTable()))
        .query(
            (row, n) ->
                new OldUser(
                    row.getString("id"),
                    row.getString("username"),
                    row.getString("name"),
                    row.getString("email"),
                    row.getBoolean("active"),
                    instant(row)))
        .list();
  }

  private List<OldUserKey> userKeys() {
    if (!tables.contains(userKeyTable())) {
      return List.of();
    }
    return jdbc.sql(
            """
            select id::text, user_id::text, %s::text as provider,
              left(coalesce(api_key, ''), 20000) as api_key, api_key_key_id, updated_at
            from %s
            order by created_at, id
            """
                .formatted(chat ? "chat_provider_id" : "ai_provider_id", userKeyTable()))
        .query(
            (row, n) ->
                new OldUserKey(
                    row.getString("id"),
                    row.getString("user_id"),
                    row.getString("provider"),
                    stored(row),
                    changed(row).orElse(Instant.MIN)))
        .list();
  }

  /**
   * Returns the stored proof of each key that is not revoked: a known text, encrypted with the key.
   */
  private List<DbCrypt.Stored> proofs() {
    return jdbc.sql(
            """
            select left(coalesce(test, ''), 1000) as api_key, active_key_digest as api_key_key_id
            from dbcrypt_keys
            where active_key_digest is not null
            """)
        .query((row, n) -> stored(row))
        .list();
  }

  /**
   * Returns a row's creation time. Returns 1970 for an impossible time, because the database can
   * contain times outside of Java's calendars.
   */
  private static Instant instant(ResultSet row) throws SQLException {
    Instant at =
        Optional.ofNullable(row.getObject("created_at", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant)
            .orElse(Instant.EPOCH);
    return at.isBefore(Instant.EPOCH) || at.isAfter(Instant.now()) ? Instant.EPOCH : at;
  }

  private static Optional<Instant> changed(ResultSet row) throws SQLException {
    return Optional.ofNullable(row.getObject("updated_at", OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  private static Optional<Long> number(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable((Number) row.getObject(column)).map(Number::longValue);
  }
}
