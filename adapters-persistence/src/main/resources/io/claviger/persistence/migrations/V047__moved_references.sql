-- What names a service or project by its owner and handle follows it to another owner.
alter table shares
  drop constraint shares_instance_fkey,
  add constraint shares_instance_fkey
    foreign key (instance_id, owner_handle, instance_handle)
    references instances (id, owner_handle, handle) on update cascade on delete cascade;
alter table default_services
  drop constraint default_services_instance_fkey,
  add constraint default_services_instance_fkey
    foreign key (instance_id, owner_handle, instance_handle)
    references instances (id, owner_handle, handle) on update cascade on delete cascade;
alter table project_shares
  drop constraint project_shares_project_fkey,
  add constraint project_shares_project_fkey
    foreign key (project_id, owner_handle, project_handle)
    references projects (id, owner_handle, handle) on update cascade on delete cascade;

create table moved_references (
  kind         text                     not null,
  owner_handle text collate "C"         not null,
  handle       text collate "C"         not null,
  service_id   uuid,
  project_id   uuid,
  until        timestamp with time zone not null,

  constraint moved_references_pkey primary key (kind, owner_handle, handle),
  constraint moved_references_service_fkey foreign key (service_id)
    references instances (id) on delete cascade,
  constraint moved_references_project_fkey foreign key (project_id)
    references projects (id) on delete cascade,
  constraint moved_references_kind_known check (kind in ('service', 'project')),
  constraint moved_references_lead_to_their_kind check (
    case kind
      when 'service' then service_id is not null and project_id is null
      else project_id is not null and service_id is null
    end),
  constraint moved_references_owner_handle_shape check (is_handle(owner_handle)),
  constraint moved_references_handle_shape check (is_handle(handle))
);
comment on table moved_references is
  'References that services and projects had with a former owner. Until their time they lead to what moved, and nothing else can have them, even after the former owner was deleted.';

create index moved_references_of_service on moved_references (service_id)
  where service_id is not null;
create index moved_references_of_project on moved_references (project_id)
  where project_id is not null;
create index moved_references_until on moved_references (until);

create function refuse_moved_reference() returns trigger language plpgsql as $$
begin
  if exists (
    select from moved_references m
    where m.kind = tg_argv[0]
      and m.owner_handle = new.owner_handle
      and m.handle = new.handle
      and m.until > clock_timestamp()
      and coalesce(m.service_id, m.project_id) <> new.id)
  then
    raise exception 'this reference still leads to what moved'
      using errcode = 'unique_violation', constraint = 'moved_references_reserve';
  end if;
  return null;
end
$$;
comment on function refuse_moved_reference is
  'Refuses a service or project under a reference that leads to another one. It runs after the row is written, so that it sees a transfer that the unique index waited for.';

create trigger instances_refuse_moved_reference
  after insert or update of owner_handle, handle on instances
  for each row execute function refuse_moved_reference('service');
create trigger projects_refuse_moved_reference
  after insert or update of owner_handle, handle on projects
  for each row execute function refuse_moved_reference('project');

-- Calls by an old reference depend on it as they do on the service or project.
create constraint trigger moved_references_note_service
  after update or delete on moved_references
  deferrable initially deferred for each row execute function note_row('service_id');
create constraint trigger moved_references_note_project
  after update or delete on moved_references
  deferrable initially deferred for each row execute function note_row('project_id');
