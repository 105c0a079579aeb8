create or replace function leave_object() returns trigger language plpgsql as $$
begin
  new.borrower_id := null;
  if new.state = 'live' and old.holder_user_id is not null and exists (
    select from instances i where i.id = new.service_id and i.on_end = 'delete') then
    new.ended_at := clock_timestamp();
    new.end_reason := 'share_end';
    if is_part(new.parent) then
      -- The whole has the same holder, and goes with all of its parts.
      new.state := 'deleted';
    else
      new.state := 'deleting';
      new.retry_at := clock_timestamp();
      new.retry_until := clock_timestamp() + interval '30 days';
    end if;
  end if;
  return new;
end
$$;
