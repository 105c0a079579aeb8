alter table instances
  add column audience text,
  add column is_everybodys boolean not null generated always as (
    owner_handle = '_system' and audience is distinct from 'shared') stored,
  add constraint instances_audience_of_system
    check (audience is null or (owner_handle = '_system' and audience in ('everybody', 'shared'))),
  add constraint instances_id_is_everybodys_key unique (id, is_everybodys);
comment on column instances.audience is
  'Whether everybody uses a system-level service, or only the holders of shares. Null, as nodes of earlier versions write it, means everybody. Null for services of users.';
update instances set audience = 'everybody' where owner_handle = '_system';

drop index instances_oldest_enabled;
create index instances_oldest_enabled on instances (provider, created_at, id)
  where owner_handle = '_system' and is_everybodys and enabled;

-- What is for everybody has no shares. Administrators lend the other services of _system, but not
-- the rights of an owner: these services may reach addresses that those of users may not.
alter table shares
  add column of_everybodys boolean not null generated always as (false) stored,
  drop constraint shares_nothing_of_system,
  add constraint shares_of_system_below_owner
    check (owner_handle <> '_system' or role <> 'owner'),
  add constraint shares_not_of_everybodys_fkey foreign key (instance_id, of_everybodys)
    references instances (id, is_everybodys) on update restrict on delete cascade;

-- Names the new column as well; otherwise as before.
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

-- A service that is for everybody from now on is new to everybody.
create constraint trigger instances_note_audience after update of audience on instances
  deferrable initially deferred for each row
  when (old.is_everybodys <> new.is_everybodys) execute function note_row('owner_id');

create or replace function access_span_of(kind text, line jsonb) returns access_spans
language sql stable as $$
  select null::bigint, kind, s.of_id::uuid, coalesce(s.of_name, ''), s.holder_id::uuid, s.holder,
    coalesce(s.owner_id::uuid, '00000000-0000-0000-0000-000000000000'), s.role,
    coalesce((line ->> 'may_reshare')::boolean, false),
    (line ->> 'expires_at')::timestamptz, null::timestamptz, null::timestamptz
  from (
    select line ->> 'id' as of_id,
      (line ->> 'owner_handle') || '/' || (line ->> 'handle') as of_name,
      line ->> 'owner_id' as holder_id, line ->> 'owner_handle' as holder, null as owner_id,
      case when not (line ->> 'enabled')::boolean then 'disabled'
        when line ->> 'audience' = 'shared' then 'shared'
        else 'enabled' end as role
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
comment on column access_spans.role is
  'For the kind service whether it was enabled or disabled, or shared: enabled, but its owner, _system, gives nobody the right to use it; else the role.';

drop trigger instances_note_access on instances;
create trigger instances_note_access
  after insert or delete or update of owner_id, owner_handle, handle, enabled, audience on instances
  for each row execute function note_access('service');

-- A model that is not bound leads to services that everybody uses; otherwise as before.
create or replace view catalogue_targets as
  select m.id as model_id, m.format, m.name, m.on_failure, m.created_at, 1 as position,
    m.instance_id, m.model
  from model_configs m
  where m.deleted_at is null and m.enabled and m.instance_id is not null
  union all
  select m.id, m.format, m.name, m.on_failure, m.created_at, t.position, t.instance_id, t.model
  from model_configs m
  join model_targets t on t.model_id = m.id
  where m.deleted_at is null and m.enabled
  union all
  select m.id, m.format, m.name, m.on_failure, m.created_at, 1, oldest.id, m.model
  from model_configs m
  cross join lateral (
    select i.id
    from instances i
    where i.owner_handle = '_system' and i.enabled and i.is_everybodys
      and i.provider = m.provider
    order by i.created_at, i.id
    limit 1
  ) oldest
  where m.deleted_at is null and m.enabled and m.instance_id is null;

-- The names of services that only holders of shares see are hidden from others in usage as well.
create or replace function service_name_for(
  viewer uuid, instance uuid, owner uuid, instance_ref text, project_ref text)
  returns text language sql stable parallel safe
  return case
    when project_ref is null
      or owner = viewer
      or (owner = '01900000-0000-7000-8000-000000000001'
        and not exists (
          select from instances i where i.id = instance and i.audience = 'shared'))
      or exists (
        select from shares s
        where s.instance_id = instance and s.grantee_id = viewer
          and (s.expires_at is null or s.expires_at > now()))
      or exists (
        select from shares s
        join group_members m on m.group_id = s.group_id and m.user_id = viewer
        where s.instance_id = instance
          and (s.expires_at is null or s.expires_at > now()))
    then instance_ref
    else project_ref
  end;
