alter table api_standards
  add constraint api_standards_handle_format_key unique (handle, format);
alter table instances
  add constraint instances_id_owner_handle_key unique (id, owner_handle),
  add constraint instances_id_api_standard_key unique (id, api_standard);

alter table model_configs
  add column format       text,
  add column name         text collate "C",
  add column on_failure   text not null default 'none',
  add column api_standard text collate "C",
  add column bound        boolean not null generated always as (instance_id is not null) stored;

update model_configs m
set api_standard = i.api_standard
from instances i
where i.id = m.instance_id;

update model_configs m
set format = coalesce(
  (select a.format from api_standards a where a.handle = m.api_standard),
  case m.provider
    when 'anthropic' then 'anthropic'
    when 'google' then 'gemini'
    when 'cohere' then 'cohere'
    else 'openai' end);

-- The oldest model keeps the provider's name. The others get ~2, ~3 and so on.
do $$
declare
  each  record;
  taken text;
  n     integer;
begin
  for each in
    select id, format, model, deleted_at from model_configs order by created_at, id
  loop
    taken := each.model;
    n := 1;
    while each.deleted_at is null and exists (
      select from model_configs
      where deleted_at is null and format = each.format and name = taken)
    loop
      n := n + 1;
      taken := left(each.model, 245) || '~' || n;
    end loop;
    update model_configs set name = taken where id = each.id;
  end loop;
end
$$;

alter table model_configs
  alter column format set not null,
  alter column name set not null,
  alter column on_failure drop default,
  add constraint model_configs_name_length check (char_length(name) between 1 and 256),
  add constraint model_configs_on_failure_known check (on_failure in ('none', 'next')),
  add constraint model_configs_standard_of_bound
    check ((instance_id is null) = (api_standard is null)),
  add constraint model_configs_id_format_bound_key unique (id, format, bound),
  -- A bound service can change its API standard only to another one of the same format.
  add constraint model_configs_instance_standard_fkey
    foreign key (instance_id, api_standard)
    references instances (id, api_standard) on update cascade on delete no action,
  add constraint model_configs_format_fkey foreign key (api_standard, format)
    references api_standards (handle, format) on delete no action;
comment on column model_configs.name is
  'By which callers call it, unique among the live models of a format.';

create unique index model_configs_one_name on model_configs (format, name)
  where deleted_at is null;

create table model_targets (
  model_id       uuid             not null,
  position       integer          not null,
  format         text             not null,
  model_bound    boolean          not null generated always as (true) stored,
  instance_id    uuid             not null,
  instance_owner text collate "C" not null generated always as ('_system') stored,
  api_standard   text collate "C" not null,
  model          text             not null,

  constraint model_targets_pkey primary key (model_id, position),
  constraint model_targets_each_once unique (model_id, instance_id, model),
  constraint model_targets_model_fkey foreign key (model_id, format, model_bound)
    references model_configs (id, format, bound) on delete cascade,
  constraint model_targets_instance_fkey foreign key (instance_id, instance_owner)
    references instances (id, owner_handle) on delete no action,
  constraint model_targets_standard_fkey foreign key (instance_id, api_standard)
    references instances (id, api_standard) on update cascade on delete no action,
  constraint model_targets_format_fkey foreign key (api_standard, format)
    references api_standards (handle, format) on delete no action,
  constraint model_targets_position_bounds check (position between 2 and 8),
  constraint model_targets_model_length check (char_length(model) between 1 and 256)
);
comment on table model_targets is
  'The services of a model of the catalogue after the first one, which stands in model_configs. All are of _system and of the format of the model.';

create index model_targets_of_instance on model_targets (instance_id);
create index model_targets_of_standard on model_targets (api_standard, format);
create index model_configs_of_standard on model_configs (api_standard, format)
  where api_standard is not null;

create view catalogue_targets as
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
    where i.owner_handle = '_system' and i.enabled and i.provider = m.provider
    order by i.created_at, i.id
    limit 1
  ) oldest
  where m.deleted_at is null and m.enabled and m.instance_id is null;
comment on view catalogue_targets is
  'The services to which the enabled models of the catalogue lead, in their order. A model that is not bound leads to the oldest enabled service of its provider.';

create function note_catalogue() returns trigger language plpgsql as $$
begin
  perform note_change('01900000-0000-7000-8000-000000000001');
  return null;
end
$$;
comment on function note_catalogue is 'Notes a change of the catalogue for _system.';

create constraint trigger model_configs_note_change after insert or update on model_configs
  deferrable initially deferred for each row execute function note_catalogue();
create constraint trigger model_targets_note_change after insert or update or delete on model_targets
  deferrable initially deferred for each row execute function note_catalogue();
