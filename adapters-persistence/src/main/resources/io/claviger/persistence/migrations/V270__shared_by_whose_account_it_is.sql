alter table shared_objects add column of_account boolean not null default false;
comment on column shared_objects.of_account is
  'Whether the account at the provider was that of whoever shared it. If not, it is shared only while they hold it.';

update shared_objects s set of_account = true
from instances i
where i.id = s.service_id
  and (i.owner_id = s.by_id
    or (i.owner_id = '01900000-0000-7000-8000-000000000001'
      and exists (select from users u where u.id = s.by_id and u.administrator)));
