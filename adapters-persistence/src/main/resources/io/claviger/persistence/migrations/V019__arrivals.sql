create table arrivals (
  source     text collate "C"         not null,
  kind       text collate "C"         not null,
  name       text collate "C"         not null,
  object_id  uuid,
  arrived_at timestamp with time zone not null default now(),

  constraint arrivals_pkey primary key (source, kind, name),
  constraint arrivals_kind_known check (
    kind in ('user', 'standard', 'definition', 'service', 'key', 'share', 'definition_share',
      'project', 'member')),
  constraint arrivals_name_length check (char_length(name) <= 1000)
);
comment on table arrivals is
  'What came from another database by an import, under the name it had there, so that a second import leaves it alone. It refers to nothing: what was deleted here does not come again.';
