package io.claviger.imports.litellm.jdbc;

import io.claviger.imports.litellm.rules.LiteLlmContent.OldGroup;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldKey;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldMember;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldTerms;
import io.claviger.imports.litellm.rules.LiteLlmContent.OldUser;
import io.claviger.imports.litellm.rules.LiteLlmContent.Spoken;
import io.claviger.imports.shared.SourceSnapshot;
import io.claviger.imports.shared.UnreadableSource;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The database of a LiteLLM installation. The database is only read. Encrypted values are returned
 * as stored.
 */
public final class LiteLlmDatabase {
  private static final String DAILY = "LiteLLM_DailyUserSpend";
  private static final String CALLS = "LiteLLM_SpendLogs";

  /** The team whose keys LiteLLM's dashboard uses for its calls. */
  private static final String DASHBOARD = "litellm-dashboard";

  private final SourceSnapshot source;

  /**
   * @throws UnreadableSource if this is not a LiteLLM database, or if its release has an unknown
   *     schema
   */
  public LiteLlmDatabase(SourceSnapshot source) {
    this.source = source;
    LiteLlmShape.demand(source);
    demandWholeMigrations();
  }

  private void demandWholeMigrations() {
    if (has("_prisma_migrations")) {
      List<String> unfinished =
          source.read(jdbc -> jdbc.sql(LiteLlmSql.UNFINISHED).query(String.class).list());
      if (!unfinished.isEmpty()) {
        throw new UnreadableSource(
            "one of its migrations did not end; let LiteLLM finish it: "
                + unfinished.get(0).replaceAll("[^A-Za-z0-9_.-]", "?"));
      }
    }
  }

  private String boundOfPermissions() {
    return has("LiteLLM_ObjectPermissionTable")
        ? LiteLlmSql.BOUND_OF_PERMISSIONS
        : LiteLlmSql.NO_PERMISSIONS;
  }

  private boolean has(String table) {
    return source.tables().contains(table);
  }

  private Set<String> columns(String table) {
    return source.read(
        jdbc -> jdbc.sql(LiteLlmSql.COLUMNS).param("table", table).query(String.class).set());
  }

  /** Returns the limits that several things can share, keyed by the limits' ids. */
  public Map<String, OldTerms> budgets() {
    return source.read(
        jdbc -> {
          Map<String, OldTerms> budgets = new HashMap<>();
          jdbc.sql(LiteLlmSql.BUDGETS)
              .query(
                  row -> {
                    Object unused = budgets.put(row.getString("id"), terms(row));
                  });
          return budgets;
        });
  }

  public List<OldUser> users() {
    return source.read(
        jdbc ->
            jdbc.sql(LiteLlmSql.USERS.formatted(boundOfPermissions()))
                .query(
                    (row, n) ->
                        new OldUser(
                            row.getString("id"),
                            text(row, "alias"),
                            text(row, "email"),
                            text(row, "role"),
                            texts(row, "models"),
                            row.getBoolean("deactivated"),
                            terms(row),
                            bounds(row)))
                .list());
  }

  /** Returns the organizations, followed by the teams. */
  public List<OldGroup> groups(Map<String, OldTerms> budgets) {
    List<OldGroup> groups = new ArrayList<>();
    if (has("LiteLLM_OrganizationTable")) {
      groups.addAll(source.read(jdbc -> organizations(jdbc, budgets)));
    }
    groups.addAll(source.read(this::teams));
    return groups;
  }

  private List<OldGroup> organizations(JdbcClient jdbc, Map<String, OldTerms> budgets) {
    return jdbc.sql(LiteLlmSql.ORGANIZATIONS.formatted(boundOfPermissions()))
        .query(
            (row, n) ->
                new OldGroup(
                    true,
                    row.getString("id"),
                    Optional.empty(),
                    text(row, "alias"),
                    texts(row, "models"),
                    Set.of(),
                    false,
                    text(row, "budget_id")
                        .map(id -> budgets.getOrDefault(id, OldTerms.NONE))
                        .orElse(OldTerms.NONE)
                        .with(row.getBigDecimal("spent")),
                    bounds(row),
                    Set.of()))
        .list();
  }

  private List<OldGroup> teams(JdbcClient jdbc) {
    Map<String, List<String>> inGroups = accessGroups("id");
    boolean named = has("LiteLLM_ModelTable") && columns("LiteLLM_TeamTable").contains("model_id");
    return jdbc.sql(
            LiteLlmSql.TEAMS.formatted(
                named ? LiteLlmSql.TEAM_ALIASES : LiteLlmSql.NO_ALIASES, boundOfPermissions()))
        .query(
            (row, n) ->
                new OldGroup(
                    false,
                    row.getString("id"),
                    text(row, "organization_id"),
                    text(row, "alias"),
                    models(row, inGroups),
                    Set.copyOf(texts(row, "aliases")),
                    row.getBoolean("blocked"),
                    terms(row),
                    bounds(row),
                    Set.copyOf(texts(row, "extras"))))
        .list();
  }

  public List<OldMember> members() {
    String further =
        (has("LiteLLM_TeamMembership") ? LiteLlmSql.TEAM_MEMBERSHIP : "")
            + (has("LiteLLM_OrganizationMembership") ? LiteLlmSql.ORGANIZATION_MEMBERSHIP : "");
    return source.read(
        jdbc ->
            jdbc.sql(LiteLlmSql.MEMBERS.formatted(further))
                .query(
                    (row, n) ->
                        new OldMember(
                            row.getString("of_group"),
                            row.getString("member"),
                            row.getBoolean("manages"),
                            row.getBoolean("own_terms")))
                .list());
  }

  public List<OldKey> keys() {
    Map<String, List<String>> inGroups = accessGroups("id");
    return source.read(
        jdbc ->
            jdbc.sql(LiteLlmSql.KEYS.formatted(boundOfPermissions()))
                .query(
                    (row, n) ->
                        new OldKey(
                            row.getString("token"),
                            text(row, "shown"),
                            text(row, "alias"),
                            text(row, "user_id"),
                            text(row, "team_id"),
                            text(row, "organization_id"),
                            models(row, inGroups),
                            Set.copyOf(texts(row, "aliases")),
                            text(row, "budget_id"),
                            row.getBoolean("blocked"),
                            at(row, "expires"),
                            text(row, "team_id").equals(Optional.of(DASHBOARD)),
                            terms(row),
                            bounds(row),
                            Set.copyOf(texts(row, "extras"))))
                .list());
  }

  /**
   * The parameters of a model or of a credential, as stored.
   *
   * @param ofTeam whether only one team's members may call the model
   * @param inGroups the names of the model groups that contain the model
   */
  public record Stored(
      String id,
      String alias,
      boolean ofTeam,
      boolean blocked,
      Set<String> inGroups,
      Map<String, String> texts) {
    /** Returns a text without the parameters, because they might be secrets. */
    @Override
    public String toString() {
      return "Stored[" + id + "]";
    }
  }

  public List<Stored> deployments() {
    return source.read(
        jdbc -> {
          Map<String, Stored> found = new LinkedHashMap<>();
          jdbc.sql(LiteLlmSql.DEPLOYMENTS)
              .query(
                  row -> {
                    Set<String> groups = Set.copyOf(texts(row, "groups"));
                    String alias = row.getString("alias");
                    boolean ofTeam = row.getBoolean("of_team");
                    boolean blocked = row.getBoolean("blocked");
                    add(
                        found.computeIfAbsent(
                            row.getString("id"),
                            id -> new Stored(id, alias, ofTeam, blocked, groups, new TreeMap<>())),
                        row);
                  });
          return List.copyOf(found.values());
        });
  }

  public List<Stored> credentials() {
    if (!has("LiteLLM_CredentialsTable")) {
      return List.of();
    }
    return source.read(
        jdbc -> {
          Map<String, Stored> found = new LinkedHashMap<>();
          jdbc.sql(LiteLlmSql.CREDENTIALS)
              .query(
                  row -> {
                    add(
                        found.computeIfAbsent(
                            row.getString("id"),
                            id -> new Stored(id, id, false, false, Set.of(), new TreeMap<>())),
                        row);
                  });
          return List.copyOf(found.values());
        });
  }

  private static void add(Stored stored, ResultSet row) throws SQLException {
    String name = row.getString("name");
    if (name != null) {
      Object unused = stored.texts().put(name, row.getString("text"));
    }
  }

  /**
   * Returns the models of those model groups that have a row of their own, keyed by the groups'
   * names.
   */
  public Map<String, List<String>> accessGroups() {
    return accessGroups("name");
  }

  private Map<String, List<String>> accessGroups(String column) {
    Map<String, List<String>> groups = new HashMap<>();
    if (has("LiteLLM_AccessGroupTable")) {
      Object unused =
          source.read(
              jdbc -> {
                jdbc.sql(LiteLlmSql.ACCESS_GROUPS)
                    .query(
                        row -> {
                          List<String> models = texts(row, "models");
                          text(row, column).ifPresent(group -> groups.put(group, models));
                        });
                return groups;
              });
    }
    return groups;
  }

  /** Returns the formats in which callers made calls, keyed by the hashes of the callers' keys. */
  public Map<String, Set<Spoken>> spoken() {
    Map<String, Set<Spoken>> spoken = new HashMap<>();
    boolean byDay = has(DAILY) && columns(DAILY).contains("endpoint");
    if (!byDay && !has(CALLS)) {
      return spoken;
    }
    return source.read(
        jdbc -> {
          jdbc.sql(byDay ? LiteLlmSql.SPOKEN_BY_DAY : LiteLlmSql.SPOKEN_BY_CALL)
              .query(
                  row -> {
                    String model = row.getString("model");
                    Optional<String> format = Spoken.formatOf(row.getString("path"));
                    if (format.isPresent()) {
                      boolean unused =
                          spoken
                              .computeIfAbsent(row.getString("token"), t -> new HashSet<>())
                              .add(new Spoken(format.get(), model));
                    }
                  });
          return spoken;
        });
  }

  /** Returns the JSON of each section of settings that administrators changed while LiteLLM ran. */
  public Map<String, String> settings() {
    if (!has("LiteLLM_Config")) {
      return Map.of();
    }
    return source.read(
        jdbc -> {
          Map<String, String> sections = new TreeMap<>();
          jdbc.sql(LiteLlmSql.SETTINGS)
              .query(
                  row -> {
                    Object unused = sections.put(row.getString("section"), row.getString("json"));
                  });
          return sections;
        });
  }

  /** Returns the number of rows without a counterpart in Claviger, for each kind of row. */
  public Map<String, Long> hidden() {
    Map<String, Long> counts = new TreeMap<>();
    LiteLlmSql.HIDDEN.forEach(
        (table, what) -> {
          if (has(table)) {
            long count =
                source.read(
                    jdbc ->
                        jdbc.sql("select count(*) from \"%s\"".formatted(table))
                            .query(Long.class)
                            .single());
            if (count > 0) {
              counts.put(what, count);
            }
          }
        });
    if (has("LiteLLM_Config")
        && source.read(jdbc -> jdbc.sql(LiteLlmSql.HAS_VARIABLES).query(Boolean.class).single())) {
      counts.put("environment variables in the database", 1L);
    }
    return counts;
  }

  /**
   * Returns the limits that apply to the calls of any key with a certain end user or tag, as
   * reports name them.
   */
  public Set<String> bounds() {
    return LiteLlmSql.BOUNDS.entrySet().stream()
        .filter(bound -> has(bound.getKey()))
        .filter(bound -> isBound(bound.getKey(), bound.getValue().getKey()))
        .map(bound -> bound.getValue().getValue())
        .collect(Collectors.toUnmodifiableSet());
  }

  private boolean isBound(String table, String condition) {
    return source.read(
        jdbc ->
            jdbc.sql(LiteLlmSql.IS_BOUND.formatted(table, condition))
                .query(Boolean.class)
                .single());
  }

  private static OldTerms terms(ResultSet row) throws SQLException {
    return new OldTerms(
        number(row, "tpm"),
        number(row, "rpm"),
        number(row, "parallel"),
        Optional.ofNullable(row.getBigDecimal("budget")),
        Optional.ofNullable(row.getBigDecimal("spent")).orElse(BigDecimal.ZERO),
        text(row, "duration"),
        at(row, "resets_at"));
  }

  /**
   * Returns the models in the list of a key or team, and the models of the groups whose ids are in
   * this list. An empty list stays empty, because it allows all models.
   *
   * @param inGroups the models in each group, keyed by the group's id
   */
  private static List<String> models(ResultSet row, Map<String, List<String>> inGroups)
      throws SQLException {
    Set<String> models = new LinkedHashSet<>(texts(row, "models"));
    if (!models.isEmpty()) {
      texts(row, "groups_of_models")
          .forEach(group -> models.addAll(inGroups.getOrDefault(group, List.of())));
    }
    return List.copyOf(models);
  }

  private static Set<String> bounds(ResultSet row) throws SQLException {
    return Set.copyOf(texts(row, "bounds"));
  }

  private static Optional<Long> number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(value);
  }

  /** Returns a text; empty if the column is null or contains an empty text. */
  private static Optional<String> text(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column)).filter(text -> !text.isEmpty());
  }

  private static List<String> texts(ResultSet row, String column) throws SQLException {
    Array array = row.getArray(column);
    if (array == null) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (Object text : (Object[]) array.getArray()) {
      if (text instanceof String each) {
        texts.add(each);
      }
    }
    return texts;
  }

  private static Optional<Instant> at(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }
}
