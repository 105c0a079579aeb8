alter table access_tokens
  add column imported_from text collate "C",
  add column imported_prefix text collate "C",
  drop constraint access_tokens_origin_known,
  add constraint access_tokens_origin_known
    check (origin in ('user', 'first', 'recovery', 'command', 'environment', 'device', 'narrowed',
      'exchanged', 'imported')),
  add constraint access_tokens_imported_whole
    check (num_nonnulls(imported_from, imported_prefix) = case origin when 'imported' then 2 else 0 end),
  add constraint access_tokens_imported_is_use check (origin <> 'imported' or scope = 'use'),
  add constraint access_tokens_imported_expires check (origin <> 'imported' or expires_at is not null),
  add constraint access_tokens_imported_stays
    check (origin <> 'imported' or num_nonnulls(parent_id, refreshable_until) = 0),
  add constraint access_tokens_imported_from_shape check (imported_from ~ '^[a-z][a-z0-9-]{0,39}$'),
  add constraint access_tokens_imported_prefix_shape
    check (imported_prefix ~ '^[!-~]{3,16}$'
      and not starts_with(imported_prefix, 'clv_') and imported_prefix <> 'clv');
comment on column access_tokens.imported_from is
  'The other system that issued the text of the token, if Claviger did not. Only the gateway accepts such a token.';
comment on column access_tokens.imported_prefix is
  'What the text of an imported token begins with. The gateway looks up only texts that begin with a prefix in use.';

create index access_tokens_of_imports on access_tokens (imported_prefix, expires_at)
  where imported_prefix is not null;
