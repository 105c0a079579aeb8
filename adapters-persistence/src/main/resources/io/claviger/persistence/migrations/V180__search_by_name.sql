-- The words of names, each after a space, as the search of the console compares them.
create function name_words(value text) returns text
  language sql immutable strict parallel safe
  return ' ' || lower(translate(value, '-_./:;,@+~*=%&#!?|\"''`<>()[]{}', repeat(' ', 40)));
comment on function name_words is
  'A name in lower case, with spaces instead of punctuation and before its first word.';

create function name_lexemes(value text) returns tsvector
  language sql immutable strict parallel safe
  return to_tsvector('pg_catalog.simple'::regconfig, name_words(value));
comment on function name_lexemes is
  'The words of a name, by which an index finds those that begin with what somebody typed.';

create index instances_by_handle on instances (handle, owner_handle);
create index instances_by_words on instances
  using gin (name_lexemes(handle || ' ' || display_name || ' ' || model));
create index users_by_words on users
  using gin (name_lexemes(handle || ' ' || display_name || ' ' || coalesce(email, '')));
create index groups_by_words on groups using gin (name_lexemes(handle || ' ' || display_name));
create index projects_by_handle on projects (handle, owner_handle);
create index projects_by_words on projects using gin (name_lexemes(handle));
create index model_configs_by_words on model_configs
  using gin (name_lexemes(name || ' ' || display_name || ' ' || model)) where deleted_at is null;

-- Finds what somebody was lent by the beginning of its handle.
create index shares_by_name on shares (grantee_id, instance_handle, instance_id);
