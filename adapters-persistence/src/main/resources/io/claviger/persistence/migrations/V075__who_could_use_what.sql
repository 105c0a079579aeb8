create table access_spans (
  id         bigint generated always as identity,
  kind       text                     not null,
  of_id      uuid                     not null,
  of_name    text collate "C"         not null,
  holder_id  uuid                     not null,
  holder     text collate "C"         not null,
  owner_id   uuid                     not null,
  role       text                     not null,
  passes_on  boolean                  not null,
  expires_at timestamp with time zone,
  since      timestamp with time zone not null,
  until      timestamp with time zone,

  constraint access_spans_pkey primary key (id),
  constraint access_spans_kind_known check (kind in (
    'service', 'share', 'project', 'project_member', 'group_member', 'suspension')),
  constraint access_spans_end_later check (until >= since)
);
comment on table access_spans is
  'Since when and until when who owned a service, held a share of it, led to it by a project, was a member of a project or a group, or was suspended. Triggers write it, so that whatever changes a row is in it. It refers to nothing, so that it outlives what it is about; names are those at the time.';
comment on column access_spans.of_id is
  'The service, for the kinds service, share and project; else the project, the group, or the suspended user.';
comment on column access_spans.of_name is
  'The reference of the service for the kind service, the handle of the group for the kind group_member; else empty.';
comment on column access_spans.holder_id is
  'The owner of the service, the holder of the share, the project, the member, or the suspended user.';
comment on column access_spans.owner_id is
  'The owner of the project, whose use of the service the project passes on; else the nil UUID.';
comment on column access_spans.role is
  'For the kind service whether it was enabled or disabled, else the role.';

create unique index access_spans_open on access_spans (kind, of_id, holder_id) where until is null;
create index access_spans_of on access_spans (of_id, kind, since);
create index access_spans_named on access_spans (of_name, kind, since) where of_name <> '';
create index access_spans_ended on access_spans (until) where until is not null;

create table access_known (
  only_one boolean                  not null default true,
  since    timestamp with time zone not null default clock_timestamp(),

  constraint access_known_pkey primary key (only_one),
  constraint access_known_one check (only_one)
);
comment on table access_known is
  'Since when access_spans is complete. Of the time before, it has what had not ended by then, with its last role.';
insert into access_known default values;

create function access_span_of(kind text, line jsonb) returns access_spans
language sql stable as $$
  select null::bigint, kind, s.of_id::uuid, coalesce(s.of_name, ''), s.holder_id::uuid, s.holder,
    coalesce(s.owner_id::uuid, '00000000-0000-0000-0000-000000000000'), s.role,
    coalesce((line ->> 'may_reshare')::boolean, false),
    (line ->> 'expires_at')::timestamptz, null::timestamptz, null::timestamptz
  from (
    select line ->> 'id' as of_id,
      (line ->> 'owner_handle') || '/' || (line ->> 'handle') as of_name,
      line ->> 'owner_id' as holder_id, line ->> 'owner_handle' as holder, null as owner_id,
      case when (line ->> 'enabled')::boolean then 'enabled' else 'disabled' end as role
    where kind = 'service'
    union all
    select line ->> 'instance_id', null, line ->> 'grantee_id', line ->> 'grantee_handle', null,
      line ->> 'role'
    where kind = 'share'
    union all
    select line ->> 'instance_id', null, line ->> 'id',
      (line ->> 'owner_handle') || '/' || (line ->> 'handle'), line ->> 'owner_id', 'project'
    where kind = 'project' and line ->> 'instance_id' is not null
    union all
    select line ->> 'project_id', null, line ->> 'grantee_id', line ->> 'grantee_handle', null,
      line ->> 'role'
    where kind = 'project_member'
    union all
    select line ->> 'group_id',
      (select g.at_handle from groups g where g.id = (line ->> 'group_id')::uuid),
      line ->> 'user_id',
      (select u.handle from users u where u.id = (line ->> 'user_id')::uuid), null, line ->> 'role'
    where kind = 'group_member'
    union all
    select line ->> 'id', null, line ->> 'id', line ->> 'handle', null, 'suspended'
    where kind = 'suspension' and line ->> 'suspended_at' is not null) s $$;
comment on function access_span_of is
  'What a row of some table says about who may use what; null if it says nothing.';

create function note_access() returns trigger language plpgsql security definer as $$
declare
  gone access_spans;
  come access_spans;
begin
  if tg_op <> 'INSERT' then
    gone := access_span_of(tg_argv[0], to_jsonb(old));
  end if;
  if tg_op <> 'DELETE' then
    come := access_span_of(tg_argv[0], to_jsonb(new));
  end if;
  if gone is distinct from come then
    update access_spans s set until = greatest(s.since, clock_timestamp())
    where s.kind = tg_argv[0] and s.until is null
      and (s.of_id, s.holder_id) in ((gone.of_id, gone.holder_id), (come.of_id, come.holder_id));
    if come.of_id is not null then
      insert into access_spans (
        kind, of_id, of_name, holder_id, holder, owner_id, role, passes_on, expires_at, since)
      values (
        come.kind, come.of_id, come.of_name, come.holder_id, come.holder, come.owner_id, come.role,
        come.passes_on, come.expires_at, clock_timestamp());
    end if;
  end if;
  return null;
end
$$;
comment on function note_access is
  'Ends the span of the row that was, and begins one of the row that is. It has the rights of its owner, so that nobody else needs to write spans.';

-- The triggers come first: they keep others from writing until the spans of what is there are in.
create trigger instances_note_access
  after insert or delete or update of owner_id, owner_handle, handle, enabled on instances
  for each row execute function note_access('service');
create trigger shares_note_access
  after insert or delete
    or update of grantee_id, grantee_handle, role, may_reshare, expires_at on shares
  for each row execute function note_access('share');
create trigger projects_note_access
  after insert or delete or update of owner_id, owner_handle, handle, instance_id on projects
  for each row execute function note_access('project');
create trigger project_shares_note_access
  after insert or delete or update of grantee_id, grantee_handle, role on project_shares
  for each row execute function note_access('project_member');
create trigger group_members_note_access after insert or delete or update of role on group_members
  for each row execute function note_access('group_member');
create trigger users_note_access after delete or update of suspended_at on users
  for each row execute function note_access('suspension');

insert into access_spans (
  kind, of_id, of_name, holder_id, holder, owner_id, role, passes_on, expires_at, since)
select s.kind, s.of_id, s.of_name, s.holder_id, s.holder, s.owner_id, s.role, s.passes_on,
  s.expires_at, r.since
from (
  select 'service' as kind, to_jsonb(i) as line, i.created_at as since from instances i
  union all
  select 'share', to_jsonb(h), h.created_at from shares h
  union all
  select 'project', to_jsonb(p), p.created_at from projects p
  union all
  select 'project_member', to_jsonb(m), m.created_at from project_shares m
  union all
  select 'group_member', to_jsonb(m), m.created_at from group_members m
  union all
  select 'suspension', to_jsonb(u), u.suspended_at from users u where u.suspended_at is not null) r
cross join lateral access_span_of(r.kind, r.line) s
where s.of_id is not null;

create table refused_calls (
  day          date             not null,
  user_id      uuid             not null,
  user_handle  text collate "C" not null,
  instance_id  uuid             not null,
  instance_ref text collate "C" not null,
  owner_id     uuid             not null,
  code         text collate "C" not null,
  calls        bigint           not null,

  constraint refused_calls_pkey primary key (day, user_id, instance_id, code),
  constraint refused_calls_code_shape check (code ~ '^[a-z0-9_]{1,100}$'),
  constraint refused_calls_positive check (calls > 0)
);
comment on table refused_calls is
  'How many calls of whom to which service were refused with which code on a day (UTC). It refers to nothing, so that it outlives them; names are those at the time.';
create index refused_calls_of_owner on refused_calls (owner_id, day);
create index refused_calls_of_user on refused_calls (user_handle, day);
create index refused_calls_of_service on refused_calls (instance_ref, day);

-- For the list of keys by their age.
create index instances_by_key_age on instances (api_key_set_at, id)
  where api_key_set_at is not null;

do $$
declare
  held record;
begin
  execute format('alter function note_access() set search_path = %I, pg_temp', current_schema());
  -- Spans are read by the service, and written by triggers alone.
  for held in
    select distinct c.relname, a.grantee
    from pg_class c, aclexplode(c.relacl) a
    where c.oid in ('access_spans'::regclass, 'access_known'::regclass) and a.grantee <> c.relowner
  loop
    execute format(
      'revoke insert, update, delete, truncate, references, trigger on %I from %s',
      held.relname, case held.grantee when 0 then 'public' else held.grantee::regrole::text end);
  end loop;
end
$$;
