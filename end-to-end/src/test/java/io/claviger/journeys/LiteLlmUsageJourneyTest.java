package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code import litellm --usage-since}, as a process. */
@Tag("thorough")
class LiteLlmUsageJourneyTest {
  private final LocalDate today = Eventually.today();

  @TempDir private Path directory = Path.of("");
  @AutoClose private final Journey journey = new Journey();
  @AutoClose private final ForeignDatabase old = ForeignDatabase.liteLlm();

  private List<String> arguments(LocalDate since) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                old.liteLlmImport(
                    directory, "sk-salt-0123456789", "ANTHROPIC_KEY=sk-ant-canary-1")));
    arguments.addAll(List.of("--usage-since", since.toString()));
    return arguments;
  }

  private List<String> run(LocalDate since, String... more) throws IOException {
    List<String> arguments = arguments(since);
    arguments.addAll(List.of(more));
    return command(3, arguments);
  }

  private List<String> command(int exitCode, List<String> arguments) throws IOException {
    return Commands.run(journey.environment(), arguments.toArray(String[]::new))
        .ended(exitCode)
        .printed();
  }

  private List<String> usage() {
    return journey.column(
        """
        select (current_date - day) || ' ' || user_handle || ' ' || instance_ref || ' ' || model
          || ' ' || requests || ' ' || errors || ' ' || input_tokens || ' ' || cached_input
          || ' ' || cache_write_5m || ' ' || output_tokens || ' ' || priced || ' ' || cost
        from usage_daily
        order by day, user_handle, model
        """);
  }

  private void sums(String rows) {
    old.run(
        """
        insert into "LiteLLM_DailyUserSpend" (id, user_id, date, api_key, model, model_group,
          api_requests, failed_requests, prompt_tokens, cache_read_input_tokens,
          cache_creation_input_tokens, completion_tokens, spend)
        select gen_random_uuid()::text, user_id,
          coalesce(text, to_char(now() at time zone 'UTC' - days * interval '1 day', 'YYYY-MM-DD')),
          coalesce(token, ''), model, alias, calls, failed, input, cached, written, output, spend
        from (values %s) v (days, text, user_id, token, alias, model, calls, failed, input, cached,
          written, output, spend)
        """
            .formatted(rows));
  }

  @Test
  void usageComesOnceIsToldApartAndGoesAgain() throws Exception {
    sums(
        """
        (3, null::text, 'Alice', 'a', 'fast', 'gpt-4o', 5, 1, 100, 60, 10, 7, 0.5::float8),
        (3, null, 'Alice', 'b', 'fast', 'openai/gpt-4o', 2, 0, 11, 0, 0, 1, 0.25),
        (2, null, 'Alice', 'a', 'ended', 'azure/gpt-3.5', 1, 0, 10, 0, 0, 1, 0),
        (2, null, null, encode(sha256('sk-research-ci-key'), 'hex'), 'fast', 'gpt-4o', 1, 0, 1, 0, 0, 1, 1),
        (2, null, null, 'deleted-key', 'fast', 'gpt-4o', 2, 0, 3, 0, 0, 1, 0.5),
        (1, null, 'nobody', 'c', 'fast', 'gpt-4o', 1, 0, 1, 0, 0, 1, 1),
        (1, null, 'bob', 'd', 'fast', 'gpt-4o', 1, 0, 1, 0, 0, 1, 'NaN'),
        (1, null, 'bob', 'd', 'fast', 'gpt-4o', 1, 0, -1, 0, 0, 1, 1),
        (1, null, 'bob', 'd', 'fast', 'gpt-4o', 1, 0, 1, 0, 0, 9000000000000000000, 1),
        (1, null, 'bob', 'd', 'fast', 'gpt-4o', 1, 0, 1, 0, 0, 1, 'Infinity'),
        (-5, null, 'bob', 'd', 'fast', 'gpt-4o', 1, 0, 1, 0, 0, 1, 1),
        (1, '2026-02-31', 'bob', 'd', 'fast', 'gpt-4o', 1, 0, 1, 0, 0, 1, 1),
        (1, 'yesterday', 'bob', 'd', 'fast', 'gpt-4o', 1, 0, 1, 0, 0, 1, 1),
        (0, null, 'bob', 'd', 'fast', 'gpt-4o', 1, 0, 1, 0, 0, 1, 1)
        """);
    old.run(
        """
        create table "LiteLLM_DailyTeamSpend" (id text primary key, team_id text, date text not null,
          api_key text not null, api_requests bigint not null, spend double precision not null);
        insert into "LiteLLM_DailyTeamSpend" values
          ('1', 't-gone', '2026-01-01', 'deleted-key', 9, 9), ('2', 't-1', '2026-01-02', 'deleted-key', 9, 9);
        """);
    Path report = directory.resolve("report.json");

    assertThat(run(today.minusDays(9), "--dry-run"))
        .anyMatch(line -> line.startsWith("months of usage"));
    assertThat(usage()).isEmpty();
    List<String> printed = run(today.minusDays(9), "--report", report.toString());

    List<String> expected =
        List.of(
            "3 alice _system/imported-litellm gpt-4o 7 1 111 60 10 8 7 750000000",
            "2 alice _system/imported-litellm gpt-3.5 1 0 10 0 0 1 0 0",
            "2 research-keys _system/imported-litellm gpt-4o 3 0 4 0 0 2 3 1500000000");
    assertThat(usage()).isEqualTo(expected);
    assertThat(printed)
        .anyMatch(line -> line.contains("invalid_usage") && line.contains("7 rows"))
        .anyMatch(line -> line.contains("user_missing") && line.contains("nobody"))
        .anyMatch(line -> line.contains("day_not_over"));
    // What is spent already is charged as an opening entry, and usage does not add to it.
    assertThat(journey.column("select count(*) from usage_charges")).containsExactly("0");
    assertThat(journey.column("select max(settled) from budget_windows"))
        .containsExactly("40000000000");
    assertThat(journey.column("select count(*) from attributed_users")).containsExactly("0");
    assertThat(
            journey.column(
                """
                select split_part(target_ref, ' ', 1) from audit_events
                where action = 'usage.create' order by 1
                """))
        .contains("alice", "research-keys");

    String again =
        """
        (3, null::text, 'Alice', 'z', 'fast', 'gpt-4o', 5, 1, 100, 60, 10, 7, 0.5::float8)
        """;
    sums(again);
    assertThat(journey.column("update retention set usage_months = 1 returning 'set'")).hasSize(1);
    assertThat(run(today.minusDays(400)))
        .anyMatch(line -> line.startsWith("Nothing was changed"))
        .anyMatch(line -> line.contains("not_kept") && line.contains("" + today.minusDays(400)));
    sums("(20, null::text, 'bob', 'd', 'fast', 'gpt-4o', 1, 0, 1, 0, 0, 1, 1::float8)");
    List<String> earlier = run(today.minusDays(25));
    assertThat(usage())
        .as("%s", earlier)
        .hasSize(4)
        .containsAll(expected)
        .contains("20 bob _system/imported-litellm gpt-4o 1 0 1 0 0 1 1 1000000000");

    while (journey.column("select roll_up_usage() is not null").contains("true")) {
      assertThat(journey.column("select count(*) from usage_rollups")).isNotEmpty();
    }
    assertThat(
            journey.column(
                """
                update users set display_name = 'Changed', version = version + 1
                where handle = 'alice' returning handle
                """))
        .hasSize(1);
    assertThat(command(3, List.of("import", "litellm", "--undo", report.toString())))
        .anyMatch(line -> line.contains("changed_here") && line.contains("alice"));
    assertThat(journey.column("select handle from users where handle in ('alice', 'bob')"))
        .as("what nobody changed goes")
        .containsExactly("alice");
    assertThat(usage())
        .containsExactly("20 bob _system/imported-litellm gpt-4o 1 0 1 0 0 1 1 1000000000");
    assertThat(
            journey.column(
                """
                select distinct user_handle from usage_rollups
                where user_handle <> '' and not exists (
                  select from usage_daily u where u.user_handle = usage_rollups.user_handle)
                """))
        .isEmpty();
  }

  @Test
  void callsAreSummedUpWhereThereAreNoSumsAndAnImportThatLostItsSourceGoesOn() throws Exception {
    journey.stop(journey.startNode());
    old.run(
        """
        create table "LiteLLM_SpendLogs" (request_id text primary key, call_type text not null,
          api_key text not null default '', spend double precision not null default 0,
          total_tokens int not null default 0, prompt_tokens int not null default 0,
          completion_tokens int not null default 0, "startTime" timestamp(3) not null,
          model text not null default '', model_group text default '', "user" text default '',
          status text);
        insert into "LiteLLM_UserTable" (user_id, user_role)
          select 'user-' || n, 'internal_user' from generate_series(1, 60) n;
        insert into "LiteLLM_SpendLogs"
          select n::text, 'acompletion', '', 0.001, 3, 2, 1,
            date_trunc('day', now() at time zone 'UTC') - (1 + n % 90) * interval '1 day',
            'gpt-4o', 'fast', 'user-' || (1 + n / 500), case when n % 100 = 0 then 'failure' end
          from generate_series(0, 29999) n;
        """);
    LocalDate since = today.minusDays(100);
    try (Program program =
        Program.start(directory, journey.environment(), arguments(since).toArray(String[]::new))) {
      Eventually.holds(Duration.ofSeconds(60), () -> !usage().isEmpty());
      old.run(
          """
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()
          """);
      assertThat(program.ended(1).errors())
          .contains("it can't be reached any more")
          .contains("what was done before is kept, and the same command continues with the rest");
    }
    List<String> unused = run(since);

    assertThat(
            journey.column(
                """
                select sum(requests) || ' ' || sum(errors) || ' ' || sum(input_tokens) || ' '
                  || sum(output_tokens) || ' ' || sum(cost) || ' ' || count(distinct user_id)
                from usage_daily
                """))
        .containsExactly("30000 300 60000 30000 30000000000 60");
    assertThat(
            journey.column(
                """
                select count(*) >= 5 and max(lines) <= 1000
                from (select count(*) as lines from usage_daily group by xmin::text) transactions
                """))
        .as("no transaction, and so no statement, writes more than a thousand lines")
        .containsExactly("t");
  }
}
