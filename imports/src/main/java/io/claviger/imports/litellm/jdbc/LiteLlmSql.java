package io.claviger.imports.litellm.jdbc;

import java.util.Map;

/**
 * The SQL statements that read a LiteLLM database. Each row is read as a JSON object, so that the
 * statements also work with releases that lack a column. {@link LiteLlmShape} checks that a
 * database has the columns of all releases. {@code offset 0} keeps the planner from creating this
 * JSON again for each column. Ids are cut at 300 characters, and other texts at 1,000.
 */
final class LiteLlmSql {
  /** The tables that are not imported, with words for their rows in a report. */
  static final Map<String, String> HIDDEN =
      Map.ofEntries(
          Map.entry("LiteLLM_EndUserTable", "end users with budgets of their own"),
          Map.entry("LiteLLM_TagTable", "tags with budgets"),
          Map.entry("LiteLLM_GuardrailsTable", "guardrails"),
          Map.entry("LiteLLM_PolicyTable", "policies"),
          Map.entry("LiteLLM_CacheConfig", "caches"),
          Map.entry("LiteLLM_MCPServerTable", "MCP servers"),
          Map.entry("LiteLLM_AgentsTable", "agents"),
          Map.entry("LiteLLM_ProjectTable", "projects between teams and keys"),
          Map.entry("LiteLLM_PromptTable", "prompts"),
          Map.entry("LiteLLM_JWTKeyMapping", "claims of JWTs that lead to keys"),
          Map.entry(
              "LiteLLM_DeprecatedVerificationToken",
              "keys that were replaced and are still accepted"));

  /**
   * Limits that apply to the calls of any key. Each table has the condition under which its row
   * {@code j} has such a limit, and the words with which reports name the limit.
   */
  static final Map<String, Map.Entry<String, String>> BOUNDS =
      Map.of(
          "LiteLLM_EndUserTable",
          Map.entry(
              "j ->> 'budget_id' is not null or (j ->> 'blocked')::boolean",
              "budgets and blocks of single end users"),
          "LiteLLM_TagTable",
          Map.entry("j ->> 'budget_id' is not null", "budgets of tags"));

  /** The first {@code %s} is replaced by a table, and the second by a condition on its row. */
  static final String IS_BOUND =
      """
      select exists (
        select from (select to_jsonb(t) as j from "%s" t offset 0) rows where %s)
      """;

  /**
   * The spent amount in row {@code j}. A value that is not a number is treated as more than every
   * budget.
   */
  private static final String SPENT =
      """
      case when j ->> 'spend' ~ '^[0-9]' then cast(j ->> 'spend' as numeric)
          when j ->> 'spend' ~ '^[IN]' then 1e18 else 0 end\
      """;

  /**
   * The words with which reports name the limits on single models in the shared budget of row
   * {@code j}; null if there are no such limits.
   */
  private static final String BOUND_OF_BUDGET =
      """
      (select case
            when to_jsonb(b) -> 'model_max_budget' not in ('null', '{}') then 'budgets of single models'
            when to_jsonb(b) -> 'allowed_models' not in ('null', '[]') then 'models of a budget' end
          from "LiteLLM_BudgetTable" b where b.budget_id = j ->> 'budget_id')\
      """;

  /**
   * The words with which reports name the rates of single models in row {@code j}; null if there
   * are no such rates.
   */
  private static final String RATES_OF_MODELS =
      """
      case when j -> 'metadata' -> 'model_rpm_limit' not in ('null', '{}')
            or j -> 'metadata' -> 'model_tpm_limit' not in ('null', '{}')
            then 'rates of single models' end\
      """;

  /**
   * The words with which reports name the list of models in the permissions of row {@code j}; null
   * if there is no such list.
   */
  static final String BOUND_OF_PERMISSIONS =
      """
      (select 'models of object permissions' from "LiteLLM_ObjectPermissionTable" p
          where p.object_permission_id = j ->> 'object_permission_id'
            and to_jsonb(p) -> 'models' not in ('null', '[]'))\
      """;

  static final String NO_PERMISSIONS = "cast(null as text)";

  /**
   * The limits in row {@code j}. A budget that is not a number becomes -1, which refuses all calls.
   */
  private static final String TERMS =
      """
      cast(j ->> 'tpm_limit' as numeric)::bigint as tpm, cast(j ->> 'rpm_limit' as numeric)::bigint as rpm,
      cast(j ->> 'max_parallel_requests' as numeric)::bigint as parallel,
      case when j ->> 'max_budget' ~ '^[0-9]' then cast(j ->> 'max_budget' as numeric)
        when j ->> 'max_budget' is not null then -1 end as budget,
      %s as spent,
      left(j ->> 'budget_duration', 100) as duration,
      case when j ->> 'budget_reset_at' is not null then
        least(greatest(cast(j ->> 'budget_reset_at' as timestamp), '0001-01-01'), '9999-01-01')
          at time zone 'UTC' end as resets_at\
      """
          .formatted(SPENT);

  /** The models in row {@code j}, and the ids of groups of further models. */
  private static final String MODELS =
      """
      array(select left(m, 1000)
        from jsonb_array_elements_text(
          case jsonb_typeof(j -> 'models') when 'array' then j -> 'models' else '[]' end) m
        limit 10000) as models,
      array(select left(g, 300)
        from jsonb_array_elements_text(case jsonb_typeof(j -> 'access_group_ids')
          when 'array' then j -> 'access_group_ids' else '[]' end) g
        limit 1000) as groups_of_models\
      """;

  /**
   * The names of models that LiteLLM replaces by other names: the keys of the JSON object {@code
   * %s}. If {@code %s} is not an object, the names are unknown.
   */
  private static final String ALIASES =
      """
      case jsonb_typeof(%1$s) when 'object' then array(
          select left(e.key, 1000) from jsonb_each(%1$s) e
          where e.value <> to_jsonb(e.key) limit 10000)
        when 'null' then '{}' else array['?'] end\
      """;

  /** Some releases store a section as a JSON object, and some as a text with JSON. */
  static final String SETTINGS =
      """
      select j ->> 'param_name' as section, j ->> 'param_value' as json
      from (select to_jsonb(t) as j from "LiteLLM_Config" t
        where t.param_name in ('general_settings', 'router_settings', 'litellm_settings')
        offset 0) rows
      where j ->> 'param_value' is not null
      """;

  static final String BUDGETS =
      """
      select left(j ->> 'budget_id', 300) as id,
      %s
      from (select to_jsonb(t) as j from "LiteLLM_BudgetTable" t offset 0) rows
      """
          .formatted(TERMS);

  /** {@code %s} is replaced by the limit of a row's permissions. */
  static final String USERS =
      """
      select left(j ->> 'user_id', 300) as id, left(j ->> 'user_alias', 1000) as alias,
        left(j ->> 'user_email', 1000) as email, left(j ->> 'user_role', 1000) as role,
        coalesce(j -> 'metadata' -> 'scim_active' = 'false', false) as deactivated,
        array_remove(array[
          case when j -> 'model_max_budget' not in ('null', '{}') then 'budgets of single models' end,
          case when j -> 'budget_limits' not in ('null', '{}', '[]') then 'further budgets' end,
          %%s
        ], null) as bounds,
      %s,
      %s
      from (select to_jsonb(t) as j from "LiteLLM_UserTable" t offset 0) rows
      order by j ->> 'created_at', j ->> 'user_id'
      """
          .formatted(MODELS, TERMS);

  /**
   * The first {@code %s} is replaced by an expression for a team's own model names. The expression
   * depends on whether there is a table of such names. The second {@code %s} is replaced by the
   * limit of a row's permissions.
   */
  static final String TEAMS =
      """
      select left(j ->> 'team_id', 300) as id, left(j ->> 'team_alias', 1000) as alias,
        left(j ->> 'organization_id', 300) as organization_id,
        coalesce((j ->> 'blocked')::boolean, false) as blocked, %%s as aliases,
        array_remove(array[
          case when j -> 'model_max_budget' not in ('null', '{}') then 'budgets of single models' end,
          case when j -> 'budget_limits' not in ('null', '{}', '[]') then 'further budgets' end,
          %s,
          case when j -> 'metadata' ->> 'team_member_budget_id' is not null
            then 'a budget of each member' end,
          case when j -> 'default_team_member_models' not in ('null', '[]')
            then 'models of each member' end,
          %%s
        ], null) as bounds,
        array_remove(array[
          case when jsonb_typeof(j -> 'metadata' -> 'guardrails') = 'array' then 'guardrails of teams' end,
          case when jsonb_typeof(j -> 'metadata' -> 'logging') is not null then 'callbacks of teams' end,
          case when j -> 'router_settings' not in ('null', '{}') then 'routing of teams' end
        ], null) as extras,
      %s,
      %s
      from (select to_jsonb(t) as j from "LiteLLM_TeamTable" t offset 0) rows
      order by j ->> 'created_at', j ->> 'team_id'
      """
          .formatted(RATES_OF_MODELS, MODELS, TERMS);

  static final String TEAM_ALIASES =
      """
      (select %s from "LiteLLM_ModelTable" m where m.id = (j ->> 'model_id')::bigint)\
      """
          .formatted(ALIASES.formatted("to_jsonb(m) -> 'aliases'"));

  static final String NO_ALIASES = "cast(array[] as text[])";

  /** {@code %s} is replaced by the limit of a row's permissions. */
  static final String ORGANIZATIONS =
      """
      select left(j ->> 'organization_id', 300) as id,
        left(j ->> 'organization_alias', 1000) as alias, left(j ->> 'budget_id', 300) as budget_id,
        %s as spent,
        array_remove(array[%s, %s, %%s], null) as bounds,
      %s
      from (select to_jsonb(t) as j from "LiteLLM_OrganizationTable" t offset 0) rows
      order by j ->> 'created_at', j ->> 'organization_id'
      """
          .formatted(SPENT, BOUND_OF_BUDGET, RATES_OF_MODELS, MODELS);

  /**
   * {@code %s} is replaced by the data of two tables about members. Not all releases of LiteLLM
   * have these tables.
   */
  static final String MEMBERS =
      """
      select left(of_group, 305) as of_group, left(member, 300) as member,
        bool_or(manages) as manages, bool_or(own_terms) as own_terms
      from (
        select 'team/' || t.team_id as of_group, m ->> 'user_id' as member,
          coalesce(m ->> 'role' = 'admin', false) as manages, false as own_terms
        from "LiteLLM_TeamTable" t,
          jsonb_array_elements(
            case jsonb_typeof(to_jsonb(t.members_with_roles))
              when 'array' then to_jsonb(t.members_with_roles) else '[]' end) m
        where jsonb_typeof(m) = 'object'
        union all
        select 'team/' || team_id, unnest(admins), true, false from "LiteLLM_TeamTable"
        union all
        select 'team/' || team_id, unnest(members), false, false from "LiteLLM_TeamTable"
        %s
      ) m
      where member <> ''
      group by of_group, member
      order by of_group, member
      """;

  static final String TEAM_MEMBERSHIP =
      """
      union all
      select 'team/' || team_id, user_id, false, budget_id is not null from "LiteLLM_TeamMembership"
      """;

  static final String ORGANIZATION_MEMBERSHIP =
      """
      union all
      select 'organization/' || organization_id, user_id, coalesce(user_role = 'org_admin', false),
        budget_id is not null
      from "LiteLLM_OrganizationMembership"
      """;

  /** {@code %s} is replaced by the limit of a row's permissions. */
  static final String KEYS =
      """
      select left(j ->> 'token', 300) as token, left(j ->> 'key_name', 100) as shown,
        left(j ->> 'key_alias', 1000) as alias, left(j ->> 'user_id', 300) as user_id,
        left(j ->> 'team_id', 300) as team_id, left(j ->> 'organization_id', 300) as organization_id,
        left(j ->> 'budget_id', 300) as budget_id,
        coalesce((j ->> 'blocked')::boolean, false) as blocked,
        case when j ->> 'expires' is not null then
          least(greatest(cast(j ->> 'expires' as timestamp), '0001-01-01'), '9999-01-01')
            at time zone 'UTC' end as expires,
        %s as aliases,
        array_remove(array[
          %s,
          case when j -> 'metadata' -> 'tag_rpm_limit' not in ('null', '{}')
            or j -> 'metadata' -> 'tag_tpm_limit' not in ('null', '{}')
            then 'rates of single tags' end,
          case when j -> 'model_max_budget' not in ('null', '{}') then 'budgets of single models' end,
          case when j -> 'budget_limits' not in ('null', '{}', '[]') then 'further budgets' end,
          case when j -> 'allowed_routes' not in ('null', '[]', '["llm_api_routes"]')
            then 'allowed routes' end,
          case when j ->> 'project_id' is not null then 'a project' end,
          case when j ->> 'agent_id' is not null then 'an agent' end,
          %s,
          %%s
        ], null) as bounds,
        array_remove(array[
          case when jsonb_typeof(j -> 'metadata' -> 'guardrails') = 'array' then 'guardrails' end,
          case when jsonb_typeof(j -> 'metadata' -> 'logging') is not null then 'callbacks' end,
          case when jsonb_typeof(j -> 'metadata' -> 'tags') = 'array' then 'tags' end,
          case when j -> 'router_settings' not in ('null', '{}') then 'routing of keys' end,
          case when j -> 'allowed_cache_controls' not in ('null', '[]') then 'caches of keys' end,
          case when j -> 'policies' not in ('null', '[]') then 'policies of keys' end,
          case when (j ->> 'auto_rotate')::boolean then 'rotation of keys' end,
          case when j ->> 'object_permission_id' is not null then 'permissions on objects' end
        ], null) as extras,
      %s,
      %s
      from (select to_jsonb(t) as j from "LiteLLM_VerificationToken" t offset 0) rows
      order by j ->> 'created_at', j ->> 'token'
      """
          .formatted(
              ALIASES.formatted("j -> 'aliases'"), RATES_OF_MODELS, BOUND_OF_BUDGET, MODELS, TERMS);

  /**
   * The parameters of models. A parameter that is a list or an object becomes an empty text, so
   * that the report can name it.
   */
  static final String DEPLOYMENTS =
      """
      select left(j ->> 'model_id', 300) as id, left(j ->> 'model_name', 1000) as alias,
        coalesce(j -> 'model_info' ->> 'team_id', '') <> '' as of_team,
        coalesce((j ->> 'blocked')::boolean, false) as blocked,
        array(select left(g, 1000) from jsonb_array_elements_text(
          case jsonb_typeof(j -> 'model_info' -> 'access_groups')
            when 'array' then j -> 'model_info' -> 'access_groups' else '[]' end) g) as groups,
        e.key as name,
        case when jsonb_typeof(e.value) in ('object', 'array') then ''
          else left(e.value #>> '{}', 20000) end as text
      from (select to_jsonb(t) as j from "LiteLLM_ProxyModelTable" t offset 0) rows
      left join lateral jsonb_each(
        case jsonb_typeof(j -> 'litellm_params')
          when 'object' then j -> 'litellm_params' else '{}' end) e
        on e.value not in ('null', '{}', '[]')
      order by j ->> 'created_at', j ->> 'model_id', e.key
      """;

  static final String CREDENTIALS =
      """
      select left(t.credential_name, 1000) as id, e.key as name, left(e.value #>> '{}', 20000) as text
      from "LiteLLM_CredentialsTable" t
      left join lateral jsonb_each(
        case jsonb_typeof(to_jsonb(t.credential_values))
          when 'object' then to_jsonb(t.credential_values) else '{}' end) e
        on jsonb_typeof(e.value) = 'string'
      """;

  static final String ACCESS_GROUPS =
      """
      select left(access_group_name, 1000) as name,
        left(to_jsonb(t) ->> 'access_group_id', 300) as id, access_model_names as models
      from "LiteLLM_AccessGroupTable" t
      """;

  /** Selects the column names of a table. */
  static final String COLUMNS =
      """
      select attname from pg_attribute
      where attrelid = cast(quote_ident(:table) as regclass) and attnum > 0 and not attisdropped
      """;

  /** Whether administrators set variables while LiteLLM ran. */
  static final String HAS_VARIABLES =
      """
      select exists (
        select from (select to_jsonb(t) -> 'param_value' as value from "LiteLLM_Config" t
          where t.param_name = 'environment_variables' offset 0) rows
        where value not in ('null', '{}', '"{}"'))
      """;

  /** The first migration that began but did not end. */
  static final String UNFINISHED =
      """
      select left(migration_name, 200) from _prisma_migrations
      where finished_at is null and rolled_back_at is null
      order by started_at limit 1
      """;

  /** Selects from the daily sums which key called which model, and by which path. */
  static final String SPOKEN_BY_DAY =
      """
      select distinct left(api_key, 300) as token, left(coalesce(model_group, ''), 1000) as model,
        left(endpoint, 300) as path
      from "LiteLLM_DailyUserSpend"
      where endpoint <> ''
      """;

  static final String SPOKEN_BY_CALL =
      """
      select distinct left(api_key, 300) as token, left(coalesce(model_group, ''), 1000) as model,
        left(call_type, 300) as path
      from "LiteLLM_SpendLogs"
      where call_type <> ''
      """;

  private LiteLlmSql() {}
}
