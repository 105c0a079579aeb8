package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.embeddings.EmbeddingCreateParams;
import io.claviger.bootstrap.node.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command {@code import litellm}, as a process, on databases with LiteLLM's schema. */
@Tag("thorough")
class LiteLlmImportJourneyTest {
  private static final String SALT_KEY = "sk-salt-0123456789";
  private static final List<String> NEVER =
      List.of("sk-openai-canary-1", "sk-ant-canary-", Journey.ENCRYPTION_KEY);

  @TempDir private Path directory = Path.of("");
  @AutoClose private final Journey journey = new Journey();
  @AutoClose private final ForeignDatabase old = ForeignDatabase.liteLlm();

  private CommandResult run(int exitCode, String... more) throws IOException {
    return runUnder(SALT_KEY, exitCode, more);
  }

  private CommandResult runUnder(String saltKey, int exitCode, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(arguments(saltKey)));
    arguments.addAll(List.of(more));
    return ended(exitCode, arguments);
  }

  private String[] arguments(String saltKey) throws IOException {
    return old.liteLlmImport(directory, saltKey, "ANTHROPIC_KEY='sk-ant-canary-1'");
  }

  private CommandResult ended(int exitCode, List<String> arguments) throws IOException {
    CommandResult result =
        Commands.run(journey.environment(), arguments.toArray(String[]::new)).ended(exitCode);
    assertThat(String.join("\n", result.printed()) + result.errors()).doesNotContain(NEVER);
    return result;
  }

  private List<String> made() {
    return journey.column(
        """
        select 'service ' || handle || ' ' || audience || ' ' || (api_key_sealed is not null)
        from instances
        union all select 'model ' || name from model_configs where deleted_at is null
        union all select 'user ' || handle || ' ' || administrator from users
          where handle not in ('_system', 'root')
        union all select 'group ' || handle from groups
        union all select 'member ' || g.handle || ' ' || u.handle || ' ' || m.role
          from group_members m join groups g on g.id = m.group_id join users u on u.id = m.user_id
        union all select 'share ' || instance_handle || ' ' || grantee_handle || ' '
          || coalesce(array_to_string(limit_models, ','), '*') || ' '
          || coalesce(array_to_string(pooled_limit_budgets, ','), '-') from shares
        union all select 'limits ' || u.handle || ' ' || array_to_string(l.limit_budgets, ',')
          from user_limits l join users u on u.id = l.user_id
        union all select 'limits @' || g.handle || ' ' || array_to_string(l.limit_budgets, ',')
          from group_limits l join groups g on g.id = l.group_id
        union all select 'token ' || u.handle || ' ' || t.name || ' ' || t.imported_from || ' '
          || coalesce(array_to_string(t.limit_models, ','), '*') || ' '
          || coalesce(array_to_string(t.limit_budgets, ','), '-')
          from access_tokens t join users u on u.id = t.user_id where t.origin = 'imported'
        union all select 'spent ' || split_part(a.subject, ':', 1) || ' ' || a.period || ' '
          || w.settled from budget_accounts a join budget_windows w on w.account_id = a.id
        order by 1
        """);
  }

  /** The number of days for which imported tokens are valid. */
  private List<String> lifetimes() {
    return journey.column(
        """
        select distinct round(extract(epoch from expires_at - now()) / 86400)
        from access_tokens where origin = 'imported'
        """);
  }

  /** Columns that the oldest tested release (1.67.0) lacks, and columns that no release has. */
  private void becomeOfAnotherRelease() {
    old.run(
        """
        drop table "LiteLLM_AccessGroupTable";
        alter table "LiteLLM_BudgetTable" drop allowed_models;
        alter table "LiteLLM_DailyUserSpend" drop endpoint, drop mcp_namespaced_tool_name;
        alter table "LiteLLM_OrganizationTable" drop object_permission_id;
        alter table "LiteLLM_ProxyModelTable" drop blocked;
        alter table "LiteLLM_TeamMembership" drop total_spend;
        alter table "LiteLLM_TeamTable" drop access_group_ids, drop allow_team_guardrail_config,
          drop budget_limits, drop default_team_member_models, drop object_permission_id,
          drop policies, drop router_settings, drop soft_budget;
        alter table "LiteLLM_UserTable" drop object_permission_id, drop policies;
        alter table "LiteLLM_VerificationToken" drop access_group_ids, drop agent_id,
          drop auto_rotate, drop budget_limits, drop key_rotation_at, drop last_active,
          drop last_rotation_at, drop object_permission_id, drop policies, drop project_id,
          drop rotation_count, drop rotation_interval, drop router_settings;

        create table "LiteLLM_OfTomorrow" (id text primary key, user_id text, content jsonb);
        insert into "LiteLLM_OfTomorrow" values ('1', 'Alice', '{"models": ["fast"]}');
        create type of_tomorrow as enum ('one', 'other');
        alter table "LiteLLM_VerificationToken" add of_tomorrow jsonb not null default '{"a": 1}',
          add "Of Tomorrow" of_tomorrow not null default 'one', alter key_name type varchar(255);
        alter table "LiteLLM_UserTable" add of_tomorrow int[] not null default '{1}';
        alter table "LiteLLM_TeamTable" add of_tomorrow bytea, alter max_budget type numeric;
        alter table "LiteLLM_ProxyModelTable" add of_tomorrow text default 'x';
        """);
  }

  @Test
  void peopleKeysAndLimitsComeAndGoAgainAlikeFromEachRelease() throws Exception {
    List<String> before = made();
    Path report = directory.resolve("report.json");

    CommandResult dry = run(3, "--dry-run");
    assertThat(made()).isEqualTo(before);
    becomeOfAnotherRelease();
    String source = old.dump();
    CommandResult real = run(3, "--report", report.toString());

    assertThat(dry.printed().subList(1, dry.printed().size()))
        .isEqualTo(real.printed().subList(1, real.printed().size()));
    assertThat(made())
        .filteredOn(row -> !before.contains(row))
        .containsExactlyInAnyOrder(
            "service litellm-anthropic shared true",
            "service litellm-openai shared true",
            "model claude",
            "model fast",
            "user alice false",
            "user bob false",
            "user boss false",
            "user research-keys false",
            "group institute",
            "group research",
            "member institute boss manager",
            "member institute alice member",
            "member institute research-keys member",
            "member research alice manager",
            "member research research-keys member",
            "share litellm-openai @research gpt-4o 100000000000 usd month UTC measured allow",
            "share litellm-openai bob gpt-4o -",
            "limits bob 30000000000 usd week UTC measured allow",
            "limits @institute 50000000000 usd month UTC measured allow",
            "token alice alices laptop litellm gpt-4o 5000000000 usd day UTC measured allow",
            "token bob bobs litellm gpt-4o -",
            "token research-keys ci litellm gpt-4o -",
            "spent token day 2000000000",
            "spent user week 7500000000",
            "spent group month 12000000000",
            "spent service month 40000000000");
    assertThat(String.join("\n", real.printed())).contains("not_a_hash", "blocked");
    assertThat(lifetimes()).containsExactly("90");
    assertThat(
            journey.column(
                """
                select target_ref || ' ' || array_to_string(fields, ',')
                from audit_events where action = 'token.create' and request_id = 'import litellm'
                order by 1
                """))
        .containsExactly(
            "alice name,scope,expires_at,imported_from",
            "bob name,scope,expires_at,imported_from",
            "research-keys name,scope,expires_at,imported_from");
    assertThat(old.dump()).isEqualTo(source);

    List<String> made = made();
    assertThat(String.join("\n", run(3).printed())).contains("Nothing was changed");
    assertThat(made()).isEqualTo(made);

    CommandResult undone = ended(0, List.of("import", "litellm", "--undo", report.toString()));
    assertThat(undone.printed()).isNotEmpty();
    assertThat(made()).isEqualTo(before);
  }

  @Test
  void aKeyThatWasReplacedThereIsNamedAndReplacedOnlyIfWished() throws Exception {
    List<String> before = made();
    Path report = directory.resolve("report.json");
    assertThat(run(3, "--report", report.toString()).printed()).noneMatch(this::isAboutKey);
    assertThat(run(3).printed()).noneMatch(this::isAboutKey);
    List<String> sealed = sealed();
    List<String> later = new ArrayList<>(List.of(laterArguments()));

    assertThat(ended(3, later).printed())
        .anyMatch(line -> line.contains("key litellm-anthropic: key_differs (Claviger's key was"));
    assertThat(sealed()).isEqualTo(sealed);

    later.add("--replace-keys");
    assertThat(ended(3, later).printed())
        .contains("Imported:")
        .anyMatch(line -> line.contains("key litellm-anthropic: key_replaced"));
    assertThat(sealed()).hasSize(2).doesNotContain(sealed.get(0)).contains(sealed.get(1));
    assertThat(
            journey.column(
                """
                select target_ref from audit_events
                where action = 'service.key_set' and request_id = 'import litellm'
                """))
        .containsExactly("_system/litellm-anthropic");
    assertThat(ended(3, later).printed()).noneMatch(this::isAboutKey);

    assertThat(ended(0, List.of("import", "litellm", "--undo", report.toString())).printed())
        .isNotEmpty();
    assertThat(made()).isEqualTo(before);
  }

  private String[] laterArguments() throws IOException {
    return old.liteLlmImport(directory, SALT_KEY, "ANTHROPIC_KEY='sk-ant-canary-2'");
  }

  private boolean isAboutKey(String line) {
    return line.contains("key_differs") || line.contains("key_replaced");
  }

  private List<String> sealed() {
    return journey.column(
        "select encode(api_key_sealed, 'hex') from instances where owner_handle = '_system'"
            + " and handle like 'litellm-%' order by handle");
  }

  @Test
  void aKeyThatEndedThereIsNamed() throws Exception {
    assertThat(run(3).printed()).noneMatch(line -> line.contains("ended_there"));
    old.run("update \"LiteLLM_VerificationToken\" set blocked = true where key_alias = 'bobs'");
    old.run("delete from \"LiteLLM_VerificationToken\" where key_alias = 'ci'");

    assertThat(run(3).printed())
        .filteredOn(line -> line.contains("ended_there"))
        .hasSize(2)
        .anyMatch(line -> line.contains("token bobs of bob: ended_there"))
        .anyMatch(line -> line.contains("token ci of research-keys: ended_there"));
    assertThat(made()).contains("token bob bobs litellm gpt-4o -");
  }

  @Test
  void aKeyComesNotIfItsUserHasWiderLimitsHere() throws Exception {
    Node node = journey.startNode();
    Api root = journey.root(node);
    Api unused = journey.user(node, "bob-here");
    root.put("/v1/users/bob-here/limits", Map.of("requests_per_minute", 5)).isStatus(200);
    journey.stop(node);
    String[] same = {"--same", "bob=bob-here"};

    assertThat(run(3, same).printed())
        .anyMatch(line -> line.contains("limits bob: limits_exist (bob-here)"))
        .anyMatch(line -> line.matches(" *token bobs [(].*[)]: limit_not_carried"));
    assertThat(importedTokensOf("bob-here")).isEmpty();

    Node again = journey.startNode();
    journey
        .root(again)
        .put(
            "/v1/users/bob-here/limits",
            Map.of("budgets", List.of(Map.of("amount", "20", "unit", "usd", "window", "week"))))
        .isStatus(200);
    journey.stop(again);
    assertThat(run(3, same).printed())
        .noneMatch(line -> line.contains("limits_exist"))
        .as("only a budget that the import has set is charged")
        .contains("  limits bob: spent_not_charged (7.5 usd of bob-here)");
    assertThat(importedTokensOf("bob-here")).containsExactly("bobs");
  }

  /** A group whose members an identity provider decides, and that has no members yet. */
  private void makeSyncedGroup(String handle) {
    Node node = journey.startNode();
    journey.root(node).put("/v1/groups/" + handle, Map.of()).isStatus(201);
    journey.stop(node);
    journey.tamper(
        """
        update groups set kind = 'synced', issuer = 'https://idp.example', claim_value = handle
        where handle = '%s'
        """
            .formatted(handle));
  }

  private void addKey(String alias, String user, String team) {
    old.run(
        """
        insert into "LiteLLM_VerificationToken" (token, key_alias, user_id, team_id, models)
          values (encode(sha256(convert_to('sk-%1$s', 'UTF8')), 'hex'), '%1$s', '%2$s', '%3$s', '{}')
        """
            .formatted(alias, user, team));
  }

  @Test
  void aKeyComesNotIfItsOwnerIsNotInTheGroupWhoseLimitsItHas() throws Exception {
    makeSyncedGroup("institute-here");
    addKey("alices key for research", "Alice", "t-1");

    assertThat(run(3, "--same", "Institute=@institute-here").printed())
        .anyMatch(line -> line.endsWith("organization/o-1 Alice: group_synced (@institute-here)"))
        .anyMatch(line -> line.matches(" *token alices key [^:]*: limit_not_carried"))
        .anyMatch(line -> line.matches(" *token ci [^:]*: limit_not_carried"));
    assertThat(importedTokensOf("alice")).containsExactly("alices laptop");
    assertThat(importedTokensOf("research-keys")).isEmpty();

    journey.tamper(
        """
        insert into group_members (group_id, user_id, role, created_at)
        select g.id, u.id, 'member', now() from groups g, users u
        where g.handle = 'institute-here' and u.handle = 'alice'
        """);
    assertThat(run(3, "--same", "Institute=@institute-here").printed())
        .noneMatch(line -> line.contains("organization/o-1 Alice"));
    assertThat(importedTokensOf("alice"))
        .as("the identity provider has made her a member")
        .containsExactly("alices key for research", "alices laptop");
  }

  @Test
  void aLaterKeyComesNotIfItsOwnerHasLeftTheGroupWhoseLimitsItHas() throws Exception {
    assertThat(run(3).printed()).noneMatch(line -> line.contains("limit_not_carried"));
    Node node = journey.startNode();
    journey.root(node).delete("/v1/groups/institute/members/alice").isStatus(204);
    journey.stop(node);
    addKey("alices key for research", "Alice", "t-1");

    assertThat(run(3).printed())
        .anyMatch(line -> line.matches(" *token alices key [^:]*: limit_not_carried"));
    assertThat(importedTokensOf("alice")).containsExactly("alices laptop");
  }

  @Test
  void aSyncedGroupGetsNoAccountAndAKeyThatReachesNothingComesNot() throws Exception {
    makeSyncedGroup("research-here");
    addKey("alices key for research", "Alice", "t-1");

    assertThat(run(3, "--same", "Research=@research-here").printed())
        .anyMatch(line -> line.matches(" *service_account .*: group_synced [(]@research-here[)]"))
        .anyMatch(line -> line.matches(" *token ci [^:]*: owner_missing"))
        .anyMatch(line -> line.matches(" *token alices key [^:]*: no_use_of_service"));
    assertThat(made())
        .filteredOn(row -> row.startsWith("token "))
        .containsExactly("token bob bobs litellm gpt-4o -");
    Node node = journey.startNode();
    journey.root(node).delete("/v1/groups/research-here").isStatus(204);
  }

  /** The team's budget is only in the share, which somebody has already given without limits. */
  @Test
  void aKeyComesNotIfTheShareOfItsTeamHasWiderLimitsHere() throws Exception {
    assertThat(run(3).printed()).isNotEmpty();
    old.run(
        """
        insert into "LiteLLM_TeamTable" (team_id, team_alias, members_with_roles, models, max_budget,
          spend, budget_duration) values
          ('t-2', 'Data', '[{"user_id": "Alice", "role": "user"}]', '{fast}', 50, 30, '1mo');
        insert into "LiteLLM_VerificationToken" (token, key_alias, team_id, models) values
          (encode(sha256('sk-of-data'), 'hex'), 'of data', 't-2', '{}');
        """);
    Node node = journey.startNode();
    Api root = journey.root(node);
    String share = "/v1/llm-services/_system/litellm-openai/shares/@data";
    root.put("/v1/groups/data", Map.of()).isStatus(201);
    root.put(share, Map.of("role", "reader")).isStatus(201);
    journey.stop(node);

    assertThat(run(3, "--same", "Data=@data").printed())
        .anyMatch(line -> line.matches(" *share .*team/t-2: limits_exist [(]@data[)]"))
        .anyMatch(line -> line.matches(" *token of data [^:]*: limit_not_carried .*@data.*"));
    assertThat(importedTokensOf("data-keys")).isEmpty();

    Node again = journey.startNode();
    Map<String, ?> budget = Map.of("amount", "50", "unit", "usd", "window", "month");
    journey
        .root(again)
        .put(share, Map.of("role", "reader", "pooled_limits", Map.of("budgets", List.of(budget))))
        .isStatus(200);
    journey.stop(again);
    assertThat(run(3, "--same", "Data=@data").printed())
        .noneMatch(line -> line.contains("limits_exist"))
        .anyMatch(line -> line.matches(" *share .*team/t-2: spent_not_charged [(]30 usd.*"));
    assertThat(importedTokensOf("data-keys")).containsExactly("of data");
  }

  @Test
  void aKeyOfATeamComesNotIfItsOwnerUsesAnotherShareHere() throws Exception {
    assertThat(run(3).printed()).isNotEmpty();
    Node node = journey.startNode();
    journey
        .root(node)
        .put("/v1/llm-services/_system/litellm-openai/shares/alice", Map.of("role", "reader"))
        .isStatus(201);
    journey.stop(node);
    addKey("alices key for research", "Alice", "t-1");

    assertThat(run(3).printed())
        .anyMatch(
            line -> line.matches(" *token alices key [^:]*: limit_not_carried .*another share.*"));
    assertThat(importedTokensOf("alice")).containsExactly("alices laptop");
  }

  private List<String> importedTokensOf(String user) {
    return journey.column(
        """
        select t.name from access_tokens t join users u on u.id = t.user_id
        where t.origin = 'imported' and u.handle = '%s' order by 1
        """
            .formatted(user));
  }

  @Test
  void aPersonWhomTheIdentityProviderDeactivatedThereComesNot() throws Exception {
    old.run("update \"LiteLLM_UserTable\" set metadata = '{\"scim_active\": true}'");
    assertThat(run(3).printed()).noneMatch(line -> line.contains("ended_there"));
    old.run(
        """
        update "LiteLLM_UserTable" set metadata = '{"scim_active": false}'
        where user_id in ('bob', 'boss');
        insert into "LiteLLM_VerificationToken" (token, key_alias, user_id, models)
          values (encode(sha256('sk-of-the-boss'), 'hex'), 'of the boss', 'boss', '{fast}');
        """);

    assertThat(run(3).printed())
        .anyMatch(line -> line.contains("user bob: blocked (deactivated by SCIM)"))
        .anyMatch(line -> line.matches(" *token of the boss [(].*[)]: blocked"))
        .anyMatch(line -> line.contains("token bobs of bob: ended_there"));
    assertThat(made()).noneMatch(row -> row.startsWith("token boss"));
  }

  @Test
  void whatIsSpentGoesWithTheUndoAndCountsOnceInTheNextImport() throws Exception {
    Node node = journey.startNode();
    Api unused = journey.user(node, "bob-here");
    journey.stop(node);
    List<String> before = made();
    Path report = directory.resolve("report.json");
    String[] options = {"--same", "bob=bob-here", "--report", report.toString()};
    assertThat(run(3, options).printed()).isNotEmpty();
    assertThat(made()).contains("spent user week 7500000000");

    assertThat(ended(0, List.of("import", "litellm", "--undo", report.toString())).printed())
        .isNotEmpty();
    assertThat(made())
        .as("another budget of the user begins without what was spent in LiteLLM")
        .isEqualTo(before);

    old.run("update \"LiteLLM_UserTable\" set spend = 20 where user_id = 'bob'");
    assertThat(run(3, options).printed()).isNotEmpty();
    assertThat(made()).contains("spent user week 20000000000");
  }

  @Test
  void aShareThatSomebodyGaveAgainIsKeptByTheUndo() throws Exception {
    Path report = directory.resolve("report.json");
    assertThat(run(3, "--report", report.toString()).printed()).isNotEmpty();
    Node node = journey.startNode();
    Api root = journey.root(node);
    String share = "/v1/llm-services/_system/litellm-openai/shares/bob";
    root.delete(share).isStatus(204);
    root.put(share, Map.of("role", "reader")).isStatus(201);
    journey.stop(node);

    assertThat(ended(3, List.of("import", "litellm", "--undo", report.toString())).printed())
        .anyMatch(
            line -> line.contains("share _system/litellm-openai") && line.contains("changed_here"));
    assertThat(made()).contains("share litellm-openai bob * -");
  }

  @Test
  void aWrongSaltKeyAndADatabaseThatIsNotWholeEndTheRunBeforeAnythingIsWritten() throws Exception {
    List<String> before = made();

    assertThat(runUnder("another salt key", 1).errors())
        .contains("none of the 2 encrypted values opens");
    old.run(
        "insert into _prisma_migrations (id, checksum, migration_name) values ('1', '', 'half')");
    assertThat(run(1).errors()).contains("one of its migrations did not end", "half");
    old.run("delete from _prisma_migrations");
    old.run("alter table \"LiteLLM_TeamTable\" rename column members_with_roles to members_new");
    assertThat(run(1).errors()).contains("LiteLLM_TeamTable has no column members_with_roles");
    old.run("alter table \"LiteLLM_TeamTable\" rename column members_new to members_with_roles");
    old.run(
        """
        alter table "LiteLLM_OrganizationTable" alter models type text using models::text;
        """);
    assertThat(run(1).errors())
        .as("a list of models that can't be read would look like one that allows all")
        .contains(
            "in the table LiteLLM_OrganizationTable, the column models is not a list of texts");
    old.run("drop table \"LiteLLM_OrganizationTable\"");
    old.run("alter table \"LiteLLM_VerificationToken\" alter expires type timestamptz");
    assertThat(run(1).errors()).contains("the column expires is not a time without a zone");
    old.run("alter table \"LiteLLM_TeamTable\" rename to \"LiteLLM_Teams\"");
    assertThat(run(1).errors()).contains("it has no table LiteLLM_TeamTable");
    assertThat(made()).isEqualTo(before);
  }

  @Test
  void anImportThatWasKilledAndOneThatLostItsDatabaseAreFinishedByTheNext() throws Exception {
    journey.stop(journey.startNode());
    old.run(
        """
        insert into "LiteLLM_UserTable" (user_id, user_role)
          select 'user-' || n, 'internal_user' from generate_series(1, 200) n;
        insert into "LiteLLM_TeamTable" (team_id, team_alias, models, max_budget, spend, budget_duration)
          select 'many-' || n, 'Many-' || n, '{fast}', 100, n, '30d' from generate_series(1, 50) n;
        insert into "LiteLLM_VerificationToken" (token, key_name, key_alias, user_id, team_id, max_budget, spend, budget_duration, rpm_limit)
          select encode(sha256(('sk-many-' || n)::bytea), 'hex'), 'sk-...many', 'key ' || n,
            case when n % 4 > 0 then 'user-' || (n % 200 + 1) end,
            case when n % 2 = 0 then 'many-' || (n % 50 + 1) end, 10, 1, '1d', 60
          from generate_series(1, 2000) n;
        """);
    try (Program program = Program.start(directory, journey.environment(), arguments(SALT_KEY))) {
      Eventually.holds(Duration.ofSeconds(60), () -> arrived() >= 1_000);
      program.kill();
    }
    int killed = arrived();
    assertThat(killed).isBetween(1_000, 2_000);
    try (DatabaseGate gate = journey.gate();
        Program program =
            Program.start(directory, journey.environment(gate), arguments(SALT_KEY))) {
      Eventually.holds(Duration.ofSeconds(60), () -> arrived() > killed);
      gate.cut();
      assertThat(program.ended(1).errors()).contains("the same command continues with the rest");
    }
    int cut = arrived();

    CommandResult rest = run(3);

    assertThat(rest.printed()).anyMatch(line -> line.matches("tokens +2005 .*"));
    assertThat(arrived()).isGreaterThan(cut);
    assertThat(
            journey.column(
                """
                select count(*) from access_tokens where origin = 'imported'
                """))
        .containsExactly("2003");
    assertThat(
            journey.column(
                """
                select count(*) from budget_openings o join budget_accounts a on a.id = o.account_id
                where a.subject like 'token:%' and o.imported_from = 'litellm' and o.amount = 1000000000
                """))
        .containsExactly("2000");
    assertThat(
            journey.column(
                """
                select count(*) from audit_events
                where action = 'token.create' and request_id = 'import litellm'
                """))
        .containsExactly("2003");
  }

  @Test
  void theReportOfARunThatWasKilledUndoesItTogetherWithTheRest() throws Exception {
    journey.stop(journey.startNode());
    List<String> before = made();
    Path report = directory.resolve("report.json");
    old.run(
        """
        insert into "LiteLLM_UserTable" (user_id, user_role)
          select 'user-' || n, 'internal_user' from generate_series(1, 2500) n;
        """);
    List<String> arguments = new ArrayList<>(List.of(arguments(SALT_KEY)));
    arguments.addAll(List.of("--report", report.toString()));
    try (Program program =
        Program.start(directory, journey.environment(), arguments.toArray(String[]::new))) {
      Eventually.holds(Duration.ofSeconds(60), () -> arrived() >= 1_000);
      program.kill();
    }

    String[] same = arguments.toArray(String[]::new);
    try (Program one = Program.start(directory, journey.environment(), same);
        Program other = Program.start(directory, journey.environment(), same)) {
      assertThat(one.ended(3).printed()).anyMatch(line -> line.matches("users +2503 .*"));
      assertThat(other.ended(3).printed()).anyMatch(line -> line.matches("users +2503 .*"));
    }
    CommandResult again = run(3, "--report", report.toString());
    assertThat(String.join("\n", again.printed())).contains("Nothing was changed");
    CommandResult dry = run(3, "--report", report.toString(), "--dry-run");
    assertThat(String.join("\n", dry.printed())).contains("nothing would be changed");

    CommandResult undone = ended(0, List.of("import", "litellm", "--undo", report.toString()));
    assertThat(undone.printed()).isNotEmpty();
    assertThat(made()).isEqualTo(before);
    assertThat(arrived()).isZero();
    Path other = Files.writeString(directory.resolve("notes.txt"), "not to be lost");
    assertThat(run(1, "--report", other.toString()).errors())
        .contains("is not the report of an import");
    assertThat(other).hasContent("not to be lost");
  }

  private int arrived() {
    return Integer.parseInt(journey.column("select count(*) from arrivals").get(0));
  }

  @Test
  void officialClientsGoOnWithTheirOldKeys() throws Exception {
    String url = journey.provider().baseUrl();
    old.run(
        """
        insert into "LiteLLM_ProxyModelTable" (model_id, model_name, litellm_params, created_at) values
          ('s-1', 'reader', '{"model": "openai/parrot-openai", "api_base": "%1$s/v1", "api_key": "%2$s"}', '2026-02-01'),
          ('s-2', 'writer', '{"model": "anthropic/parrot-anthropic", "api_base": "%1$s", "api_key": "%3$s"}', '2026-02-01');
        insert into "LiteLLM_VerificationToken" (token, key_name, user_id, models, max_budget, spend, budget_duration) values
          (encode(sha256('%4$s'), 'hex'), 'sk-...6789', 'boss', '{reader}', null, 0, null),
          (encode(sha256('%5$s'), 'hex'), 'sk-...6789', 'Alice', '{writer}', null, 0, null),
          (encode(sha256('%6$s'), 'hex'), 'sk-...6789', 'Alice', '{reader}', 10, 10, '1d'),
          (encode(sha256('%7$s'), 'hex'), 'sk-...6789', 'Alice', '{reader}', 10, 9, '1d');
        insert into "LiteLLM_DailyUserSpend" (id, user_id, date, api_key, model, model_group, endpoint) values
          ('d-1', 'Alice', '2026-11-01', encode(sha256('%5$s'), 'hex'), 'writer', 'writer', '/v1/messages');
        """
            .formatted(
                url,
                journey.key("openai"),
                journey.key("anthropic"),
                journey.token("sk-of-boss-0123456789"),
                journey.token("sk-of-alice-0123456789"),
                journey.token("sk-spent-of-alice-0123456789"),
                journey.token("sk-nearly-spent-0123456789")));
    CommandResult done = run(3);
    assertThat(done.printed())
        .anyMatch(line -> line.contains("unpriced") && line.contains("parrot-openai"));
    Node node = journey.startNode();

    Api boss = journey.root(node).holding(journey.token("sk-of-boss-0123456789"));
    Map<String, String> call = Map.of("model", "reader", "input", "Hello");
    Object unused =
        Eventually.answers(200, () -> boss.callRoot("/v1/embeddings", call)).isStatus(200);
    OpenAIClient openai =
        OpenAIOkHttpClient.builder()
            .baseUrl(node.gateway() + "/v1")
            .apiKey(journey.token("sk-of-boss-0123456789"))
            .build();
    assertThat(
            openai
                .embeddings()
                .create(EmbeddingCreateParams.builder().model("reader").input("Hello").build())
                .data())
        .hasSize(1);
    openai.close();
    AnthropicClient anthropic =
        AnthropicOkHttpClient.builder()
            .baseUrl(node.gateway().toString())
            .apiKey(journey.token("sk-of-alice-0123456789"))
            .build();
    assertThat(
            anthropic
                .messages()
                .create(
                    MessageCreateParams.builder()
                        .model("writer")
                        .maxTokens(99)
                        .addUserMessage("Hello")
                        .build())
                .content())
        .isNotEmpty();
    anthropic.close();
    boss.callRoot("/v1/embeddings", Map.of("model", "writer", "input", "Hello")).isStatus(404);

    Map<String, ?> chat =
        Map.of("model", "reader", "messages", List.of(Map.of("role", "user", "content", "Hello")));
    Api spent = boss.holding(journey.token("sk-spent-of-alice-0123456789"));
    spent.callRoot("/v1/chat/completions", chat).isRefused(402, "budget_exhausted");
    spent.callRoot("/v1/embeddings", call).isRefused(402, "budget_exhausted");
    spent.callRoot("/v1/chat/completions", chat).isRefused(402, "budget_exhausted");
    boss.holding(journey.token("sk-nearly-spent-0123456789"))
        .callRoot("/v1/chat/completions", chat)
        .isStatus(200);
  }

  /**
   * Mallory is here, and writes an address into her profile; a team there is called as a group here
   * is.
   */
  @Test
  void nobodyGetsWhatIsOfOthersByAnAddressOrAName() throws Exception {
    Node node = journey.startNode();
    Api mallory = journey.user(node, "mallory");
    mallory.patch("/v1/users/mallory", Map.of("email", "Alice@example.org")).isStatus(200);
    Api root = journey.root(node);
    root.put("/v1/groups/research", Map.of()).isStatus(201);
    journey.stop(node);

    CommandResult result = run(3);

    assertThat(result.printed())
        .contains(
            "  user Alice: email_here (mallory)", "  group team/t-1: handle_taken (@research)");
    assertThat(made())
        .filteredOn(row -> row.startsWith("token ") || row.startsWith("share "))
        .containsExactly("share litellm-openai bob gpt-4o -", "token bob bobs litellm gpt-4o -");

    assertThat(run(1, "--same", "nobody=mallory").errors()).contains("named nobody");
    assertThat(run(1, "--rename", "nobody=x").errors()).contains("named nobody");
    CommandResult unused = run(3, "--same", "Alice=mallory", "--same", "Research=@research");
    assertThat(made())
        .contains(
            "token mallory alices laptop litellm gpt-4o 5000000000 usd day UTC measured allow",
            "member research mallory manager");
  }

  @Test
  void limitsThatCannotBeSaidHereLeaveOutWhatTheyBound() throws Exception {
    old.run(
        """
        update "LiteLLM_VerificationToken" set model_max_budget = '{"fast": {"budget_limit": 1}}'
          where key_alias = 'alices laptop';
        update "LiteLLM_VerificationToken" set allowed_routes = '{llm_api_routes}'
          where key_alias = 'bobs';
        update "LiteLLM_TeamTable" set metadata = '{"model_rpm_limit": {"fast": 5}}';
        insert into "LiteLLM_VerificationToken" (token, key_alias, user_id, allowed_routes) values
          (encode(sha256('sk-info'), 'hex'), 'info', 'bob', '{/v1/models}');
        insert into "LiteLLM_TeamMembership" (user_id, team_id, budget_id) values
          ('Alice', 't-1', 'b-1');
        """);

    CommandResult strict = run(3, "--dry-run");
    assertThat(strict.printed())
        .filteredOn(line -> line.contains("limit_not_carried"))
        .anySatisfy(line -> assertThat(line).contains("alices laptop", "budgets of single models"))
        .anySatisfy(line -> assertThat(line).contains("ci", "its team: rates of single models"))
        .anySatisfy(line -> assertThat(line).contains("info", "allowed routes"))
        .anySatisfy(line -> assertThat(line).contains("group_member", "one member of a group"))
        .hasSize(5);
    assertThat(strict.printed()).anyMatch(line -> line.matches("tokens +6 +1 .*"));
    CommandResult wide = run(3, "--allow-wider", "--administrators", "--lifetime", "30");
    assertThat(wide.printed()).anyMatch(line -> line.matches("tokens +6 +4 .*"));
    assertThat(wide.printed()).filteredOn(line -> line.contains("wider_here")).hasSize(4);
    assertThat(made()).contains("user boss true", "user alice false");
    assertThat(lifetimes()).containsExactly("30");
  }

  @Test
  void ratesThatAnOrganizationHasForSingleModelsLeaveOutItsKeys() throws Exception {
    old.run(
        """
        update "LiteLLM_OrganizationTable" set metadata = '{"model_tpm_limit": {"fast": 500}}'
        """);

    assertThat(run(3, "--dry-run").printed())
        .filteredOn(line -> line.contains("limit_not_carried"))
        .anySatisfy(line -> assertThat(line).contains("organization/o-1", "rates of single models"))
        .anySatisfy(
            line -> assertThat(line).contains("ci", "its organization: rates of single models"));
  }

  @Test
  void whoMayCallAllModelsMayCallThoseThatEverybodyCalledThere() throws Exception {
    old.run(
        """
        insert into "LiteLLM_ProxyModelTable" (model_id, model_name, litellm_params, model_info, created_at) values
          ('m-4', 'smart', '{"model": "openai/gpt-5", "api_key": "sk-openai-canary-1"}', null, '2026-02-01'),
          ('m-5', 'model_name_t-1_x', '{"model": "openai/ft", "api_key": "sk-of-the-team"}',
            '{"team_id": "t-1", "team_public_model_name": "own"}', '2026-02-01');
        insert into "LiteLLM_AccessGroupTable" (access_group_id, access_group_name, access_model_names)
          values ('g-1', 'further', '{smart}');
        insert into "LiteLLM_VerificationToken" (token, key_alias, user_id, models, access_group_ids) values
          (encode(sha256('sk-all-models'), 'hex'), 'all', 'Alice', '{}', '{}'),
          (encode(sha256('sk-of-a-group'), 'hex'), 'grouped', 'Alice', '{fast}', '{g-1}');
        """);

    CommandResult result = run(3, "--administrators");

    assertThat(
            journey.column(
                """
                select handle || ' ' || (select string_agg(m, ',' order by m) from unnest(limit_models) m)
                from instances order by 1
                """))
        .as("a share without models does not open the provider's other models")
        .containsExactly("litellm-anthropic claude-x", "litellm-openai gpt-4o,gpt-5");
    assertThat(made()).contains("share litellm-openai alice * -");
    assertThat(result.printed()).anyMatch(line -> line.contains("only one team may call it"));
    assertThat(
            journey.column(
                """
                select (select string_agg(m, ',' order by m) from unnest(limit_models) m)
                from access_tokens where name = 'grouped'
                """))
        .as("a key may call the models of its groups too")
        .containsExactly("gpt-4o,gpt-5");
    assertThat(
            journey.column(
                """
                select target_ref from audit_events
                where action = 'user.create' and 'administrator' = any(fields)
                """))
        .containsExactly("boss");

    old.run(
        """
        insert into "LiteLLM_ProxyModelTable" (model_id, model_name, litellm_params, created_at) values
          ('m-6', 'later', '{"model": "openai/gpt-6", "api_key": "sk-openai-canary-1"}', '2026-03-01');
        """);
    assertThat(run(3, "--administrators").printed())
        .anyMatch(line -> line.contains("_system/litellm-openai") && line.contains("later"));

    journey.tamper("update instances set limit_models = null where handle = 'litellm-openai'");
    old.run(
        """
        insert into "LiteLLM_UserTable" (user_id, user_role) values ('carol', 'internal_user');
        insert into "LiteLLM_VerificationToken" (token, key_alias, user_id, models) values
          (encode(sha256('sk-of-carol'), 'hex'), 'of carol', 'carol', '{}');
        """);
    CommandResult unused = run(3, "--administrators");
    assertThat(
            journey.column(
                """
                select (select string_agg(m, ',' order by m) from unnest(limit_models) m)
                from shares where instance_handle = 'litellm-openai' and grantee_handle = 'carol'
                """))
        .as("a service without limits opens the provider's other models to nobody else")
        .containsExactly("gpt-4o,gpt-5,gpt-6");
  }

  @Test
  void namesThatLeadToOtherModelsOpenNoneOfThem() throws Exception {
    old.run(
        """
        insert into "LiteLLM_ProxyModelTable" (model_id, model_name, litellm_params, created_at) values
          ('m-4', 'smart', '{"model": "openai/gpt-5", "api_key": "sk-openai-canary-1"}', '2026-02-01');
        insert into "LiteLLM_VerificationToken" (token, key_alias, user_id, models, aliases) values
          (encode(sha256('sk-renaming'), 'hex'), 'renaming', 'Alice', '{}', '{"smart": "fast", "claude": "claude"}'),
          (encode(sha256('sk-same'), 'hex'), 'same', 'Alice', '{}', '{}');
        insert into "LiteLLM_ModelTable" (id, aliases, created_by, updated_by) values
          (7, '{"fast": "team-1-fast"}', 'boss', 'boss');
        update "LiteLLM_TeamTable" set model_id = 7, models = '{fast,smart}';
        """);

    CommandResult result = run(3);

    assertThat(
            journey.column(
                """
                select name || ' ' || coalesce(
                  (select string_agg(m, ',' order by m) from unnest(limit_models) m), '*')
                from access_tokens where name in ('renaming', 'same', 'ci') order by 1
                """))
        .containsExactly("ci gpt-5", "renaming claude-x,gpt-4o", "same *");
    assertThat(result.printed()).anyMatch(line -> line.contains("names of models of one team"));
  }

  @Test
  void aKeyWithRatesOfSingleTagsIsLeftOut() throws Exception {
    old.run(
        """
        update "LiteLLM_VerificationToken" set metadata = '{"tag_rpm_limit": {"cell-1": 2}}'
        where key_alias = 'bobs'
        """);

    assertThat(run(3, "--dry-run").printed())
        .filteredOn(line -> line.contains("limit_not_carried"))
        .anySatisfy(line -> assertThat(line).contains("bobs", "rates of single tags"));
  }

  @Test
  void aKeyWithModelsInItsPermissionsIsLeftOut() throws Exception {
    old.run(
        """
        create table "LiteLLM_ObjectPermissionTable" (
          object_permission_id text primary key, mcp_servers text[] default '{}',
          models text[] default '{}');
        insert into "LiteLLM_ObjectPermissionTable" (object_permission_id, models) values
          ('p-1', '{fast}'), ('p-2', '{}');
        update "LiteLLM_VerificationToken" set object_permission_id = 'p-1'
        where key_alias = 'bobs';
        update "LiteLLM_VerificationToken" set object_permission_id = 'p-2'
        where key_alias = 'alices laptop'
        """);

    assertThat(run(3, "--dry-run").printed())
        .filteredOn(line -> line.contains("limit_not_carried"))
        .anySatisfy(line -> assertThat(line).contains("bobs", "models of object permissions"))
        .noneMatch(line -> line.contains("alices laptop"));
  }

  @Test
  void modelsOfTheDatabaseAreLeftOutIfLiteLlmDoesNotCallThem() throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("config.yaml"), "general_settings: {store_model_in_db: false}");

    assertThat(run(3, "--dry-run", "--config", config.toString()).printed())
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("no_counterpart", "does not call models of its database"));
  }

  @Test
  void keysOfAUserInTwoTeamsBelongToTheAccountsOfTheTeams() throws Exception {
    old.run(
        """
        insert into "LiteLLM_TeamTable" (team_id, team_alias, members_with_roles, models, max_budget,
          spend, budget_duration) values
          ('t-2', 'Teaching', '[{"user_id": "Alice", "role": "user"}]', '{fast}', 1000, 0, '30d');
        insert into "LiteLLM_VerificationToken" (token, key_alias, user_id, team_id, models) values
          (encode(sha256('sk-of-teaching'), 'hex'), 'for teaching', 'Alice', 't-2', '{}'),
          (encode(sha256('sk-of-research'), 'hex'), 'for research', 'Alice', 't-1', '{}');
        """);

    CommandResult result = run(3);

    assertThat(result.printed())
        .anyMatch(line -> line.contains("for research") && line.contains("owned_by_account"))
        .anyMatch(line -> line.contains("teaching-keys instead of alice"));
    assertThat(made())
        .contains(
            "token teaching-keys for teaching litellm gpt-4o -",
            "token research-keys for research litellm gpt-4o -",
            "member teaching teaching-keys member")
        .doesNotContain("member research teaching-keys member");
  }

  @Test
  void furtherBudgetsOfAUserLeaveOutTheirKeys() throws Exception {
    old.run(
        """
        alter table "LiteLLM_UserTable" add budget_limits jsonb;
        update "LiteLLM_UserTable" set budget_limits = '[{"budget_duration": "1d", "max_budget": 1}]'
        where user_id = 'bob'
        """);

    assertThat(run(3, "--dry-run").printed())
        .filteredOn(line -> line.contains("limit_not_carried"))
        .anySatisfy(line -> assertThat(line).contains("bobs", "its user: further budgets"));
  }

  @Test
  void aBudgetOfTheWholeProxyIsNotLostWithoutAWord() throws Exception {
    List<String> before = made();
    Path config =
        Files.writeString(
            directory.resolve("config.yaml"),
            """
            litellm_settings: {max_budget: 100, budget_duration: 30d}
            router_settings: {provider_budget_config: {openai: {budget_limit: 1, time_period: 1d}}}
            """);

    assertThat(run(1, "--config", config.toString()).errors())
        .contains("a budget of the whole proxy", "budgets of providers", "--allow-wider");
    old.run(
        """
        insert into "LiteLLM_UserTable" (user_id, max_budget, budget_duration)
        values ('litellm-proxy-budget', 100, '30d')
        """);
    assertThat(run(1).errors()).contains("a budget of the whole proxy");
    assertThat(made()).isEqualTo(before);
    assertThat(run(3, "--allow-wider").printed())
        .anyMatch(line -> line.contains("wider_here") && line.contains("of the whole proxy"));
    assertThat(made()).noneMatch(row -> row.contains("litellm-proxy-budget"));
  }

  @Test
  void limitsOfEndUsersAndTagsAreNotLostWithoutAWord() throws Exception {
    List<String> before = made();
    old.run("insert into \"LiteLLM_EndUserTable\" (user_id, budget_id) values ('c-2', 'b-1')");
    old.run(
        """
        create table "LiteLLM_TagTable" (tag_name text primary key, budget_id text);
        insert into "LiteLLM_TagTable" values ('free', null);
        """);

    assertThat(run(1).errors()).contains("(budgets and blocks of single end users)");
    old.run("update \"LiteLLM_EndUserTable\" set budget_id = null");
    old.run("update \"LiteLLM_TagTable\" set budget_id = 'b-1'");
    assertThat(run(1).errors()).contains("(budgets of tags)");
    assertThat(made()).isEqualTo(before);
    assertThat(run(3, "--allow-wider").printed())
        .anyMatch(line -> line.contains("wider_here (budgets of tags)"));
  }

  @Test
  void limitsOfAllCallsThatWereSetWhileLiteLlmRanAreNotLostWithoutAWord() throws Exception {
    old.run(
        """
        create table "LiteLLM_Config" (param_name text primary key, param_value jsonb);
        insert into "LiteLLM_Config" (param_name, param_value) values
          ('router_settings', '{"provider_budget_config": {"openai": {"budget_limit": 1}}}'),
          ('litellm_settings', to_jsonb(text '{"tag_budget_config": {"a": {"max_budget": 1}}}')),
          ('general_settings', null),
          ('environment_variables', '["not read"]')
        """);

    assertThat(run(1).errors())
        .contains("budgets of providers", "budgets of tags", "--allow-wider");
  }

  @Test
  void aKeyCallsNoOtherServicesThanThoseOfItsModels() throws Exception {
    old.run(
        """
        insert into "LiteLLM_ProxyModelTable" (model_id, model_name, litellm_params, created_at) values
          ('m-6', 'fast-eu', '{"model": "azure/gpt-4o", "api_key": "sk-azure-canary-1",
            "api_base": "https://eu.openai.azure.com", "api_version": "2024-10-21",
            "extra_headers": {"x-tenant": "eu"}, "tags": [], "tpm": null}', '2026-02-01');
        update "LiteLLM_TeamTable" set models = '{fast,fast-eu}';
        insert into "LiteLLM_VerificationToken" (token, key_alias, team_id, models) values
          (encode(sha256('sk-of-the-eu'), 'hex'), 'only eu', 't-1', '{fast-eu}'),
          (encode(sha256('sk-of-both'), 'hex'), 'both', 't-1', '{fast,fast-eu}');
        """);

    assertThat(run(3).printed())
        .anyMatch(line -> line.endsWith("model fast-eu (m-6): not_imported (extra_headers)"));

    assertThat(
            journey.column(
                """
                select t.name || ' ' || string_agg(i.handle, ' ' order by i.handle)
                from access_tokens t join instances i on i.id = any(t.imported_services)
                where t.name in ('only eu', 'both') group by t.name order by 1
                """))
        .containsExactly("both litellm-azure litellm-openai", "only eu litellm-azure");
  }

  /** The user may use more here than in LiteLLM, but the old key was given for LiteLLM's models. */
  @Test
  void anOldKeyCallsNoServiceThatItsUserGetsHere() throws Exception {
    old.run(
        """
        insert into "LiteLLM_ProxyModelTable" (model_id, model_name, litellm_params, created_at) values
          ('s-1', 'reader', '{"model": "openai/parrot-openai", "api_base": "%1$s/v1", "api_key": "%2$s"}', '2026-02-01');
        insert into "LiteLLM_VerificationToken" (token, key_name, user_id, models) values
          (encode(sha256('%3$s'), 'hex'), 'sk-...6789', 'boss', '{reader}'),
          (encode(sha256('%4$s'), 'hex'), 'sk-...6789', 'boss', '{}');
        """
            .formatted(
                journey.provider().baseUrl(),
                journey.key("openai"),
                journey.token("sk-with-a-list-0123456789"),
                journey.token("sk-without-a-list-0123456789")));
    assertThat(run(3).printed()).isNotEmpty();
    Node node = journey.startNode();
    Api root = journey.root(node);
    String own = journey.service(root, "_system/of-everybody");
    Map<String, String> call = Map.of("model", "reader", "input", "Hello");
    for (String key : List.of("sk-with-a-list-0123456789", "sk-without-a-list-0123456789")) {
      Api client = root.holding(key);
      Object unused =
          Eventually.answers(200, () -> client.callRoot("/v1/embeddings", call)).isStatus(200);
      client.embed(own).isStatus(404);
      client
          .callRoot("/v1/embeddings", Map.of("model", "text-embedding-3-small", "input", "Hello"))
          .isStatus(404);
    }
  }

  private Path config(String... entries) throws IOException {
    return Files.writeString(
        directory.resolve("config.yaml"), "model_list:\n" + String.join("\n", entries) + "\n");
  }

  private static String entry(String alias, String model, String host) {
    return "- {model_name: %s, litellm_params: {model: openai/%s, api_base: 'https://%s/v1', api_key: sk-config-canary-%s}}"
        .formatted(alias, model, host, host);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEntryThatIsInsertedIntoTheFileIsNotTakenForAnotherOne(boolean byPosition)
      throws Exception {
    String first = entry("pool", "a", "a.example");
    assertThat(run(3, "--config", config(first).toString()).printed()).isNotEmpty();
    if (byPosition) {
      journey.tamper(
          """
          update arrivals set name = regexp_replace(name, 'config/pool/[0-9a-f]+', 'config/pool/1')
          where name like 'config/pool/%'
          """);
    }
    old.run(
        """
        insert into "LiteLLM_VerificationToken" (token, key_alias, user_id, models) values
          (encode(sha256('sk-of-b'), 'hex'), 'of b', 'boss', '{only-b}');
        """);
    String inserted = entry("pool", "b", "b.example");
    String[] options = {
      "--config", config(inserted, first, entry("only-b", "b", "b.example")).toString()
    };

    assertThat(run(3, options).printed()).noneMatch(line -> line.contains("handle_taken"));

    String services =
        "select handle || ' ' || endpoint from instances where endpoint like '%.example/v1' order by 1";
    assertThat(journey.column(services))
        .containsExactly(
            "litellm-openai-compat https://a.example/v1",
            "litellm-openai-compat-2 https://b.example/v1");
    assertThat(
            journey.column(
                """
                select i.endpoint from shares s join instances i on i.id = s.instance_id
                where s.grantee_handle = 'boss'
                """))
        .containsExactly("https://b.example/v1");
    assertThat(run(3, options).output()).contains("Nothing was changed");

    String moved = entry("pool", "a", "c.example");
    assertThat(run(3, "--config", config(moved, inserted).toString()).printed()).isNotEmpty();
    assertThat(journey.column(services)).contains("litellm-openai-compat-3 https://c.example/v1");
  }

  @Test
  void namesWithNulAreNamedAndTwoKeysWithOneAliasBothCome() throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("config.yaml"),
            """
            model_list:
              - model_name: "nul\\0name"
                litellm_params: {model: "openai/gpt-4o\\0", api_key: "sk-config\\0canary"}
              - model_name: plain
                litellm_params: {model: openai/gpt-4o-mini, api_key: sk-config-canary}
            """);
    old.run(
        """
        insert into "LiteLLM_VerificationToken" (token, key_name, key_alias, user_id, models)
          select encode(sha256(('sk-twin-' || n)::bytea), 'hex'), 'sk-...twin', 'twin', 'bob',
            '{fast}'
          from generate_series(1, 2) n
        """);

    CommandResult result = run(3, "--config", config.toString());

    assertThat(result.printed()).anyMatch(line -> line.contains("nul?name"));
    assertThat(String.join("\n", result.printed())).doesNotContain("\0", "canary");
    assertThat(made()).contains("model plain").noneMatch(row -> row.startsWith("model nul"));
    assertThat(made())
        .filteredOn(row -> row.contains(" twin "))
        .as("%s", result.printed())
        .hasSize(2);
  }

  /** PostgreSQL itself refuses NUL in texts; in JSON it can be written, but not be read. */
  @Test
  void hostileTextsAreLeftOutOrCutAndNeverPrinted() throws Exception {
    for (String text :
        List.of("repeat('x', 1000000)", "E'\\x1b[2J\\u202Ea\\r\\n\\x07'", "'../\\'';--'")) {
      String id = "left(" + text + ", 100000) || 'n' || random()";
      old.run(
          """
          insert into "LiteLLM_UserTable" (user_id, user_alias, user_email, user_role, models,
            budget_duration, max_budget) values (%1$s, %2$s, %2$s, %2$s, array[%2$s], %2$s, 1);
          insert into "LiteLLM_OrganizationTable" (organization_id, organization_alias, budget_id,
            models) values (%1$s, %2$s, %2$s, array[%2$s]);
          insert into "LiteLLM_TeamTable" (team_id, team_alias, organization_id, admins, members,
            members_with_roles, models, budget_duration, max_budget)
            values (%1$s, %2$s, %2$s, array[%2$s], array[%2$s],
              jsonb_build_array(jsonb_build_object('user_id', %2$s, 'role', %2$s)), array[%2$s],
              %2$s, 1);
          insert into "LiteLLM_VerificationToken" (token, key_name, key_alias, user_id, team_id,
            models, budget_id, budget_duration, max_budget, aliases, metadata)
            values (%1$s, %2$s, %2$s, %2$s, %2$s, array[%2$s], %2$s, %2$s, 1,
              jsonb_build_object(%2$s, %2$s), jsonb_build_object(%2$s, %2$s)),
            (encode(sha256(convert_to(%2$s, 'UTF8')), 'hex'), %2$s, %2$s, 'bob', null,
              '{fast}', %2$s, %2$s, 1, '{}', '{}');
          insert into "LiteLLM_BudgetTable" (budget_id, max_budget, budget_duration)
            values (%1$s, 1, %2$s);
          insert into "LiteLLM_ProxyModelTable" (model_id, model_name, litellm_params, model_info)
            values (%1$s, %2$s, jsonb_build_object('model', %2$s, %2$s, %2$s),
              jsonb_build_object('access_groups', jsonb_build_array(%2$s)));
          insert into "LiteLLM_CredentialsTable" (credential_id, credential_name, credential_values)
            values (%1$s, %1$s, jsonb_build_object(%2$s, %2$s, 'api_key', %2$s));
          insert into "LiteLLM_AccessGroupTable" (access_group_id, access_group_name,
            access_model_names) values (%1$s, %1$s, array[%2$s]);
          insert into "LiteLLM_DailyUserSpend" (id, date, api_key, model, model_group, endpoint)
            values (%1$s, %2$s, %2$s, %2$s, %2$s, %2$s);
          """
              .formatted(id, text));
    }

    CommandResult result = run(3);

    assertThat(String.join("\n", result.printed()) + result.errors())
        .doesNotContain("\u001b", "\u202e", "\u0007", "\r")
        .doesNotContain("x".repeat(2000));
    assertThat(made())
        .contains("token bob bobs litellm gpt-4o -")
        .allSatisfy(row -> assertThat(row).doesNotContain("\u001b", "\u202e"));
  }
}
