package io.claviger.imports.litellm.jdbc;

import static io.claviger.imports.litellm.jdbc.LiteLlmShape.Type.FLAG;
import static io.claviger.imports.litellm.jdbc.LiteLlmShape.Type.JSON;
import static io.claviger.imports.litellm.jdbc.LiteLlmShape.Type.NUMBER;
import static io.claviger.imports.litellm.jdbc.LiteLlmShape.Type.TEXT;
import static io.claviger.imports.litellm.jdbc.LiteLlmShape.Type.TEXTS;
import static io.claviger.imports.litellm.jdbc.LiteLlmShape.Type.TIME;

import io.claviger.imports.shared.SourceSnapshot;
import io.claviger.imports.shared.UnreadableSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The tables and columns that every known release of LiteLLM has. Releases can have further tables
 * and columns. A database is refused if one of these columns is missing or has another type.
 * Without this check, an unreadable list of models would look like a list that allows all models.
 */
final class LiteLlmShape {
  /**
   * Groups of column types. Columns whose types are in the same group are read in the same way.
   * LiteLLM stores times without a time zone. A time with a time zone would be read as a different
   * moment.
   */
  enum Type {
    TEXT("a text", "text", "varchar", "bpchar"),
    NUMBER("a number", "int2", "int4", "int8", "float4", "float8", "numeric"),
    FLAG("true or false", "bool"),
    TIME("a time without a zone", "timestamp"),
    TEXTS("a list of texts", "_text", "_varchar"),
    JSON("JSON", "jsonb", "json");

    private final String meaning;
    private final Set<String> names;

    Type(String meaning, String... names) {
      this.meaning = meaning;
      this.names = Set.of(names);
    }
  }

  /**
   * @param demanded whether every known release has the table
   * @param types the types of the columns without which a row can't be understood
   */
  private record Table(String name, boolean demanded, Map<String, Type> types) {
    static Table always(String name) {
      return new Table(name, true, new TreeMap<>());
    }

    static Table sometimes(String name) {
      return new Table(name, false, new TreeMap<>());
    }

    Table with(Type type, String... columns) {
      for (String column : columns) {
        Type unused = types.put(column, type);
      }
      return this;
    }

    Table withTerms() {
      return with(NUMBER, "max_budget", "tpm_limit", "rpm_limit")
          .with(TEXT, "budget_duration")
          .with(TIME, "budget_reset_at");
    }
  }

  private static final List<Table> TABLES =
      List.of(
          Table.always("LiteLLM_BudgetTable")
              .withTerms()
              .with(TEXT, "budget_id")
              .with(NUMBER, "max_parallel_requests"),
          Table.always("LiteLLM_ProxyModelTable")
              .with(TEXT, "model_id", "model_name")
              .with(JSON, "litellm_params", "model_info"),
          Table.always("LiteLLM_TeamTable")
              .withTerms()
              .with(TEXT, "team_id", "team_alias", "organization_id")
              .with(TEXTS, "admins", "members", "models")
              .with(JSON, "members_with_roles")
              .with(NUMBER, "spend")
              .with(FLAG, "blocked"),
          Table.always("LiteLLM_UserTable")
              .withTerms()
              .with(TEXT, "user_id", "user_email", "user_role")
              .with(TEXTS, "models")
              .with(NUMBER, "spend"),
          Table.always("LiteLLM_VerificationToken")
              .withTerms()
              .with(TEXT, "token", "key_name", "key_alias", "user_id", "team_id")
              .with(TEXTS, "models")
              .with(JSON, "aliases", "metadata")
              .with(NUMBER, "spend", "max_parallel_requests")
              .with(TIME, "expires")
              .with(FLAG, "blocked"),
          Table.sometimes("LiteLLM_AccessGroupTable")
              .with(TEXT, "access_group_name")
              .with(TEXTS, "access_model_names"),
          Table.sometimes("LiteLLM_CredentialsTable")
              .with(TEXT, "credential_name")
              .with(JSON, "credential_values"),
          Table.sometimes("LiteLLM_ObjectPermissionTable").with(TEXT, "object_permission_id"),
          Table.sometimes("LiteLLM_OrganizationMembership")
              .with(TEXT, "user_id", "organization_id", "user_role", "budget_id"),
          Table.sometimes("LiteLLM_OrganizationTable")
              .with(TEXT, "organization_id", "organization_alias", "budget_id")
              .with(TEXTS, "models")
              .with(NUMBER, "spend"),
          Table.sometimes("LiteLLM_TeamMembership").with(TEXT, "user_id", "team_id", "budget_id"));

  private static final String TYPES =
      """
      select a.attname as name, t.typname as type
      from pg_attribute a join pg_type t on t.oid = a.atttypid
      where a.attrelid = cast(quote_ident(:table) as regclass) and a.attnum > 0
        and not a.attisdropped
      """;

  private LiteLlmShape() {}

  /**
   * @throws UnreadableSource if one of these tables or columns is missing, or if a column has
   *     another type
   */
  static void demand(SourceSnapshot source) {
    for (Table table : TABLES) {
      if (source.tables().contains(table.name())) {
        demand(table, typesOf(source, table.name()));
      } else if (table.demanded()) {
        throw new UnreadableSource(
            "it is not a database of LiteLLM: it has no table " + table.name());
      }
    }
  }

  private static Map<String, String> typesOf(SourceSnapshot source, String table) {
    return source.read(
        jdbc ->
            jdbc
                .sql(TYPES)
                .param("table", table)
                .query((row, n) -> Map.entry(row.getString("name"), row.getString("type")))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  private static void demand(Table table, Map<String, String> there) {
    table
        .types()
        .forEach(
            (column, type) -> {
              String found = there.get(column);
              if (found == null) {
                throw new UnreadableSource(
                    "its schema is not known: the table %s has no column %s"
                        .formatted(table.name(), column));
              }
              if (!type.names.contains(found)) {
                throw new UnreadableSource(
                    "its schema is not known: in the table %s, the column %s is not %s"
                        .formatted(table.name(), column, type.meaning));
              }
            });
  }
}
