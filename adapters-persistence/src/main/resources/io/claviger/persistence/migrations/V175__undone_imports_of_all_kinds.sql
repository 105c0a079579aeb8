-- Imports of all kinds of things can be undone. An API standard needs an id for that.
alter table api_standards add column id uuid not null default gen_random_uuid();
alter table api_standards add constraint api_standards_id_key unique (id);
comment on column api_standards.id is
  'Identifies it to imports. Everything else knows it by its handle.';

alter table arrivals drop constraint arrivals_kind_known;
alter table arrivals add constraint arrivals_kind_known check (
  kind in ('user', 'standard', 'definition', 'service', 'key', 'share', 'definition_share',
    'project', 'member', 'link', 'model', 'user_key', 'group', 'group_member', 'service_account',
    'token', 'limits', 'group_limits', 'usage'));

update arrivals a set object_id = s.id
from api_standards s
where a.kind = 'standard' and a.object_id is null and s.handle = lower(a.name);
