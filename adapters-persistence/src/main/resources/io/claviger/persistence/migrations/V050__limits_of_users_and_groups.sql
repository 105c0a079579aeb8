create table user_limits (
  user_id                   uuid                     not null,
  limit_requests_per_minute integer,
  limit_models              text[],
  limit_operations          text[],
  limit_max_output_tokens   integer,
  limit_budgets             text[],
  version                   bigint                   not null,
  updated_at                timestamp with time zone not null,
  sets_any                  boolean                  not null generated always as (num_nonnulls(
    limit_requests_per_minute, limit_models, limit_operations, limit_max_output_tokens,
    limit_budgets) > 0) stored,

  constraint user_limits_pkey primary key (user_id),
  constraint user_limits_user_fkey foreign key (user_id) references users (id) on delete cascade,
  constraint user_limits_none_of_system
    check (user_id <> '01900000-0000-7000-8000-000000000001'),
  constraint user_limits_requests_per_minute_bounds
    check (limit_requests_per_minute between 1 and 1000000),
  constraint user_limits_models_count check (cardinality(limit_models) between 1 and 100),
  constraint user_limits_operations_count check (cardinality(limit_operations) between 1 and 100),
  constraint user_limits_max_output_tokens_bounds
    check (limit_max_output_tokens between 1 and 1000000000),
  constraint user_limits_budgets_valid check (are_budgets(limit_budgets)),
  constraint user_limits_version_positive check (version > 0)
);
comment on table user_limits is
  'What administrators allow a user, whatever the user calls. A user without a row has no such limits, and nor has one whose row sets none; the row stays for its version.';
comment on column user_limits.limit_budgets is 'What the user may use up; see is_budget.';

create table group_limits (
  group_id                  uuid                     not null,
  pooled                    boolean                  not null,
  limit_requests_per_minute integer,
  limit_models              text[],
  limit_operations          text[],
  limit_max_output_tokens   integer,
  limit_budgets             text[],
  version                   bigint                   not null,
  updated_at                timestamp with time zone not null,
  sets_any                  boolean                  not null generated always as (num_nonnulls(
    limit_requests_per_minute, limit_models, limit_operations, limit_max_output_tokens,
    limit_budgets) > 0) stored,

  constraint group_limits_pkey primary key (group_id, pooled),
  constraint group_limits_group_fkey foreign key (group_id) references groups (id)
    on delete cascade,
  constraint group_limits_requests_per_minute_bounds
    check (limit_requests_per_minute between 1 and 1000000),
  constraint group_limits_models_count check (cardinality(limit_models) between 1 and 100),
  constraint group_limits_operations_count check (cardinality(limit_operations) between 1 and 100),
  constraint group_limits_max_output_tokens_bounds
    check (limit_max_output_tokens between 1 and 1000000000),
  constraint group_limits_budgets_valid check (are_budgets(limit_budgets)),
  constraint group_limits_version_positive check (version > 0)
);
comment on table group_limits is
  'What administrators allow the members of a group, whatever they call: each of them, or all together.';
comment on column group_limits.pooled is
  'Whether the limits are for all members together; otherwise each member has them alone.';
comment on column group_limits.limit_budgets is 'What may be used up; see is_budget.';

create trigger user_limits_know_zones before insert or update of limit_budgets
  on user_limits for each row when (new.limit_budgets is not null)
  execute function refuse_unknown_zones('limit_budgets');
create trigger group_limits_know_zones before insert or update of limit_budgets
  on group_limits for each row when (new.limit_budgets is not null)
  execute function refuse_unknown_zones('limit_budgets');

create constraint trigger user_limits_note_change after insert or update or delete on user_limits
  deferrable initially deferred for each row execute function note_row('user_id');

create function note_members() returns trigger language plpgsql as $$
declare
  changed uuid := case when tg_op = 'DELETE' then old.group_id else new.group_id end;
  member uuid;
begin
  -- First, because it takes the lock of the counter. Whoever joins the group and is not seen below
  -- commits later, and so is noted behind this change.
  perform note_change(changed);
  if (select count(*) from (
      select from group_members where group_id = changed limit 1001) few) > 1000 then
    perform note_change('00000000-0000-0000-0000-000000000000');
  else
    for member in select user_id from group_members where group_id = changed loop
      perform note_change(member);
    end loop;
  end if;
  return null;
end
$$;
comment on function note_members is
  'Notes a change for each member of a group, or for everybody where the group is large.';
create constraint trigger group_limits_note_change
  after insert or update or delete on group_limits
  deferrable initially deferred for each row execute function note_members();
