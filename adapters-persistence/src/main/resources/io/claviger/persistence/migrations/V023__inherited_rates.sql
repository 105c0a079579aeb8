alter table access_tokens
  add column inherited_from uuid[] not null default '{}',
  add column inherited_per_minute integer[] not null default '{}',
  add constraint access_tokens_inherited_count check (cardinality(inherited_from) <= 8),
  add constraint access_tokens_inherited_pairs
    check (cardinality(inherited_from) = cardinality(inherited_per_minute)),
  add constraint access_tokens_inherited_whole
    check (array_position(inherited_from, null) is null
      and array_position(inherited_per_minute, null) is null);
comment on column access_tokens.inherited_from is
  'The tokens that this one came from and that have a rate. Calls with this token count against their rates, too. They may be gone by now, so nothing is referred to.';
comment on column access_tokens.inherited_per_minute is
  'The rates of the tokens in inherited_from, in the same order, as they were when this token was created. Each is stricter than the one before it.';

drop trigger access_tokens_note_change on access_tokens;
create constraint trigger access_tokens_note_change
  after delete or update of user_id, token_hash, scope, origin, service_id, project_id,
    limit_requests_per_minute, limit_models, limit_operations, inherited_from,
    inherited_per_minute, expires_at on access_tokens
  deferrable initially deferred for each row execute function note_row('user_id');
