create function is_budget(budget text) returns boolean
  language sql immutable parallel safe returns null on null input
  return case
    when budget !~ ('^[1-9][0-9]{0,18} (usd|tokens|requests) (day|week|month|total) '
      || '[A-Za-z0-9_+/-]{1,64} (measured|strict) (refuse|allow)$')
    then false
    else split_part(budget, ' ', 1)::numeric <= case split_part(budget, ' ', 2)
        when 'usd' then 1000000000000000000
        when 'tokens' then 1000000000000000
        else 1000000000000
      end
      and (split_part(budget, ' ', 2) = 'usd' or split_part(budget, ' ', 6) = 'refuse')
  end;
comment on function is_budget is
  'Whether a text is a budget: its amount in the smallest part of the unit (nano-dollars, tokens, requests), unit, window, time zone, bound, and whether calls of models without a price are refused or allowed; with spaces between them.';

create function are_budgets(budgets text[]) returns boolean
  language sql immutable parallel safe returns null on null input
  return cardinality(budgets) between 1 and 4
    and array_position(budgets, null) is null
    and (
      select bool_and(is_budget(each)) and count(distinct concat_ws(' ',
          split_part(each, ' ', 2), split_part(each, ' ', 3), split_part(each, ' ', 4))) = count(*)
      from unnest(budgets) each);
comment on function are_budgets is
  'Whether there are one to four budgets, each of another unit, window or time zone.';

create function refuse_unknown_zones() returns trigger language plpgsql as $$
declare
  line jsonb := to_jsonb(new);
  budget text;
begin
  for i in 0 .. tg_nargs - 1 loop
    for budget in
      select jsonb_array_elements_text(
        case jsonb_typeof(line -> tg_argv[i]) when 'array' then line -> tg_argv[i] else '[]' end)
    loop
      begin
        perform timezone(split_part(budget, ' ', 4), now());
      exception when invalid_parameter_value then
        raise exception 'the time zone of a budget is not known'
          using errcode = 'check_violation', constraint = 'budget_zones_known';
      end;
    end loop;
  end loop;
  return new;
end
$$;
comment on function refuse_unknown_zones is
  'Refuses budgets with a time zone that this server does not know. It is a trigger rather than a constraint, so that a dump can be restored where fewer zones are known.';

alter table instances
  add column limit_max_output_tokens integer,
  add column limit_budgets text[],
  add column budgets_in_all text[],
  add constraint instances_limit_max_output_tokens_bounds
    check (limit_max_output_tokens between 1 and 1000000000),
  add constraint instances_limit_budgets_valid check (are_budgets(limit_budgets)),
  add constraint instances_budgets_in_all_valid check (are_budgets(budgets_in_all));
comment on column instances.limit_max_output_tokens is
  'The most output tokens that a call may ask for, for callers without such a limit of their own.';
comment on column instances.limit_budgets is
  'What each caller without budgets of their own may use up; see is_budget.';
comment on column instances.budgets_in_all is
  'What all callers together may use up; see is_budget.';

create trigger instances_know_zones before insert or update of limit_budgets, budgets_in_all
  on instances for each row
  when (num_nonnulls(new.limit_budgets, new.budgets_in_all) > 0)
  execute function refuse_unknown_zones('limit_budgets', 'budgets_in_all');

-- Names the new columns as well; otherwise as before.
drop trigger instances_note_change on instances;
create constraint trigger instances_note_change
  after update of id, owner_id, owner_handle, handle, display_name, description, note, definition_id,
    provider, api_standard, endpoint, endpoint_set_by, model, dimensions, context_limit, timeout_ms,
    organization, stream_usage, enabled, central_key, user_keys, fallback_to_central,
    limit_requests_per_minute, limit_models, limit_operations, limit_max_output_tokens,
    limit_budgets, budgets_in_all, custom_header_names, headers_version, api_key_set_at, version,
    created_at, updated_at on instances
  deferrable initially deferred for each row
  when (to_jsonb(old)
      - array['api_key_sealed', 'api_key_sealed_under', 'headers_sealed', 'headers_sealed_under']
      <> to_jsonb(new)
      - array['api_key_sealed', 'api_key_sealed_under', 'headers_sealed', 'headers_sealed_under'])
  execute function note_row('id');

alter table shares
  add column limit_max_output_tokens integer,
  add column limit_budgets text[],
  add column pooled_limit_max_output_tokens integer,
  add column pooled_limit_budgets text[],
  add constraint shares_limit_max_output_tokens_bounds
    check (limit_max_output_tokens between 1 and 1000000000),
  add constraint shares_limit_budgets_valid check (are_budgets(limit_budgets)),
  add constraint shares_pooled_limit_max_output_tokens_bounds
    check (pooled_limit_max_output_tokens between 1 and 1000000000),
  add constraint shares_pooled_limit_budgets_valid check (are_budgets(pooled_limit_budgets)),
  drop constraint shares_pooled_for_groups,
  add constraint shares_pooled_for_groups
    check (group_id is not null or num_nonnulls(
      pooled_limit_requests_per_minute, pooled_limit_models, pooled_limit_operations,
      pooled_limit_max_output_tokens, pooled_limit_budgets) = 0);
comment on column shares.limit_budgets is
  'What the user, or each member of the group, may use up; see is_budget.';
comment on column shares.pooled_limit_budgets is
  'What all members of the group together may use up; see is_budget.';

create trigger shares_know_zones before insert or update of limit_budgets, pooled_limit_budgets
  on shares for each row
  when (num_nonnulls(new.limit_budgets, new.pooled_limit_budgets) > 0)
  execute function refuse_unknown_zones('limit_budgets', 'pooled_limit_budgets');

alter table access_tokens
  add column limit_max_output_tokens integer,
  add column limit_budgets text[],
  add column inherited_budgets_from uuid[] not null default '{}',
  add column inherited_budgets text[] not null default '{}',
  add constraint access_tokens_limit_max_output_tokens_bounds
    check (limit_max_output_tokens between 1 and 1000000000),
  add constraint access_tokens_limit_budgets_valid check (are_budgets(limit_budgets)),
  add constraint access_tokens_inherited_budgets_count
    check (cardinality(inherited_budgets_from) <= 8),
  add constraint access_tokens_inherited_budgets_pairs
    check (cardinality(inherited_budgets_from) = cardinality(inherited_budgets)),
  add constraint access_tokens_inherited_budgets_whole
    check (array_position(inherited_budgets_from, null) is null
      and array_position(inherited_budgets, null) is null);
comment on column access_tokens.inherited_budgets_from is
  'The tokens that this one came from and that have a budget; one of them stands here once for each of its budgets. Calls with this token are charged to those, too. They may be gone by now, so nothing is referred to.';
comment on column access_tokens.inherited_budgets is
  'The budgets of the tokens in inherited_budgets_from, in the same order, as they were when this token was created; see is_budget.';

create trigger access_tokens_know_zones before insert or update of limit_budgets
  on access_tokens for each row when (new.limit_budgets is not null)
  execute function refuse_unknown_zones('limit_budgets');

-- Names the new columns as well; otherwise as before.
drop trigger access_tokens_note_change on access_tokens;
create constraint trigger access_tokens_note_change
  after delete or update of user_id, token_hash, scope, origin, service_id, project_id,
    limit_requests_per_minute, limit_models, limit_operations, limit_max_output_tokens,
    limit_budgets, inherited_from, inherited_per_minute, inherited_budgets_from, inherited_budgets,
    expires_at on access_tokens
  deferrable initially deferred for each row execute function note_row('user_id');
