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
