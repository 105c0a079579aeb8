create function looks_sealed(value bytea) returns boolean
  language sql immutable strict parallel safe
  return octet_length(value) > 33 and get_byte(value, 0) = 1;
comment on function looks_sealed is
  'Whether bytes have the form of a sealed value: a byte 1, four bytes of the encryption key''s id, nonce, ciphertext and tag. No column that holds a secret takes others.';

create function sealed_under(value bytea) returns text
  language sql immutable strict parallel safe
  return encode(substring(value from 2 for 4), 'hex');
comment on function sealed_under is 'The id of the encryption key that a value was sealed under.';

create table encryption_keys (
  id         text collate "C"         not null,
  state      text collate "C"         not null,
  sentinel   bytea                    not null,
  created_at timestamp with time zone not null default now(),

  constraint encryption_keys_pkey primary key (id),
  constraint encryption_keys_id_state_key unique (id, state),
  constraint encryption_keys_id_shape check (id ~ '^[0-9a-f]{8}$'),
  constraint encryption_keys_state_known check (state in ('live', 'retired')),
  constraint encryption_keys_sentinel_sealed check (looks_sealed(sentinel)),
  constraint encryption_keys_sentinel_under_id check (sealed_under(sentinel) = id)
);
comment on table encryption_keys is
  'The encryption keys that values are or were sealed under: ids and sentinels, never the keys. Sealed rows refer to (id, live), so that a key in use can''t be retired and nothing is sealed under a retired one.';
