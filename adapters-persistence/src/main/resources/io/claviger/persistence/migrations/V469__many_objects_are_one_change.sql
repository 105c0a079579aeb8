-- Each object that ends is a line in changes, which is written while all other changes wait. A
-- conversation ends together with up to 100,000 responses. So after 1,000 objects of a transaction,
-- one line for the service stands for all of its objects.
create function needs_note_of_object(service uuid) returns boolean language plpgsql as $$
declare
  noted int := coalesce(nullif(current_setting('claviger.noted_objects', true), ''), '0');
begin
  if noted < 1000 then
    perform set_config('claviger.noted_objects', (noted + 1)::text, true);
    return true;
  end if;
  if current_setting('claviger.noted_service', true) = service::text then
    return false;
  end if;
  perform set_config('claviger.noted_service', service::text, true);
  return true;
end
$$;
comment on function needs_note_of_object is
  'Whether the change of one more object of this service needs a note at the end of the transaction. After 1,000 notes, only the first of several objects of the same service does.';

create function note_object() returns trigger language plpgsql as $$
begin
  perform note_change(case
    when nullif(current_setting('claviger.noted_service', true), '') is null then old.subject
    else old.service_id end);
  return null;
end
$$;
comment on function note_object is
  'Notes the end of an object, or of any objects of its service if the transaction has ended many.';

-- The condition is checked when the row changes. So the trigger is not queued for rows that need no
-- note.
drop trigger provider_objects_note_end on provider_objects;
create constraint trigger provider_objects_note_end
  after update of state, expires_at on provider_objects
  deferrable initially deferred for each row
  when (case
    when old.state = 'live'
      and (old.state, old.expires_at) is distinct from (new.state, new.expires_at)
      and current_setting('claviger.account_changes', true) is distinct from 'yes'
    then needs_note_of_object(old.service_id)
    else false end)
  execute function note_object();
drop trigger provider_objects_note_holder on provider_objects;
create constraint trigger provider_objects_note_holder
  after update of holder_user_id, holder_project_id on provider_objects
  deferrable initially deferred for each row
  when (case
    when old.state = 'live'
      and (old.holder_user_id, old.holder_project_id)
        is distinct from (new.holder_user_id, new.holder_project_id)
    then needs_note_of_object(old.service_id)
    else false end)
  execute function note_row('service_id');
