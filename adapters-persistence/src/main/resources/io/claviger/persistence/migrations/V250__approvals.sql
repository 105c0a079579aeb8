alter table instances add column approvals integer not null default 1;
alter table instances add constraint instances_approvals_bounds check (approvals between 1 and 5);
comment on column instances.approvals is
  'How many users have to agree to changes of its endpoint, credential or owner, who asks included.';

-- Names the new column as well; otherwise as before.
drop trigger instances_note_change on instances;
do $$
begin
  execute format(
    $trigger$
    create constraint trigger instances_note_change after update of %s on instances
      deferrable initially deferred for each row
      when (to_jsonb(old)
          - array['api_key_sealed', 'api_key_sealed_under', 'headers_sealed', 'headers_sealed_under']
          <> to_jsonb(new)
          - array['api_key_sealed', 'api_key_sealed_under', 'headers_sealed', 'headers_sealed_under'])
      execute function note_row('id')
    $trigger$,
    (select string_agg(quote_ident(attname), ', ' order by attnum)
    from pg_attribute
    where attrelid = 'instances'::regclass and attnum > 0 and not attisdropped
      and attgenerated = '' and attname not in ('api_key_sealed', 'headers_sealed')));
end
$$;

-- Who made whom a co-owner, and when, whatever else of the share changes later.
alter table shares
  add column owner_since timestamp with time zone,
  add column owner_by    uuid;
comment on column shares.owner_since is
  'Since when the role is owner. Empty for other roles, and where nobody knows.';
comment on column shares.owner_by is
  'Who gave the role owner. Not a reference, so that it stays when that user is deleted.';

create function note_owner() returns trigger language plpgsql as $$
begin
  if new.role <> 'owner' then
    new.owner_since := null;
    new.owner_by := null;
  elsif tg_op = 'INSERT' or old.role <> 'owner' or old.expires_at <= clock_timestamp() then
    new.owner_since := clock_timestamp();
    new.owner_by := new.given_by;
  end if;
  return new;
end
$$;

create trigger shares_note_owner before insert or update of role, expires_at on shares
  for each row execute function note_owner();

create table approvals (
  id             uuid                     not null,
  instance_id    uuid                     not null,
  version        bigint                   not null,
  asker_id       uuid                     not null,
  kind           text                     not null,
  subject        text                     not null,
  fields         text[]                   not null,
  terms          text[]                   not null,
  needed         integer                  not null,
  state          text                     not null,
  change         bytea,
  asked_at       timestamp with time zone not null,
  until          timestamp with time zone not null,
  ended_at       timestamp with time zone,
  reason         text,

  constraint approvals_pkey primary key (id),
  constraint approvals_instance_fkey foreign key (instance_id) references instances (id)
    on delete cascade,
  constraint approvals_asker_fkey foreign key (asker_id) references users (id) on delete cascade,
  constraint approvals_version_positive check (version > 0),
  constraint approvals_kind_known check (kind in ('write', 'share', 'transfer', 'delete')),
  constraint approvals_subject_length check (char_length(subject) between 1 and 200),
  constraint approvals_fields_count check (cardinality(fields) between 1 and 100),
  constraint approvals_terms_in_threes check (cardinality(terms) % 3 = 0 and cardinality(terms) <= 900),
  constraint approvals_needed_bounds check (needed between 2 and 5),
  constraint approvals_state_known check (state in ('waiting', 'applied', 'declined', 'lapsed')),
  constraint approvals_sealed_while_waiting check ((state = 'waiting') = (change is not null)),
  constraint approvals_ended check ((state = 'waiting') = (ended_at is null)),
  constraint approvals_change_looks_sealed check (looks_sealed(change)),
  constraint approvals_change_length check (octet_length(change) <= 263000),
  constraint approvals_waits_a_day check (until > asked_at and until <= asked_at + interval '1 day'),
  constraint approvals_reason_length check (char_length(reason) between 1 and 1000)
);
comment on table approvals is
  'Changes of services that wait for the consent of others, and those that waited.';
comment on column approvals.version is
  'The version of the service for which it was asked. It is made of this one alone.';
comment on column approvals.terms is
  'For each value its name, then the value before and after with = in front, or nothing.';
comment on column approvals.change is
  'What is to be done. It may have a new key, and is forgotten when the change has ended.';

create unique index approvals_one_of_each on approvals (instance_id, asker_id, subject)
  where state = 'waiting';
create index approvals_of_asker on approvals (asker_id);
create index approvals_due on approvals (until, id) where state = 'waiting';
create index approvals_ended_at on approvals (ended_at) where ended_at is not null;

create table approval_consents (
  approval_id uuid                     not null,
  user_id     uuid                     not null,
  at          timestamp with time zone not null,

  constraint approval_consents_pkey primary key (approval_id, user_id),
  constraint approval_consents_approval_fkey foreign key (approval_id) references approvals (id)
    on delete cascade,
  constraint approval_consents_user_fkey foreign key (user_id) references users (id)
    on delete cascade
);
comment on table approval_consents is 'Who consented to a change, other than who asked for it.';

create index approval_consents_of_user on approval_consents (user_id);

update shares set owner_since = created_at, owner_by = given_by where role = 'owner';
