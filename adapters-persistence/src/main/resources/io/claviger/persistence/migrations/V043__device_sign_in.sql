alter table access_tokens
  add column refreshable_until timestamp with time zone,
  drop constraint access_tokens_origin_known,
  add constraint access_tokens_origin_known
    check (origin in ('user', 'first', 'recovery', 'command', 'environment', 'device', 'narrowed',
      'exchanged')),
  add constraint access_tokens_refreshable_expires
    check (refreshable_until is null
      or (expires_at is not null and expires_at <= refreshable_until));
comment on column access_tokens.refreshable_until is
  'The end of the device sign-in that the token came from. Until then a refresh token may replace its text and its expiry.';

create table refresh_tokens (
  token_id     uuid                     not null,
  family_hash  bytea                    not null,
  current_hash bytea                    not null,
  replaced_at  timestamp with time zone not null,

  constraint refresh_tokens_pkey primary key (token_id),
  constraint refresh_tokens_family_hash_key unique (family_hash),
  constraint refresh_tokens_token_fkey foreign key (token_id)
    references access_tokens (id) on delete cascade,
  constraint refresh_tokens_family_hash_length check (octet_length(family_hash) = 32),
  constraint refresh_tokens_current_hash_length check (octet_length(current_hash) = 32)
);
comment on table refresh_tokens is
  'The one refresh token that is valid now for each access token of a device sign-in. Every refresh token of a family begins with the same random characters, whose SHA-256 is family_hash; current_hash is that of the whole text. A text with these characters that is not the current one was used before, and ends the family.';

create table device_codes (
  id               uuid                     not null,
  device_code_hash bytea                    not null,
  user_code        text collate "C"         not null,
  scope            text                     not null,
  address          text                     not null,
  address_block    text                     not null,
  created_at       timestamp with time zone not null,
  expires_at       timestamp with time zone not null,
  interval_seconds integer                  not null,
  polled_at        timestamp with time zone,
  answer           text,
  user_id          uuid,
  approved_with    uuid,

  constraint device_codes_pkey primary key (id),
  constraint device_codes_device_code_hash_key unique (device_code_hash),
  constraint device_codes_user_code_key unique (user_code),
  constraint device_codes_user_fkey foreign key (user_id) references users (id) on delete cascade,
  constraint device_codes_approved_with_fkey foreign key (approved_with)
    references access_tokens (id) on update cascade on delete cascade,
  constraint device_codes_device_code_hash_length check (octet_length(device_code_hash) = 32),
  constraint device_codes_user_code_shape check (user_code ~ '^[BCDFGHJKLMNPQRSTVWXZ]{8}$'),
  constraint device_codes_scope_known check (scope in ('manage', 'use')),
  constraint device_codes_address_length check (char_length(address) <= 100),
  constraint device_codes_address_block_length check (char_length(address_block) <= 100),
  constraint device_codes_time check (created_at < expires_at),
  constraint device_codes_interval_bounds check (interval_seconds between 5 and 600),
  constraint device_codes_answer_known check (answer in ('approved', 'denied')),
  constraint device_codes_answered_by check ((answer is null) = (user_id is null)),
  constraint device_codes_approved_with_approves
    check (approved_with is null or answer is not distinct from 'approved')
);
comment on table device_codes is
  'Device sign-ins (RFC 8628) that wait for their user, or for the device to fetch their token. A row is deleted when the token is fetched, and some time after it expired.';
comment on column device_codes.approved_with is
  'The access token that the user signed in to the browser with, if it was one. The new token has its limits and lasts no longer.';

create index device_codes_expiring on device_codes (expires_at);
create index device_codes_of_block on device_codes (address_block, expires_at);
create index device_codes_of_user on device_codes (user_id) where user_id is not null;
create index device_codes_by_token on device_codes (approved_with)
  where approved_with is not null;

create function users_end_device_sign_ins() returns trigger language plpgsql as $$
begin
  delete from access_tokens where user_id = new.id and refreshable_until is not null;
  delete from device_codes where user_id = new.id;
  return null;
end
$$;
create trigger users_end_device_sign_ins after update of suspended_at on users
  for each row when (old.suspended_at is null and new.suspended_at is not null)
  execute function users_end_device_sign_ins();
