-- Tokens that are accepted only from networks, or with a certificate.
alter table access_tokens
  add column bound_networks text[] collate "C",
  add column bound_certificate text collate "C",
  add column stray_at timestamptz,
  add column stray_from text collate "C",
  add constraint access_tokens_bound_networks_number
    check (cardinality(bound_networks) between 1 and 32 and array_position(bound_networks, null) is null),
  add constraint access_tokens_bound_certificate_shape
    check (bound_certificate ~ '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$'),
  add constraint access_tokens_stray_whole check (num_nonnulls(stray_at, stray_from) in (0, 2)),
  add constraint access_tokens_stray_from_length check (length(stray_from) between 1 and 100);
comment on column access_tokens.bound_networks is
  'The networks in CIDR notation from which alone the token is accepted. Null for all.';
comment on column access_tokens.bound_certificate is
  'The SHA-256, in base64url, of the certificate without which the token is refused. Null if none is needed.';
comment on column access_tokens.stray_at is
  'When the token was last presented from where it is not accepted. Null for never.';
comment on column access_tokens.stray_from is 'The address or network from which it was presented then.';

-- Names the new columns as well; otherwise as before.
drop trigger access_tokens_note_change on access_tokens;
create constraint trigger access_tokens_note_change
  after delete or update of user_id, token_hash, scope, origin, service_id, project_id,
    limit_requests_per_minute, limit_models, limit_operations, limit_max_output_tokens,
    limit_budgets, limit_storage, limit_max_objects, limit_max_bytes, limit_objects, limit_pace,
    inherited_from, inherited_per_minute, inherited_budgets_from, inherited_budgets,
    inherited_paces_from, inherited_paces, expires_at, bound_networks, bound_certificate
  on access_tokens
  deferrable initially deferred for each row execute function note_row('user_id');

create index access_tokens_stray on access_tokens (user_id, stray_at) where stray_at is not null;
