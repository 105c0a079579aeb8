-- Concurrent transactions count the messages of a webhook without seeing each other's messages.
-- Therefore each message takes one of 1,000 numbered places, and a unique constraint decides who
-- has a place.
alter table webhook_messages
  add column place smallint,
  add constraint webhook_messages_place_bounds check (place between 1 and 1000),
  add constraint webhook_messages_place_key unique (webhook_id, place);
comment on column webhook_messages.place is
  'Which of the 1,000 places of its webhook the message has. Empty only in messages that were written before places existed, beyond the first 1,000 of a webhook.';

update webhook_messages m
set place = w.number
from (
  select id,
    row_number() over (partition by webhook_id order by created_at, threshold, id) as number
  from webhook_messages) w
where w.id = m.id and w.number <= 1000;

-- Writers do not wait for each other, because one transaction may write to many webhooks. A writer
-- tries the free places until it holds the lock of one. The writer then looks again, with a new
-- snapshot, because the last holder of the lock may have committed a message in that place. A lock
-- is for the same place of all webhooks, so that a transaction needs few locks and at most 1,000.
-- If the last free places of a webhook are locked by writers to other webhooks, the webhook counts
-- as full.
create function place_webhook_message() returns trigger language plpgsql as $$
declare
  free smallint;
begin
  for free in
    select p.place
    from generate_series(1, 1000) p (place)
    where not exists (
      select from webhook_messages m where m.webhook_id = new.webhook_id and m.place = p.place)
    order by p.place
  loop
    continue when not pg_try_advisory_xact_lock(
      hashtextextended('webhook place ' || current_schema() || ' ' || free, 0));
    perform from webhook_messages m where m.webhook_id = new.webhook_id and m.place = free;
    if not found then
      new.place := free;
      return new;
    end if;
  end loop;
  return null;
end
$$;
comment on function place_webhook_message is
  'Gives a new message a free place of its webhook. Leaves the message out if the webhook has no free place.';

create trigger webhook_messages_place before insert on webhook_messages
  for each row when (new.place is null) execute function place_webhook_message();
