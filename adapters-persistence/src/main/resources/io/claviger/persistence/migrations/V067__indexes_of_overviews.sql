-- Apart from V066, because nothing may wait for another lock while these indexes are made. Only
-- summing up waits for the first two, which take a while; reports go on.
create index usage_rollups_of_service on usage_rollups (instance_ref, grain, period)
  where grain in ('day_of_service', 'month_of_service');
create index usage_rollups_in_projects on usage_rollups (grain, period)
  where grain in ('day_of_service', 'month_of_service') and project_ref is not null;

-- For the list of what has no key, and of shares that end soon.
create index instances_without_key on instances (owner_handle, handle)
  where enabled and (api_key_sealed is null or not central_key);
create index shares_ending on shares (grantee_id, expires_at) where expires_at is not null;
