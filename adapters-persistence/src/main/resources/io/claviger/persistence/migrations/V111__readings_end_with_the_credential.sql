-- What is known of readings is about the credential. Whoever gets the service, or enters another
-- credential, learns nothing of those with the former one.
create or replace function end_billing_credential() returns trigger
language plpgsql as $$
begin
  delete from billing_credentials
  where instance_id = new.id
    and (old.owner_id <> new.owner_id
      or old.api_standard <> new.api_standard
      or old.provider <> new.provider
      or (follows_service and old.endpoint <> new.endpoint));
  delete from bill_runs r
  where r.service_id = new.id
    and not exists (select from billing_credentials b where b.instance_id = new.id);
  return null;
end
$$;
