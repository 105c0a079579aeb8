-- The chain of the audit trail. A node gives each event a link shortly after it was recorded.
create table audit_unsealed (
  event_id uuid                     not null,
  at       timestamp with time zone not null
);
comment on table audit_unsealed is
  'Events that wait for their link. There are few at any time, so there is no index.';

create table audit_chain (
  number       bigint                   not null,
  event_id     uuid                     not null,
  event_at     timestamp with time zone not null,
  content_hash bytea                    not null,
  hash         bytea                    not null,

  constraint audit_chain_pkey primary key (number),
  constraint audit_chain_event_key unique (event_id),
  constraint audit_chain_number_positive check (number > 0),
  constraint audit_chain_content_hash_length check (octet_length(content_hash) = 32),
  constraint audit_chain_hash_length check (octet_length(hash) = 32)
);
comment on table audit_chain is
  'The links of the chain. They stay when the months of their events are removed, and refer to nothing.';
comment on column audit_chain.hash is
  'SHA-256 of the number, the event, its time, the hash of the link before, and the hash of what the event says.';
create index audit_chain_by_time on audit_chain (event_at, number);

create trigger audit_chain_stands before update or delete or truncate on audit_chain
  for each statement execute function audit_events_stand();
alter table audit_chain enable always trigger audit_chain_stands;

create table audit_keys (
  id               text collate "C"         not null,
  public_key       bytea                    not null,
  key_sealed       bytea                    not null,
  key_sealed_under text collate "C" generated always as (sealed_under(key_sealed)) stored,
  key_sealed_state text collate "C" generated always as ('live') stored,
  created_at       timestamp with time zone not null,

  constraint audit_keys_pkey primary key (id),
  constraint audit_keys_key_sealed_fkey
    foreign key (key_sealed_under, key_sealed_state) references encryption_keys (id, state),
  constraint audit_keys_key_looks_sealed check (looks_sealed(key_sealed)),
  constraint audit_keys_public_key_length check (octet_length(public_key) <= 100),
  constraint audit_keys_id_shape check (id ~ '^[A-Za-z0-9_-]{43}$')
);
comment on table audit_keys is 'The keys that sign heads of the chain. The newest one signs.';
comment on column audit_keys.id is
  'The base64url of the SHA-256 of the public key, to which the private key is sealed.';

create table audit_head (
  one_row    boolean                  not null default true,
  number     bigint                   not null,
  hash       bytea                    not null,
  at         timestamp with time zone not null,
  public_key bytea                    not null,
  signature  text                     not null,

  constraint audit_head_pkey primary key (one_row),
  constraint audit_head_one_row check (one_row),
  constraint audit_head_hash_length check (octet_length(hash) = 32),
  constraint audit_head_public_key_length check (octet_length(public_key) <= 100)
);
comment on table audit_head is 'The newest link that was signed.';

create table audit_older (
  one_row boolean                  not null default true,
  at      timestamp with time zone not null,
  id      uuid                     not null,

  constraint audit_older_pkey primary key (one_row),
  constraint audit_older_one_row check (one_row)
);
comment on table audit_older is
  'How far the events from before the chain have been noted in audit_unsealed. Without a row, all are.';

create function note_unsealed() returns trigger language plpgsql as $$
begin
  insert into audit_unsealed (event_id, at) values (new.id, new.at);
  return null;
end
$$;

-- From here on all events are noted. It waits for writers that are under way, so that all events
-- that are not noted are visible afterwards.
create trigger audit_events_noted after insert on audit_events
  for each row execute function note_unsealed();

insert into audit_older (at, id)
select '-infinity', '00000000-0000-0000-0000-000000000000'
where exists (select from audit_events);
