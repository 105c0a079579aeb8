-- A model that is not bound leads to all enabled system-level services of its provider. Which of them
-- somebody can call is decided where their shares and keys are known; the oldest of these is called.
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
  select m.id, m.format, m.name, m.on_failure, m.created_at, 0, i.id, m.model
  from model_configs m
  join instances i on i.provider = m.provider
  where m.deleted_at is null and m.enabled and m.instance_id is null
    and i.owner_handle = '_system' and i.enabled;
comment on view catalogue_targets is
  'The services to which the enabled models of the catalogue lead, in the order of their positions. A model that is not bound leads to all enabled system-level services of its provider, at position 0, the oldest first.';

-- Those that only holders of shares use count too.
create index instances_enabled_of_system on instances (provider, created_at, id)
  where owner_handle = '_system' and enabled;
