alter table users
  add constraint users_responsible_group_fkey foreign key (responsible_group_id, responsible_handle)
    references groups (id, at_handle);

-- A service account is a program, which nobody can sign in as or be in a session of.
alter table identities
  add column user_kind text generated always as ('person') stored,
  add constraint identities_of_person_fkey foreign key (user_id, user_kind)
    references users (id, kind) on delete cascade;
alter table sessions
  add column user_kind text generated always as ('person') stored,
  add constraint sessions_of_person_fkey foreign key (user_id, user_kind)
    references users (id, kind) on delete cascade;

create table trusted_issuers (
  id         uuid                     not null,
  name       text collate "C"         not null,
  issuer     text collate "C"         not null,
  version    bigint                   not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,

  constraint trusted_issuers_pkey primary key (id),
  constraint trusted_issuers_name_key unique (name),
  constraint trusted_issuers_issuer_key unique (issuer),
  constraint trusted_issuers_name_shape check (is_handle(name)),
  constraint trusted_issuers_issuer_length check (char_length(issuer) between 1 and 1024),
  constraint trusted_issuers_version_positive check (version > 0)
);
comment on table trusted_issuers is
  'Issuers of JWTs that trusts may name. Administrators say which. An issuer is compared character by character.';

create table trusts (
  id                   uuid                     not null,
  account_id           uuid                     not null,
  account_kind         text                     not null generated always as ('service') stored,
  name                 text collate "C"         not null,
  issuer_id            uuid                     not null,
  subject              text collate "C"         not null,
  claim_names          text[] collate "C"       not null,
  claim_values         text[] collate "C"       not null,
  max_lifetime_seconds integer                  not null,
  version              bigint                   not null,
  created_at           timestamp with time zone not null,
  updated_at           timestamp with time zone not null,

  constraint trusts_pkey primary key (id),
  constraint trusts_account_name_key unique (account_id, name),
  constraint trusts_id_account_key unique (id, account_id),
  constraint trusts_account_fkey foreign key (account_id, account_kind)
    references users (id, kind) on delete cascade,
  constraint trusts_issuer_fkey foreign key (issuer_id) references trusted_issuers (id),
  constraint trusts_name_shape check (is_handle(name)),
  constraint trusts_subject_length check (char_length(subject) between 1 and 1000),
  constraint trusts_subject_star
    check (strpos(subject, '*') in (0, char_length(subject)) and subject !~ '(^|[^:/])[*]$'),
  constraint trusts_claims_count check (cardinality(claim_names) <= 20),
  constraint trusts_claims_pairs check (cardinality(claim_names) = cardinality(claim_values)),
  constraint trusts_max_lifetime_bounds check (max_lifetime_seconds between 60 and 3600),
  constraint trusts_version_positive check (version > 0)
);
comment on table trusts is
  'Which JWTs of a trusted issuer are exchanged for access tokens of a service account. Ends with the account; an issuer stays while a trust names it.';

create index trusts_of_issuer on trusts (issuer_id);

alter table access_tokens
  add column trust_id uuid,
  add column presented_subject text collate "C",
  add constraint access_tokens_trust_fkey foreign key (trust_id, user_id)
    references trusts (id, account_id) on delete cascade,
  add constraint access_tokens_exchanged_whole
    check (
      case origin
        when 'exchanged' then num_nonnulls(trust_id, presented_subject) = 2
        when 'narrowed' then num_nonnulls(trust_id, presented_subject) in (0, 2)
        else num_nonnulls(trust_id, presented_subject) = 0
      end),
  add constraint access_tokens_exchanged_is_use check (origin <> 'exchanged' or scope = 'use'),
  add constraint access_tokens_exchanged_expires
    check (origin <> 'exchanged' or expires_at <= created_at + interval '1 hour'),
  add constraint access_tokens_presented_subject_length
    check (char_length(presented_subject) between 1 and 1000);
comment on column access_tokens.trust_id is
  'The trust by which a JWT was exchanged for the token, or for one that it is a narrower one of; the token ends with it.';
comment on column access_tokens.presented_subject is
  'The subject of that JWT. Audit lines of the token name it.';

create index access_tokens_of_trust on access_tokens (trust_id, user_id)
  where trust_id is not null;

alter table audit_events
  add column presented_subject text collate "C",
  add constraint audit_events_presented_subject_length
    check (char_length(presented_subject) between 1 and 1000);
comment on column audit_events.presented_subject is
  'The subject of the JWT for which the actor''s access token was exchanged, if it was.';
