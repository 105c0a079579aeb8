alter table shares
  add column to_everybody boolean not null default false,
  add constraint shares_to_everybody_reshares check (may_reshare or not to_everybody);
comment on column shares.to_everybody is
  'Whether the holder''s projects may pass the use on to everybody, not to their members alone.';

alter table projects
  add column visibility text not null default 'members',
  add constraint projects_visibility_known check (visibility in ('members', 'everybody')),
  add constraint projects_open_with_service
    check (visibility = 'members' or instance_id is not null);
comment on column projects.visibility is
  'Who calls the service through the project: its members, or everybody. It is everybody exactly as long as open_projects has a row of the project.';

create table open_projects (
  project_id   uuid                     not null,
  instance_id  uuid                     not null,
  share_holder uuid,
  opened_at    timestamp with time zone not null default clock_timestamp(),

  constraint open_projects_pkey primary key (project_id),
  constraint open_projects_project_fkey foreign key (project_id)
    references projects (id) on delete cascade,
  constraint open_projects_share_fkey foreign key (instance_id, share_holder)
    references shares (instance_id, grantee_id) on delete cascade
);
comment on table open_projects is
  'By which right a project is open to everybody. Triggers write it. A row goes with the share that it depends on, and the project is then open to its members alone until its owner opens it again.';
comment on column open_projects.share_holder is
  'The project''s owner, if a share lets them open it; null if they own the service.';
create index open_projects_of_instance on open_projects (instance_id, project_id);

-- Another owner, or no service: the project is for its members, whatever else changes it.
create function close_project() returns trigger language plpgsql as $$
begin
  if new.instance_id is null or new.owner_id <> old.owner_id then
    new.visibility := 'members';
  end if;
  return new;
end
$$;
create trigger projects_close before update of owner_id, instance_id on projects
  for each row execute function close_project();

create function open_project() returns trigger language plpgsql as $$
declare
  holder uuid;
begin
  if new.visibility = 'members' then
    delete from open_projects where project_id = new.id;
    return null;
  end if;
  if tg_op = 'UPDATE' and old.visibility = new.visibility and old.instance_id = new.instance_id then
    return null;
  end if;
  perform from instances i where i.id = new.instance_id and i.owner_id = new.owner_id for share;
  if not found then
    select s.grantee_id into holder
    from shares s
    where s.instance_id = new.instance_id and s.grantee_id = new.owner_id
      and s.may_reshare and s.to_everybody
      and (s.expires_at is null or s.expires_at > clock_timestamp())
    for share;
    if not found then
      raise exception 'project % may not be open to everybody', new.id
        using errcode = 'check_violation', constraint = 'open_projects_right', table = 'open_projects';
    end if;
  end if;
  insert into open_projects (project_id, instance_id, share_holder)
  values (new.id, new.instance_id, holder)
  on conflict (project_id) do update
    set instance_id = excluded.instance_id, share_holder = excluded.share_holder,
      opened_at = clock_timestamp();
  return null;
end
$$;
comment on function open_project is
  'Keeps open_projects as the projects say, and refuses what their owners may not open.';
create trigger projects_open
  after insert or update of visibility, instance_id, owner_id on projects
  for each row execute function open_project();

create function project_closed() returns trigger language plpgsql as $$
begin
  update projects
  set visibility = 'members', version = version + 1, updated_at = clock_timestamp()
  where id = old.project_id and visibility = 'everybody';
  return null;
end
$$;
comment on function project_closed is
  'What ends the right to open a project closes the project, so that a later right does not open it again.';
create trigger open_projects_closed after delete on open_projects
  for each row execute function project_closed();

-- A share that is given again, or lasts longer again, opens nothing.
create function shares_close_projects() returns trigger language plpgsql as $$
begin
  delete from open_projects
  where instance_id = new.instance_id and share_holder = new.grantee_id;
  return null;
end
$$;
create trigger shares_close_projects
  after update of may_reshare, to_everybody, expires_at on shares
  for each row
  when (old.to_everybody and (
    not (new.may_reshare and new.to_everybody)
    or new.expires_at <= clock_timestamp() or old.expires_at <= clock_timestamp()))
  execute function shares_close_projects();

-- The new owner of a service decides for themselves who uses it.
create function instances_close_projects() returns trigger language plpgsql as $$
begin
  delete from open_projects where instance_id = new.id;
  return null;
end
$$;
create trigger instances_close_projects after update of owner_id on instances
  for each row when (old.owner_id <> new.owner_id) execute function instances_close_projects();

-- Everybody is a member of an open project: _system stands for them, as it does with services for
-- everybody. Otherwise as before.
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
    select line ->> 'project_id', null,
      coalesce(line ->> 'grantee_id', '01900000-0000-7000-8000-000000000001'),
      coalesce(line ->> 'grantee_handle', '_system'), null, coalesce(line ->> 'role', 'reader')
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
create trigger open_projects_note_access after insert or delete on open_projects
  for each row execute function note_access('project_member');
