create table issuer_keys (
  kid              text collate "C"         not null,
  state            text collate "C"         not null,
  key_sealed       bytea                    not null,
  key_sealed_under text collate "C" generated always as (sealed_under(key_sealed)) stored,
  key_sealed_state text collate "C" generated always as ('live') stored,
  created_at       timestamp with time zone not null,
  shown_at         timestamp with time zone,
  ends_at          timestamp with time zone,

  constraint issuer_keys_pkey primary key (kid),
  constraint issuer_keys_key_sealed_fkey
    foreign key (key_sealed_under, key_sealed_state) references encryption_keys (id, state),
  constraint issuer_keys_key_looks_sealed check (looks_sealed(key_sealed)),
  constraint issuer_keys_kid_shape check (kid ~ '^[A-Za-z0-9_-]{43}$'),
  constraint issuer_keys_state_known check (state in ('published', 'signing', 'retired')),
  constraint issuer_keys_shown_while_waiting check (shown_at is null or state = 'published'),
  constraint issuer_keys_retired_ends check ((ends_at is not null) = (state = 'retired'))
);
comment on table issuer_keys is
  'The keys that sign statements about services. All of them are published.';
comment on column issuer_keys.kid is
  'The thumbprint of the public key (RFC 7638), to which the key is sealed.';
comment on column issuer_keys.shown_at is
  'Since when the address that providers read shows the key; only before it signs.';
comment on column issuer_keys.ends_at is
  'When the key is no longer published, because its last statement has expired.';

-- One key signs, and one waits to sign.
create unique index issuer_keys_one_of_a_state on issuer_keys (state) where state <> 'retired';
