package io.claviger.imports.litellm.jdbc;

/** The statements that read what was used through a LiteLLM. */
final class UsageSql {
  /** A row that calls can have made. NaN is greater than all numbers. */
  private static final String VALID =
      """
      (input between 0 and 1e15 and output between 0 and 1e15 and cached between 0 and 1e15
        and written between 0 and 1e15 and requests between 0 and 1e12
        and errors between 0 and 1e12 and cost >= 0 and cost <= 1e9)\
      """;

  /** The rows {@code u} of the days that can be read; {@code %s} is what they are made of. */
  static final String ROWS =
      """
      with u as (
        select
          case when s.user_id <> '' then left(s.user_id, 300) end as user_id,
          case when k.team_id <> '' then left(k.team_id, 300) end as team_id,
          s.day, left(s.model, 1000) as model, left(s.model_group, 1000) as model_group,
          s.requests, s.errors, s.input, s.output, s.cached, s.written, s.cost
        from (%s) s
        left join "LiteLLM_VerificationToken" k on k.token = s.api_key and s.user_id = '')
      """;

  static final String SUMS =
      """
      select
        user_id, team_id, day, model, model_group,
        greatest(sum(requests), sum(errors), 1) as requests, sum(errors) as errors,
        sum(input) as input, sum(output) as output, least(sum(cached), sum(input)) as cached,
        least(sum(written), sum(input) - least(sum(cached), sum(input))) as written,
        sum(cast(cost as numeric)) as cost
      from u
      where %s
      group by user_id, team_id, day, model, model_group
      order by user_id collate "C", team_id collate "C", day
      """
          .formatted(VALID);

  static final String UNUSABLE =
      "select count(*) from u where not coalesce(%s, false)".formatted(VALID);

  static final String BY_CALL =
      """
      select coalesce("user", '') as user_id, api_key, cast("startTime" as date) as day, model,
        coalesce(model_group, '') as model_group, cast(1 as numeric) as requests,
        %s as errors, cast(prompt_tokens as numeric) as input,
        cast(completion_tokens as numeric) as output, cast(0 as numeric) as cached,
        cast(0 as numeric) as written, spend as cost
      from "LiteLLM_SpendLogs"
      where "startTime" >= cast(:first as timestamp)
        and "startTime" < cast(:last as timestamp) + interval '1 day'
      """;

  /** Days are texts there, and may be anything. */
  static final String IS_DAY =
      """
      (date ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$'
        or date ~ '^[0-9]{4}-(0[13-9]|1[0-2])-(29|30)$'
        or date ~ '^[0-9]{4}-(0[13578]|1[02])-31$'
        or date ~ '^[0-9]{2}([02468][048]|[13579][26])-02-29$')\
      """;

  static final String BY_DAY =
      """
      select coalesce(user_id, '') as user_id, api_key, cast(date as date) as day,
        coalesce(model, '') as model, coalesce(model_group, '') as model_group,
        cast(%s as numeric) as requests, cast(%s as numeric) as errors,
        cast(prompt_tokens as numeric) as input, cast(completion_tokens as numeric) as output,
        cast(%s as numeric) as cached, cast(%s as numeric) as written, spend as cost
      from "LiteLLM_DailyUserSpend"
      where date collate "C" between :first and :last
        and %s
      """;

  /** Days that are no days, and those that have not come. */
  static final String NO_DAYS =
      """
      select count(*) from "LiteLLM_DailyUserSpend"
      where not %s
        or date collate "C" > to_char(clock_timestamp() + interval '1 day', 'YYYY-MM-DD')
      """
          .formatted(IS_DAY);

  static final String CALLS_TO_COME =
      """
      select count(*) from "LiteLLM_SpendLogs"
      where "startTime" > clock_timestamp() at time zone 'UTC' + interval '1 day'
      """;

  private UsageSql() {}
}
