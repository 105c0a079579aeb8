alter table users
  add column sign_in_due_at timestamp with time zone;
comment on column users.sign_in_due_at is
  'From then on the user''s access tokens are refused until a sign-in; null when they want none.';

create table identities (
  issuer                     text collate "C"         not null,
  subject                    text collate "C"         not null,
  user_id                    uuid                     not null,
  administers_by_group       boolean                  not null default false,
  offline                    boolean                  not null default false,
  refresh_token_sealed       bytea,
  refresh_token_sealed_under text collate "C"
    generated always as (sealed_under(refresh_token_sealed)) stored,
  refresh_token_sealed_state text collate "C" generated always as (
    case when refresh_token_sealed is not null then 'live' end) stored,
  refresh_due_at             timestamp with time zone,
  refresh_uncertain          boolean                  not null default false,
  linked_at                  timestamp with time zone not null,
  signed_in_at               timestamp with time zone,

  constraint identities_pkey primary key (issuer, subject),
  constraint identities_user_id_key unique (user_id),
  constraint identities_user_fkey foreign key (user_id) references users (id) on delete cascade,
  constraint identities_refresh_token_sealed_fkey
    foreign key (refresh_token_sealed_under, refresh_token_sealed_state)
    references encryption_keys (id, state),
  constraint identities_not_of_system check (user_id <> '01900000-0000-7000-8000-000000000001'),
  constraint identities_issuer_length check (char_length(issuer) between 1 and 1024),
  constraint identities_subject_length check (char_length(subject) between 1 and 255),
  constraint identities_refresh_token_looks_sealed check (looks_sealed(refresh_token_sealed)),
  constraint identities_refresh_token_is_due
    check ((refresh_token_sealed is null) = (refresh_due_at is null)),
  constraint identities_offline_has_token check (refresh_token_sealed is not null or not offline)
);
comment on table identities is
  'Who a user is for an OpenID provider, matched by issuer and subject alone. A user has at most one identity. Ends with its user.';
comment on column identities.administers_by_group is
  'Whether the user is an administrator because of a group of the provider, and only while in it.';
comment on column identities.offline is
  'Whether the refresh token outlives the provider''s session, so that its end means that the person left.';
comment on column identities.refresh_token_sealed is
  'Sealed to issuer and user.';
comment on column identities.refresh_due_at is
  'When a node asks the provider again. Whoever does moves it ahead first, so that one node asks.';

comment on column identities.refresh_uncertain is
  'Whether a question was sent whose answer is not on record, so that the provider may have replaced the refresh token.';

create index identities_refresh_due on identities (refresh_due_at)
  where refresh_due_at is not null;

create table sessions (
  id               uuid                     not null,
  secret_hash      bytea                    not null,
  user_id          uuid                     not null,
  method           text                     not null,
  token_id         uuid,
  issuer           text collate "C",
  subject          text collate "C",
  provider_session text collate "C",
  address          text                     not null,
  user_agent       text                     not null,
  signed_in_at     timestamp with time zone not null,
  seen_at          timestamp with time zone not null,

  constraint sessions_pkey primary key (id),
  constraint sessions_secret_hash_key unique (secret_hash),
  constraint sessions_user_fkey foreign key (user_id) references users (id) on delete cascade,
  constraint sessions_token_fkey foreign key (token_id)
    references access_tokens (id) on delete cascade,
  constraint sessions_identity_fkey foreign key (issuer, subject)
    references identities (issuer, subject) on delete cascade,
  constraint sessions_not_of_system check (user_id <> '01900000-0000-7000-8000-000000000001'),
  constraint sessions_secret_hash_length check (octet_length(secret_hash) = 32),
  constraint sessions_method_known check (method in ('oidc', 'link', 'token')),
  constraint sessions_token_by_method check ((method = 'token') = (token_id is not null)),
  constraint sessions_issuer_by_method check ((method = 'oidc') = (issuer is not null)),
  constraint sessions_subject_by_method check ((method = 'oidc') = (subject is not null)),
  constraint sessions_provider_session_by_method
    check (method = 'oidc' or provider_session is null),
  constraint sessions_provider_session_length check (char_length(provider_session) <= 255),
  constraint sessions_address_length check (char_length(address) <= 64),
  constraint sessions_user_agent_length check (char_length(user_agent) <= 200),
  constraint sessions_seen_after_sign_in check (seen_at >= signed_in_at)
);
comment on table sessions is
  'Browsers in which a user is signed in, known by the SHA-256 of the cookie. Ends with its user, and with the access token or identity that the user signed in with.';
comment on column sessions.provider_session is
  'The identity provider''s own name of its session, by which it ends this one.';

create index sessions_of_user on sessions (user_id, id);
create index sessions_of_token on sessions (token_id) where token_id is not null;
create index sessions_of_identity on sessions (issuer, subject) where issuer is not null;
create index sessions_provider_session on sessions (provider_session, issuer)
  where provider_session is not null;
create index sessions_signed_in_at on sessions (signed_in_at);
create index sessions_seen_at on sessions (seen_at);

create table sign_ins (
  state_hash   bytea                    not null,
  binding_hash bytea                    not null,
  return_path  text                     not null,
  session_id   uuid,
  origin       text                     not null,
  begun_at     timestamp with time zone not null,

  constraint sign_ins_pkey primary key (state_hash),
  constraint sign_ins_session_fkey foreign key (session_id)
    references sessions (id) on delete cascade,
  constraint sign_ins_state_hash_length check (octet_length(state_hash) = 32),
  constraint sign_ins_binding_hash_length check (octet_length(binding_hash) = 32),
  constraint sign_ins_return_path_local check (return_path ~ '^/console/' or return_path = '/console'),
  constraint sign_ins_return_path_length check (char_length(return_path) <= 1000),
  constraint sign_ins_origin_length check (char_length(origin) <= 64)
);
comment on table sign_ins is
  'Sign-ins with the identity provider that have begun. A row is deleted by who finishes it, so each is finished once. State and browser are known by their SHA-256; what is sent to the provider is derived from the browser''s secret.';
comment on column sign_ins.session_id is
  'The session that wants to link an identity to its user; null for a sign-in. Ends with it.';
comment on column sign_ins.origin is
  'The block of addresses from which it was begun, whose number of unfinished sign-ins is bounded.';

create index sign_ins_of_origin on sign_ins (origin, begun_at);
create index sign_ins_begun_at on sign_ins (begun_at);
create index sign_ins_of_session on sign_ins (session_id) where session_id is not null;

alter table audit_events add column session_id uuid;
comment on column audit_events.session_id is
  'The session that the actor used, if any.';

-- Calls depend on when a user was suspended and on when their tokens want a sign-in.
drop trigger users_note_change on users;
create constraint trigger users_note_change
  after delete or update of id, handle, display_name, email, administrator, suspended_at,
    sign_in_due_at, version, created_at, updated_at on users
  deferrable initially deferred for each row execute function note_row('id');
