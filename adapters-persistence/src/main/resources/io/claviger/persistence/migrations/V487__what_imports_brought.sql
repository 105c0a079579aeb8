-- The undo of an import took a share for the imported one although somebody had ended that and had
-- given it again. What is recorded as the version of a share contains now when it was given.
update arrivals a
set version = cast(extract(epoch from s.created_at) * 1000000 as bigint) * 1000 + s.version
from shares s
where a.kind = 'share' and s.instance_id = a.object_id and s.grantee_id = a.with_id
  and s.version = a.version and s.created_at <= a.arrived_at + interval '1 hour';
update arrivals a
set version = cast(extract(epoch from s.created_at) * 1000000 as bigint) * 1000 + s.version
from definition_shares s
where a.kind = 'definition_share' and s.definition_id = a.object_id and s.grantee_id = a.with_id
  and s.version = a.version and s.created_at <= a.arrived_at + interval '1 hour';
update arrivals a
set version = cast(extract(epoch from s.created_at) * 1000000 as bigint) * 1000 + s.version
from project_shares s
where a.kind = 'member' and s.project_id = a.object_id and s.grantee_id = a.with_id
  and s.version = a.version and s.created_at <= a.arrived_at + interval '1 hour';

-- Tokens that came from another system could be used for every service that their users could use.
alter table access_tokens add column imported_services uuid[];
comment on column access_tokens.imported_services is
  'The only services for which an imported token can be used. Null for all services. They are not referred to: a token keeps the id of a service that is deleted.';
update access_tokens t
set imported_services = c.services
from (
  select a.object_id, array_agg(s.object_id order by s.object_id) as services
  from arrivals a
  join arrivals s on s.source = a.source and s.kind = 'service' and s.object_id is not null
  where a.kind = 'token'
  group by a.object_id
) c
where t.id = c.object_id and t.origin = 'imported';
