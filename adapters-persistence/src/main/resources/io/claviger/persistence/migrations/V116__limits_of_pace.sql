create function is_pace(pace text) returns boolean
  language sql immutable parallel safe returns null on null input
  return case
    when pace !~ '^(tokens_per_minute|input_tokens_per_minute|output_tokens_per_minute|concurrent_calls) [1-9][0-9]{0,9}$'
    then false
    else split_part(pace, ' ', 2)::bigint <=
      case split_part(pace, ' ', 1) when 'concurrent_calls' then 100000 else 1000000000 end
  end;
comment on function is_pace is
  'Whether a text is a limit on the pace of calls: its name in the API and its number, with a space between them.';

create function are_paces(paces text[]) returns boolean
  language sql immutable parallel safe returns null on null input
  return cardinality(paces) between 1 and 4
    and array_position(paces, null) is null
    and (
      select bool_and(is_pace(each)) and count(distinct split_part(each, ' ', 1)) = count(*)
      from unnest(paces) each);
comment on function are_paces is 'Whether there are one to four limits on the pace, each of another name.';

alter table instances
  add column limit_pace text[],
  add constraint instances_limit_pace_valid check (are_paces(limit_pace));
comment on column instances.limit_pace is
  'How fast each caller without such a limit of their own may be; see is_pace.';

-- Names every column but those that rotation writes, so that the new one is among them; otherwise
-- as before.
drop trigger instances_note_change on instances;
do $$
begin
  execute format(
    $trigger$
    create constraint trigger instances_note_change after update of %s on instances
      deferrable initially deferred for each row
      when (to_jsonb(old)
          - array['api_key_sealed', 'api_key_sealed_under', 'headers_sealed', 'headers_sealed_under']
          <> to_jsonb(new)
          - array['api_key_sealed', 'api_key_sealed_under', 'headers_sealed', 'headers_sealed_under'])
      execute function note_row('id')
    $trigger$,
    (select string_agg(quote_ident(attname), ', ' order by attnum)
    from pg_attribute
    where attrelid = 'instances'::regclass and attnum > 0 and not attisdropped
      and attgenerated = '' and attname not in ('api_key_sealed', 'headers_sealed')));
end
$$;

alter table shares
  add column limit_pace text[],
  add column pooled_limit_pace text[],
  add constraint shares_limit_pace_valid check (are_paces(limit_pace)),
  add constraint shares_pooled_limit_pace_valid check (are_paces(pooled_limit_pace)),
  add constraint shares_pooled_pace_for_groups
    check (group_id is not null or pooled_limit_pace is null);
comment on column shares.limit_pace is
  'How fast the user, or each member of the group, may be; see is_pace.';
comment on column shares.pooled_limit_pace is
  'How fast all members of the group together may be; see is_pace.';

alter table access_tokens
  add column limit_pace text[],
  add column inherited_paces_from uuid[] not null default '{}',
  add column inherited_paces text[] not null default '{}',
  add constraint access_tokens_limit_pace_valid check (are_paces(limit_pace)),
  add constraint access_tokens_inherited_paces_count
    check (cardinality(inherited_paces_from) <= 16),
  add constraint access_tokens_inherited_paces_pairs
    check (cardinality(inherited_paces_from) = cardinality(inherited_paces)),
  add constraint access_tokens_inherited_paces_whole
    check (array_position(inherited_paces_from, null) is null
      and array_position(inherited_paces, null) is null);
comment on column access_tokens.limit_pace is 'How fast calls with the token may be; see is_pace.';
comment on column access_tokens.inherited_paces_from is
  'The tokens that this one came from and that have a limit on the pace; one of them stands here once for each of its limits. Calls with this token count against those, too. They may be gone by now, so nothing is referred to.';
comment on column access_tokens.inherited_paces is
  'The limits of the tokens in inherited_paces_from, in the same order, as they were when this token was created; see is_pace.';

-- Names the new columns as well; otherwise as before.
drop trigger access_tokens_note_change on access_tokens;
create constraint trigger access_tokens_note_change
  after delete or update of user_id, token_hash, scope, origin, service_id, project_id,
    limit_requests_per_minute, limit_models, limit_operations, limit_max_output_tokens,
    limit_budgets, limit_storage, limit_max_objects, limit_max_bytes, limit_objects, limit_pace,
    inherited_from, inherited_per_minute, inherited_budgets_from, inherited_budgets,
    inherited_paces_from, inherited_paces, expires_at on access_tokens
  deferrable initially deferred for each row execute function note_row('user_id');

-- Whether a row sets any limit depends on the new column as well.
alter table user_limits
  drop column sets_any,
  add column limit_pace text[],
  add column sets_any boolean not null generated always as (num_nonnulls(
    limit_requests_per_minute, limit_models, limit_operations, limit_max_output_tokens,
    limit_budgets, limit_pace) > 0) stored,
  add constraint user_limits_pace_valid check (are_paces(limit_pace));
comment on column user_limits.limit_pace is 'How fast the user may be; see is_pace.';

alter table group_limits
  drop column sets_any,
  add column limit_pace text[],
  add column sets_any boolean not null generated always as (num_nonnulls(
    limit_requests_per_minute, limit_models, limit_operations, limit_max_output_tokens,
    limit_budgets, limit_pace) > 0) stored,
  add constraint group_limits_pace_valid check (are_paces(limit_pace));
comment on column group_limits.limit_pace is 'How fast calls may be; see is_pace.';
