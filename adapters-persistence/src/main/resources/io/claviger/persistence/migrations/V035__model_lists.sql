create function are_model_ids(ids text[]) returns boolean
  language sql immutable parallel safe
  return cardinality(ids) <= 10000
    and not exists (
      select from unnest(ids) id
      where id is null or id !~ '^[!-~]+$' or char_length(id) > 256);
comment on function are_model_ids is
  'Whether these are at most 10,000 names of 1 to 256 visible ASCII characters each.';

create table model_lists (
  instance_id uuid                     not null,
  user_id     uuid,
  asked_at    timestamp with time zone not null,
  listed_at   timestamp with time zone,
  endpoint    text,
  models      text[]                   not null default '{}',

  constraint model_lists_one_each unique nulls not distinct (instance_id, user_id),
  constraint model_lists_instance_fkey foreign key (instance_id)
    references instances (id) on delete cascade,
  constraint model_lists_user_key_fkey foreign key (instance_id, user_id)
    references user_keys (instance_id, user_id) on delete cascade,
  constraint model_lists_listed_somewhere check ((listed_at is null) = (endpoint is null)),
  constraint model_lists_endpoint_length check (char_length(endpoint) <= 2048),
  constraint model_lists_models_are_ids check (are_model_ids(models))
);
comment on table model_lists is
  'What the provider of a service lists, and when it was last asked. Where a user is named, it was asked with that user''s own key; then the list is theirs alone and ends with the key, or when it is replaced.';

create constraint trigger model_lists_note_change
  after insert or update of models, endpoint on model_lists
  deferrable initially deferred for each row
  when (new.listed_at is not null)
  execute function note_row('instance_id');

create function forget_models_of_key() returns trigger language plpgsql as $$
begin
  delete from model_lists where instance_id = new.instance_id and user_id = new.user_id;
  return null;
end
$$;
comment on function forget_models_of_key is
  'Deletes what was listed with a user''s key that another one has replaced.';

create trigger user_keys_forget_models after update on user_keys
  for each row when (old.set_at is distinct from new.set_at)
  execute function forget_models_of_key();
