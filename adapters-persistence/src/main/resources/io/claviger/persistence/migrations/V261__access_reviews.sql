create table reviews (
  id          uuid                     not null,
  instance_id uuid,
  group_id    uuid,
  owner_id    uuid                     not null,
  starter_id  uuid                     not null,
  starter     text collate "C"         not null,
  started_at  timestamp with time zone not null,
  until       timestamp with time zone not null,

  constraint reviews_pkey primary key (id),
  constraint reviews_instance_fkey foreign key (instance_id) references instances (id)
    on delete cascade,
  constraint reviews_group_fkey foreign key (group_id) references groups (id) on delete cascade,
  constraint reviews_of_one check (num_nonnulls(instance_id, group_id) = 1),
  constraint reviews_starter_length check (char_length(starter) between 1 and 64),
  constraint reviews_open_for check (
    until > started_at and until <= started_at + interval '2160 hours')
);
comment on table reviews is
  'Access reviews of a service or a group. They go with it; the audit trail keeps what was decided.';
comment on column reviews.owner_id is
  'Who owned the service when the review began. After a transfer, administrators alone see the review. For a group _system.';
comment on column reviews.starter_id is
  'Not a reference, so that it stays when that user is deleted.';
create index reviews_of_instance on reviews (instance_id, started_at);
create index reviews_of_group on reviews (group_id, started_at);
create index reviews_of_starter on reviews (starter_id, until);
create index reviews_newest_first on reviews (started_at desc, id desc);

create table review_lines (
  review_id  uuid                     not null,
  name       text collate "C"         not null,
  kind       text                     not null,
  holder_id  uuid                     not null,
  role       text                     not null,
  given_by   text,
  since      timestamp with time zone not null,
  expires_at timestamp with time zone,
  mark       text                     not null,
  decision   text,
  decided_by text,
  decided_at timestamp with time zone,

  constraint review_lines_pkey primary key (review_id, name),
  constraint review_lines_review_fkey foreign key (review_id) references reviews (id)
    on delete cascade,
  constraint review_lines_name_length check (char_length(name) between 1 and 129),
  constraint review_lines_kind_known check (kind in ('user', 'group', 'project', 'everybody')),
  constraint review_lines_decision_known check (decision in ('keep', 'end')),
  constraint review_lines_decided_whole check (
    (decision is null) = (decided_by is null) and (decision is null) = (decided_at is null))
);
comment on table review_lines is
  'The grants that there were when a review began, and what was decided about each. They refer to nothing else, so that they stay when a grant ends.';
comment on column review_lines.mark is
  'Differs from that of the present grant if that has changed since.';
