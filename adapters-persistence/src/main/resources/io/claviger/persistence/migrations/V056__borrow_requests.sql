create table borrow_requests (
  id           uuid                     not null,
  instance_id  uuid                     not null,
  asked_owner  text collate "C"         not null,
  asked_handle text collate "C"         not null,
  asker_id     uuid                     not null,
  asker_handle text collate "C"         not null,
  role         text,
  models       text[],
  operations   text[],
  budgets      text[],
  until        timestamp with time zone,
  note         text,
  subject      text collate "C"         not null,
  state        text                     not null,
  asked_at     timestamp with time zone not null,
  asked_on     date                     not null default (now() at time zone 'UTC')::date,
  ended_at     timestamp with time zone,
  ended_by     uuid,

  constraint borrow_requests_pkey primary key (id),
  constraint borrow_requests_instance_fkey foreign key (instance_id)
    references instances (id) on delete cascade,
  constraint borrow_requests_asker_fkey foreign key (asker_id, asker_handle)
    references users (id, handle) on delete cascade,
  constraint borrow_requests_ended_by_fkey foreign key (ended_by)
    references users (id) on delete set null,
  constraint borrow_requests_once_a_day unique (asker_id, instance_id, subject, asked_on),
  constraint borrow_requests_nothing_of_system check (asked_owner <> '_system'),
  constraint borrow_requests_nothing_for_system check (asker_handle <> '_system'),
  constraint borrow_requests_not_of_oneself check (asked_owner <> asker_handle),
  constraint borrow_requests_asked_handle_shape check (is_handle(asked_handle)),
  constraint borrow_requests_asks_something
    check (num_nonnulls(role, models, operations, budgets, until) > 0),
  constraint borrow_requests_role_known check (role in ('reader', 'writer', 'owner')),
  constraint borrow_requests_models_count check (cardinality(models) between 1 and 20),
  constraint borrow_requests_operations_count check (cardinality(operations) between 1 and 20),
  constraint borrow_requests_budgets_valid check (are_budgets(budgets)),
  constraint borrow_requests_one_budget check (cardinality(budgets) = 1),
  constraint borrow_requests_note_length check (char_length(note) between 1 and 500),
  constraint borrow_requests_subject_shape check (subject ~ '^[0-9a-f]{64}$'),
  constraint borrow_requests_state_known
    check (state in ('open', 'granted', 'declined', 'withdrawn')),
  constraint borrow_requests_ended_unless_open check ((state = 'open') = (ended_at is null)),
  constraint borrow_requests_ended_by_somebody check (state <> 'open' or ended_by is null)
);
comment on table borrow_requests is
  'What users ask the owner of a service for in addition to what they have. A request ends with the service and with its asker. Whoever owns the service is asked, also after it was transferred.';
comment on column borrow_requests.asked_owner is
  'The owner of the service when the request was made; asked_handle likewise.';
comment on column borrow_requests.budgets is
  'The one budget that is asked for; see is_budget.';
comment on column borrow_requests.subject is
  'SHA-256 of what is asked for, apart from amounts, times and words. The same is asked for once a day.';
comment on column borrow_requests.asked_on is
  'The day in UTC, by the clock of the database.';
comment on column borrow_requests.ended_by is
  'Who granted, declined or withdrew it; null when they are gone.';

create index borrow_requests_of_asker on borrow_requests (asker_id, asked_at, id);
create index borrow_requests_of_service on borrow_requests (instance_id, asked_at, id);
create index borrow_requests_open_of_asker on borrow_requests (asker_id) where state = 'open';
create index borrow_requests_open_of_service on borrow_requests (instance_id)
  where state = 'open';
create index borrow_requests_ended_by on borrow_requests (ended_by) where ended_by is not null;
create index borrow_requests_by_age on borrow_requests (coalesce(ended_at, asked_at));

create trigger borrow_requests_know_zones before insert or update of budgets
  on borrow_requests for each row
  when (new.budgets is not null)
  execute function refuse_unknown_zones('budgets');

create table muted_askers (
  owner_id uuid    not null,
  position integer not null,
  asker_id uuid,

  constraint muted_askers_pkey primary key (owner_id, position),
  constraint muted_askers_asker_key unique nulls not distinct (owner_id, asker_id),
  constraint muted_askers_owner_fkey foreign key (owner_id)
    references users (id) on delete cascade,
  constraint muted_askers_asker_fkey foreign key (asker_id)
    references users (id) on delete cascade,
  constraint muted_askers_position_bounds check (position between 0 and 100),
  constraint muted_askers_everybody_first check ((position = 0) = (asker_id is null))
);
comment on table muted_askers is
  'Whose requests to borrow an owner does not want: at most 100 users, or at position 0 those of everybody.';

create index muted_askers_of_asker on muted_askers (asker_id) where asker_id is not null;
