create table sign_in_links (
  secret_hash bytea                    not null,
  user_id     uuid                     not null,
  made_at     timestamp with time zone not null,
  expires_at  timestamp with time zone not null,

  constraint sign_in_links_pkey primary key (secret_hash),
  constraint sign_in_links_user_fkey foreign key (user_id) references users (id) on delete cascade,
  constraint sign_in_links_not_of_system check (user_id <> '01900000-0000-7000-8000-000000000001'),
  constraint sign_in_links_secret_hash_length check (octet_length(secret_hash) = 32),
  constraint sign_in_links_time check (expires_at > made_at)
);
comment on table sign_in_links is
  'One-time links with which somebody signs in, known by the SHA-256 of their secret. A row is deleted by who uses the link, and some time after it expired.';

create index sign_in_links_of_user on sign_in_links (user_id);
create index sign_in_links_expiring on sign_in_links (expires_at);
